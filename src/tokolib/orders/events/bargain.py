"""What happens to an order itself: it is wished for, placed, changed, stopped, ended."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.checkout.grounds import Grounds
from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.checkout.model import Delivery
from tokolib.kernel.address import Address
from tokolib.kernel.events import Event
from tokolib.orders.hindrances import Block, CancelWish
from tokolib.orders.model import Amendment, Cancellation, Order


@attrs.frozen
class OrderRequested(Event):
    """The customer agreed: goods are held, and the order is stored before any money is asked for."""

    topic: ClassVar[str] = "orders.order_requested"
    order: Order
    grounds: Grounds
    """What its figures rest on; kept here alone, so that no later event has to write it again."""


@attrs.frozen
class OrderPlaced(Event):
    """Paid, or good for it: the shop owes the goods."""

    topic: ClassVar[str] = "orders.order_placed"
    at: datetime
    credit_terms: bool = False
    holds: tuple[str, ...] = ()


@attrs.frozen
class CancelRequested(Event):
    """The bargain is to be off as soon as the charge that is open has ended, whichever way."""

    topic: ClassVar[str] = "orders.cancel_requested"
    wish: CancelWish


@attrs.frozen
class OrderCancelled(Event):
    """The bargain is off: all units that were left are cancelled."""

    topic: ClassVar[str] = "orders.order_cancelled"
    cancellation: Cancellation
    declined: bool = False
    """Whether it ended because the payment was refused for good."""


@attrs.frozen
class UnitsCancelled(Event):
    """A part of the goods will never leave; the bargain stands for the rest. `holds` are those that still stand."""

    topic: ClassVar[str] = "orders.units_cancelled"
    cancellation: Cancellation
    holds: tuple[str, ...]


@attrs.frozen
class OrderAmended(Event):
    """Goods or charges were added to it, perhaps in place of others; `holds` are all that stand now."""

    topic: ClassVar[str] = "orders.order_amended"
    amendment: Amendment
    lines: tuple[QuoteLine, ...]
    charges: tuple[QuoteCharge, ...]
    """With their shares over all lines, the new ones last."""
    grounds: Grounds
    """What the figures of both rest on."""
    held: tuple[str, ...]
    """The holds that were made for it, also where they were taken at once."""
    holds: tuple[str, ...]
    cancellation: Cancellation | None = None


@attrs.frozen
class DestinationChanged(Event):
    """What has not left yet goes elsewhere, or travels otherwise. What was agreed to be paid stays as it is."""

    topic: ClassVar[str] = "orders.destination_changed"
    ship_to: Address | None
    delivery: Delivery | None
    reason: str


@attrs.frozen
class OrderExpired(Event):
    """It was not paid in time; its goods are free again."""

    topic: ClassVar[str] = "orders.order_expired"
    at: datetime


@attrs.frozen
class OrderReinstated(Event):
    """The money came late and the goods could be held again."""

    topic: ClassVar[str] = "orders.order_reinstated"
    at: datetime
    holds: tuple[str, ...]
    credit_terms: bool = False


@attrs.frozen
class OrderCompleted(Event):
    """Everything that was owed was delivered and paid."""

    topic: ClassVar[str] = "orders.order_completed"
    at: datetime


@attrs.frozen
class BlockSet(Event):
    """Fulfilment is stopped for a reason."""

    topic: ClassVar[str] = "orders.block_set"
    block: Block


@attrs.frozen
class BlockLifted(Event):
    """The reason is gone."""

    topic: ClassVar[str] = "orders.block_lifted"
    code: str
    reason: str
    owner: str = ""


@attrs.frozen
class OrderRefined(Event):
    """Somebody moved the order to another sub-state of the shop's own; nothing else about it changed."""

    topic: ClassVar[str] = "orders.order_refined"
    sub_state: str
    reason: str
