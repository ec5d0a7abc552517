"""What reconciling refuses."""

from typing import ClassVar

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
