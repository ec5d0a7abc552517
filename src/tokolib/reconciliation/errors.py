"""What reconciling refuses."""

from typing import ClassVar, Final

import attrs

from tokolib.catalog.errors import RowFault
from tokolib.kernel.errors import TokolibError


@attrs.frozen
class SheetRefused(TokolibError):
    """A report or a statement that can't be read as a whole; none of its rows was taken."""

    code: ClassVar[str] = "reconciliation.sheet_refused"
    faults: tuple[RowFault, ...]
    """All of them, by line and column."""

    def __str__(self) -> str:
        return "; ".join(str(fault) for fault in self.faults)


@attrs.frozen
class NotInReview(TokolibError):
    """Only a row that was set aside can be booked apart. Nothing was changed."""

    code: ClassVar[str] = "reconciliation.not_in_review"
    status: ClassVar[int] = 409
    settlement_id: str
    state: str

    def __str__(self) -> str:
        return f"settlement {self.settlement_id} is {self.state}, not in review"


@attrs.frozen
class NotExchangeable(TokolibError):
    """What an operation became in the currency of the books can't be stated. Nothing was changed."""

    code: ClassVar[str] = "reconciliation.not_exchangeable"
    status: ClassVar[int] = 409
    operation_id: str
    because: str
    """`moved_no_money`, `no_frozen_rate`, `other_currency` or `settled_before`."""

    def __str__(self) -> str:
        return f"operation {self.operation_id} can't be stated as exchanged: {_WHY.get(self.because, self.because)}"


_WHY: Final = {
    "moved_no_money": "no money has moved by it",
    "no_frozen_rate": "its order is in the books in its own currency alone",
    "other_currency": "the books are in another currency",
    "settled_before": "a report, or somebody, has told what became of it",
}


@attrs.frozen
class NoClaim(TokolibError):
    """Only an open claim can be given up, and only as a fee or a loss. Nothing was changed."""

    code: ClassVar[str] = "reconciliation.no_claim"
    status: ClassVar[int] = 409
    settlement_id: str

    def __str__(self) -> str:
        return f"settlement {self.settlement_id} claims nothing that could be given up so"

    @property
    def hint(self) -> str:
        return "give it up as OnDifference.FEE or OnDifference.WRITE_OFF; shop.settlements.owed() lists what is claimed"


@attrs.frozen
class NotWaiting(TokolibError):
    """Only a bank line that no payout was found for can be set aside. Nothing was changed."""

    code: ClassVar[str] = "reconciliation.not_waiting"
    status: ClassVar[int] = 409
    entry_id: str
    state: str

    def __str__(self) -> str:
        return f"bank line {self.entry_id} is {self.state}, not waiting"

    @property
    def hint(self) -> str:
        return "nothing is to be done about it: shop.reviews.list() tells what waits"
