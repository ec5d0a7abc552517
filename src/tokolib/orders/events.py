"""What happens to an order. Replaying the events of its history gives the order again, to the letter."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.checkout.grounds import Grounds
from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.checkout.model import Delivery
from tokolib.kernel.address import Address
from tokolib.kernel.events import Event
from tokolib.orders.hindrances import Block, CancelWish
from tokolib.orders.lines import Run
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
class PaymentCaptured(Event):
    """Money came in, through *account* (cash, bank, a gateway's clearing)."""

    topic: ClassVar[str] = "orders.payment_captured"
    amount: int
    account: str


@attrs.frozen
class PaymentReversed(Event):
    """Money that had come in was taken back from outside."""

    topic: ClassVar[str] = "orders.payment_reversed"
    amount: int
    account: str


@attrs.frozen
class ReserveChanged(Event):
    """What is reserved for the order at gateways, and not captured, is now another amount. No money moved."""

    topic: ClassVar[str] = "orders.reserve_changed"
    reserved: int


@attrs.frozen
class DisputesChanged(Event):
    """What open disputes are about, or what was taken back, is now another amount. No money moved by this."""

    topic: ClassVar[str] = "orders.disputes_changed"
    contested: int
    taken_back: int


@attrs.frozen
class LossBooked(Event):
    """The outside took from *account* what had gone back to the customer already."""

    topic: ClassVar[str] = "orders.loss_booked"
    amount: int
    account: str


@attrs.frozen
class LossRecovered(Event):
    """A loss came back to *account*."""

    topic: ClassVar[str] = "orders.loss_recovered"
    amount: int
    account: str


@attrs.frozen
class ShortfallWrittenOff(Event):
    """So much more of what is due never came, and is let be within the shop's tolerance."""

    topic: ClassVar[str] = "orders.shortfall_written_off"
    amount: int


@attrs.frozen
class WriteOffReversed(Event):
    """So much of what was written off is owed again: it came after all, or is part of what the shop credits."""

    topic: ClassVar[str] = "orders.write_off_reversed"
    amount: int


@attrs.frozen
class ExcessRetained(Event):
    """So much more was paid too much, and is kept within the shop's tolerance."""

    topic: ClassVar[str] = "orders.excess_retained"
    amount: int


@attrs.frozen
class ExcessReleased(Event):
    """So much of what was kept is the customer's again: more came, some was taken back, or the order has ended."""

    topic: ClassVar[str] = "orders.excess_released"
    amount: int


@attrs.frozen
class RefundPaid(Event):
    """Money has gone back to the customer, out of *account*."""

    topic: ClassVar[str] = "orders.refund_paid"
    amount: int
    account: str


@attrs.frozen
class RefundUndone(Event):
    """A refund that had gone out came back; the customer still has it coming."""

    topic: ClassVar[str] = "orders.refund_undone"
    amount: int
    account: str


@attrs.frozen
class GoodsShipped(Event):
    """Units left the house; `holds` still stand."""

    topic: ClassVar[str] = "orders.goods_shipped"
    shipment_id: str
    runs: tuple[Run, ...]
    holds: tuple[str, ...]


@attrs.frozen
class GoodsDelivered(Event):
    """Units reached the customer."""

    topic: ClassVar[str] = "orders.goods_delivered"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class GoodsPlanned(Event):
    """A shipment claimed units: they leave with it, or it gives them back."""

    topic: ClassVar[str] = "orders.goods_planned"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class GoodsUnplanned(Event):
    """A shipment gave units back before it left: any other may take them."""

    topic: ClassVar[str] = "orders.goods_unplanned"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class DeliveryRevoked(Event):
    """Units that were told to have reached the customer did not: they are on their way back to the sender."""

    topic: ClassVar[str] = "orders.delivery_revoked"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class GoodsUndelivered(Event):
    """Units that left won't arrive: they are lost, or back at the sender. The customer still has them coming."""

    topic: ClassVar[str] = "orders.goods_undelivered"
    shipment_id: str
    runs: tuple[Run, ...]


@attrs.frozen
class GoodsReopened(Event):
    """Units that did not arrive are to be shipped again."""

    topic: ClassVar[str] = "orders.goods_reopened"
    shipment_id: str
    runs: tuple[Run, ...]
    held: tuple[str, ...]
    """The holds that were made for them; taken at once where stock leaves the books at the sale."""
    holds: tuple[str, ...]
    """All that then stand."""


@attrs.frozen
class GoodsReturned(Event):
    """Units came back, or never arrived; their shares are credited to the customer."""

    topic: ClassVar[str] = "orders.goods_returned"
    return_id: str
    runs: tuple[Run, ...]
    charges: bool
    credited: int


@attrs.frozen
class AllowanceGranted(Event):
    """The customer owes so much less, and keeps the goods."""

    topic: ClassVar[str] = "orders.allowance_granted"
    amount: int
    reason: str


@attrs.frozen
class AllowanceWithdrawn(Event):
    """So much of what was granted is part of a credit by now: the goods came back, or the order was cancelled."""

    topic: ClassVar[str] = "orders.allowance_withdrawn"
    amount: int


@attrs.frozen
class DepositKept(Event):
    """The order was cancelled, and by its payment plan the shop keeps so much of the deposit."""

    topic: ClassVar[str] = "orders.deposit_kept"
    amount: int


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
