"""What orders refuse."""

from itertools import zip_longest
from typing import ClassVar, Final

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import Money
from tokolib.kernel.transitions import IllegalTransition

_WAYS_OUT: Final = {
    "pending_payment": "it waits for its payment: payments.next_action tells for what; orders.cancel gives it up",
    "cancelled": "it is over, and its goods are free: place another order",
    "expired": "nobody paid it in time, and its goods are free: place another order",
}
"""By the state of an order in which little can be done."""


@attrs.frozen
class IllegalOrderTransition(IllegalTransition):
    """The order is in a state that does not allow this; nothing was changed."""

    code: ClassVar[str] = "orders.illegal_transition"
    thing: ClassVar[str] = "order"

    @property
    def hint(self) -> str:
        return _WAYS_OUT.get(self.state, "")


@attrs.frozen
class BookRateLapsed(TokolibError):
    """The books state orders of this currency in their own, and the rate for it is too old; nothing was stored."""

    code: ClassVar[str] = "orders.book_rate_lapsed"
    status: ClassVar[int] = 409
    currency: str
    books: str
    as_of: str
    days: int

    def __str__(self) -> str:
        return f"the rate from {self.currency} to {self.books} is of {self.as_of}, and holds for {self.days} days"

    @property
    def hint(self) -> str:
        return "state a newer one: shop.settings.change(book_rates=(...)), all of them at once"


@attrs.frozen
class AlreadyShipped(TokolibError):
    """Goods have left, so the order can't be cancelled as a whole; nothing was changed."""

    code: ClassVar[str] = "orders.already_shipped"
    status: ClassVar[int] = 409
    order_id: str
    shipped: tuple[str, ...]

    def __str__(self) -> str:
        return f"order {self.order_id} can't be cancelled: shipped already {', '.join(self.shipped)}"

    @property
    def hint(self) -> str:
        return (
            "cancel what is left with shop.orders.cancel(order, {sku: quantity}, ...), and take the rest back with "
            "shop.returns.accept(order, ...)"
        )


@attrs.frozen
class ClaimedByShipments(TokolibError):
    """Goods are being made ready, so the order can't be cancelled as a whole; nothing was changed."""

    code: ClassVar[str] = "orders.claimed_by_shipments"
    status: ClassVar[int] = 409
    order_id: str
    claimed: tuple[str, ...]

    def __str__(self) -> str:
        return f"order {self.order_id} can't be cancelled: shipments are being made ready of {', '.join(self.claimed)}"

    @property
    def hint(self) -> str:
        return "have them stopped first: shop.shipments.cancel(shipment, reason=...) gives their goods back"


@attrs.frozen
class DepositNotKept(TokolibError):
    """The customer agreed on no plan by which the shop may keep a deposit; nothing was changed."""

    code: ClassVar[str] = "orders.deposit_not_kept"
    status: ClassVar[int] = 409
    order_id: str
    plan: str

    def __str__(self) -> str:
        why = f"its plan {self.plan!r} gives it back" if self.plan else "it has no payment plan"
        return f"the deposit of order {self.order_id} can't be kept: {why}"

    @property
    def hint(self) -> str:
        return "cancel without keep_deposit; plans put with deposit_on_cancel='keep' allow it for later orders"


@attrs.frozen
class PaymentDeclined(TokolibError):
    """The payment was refused for good; the order is cancelled, the goods are free, the cart is open again."""

    code: ClassVar[str] = "orders.payment_declined"
    status: ClassVar[int] = 402
    order_id: str
    reason: str

    def __str__(self) -> str:
        return f"payment of order {self.order_id} was declined: {self.reason}"

    @property
    def hint(self) -> str:
        return "let the customer choose another way to pay, quote the cart again, and place it with a new key"


@attrs.frozen
class CapturedOnce(TokolibError):
    """Money is captured as goods leave, and this gateway captures one time only; nothing was changed."""

    code: ClassVar[str] = "orders.captured_once"
    status: ClassVar[int] = 409
    order_id: str
    gateway: str

    def __str__(self) -> str:
        return f"order {self.order_id}: gateway {self.gateway!r} captures once, and other goods would still be open"

    @property
    def hint(self) -> str:
        return "hand all goods over at once, or sell in parts with a gateway that can capture in parts"


