"""The axes of an order beside its lifecycle: payment, fulfilment, return; each derived from the ledgers.

One pure function makes them and nobody else writes them; they are stored only so that orders can be filtered.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from tokolib.kernel.changed import changed
from tokolib.kernel.machine import Case, Derived, Guard, otherwise
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import FulfilmentStatus, Order, OrderState, PaymentStatus, ReturnStatus, worth_of


def derive(order: Order, **changes: Any) -> Order:
    """*order* after *changes* by name of the field, with its axes as its ledgers then say."""
    credited, lines = changes.get("credited", order.credited), changes.get("lines", order.lines)
    total = worth_of(lines, changes["charges"]) if "charges" in changes else order.total.minor_units
    let_be = changes.get("written_off", order.written_off) - changes.get("retained", order.retained)
    money = payment(
        changes.get("state", order.state),
        total - credited - let_be,
        captured=changes.get("captured", order.captured),
        refunded=changes.get("refunded", order.refunded),
        credited=credited,
        reserved=changes.get("reserved", order.reserved),
        contested=changes.get("contested", order.contested),
        taken=changes.get("taken_back", order.taken_back) + changes.get("lost", order.lost),
    )
    facts = _goods(lines)
    goods, back = FULFILMENT.read(facts), RETURNS.read(facts)
    if not changes and (money, goods, back) == (order.payment, order.fulfilment, order.returns):
        return order
    return changed(order, **changes, payment=money, fulfilment=goods, returns=back)


def payment(
    state: OrderState,
    owed: int,
    *,
    captured: int,
    refunded: int,
    credited: int,
    reserved: int = 0,
    contested: int = 0,
    taken: int = 0,
) -> PaymentStatus:
    """Where the money of an order in *state* stands, of which *owed* is left after what was *credited* or let be."""
    ended = state in (OrderState.CANCELLED, OrderState.EXPIRED)
    return PAYMENT.read(
        _Money(ended, owed, captured, refunded, credited, captured - refunded, reserved, contested, taken)
    )


def fulfilment(lines: Sequence[OrderLine]) -> FulfilmentStatus:
    """Where the goods stand."""
    return FULFILMENT.read(_goods(lines))


def returns(lines: Sequence[OrderLine]) -> ReturnStatus:
    """How much came back."""
    return RETURNS.read(_goods(lines))


class _Money(NamedTuple):
    """What the payment axis is read off, in minor units."""

    ended: bool
    owed: int
    captured: int
    refunded: int
    credited: int
    net: int
    """What came in and stayed."""
    reserved: int
    """What a gateway holds of the customer's money, to be captured as goods leave."""
    contested: int
    """What disputes are about that nobody has decided yet."""
    taken: int
    """What the outside has taken back and not given again, also of what had gone back already."""

    def is_void(self) -> bool:
        """Whether nothing came in, and nothing is to come."""
        return self.captured == 0 and (self.ended or self.owed == self.refunded == 0 < self.credited)


class _Goods(NamedTuple):
    """What the axes of fulfilment and return are read off."""

    lines: Sequence[OrderLine]
    shipped: int
    """How many units have left."""
    left: bool
    """Whether some unit is still to be shipped."""

    def have_arrived(self) -> bool:
        """Whether every unit that has left has reached the customer."""
        return self.shipped == sum([len(line.delivered) for line in self.lines])

    def none_are_back(self) -> bool:
        """Whether no unit has come back."""
        return not any(line.returned for line in self.lines)

    def are_back(self) -> bool:
        """Whether every unit that has left has come back."""
        return self.shipped == sum([len(line.returned) for line in self.lines])


def _goods(lines: Sequence[OrderLine]) -> _Goods:
    return _Goods(lines, sum([len(line.shipped) for line in lines]), any(line.open for line in lines))


_M = Guard[_Money]
_G = Guard[_Goods]
P = PaymentStatus
F = FulfilmentStatus
R = ReturnStatus

