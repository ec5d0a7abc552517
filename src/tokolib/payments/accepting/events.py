"""What happens to a shop's word on a tender."""

from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.payments.accepting.model import TenderTerms


@attrs.frozen
class TenderPut(Event):
    """A tender is accepted on these terms from now on; all of them are here."""

    topic: ClassVar[str] = "payments.tender_put"
    id: str
    terms: TenderTerms
