"""What happens to a shop's payment plans."""

from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.payments.plans.model import PlanTerms


@attrs.frozen
class PlanPut(Event):
    """A payment plan is offered on these terms from now on, or no longer; all of them are here."""

    topic: ClassVar[str] = "payments.plan_put"
    id: str
    terms: PlanTerms
