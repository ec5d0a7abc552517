"""An expected receipt: what a supplier is to bring, when and where, and how much of it has come."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

import attrs

from tokolib.inventory.backorder import BackorderLevel
from tokolib.kernel.ids import ExpectedReceiptId
from tokolib.kernel.quantity import Quantity, UnitOfMeasure


class ReceiptState(StrEnum):
    """Where an expected receipt stands."""

    EXPECTED = "expected"
    RECEIVING = "receiving"
    RECEIVED = "received"
    CANCELLED = "cancelled"


@attrs.frozen
class ExpectedReceipt:
    """Goods of one SKU that are to come to a location on a day."""

    id: ExpectedReceiptId
    version: int
    state: ReceiptState
    key: str
    sku: str
    unit: UnitOfMeasure
    location: str
    expected_on: date
    steps: int
    """How much is to come in all."""
    reference: str
    """The purchase order, or what the supplier calls it."""
    announced_at: datetime
    arrived: int = 0
    reason: str = ""
    """Why it was cancelled."""

    @property
    def open(self) -> int:
        """Steps that are still to come."""
        ended = self.state in (ReceiptState.RECEIVED, ReceiptState.CANCELLED)
        return 0 if ended else self.steps - self.arrived

    @property
    def outstanding(self) -> Quantity:
        """The same as a quantity."""
        return Quantity(self.open, self.unit)


@attrs.frozen
class Coming:
    """How much of what is wanted comes on a day, and by which expected receipt; empty: it is here, or on backorder."""

    on: date
    quantity: Quantity
    receipt_id: str
    reference: str
    backordered: bool = False
    """Whether nothing of it is here or expected, and the shop may promise it all the same."""


@attrs.frozen
class Promise:
    """By when a quantity can be had, if nobody else takes it: where nothing is held, nothing is promised."""

    sku: str
    location: str
    wanted: Quantity
    parts: tuple[Coming, ...]
    """Where it comes from: what is here, what is expected, the first to come first, and what may be had on backorder.
    Less than is wanted where that is too little.
    """

    @property
    def missing(self) -> Quantity:
        """How much neither is here nor expected, and may not be promised."""
        return Quantity(self.wanted.steps - sum(part.quantity.steps for part in self.parts), self.wanted.unit)

    @property
    def on(self) -> date | None:
        """The day by which all of it is here; None where that is not known."""
        return None if self.missing.steps else max(part.on for part in self.parts)


def promised(
    sku: str,
    location: str,
    wanted: Quantity,
    here: int,
    today: date,
    receipts: Iterable[ExpectedReceipt],
    backorder: BackorderLevel | None = None,
    ahead: int = 0,
) -> Promise:
    """The promise out of what is *here* (steps), of *receipts*, the first to come first, and last of a *backorder*.

    What is late is promised for *today*: no later day is known. So much of the receipts is promised to those *ahead*.
    """
    left, parts = wanted.steps, []
    if taken := min(max(here, 0), left):
        parts.append(Coming(today, Quantity(taken, wanted.unit), "", ""))
        left -= taken
    for each in sorted(receipts, key=lambda one: (one.expected_on, one.id)):
        theirs = min(each.open, ahead)
        ahead -= theirs
        if taken := min(each.open - theirs, left):
            parts.append(Coming(max(each.expected_on, today), Quantity(taken, wanted.unit), each.id, each.reference))
            left -= taken
    if backorder is not None and (taken := min(backorder.left.steps, left)):
        parts.append(Coming(backorder.by, Quantity(taken, wanted.unit), "", "", backordered=True))
    return Promise(sku, location, wanted, tuple(parts))