PAYMENT: Final = Derived[PaymentStatus, _Money](
    name="order_payment",
    about="Where the money of an order stands: read off its ledger of money.",
    states={
        P.UNPAID: "nothing has come in, or nothing has stayed after money was taken back",
        P.PARTIALLY_PAID: "less came in than is owed",
        P.PAID: "what is owed came in, to the last unit",
        P.OVERPAID: "more came in than was ever asked for",
        P.REFUND_DUE: "goods came back, or the order ended, and the money has still to go back",
        P.PARTIALLY_REFUNDED: "a part went back",
        P.REFUNDED: "everything went back",
        P.VOIDED: "nothing came in, and nothing is to come",
        P.AUTHORISED: "what is owed is reserved, and captured as goods leave",
        P.DISPUTED: "the customer's bank asks for money back, and nobody has decided yet",
    },
    cases=(
        Case(P.DISPUTED, _M("contested", "a dispute is open", lambda m: m.contested > 0)),
        Case(P.VOIDED, _M("void", "nothing came in, and it ended or all of it was credited", _Money.is_void)),
        Case(
            P.REFUND_DUE,
            _M(
                "too_much_after_credit",
                "the shop has too much, and something was credited",
                lambda m: m.net > m.owed and m.credited > 0,
            ),
        ),
        Case(P.OVERPAID, _M("too_much", "the shop has more than is owed", lambda m: m.net > m.owed)),
        Case(
            P.AUTHORISED,
            _M(
                "reserved_in_full",
                "what has not come in of what is owed is reserved",
                lambda m: m.net < m.owed <= m.net + m.reserved,
            ),
        ),
        Case(
            P.UNPAID,
            _M(
                "all_taken",
                "money was taken back, nothing stayed, and some is owed",
                lambda m: m.taken > 0 and m.net == 0 < m.owed,
            ),
        ),
        Case(
            P.PARTIALLY_PAID,
            _M(
                "some_taken",
                "money was taken back, and less stayed than is owed",
                lambda m: m.taken > 0 and m.net < m.owed,
            ),
        ),
        Case(
            P.REFUNDED,
            _M("all_back", "something went back, and nothing stayed", lambda m: m.refunded > 0 and m.net == 0),
        ),
        Case(
            P.PARTIALLY_REFUNDED,  # a refund of what was too much leaves an order paid
            _M(
                "even_after_refund",
                "the money is even after a credit and a refund",
                lambda m: m.net == m.owed and m.refunded > 0 and m.credited > 0,
            ),
        ),
        Case(P.PAID, _M("even", "the money is even", lambda m: m.net == m.owed)),
        Case(P.PARTIALLY_REFUNDED, _M("some_back", "something went back", lambda m: m.refunded > 0)),
        Case(P.PARTIALLY_PAID, _M("some_in", "something came in", lambda m: m.net != 0)),
        otherwise(P.UNPAID),
    ),
    ends=frozenset({P.PAID, P.REFUNDED, P.PARTIALLY_REFUNDED, P.VOIDED}),
    exits={
        P.UNPAID: ("payments.received", "payments.charge", "orders.cancel"),
        P.PARTIALLY_PAID: ("payments.received", "payments.charge", "orders.grant_allowance"),
        P.OVERPAID: ("payments.paid_out", "payments.advance"),
        P.REFUND_DUE: ("payments.paid_out", "payments.advance", "payments.resolve"),
        P.AUTHORISED: ("shipments.hand_over", "orders.cancel"),
        P.DISPUTED: ("payments.resolve",),
    },
)
"""The payment axis of an order."""

FULFILMENT: Final = Derived[FulfilmentStatus, _Goods](
    name="order_fulfilment",
    about="Where the goods of an order stand: read off the quantities of its lines.",
    states={
        F.UNFULFILLED: "nothing has left",
        F.PARTIALLY_SHIPPED: "some units have left, and others are still to leave",
        F.SHIPPED: "all that was to leave has left",
        F.DELIVERED: "all that has left has arrived",
        F.CANCELLED: "nothing has left, and nothing will",
    },
    cases=(
        Case(
            F.CANCELLED,
            _G("nothing_to_ship", "nothing has left, and nothing is open", lambda g: not g.shipped and not g.left),
        ),
        Case(F.UNFULFILLED, _G("nothing_shipped_yet", "nothing has left", lambda g: not g.shipped)),
        Case(F.PARTIALLY_SHIPPED, _G("some_open", "some unit is still to leave", lambda g: g.left)),
        Case(F.DELIVERED, _G("all_arrived", "every unit that left has arrived", _Goods.have_arrived)),
        otherwise(F.SHIPPED),
    ),
    ends=frozenset({F.DELIVERED, F.CANCELLED}),
    exits={
        F.UNFULFILLED: ("shipments.hand_over", "orders.cancel"),
        F.PARTIALLY_SHIPPED: ("shipments.hand_over",),
        F.SHIPPED: ("shipments.delivered",),
    },
)
"""The fulfilment axis of an order."""

RETURNS: Final = Derived[ReturnStatus, _Goods](
    name="order_returns",
    about="How much of an order came back: read off the quantities of its lines.",
    states={
        R.NONE: "nothing came back",
        R.PARTIALLY_RETURNED: "some of what had left came back",
        R.RETURNED: "all of what had left came back",
    },
    cases=(
        Case(R.NONE, _G("none_back", "no unit came back", _Goods.none_are_back)),
        Case(R.RETURNED, _G("all_units_back", "every unit that left came back", _Goods.are_back)),
        otherwise(R.PARTIALLY_RETURNED),
    ),
    ends=frozenset(ReturnStatus),
    exits={},
)
"""The return axis of an order."""


def is_complete(order: Order) -> bool:
    """Whether nothing is owed any more: all delivered or cancelled or back, and the money even."""
    if order.state is not OrderState.PLACED or order.due.minor_units:
        return False
    return not any(line.open or line.on_the_way or line.undelivered for line in order.lines)
