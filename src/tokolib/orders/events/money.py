"""What happens to the money of an order: paid, given back, disputed, let go."""

from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.orders.withheld import Withheld


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
class RefundWithheld(Event):
    """Of what was credited for goods that came back, so much isn't given back: fees of the return policy."""

    topic: ClassVar[str] = "orders.refund_withheld"
    return_id: str
    parts: tuple[Withheld, ...]

    @property
    def amount(self) -> int:
        """All of it, in minor units."""
        return sum(each.amount for each in self.parts)


@attrs.frozen
class DepositKept(Event):
    """The order was cancelled, and by its payment plan the shop keeps so much of the deposit."""

    topic: ClassVar[str] = "orders.deposit_kept"
    amount: int
