"""What becomes of what a courier remitted too little, or too much, for a parcel."""

from datetime import date, datetime
from enum import StrEnum

import attrs


class OnDifference(StrEnum):
    """What becomes of what a courier remitted too little, or too much, for a parcel."""

    CLAIM = "claim"
    """It stays owed: by the courier, or to it."""
    FEE = "fee"
    """It is the courier's fee."""
    WRITE_OFF = "write_off"
    """Nobody asks for it any more."""


@attrs.frozen(kw_only=True)
class Difference:
    """What a parcel was to bring, less what its courier remitted for it; below zero where it remitted too much."""

    as_: OnDifference
    cash: int
    """Of what was collected at the door, in minor units."""
    fee: int
    """Of the courier's fee: what it kept beyond what was agreed."""
    due_on: date | None
    """Until when a claim is to be made up for."""
    paid: int = 0
    """What later rows have made up for."""
    closed_as: OnDifference | None = None
    """What became of the rest of a claim that a person gave up."""
    closed_at: datetime | None = None
    because: str = ""
    """Why it was given up."""

    @property
    def total(self) -> int:
        """All of it, in minor units."""
        return self.cash + self.fee

    @property
    def left(self) -> int:
        """What is still claimed."""
        return self.total - self.paid if self.is_open else 0

    @property
    def is_open(self) -> bool:
        """Whether something is still claimed."""
        return self.as_ is OnDifference.CLAIM and self.closed_as is None and self.total != self.paid