@attrs.frozen
class NotFree(TokolibError):
    """The tender `free` pays nothing, and this costs something; nothing was placed."""

    code: ClassVar[str] = "orders.not_free"
    quote_id: str
    """Empty for a basket."""
    total: Money

    def __str__(self) -> str:
        what = f"quote {self.quote_id}" if self.quote_id else "the basket"
        return f"{what} costs {self.total}, and the tender 'free' pays nothing"

    @property
    def hint(self) -> str:
        return "place it with cash, bank_transfer, cod or the name of a gateway"


_PAY: Final = "take what is due with payments.charge, or record it with payments.received"
_UNBLOCKED: Final = {
    "instalment": f"{_PAY}: as soon as nothing is overdue, its payment plan lifts the block",
    "payment": f"{_PAY}: the block ends by itself when the money is there, or reserved",
}
"""How the blocks end that no person has set."""
_PAID_BY: Final = {
    "unpaid": _PAY,
    "partially_paid": _PAY,
    "refunded": _PAY,
    "partially_refunded": _PAY,
    "disputed": f"answer the bank with payments.submit_evidence, and say how it ended with payments.decide_dispute; "
    f"or {_PAY}",
}
"""By where the money of an order stands: what makes it shippable."""


@attrs.frozen
class NotShippable(TokolibError):
    """Goods may not leave for this order yet; nothing was changed."""

    code: ClassVar[str] = "orders.not_shippable"
    status: ClassVar[int] = 409
    order_id: str
    state: str
    payment: str
    blocks: tuple[str, ...]
    """The codes of its blocks, and `cancel_requested` where it waits to be cancelled."""
    owners: tuple[str, ...] = ()
    """Who has to decide on each of the blocks, in their order; empty words where anybody may."""

    def __str__(self) -> str:
        blocked = f", blocked by {', '.join(self.blocks)}" if self.blocks else ""
        return f"order {self.order_id} may not ship: it is {self.state} and {self.payment}{blocked}"

    @property
    def hint(self) -> str:
        if "cancel_requested" in self.blocks:
            return "it is cancelled as soon as its open charge has ended; shop.tick() asks the gateway"
        ways = [
            _UNBLOCKED.get(code, f"orders.unblock(order, {code!r}, {f'owner={owner!r}, ' if owner else ''}reason=...)")
            for code, owner in zip_longest(self.blocks, self.owners, fillvalue="")
        ]
        way = _PAID_BY.get(self.payment, "" if ways else _PAY)
        if not any(each.startswith(way) for each in ways):
            ways.insert(0, way)
        return "; ".join(ways)


@attrs.frozen
class NotEditable(TokolibError):
    """The order can't be edited like that; nothing was changed."""

    code: ClassVar[str] = "orders.not_editable"
    status: ClassVar[int] = 409
    order_id: str
    reason: str

    def __str__(self) -> str:
        return f"order {self.order_id} can't be edited: {self.reason}"

    @property
    def hint(self) -> str:
        return "cancel what isn't wanted, and place another order for the rest"


@attrs.frozen
class AllowanceTooLarge(TokolibError):
    """More would be granted than the order is still worth; nothing was changed."""

    code: ClassVar[str] = "orders.allowance_too_large"
    status: ClassVar[int] = 409
    order_id: str
    asked: Money
    worth: Money

    def __str__(self) -> str:
        return f"order {self.order_id}: an allowance of {self.asked} asked for, and it is worth {self.worth}"

    @property
    def hint(self) -> str:
        return "an order is worth its total, less what returns and earlier allowances have credited"


@attrs.frozen
class NotYetOrdered(TokolibError):
    """At that instant there was no such order yet."""

    code: ClassVar[str] = "orders.not_yet_ordered"
    status: ClassVar[int] = 404
    order_id: str
    at: str
    """ISO 8601."""
    requested_at: str
    """When it was made, ISO 8601."""

    def __str__(self) -> str:
        return f"order {self.order_id} was not there at {self.at}: it was made at {self.requested_at}"

    @property
    def hint(self) -> str:
        return "ask for an instant after it was made"
