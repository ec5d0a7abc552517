"""What happens to charge rules."""

from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.pricing.charges.model import ChargeTerms


@attrs.frozen
class ChargePut(Event):
    """A charge rule was made, or its terms were changed; all of them are here. It is asked for from now on."""

    topic: ClassVar[str] = "pricing.charge_put"
    id: str
    terms: ChargeTerms


@attrs.frozen
class ChargeStopped(Event):
    """The shop stopped a charge rule; placed orders keep what they agreed to."""

    topic: ClassVar[str] = "pricing.charge_stopped"
    id: str
