"""The axes of an order beside its lifecycle: payment, fulfilment, return; each derived from the ledgers.

One pure function makes them and nobody else writes them; they are stored only so that orders can be filtered.
"""

from collections.abc import Sequence
from typing import Any

from tokolib.kernel.changed import changed
from tokolib.orders.model import FulfilmentStatus, Order, OrderLine, OrderState, PaymentStatus, ReturnStatus


def derive(order: Order, **changes: Any) -> Order:
    """*order* after *changes* by name of the field, with its axes as its ledgers then say."""
    credited, lines = changes.get("credited", order.credited), changes.get("lines", order.lines)
    money = payment(
        changes.get("state", order.state),
        order.total.minor_units - credited,
        captured=changes.get("captured", order.captured),
        refunded=changes.get("refunded", order.refunded),
        credited=credited,
    )
    goods, back = fulfilment(lines), returns(lines)
    if not changes and (money, goods, back) == (order.payment, order.fulfilment, order.returns):
        return order
    return changed(order, **changes, payment=money, fulfilment=goods, returns=back)


def payment(state: OrderState, owed: int, *, captured: int, refunded: int, credited: int) -> PaymentStatus:
    """Where the money of an order in *state* stands, of whose total *owed* is left after what was *credited*."""
    net = captured - refunded
    ended = state in (OrderState.CANCELLED, OrderState.EXPIRED)
    if captured == 0 and (ended or owed == refunded == 0 < credited):
        return PaymentStatus.VOIDED
    if net > owed:
        return PaymentStatus.REFUND_DUE if credited else PaymentStatus.OVERPAID
    if refunded and net == 0:
        return PaymentStatus.REFUNDED
    if net == owed:  # a refund of what was too much leaves an order paid
        return PaymentStatus.PARTIALLY_REFUNDED if refunded and credited else PaymentStatus.PAID
    if refunded:
        return PaymentStatus.PARTIALLY_REFUNDED
    return PaymentStatus.PARTIALLY_PAID if net else PaymentStatus.UNPAID


def fulfilment(lines: Sequence[OrderLine]) -> FulfilmentStatus:
    """Where the goods stand."""
    shipped = sum([line.shipped for line in lines])
    left = any(line.open for line in lines)
    if shipped == 0:
        return FulfilmentStatus.UNFULFILLED if left else FulfilmentStatus.CANCELLED
    if left:
        return FulfilmentStatus.PARTIALLY_SHIPPED
    delivered = sum([line.delivered_units for line in lines])
    return FulfilmentStatus.DELIVERED if delivered == shipped else FulfilmentStatus.SHIPPED


def returns(lines: Sequence[OrderLine]) -> ReturnStatus:
    """How much came back."""
    if not any(line.returned for line in lines):
        return ReturnStatus.NONE
    back = sum([line.returned_units for line in lines])
    shipped = sum([line.shipped for line in lines])
    return ReturnStatus.RETURNED if back == shipped else ReturnStatus.PARTIALLY_RETURNED


def is_complete(order: Order) -> bool:
    """Whether nothing is owed any more: all delivered or cancelled or back, and the money even."""
    if order.state is not OrderState.PLACED or order.due.minor_units:
        return False
    return all(line.open == 0 and line.on_the_way == 0 for line in order.lines)
