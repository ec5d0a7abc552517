"""The axes of an order beside its lifecycle: payment, fulfilment, return; each derived from the ledgers.

One pure function makes them and nobody else writes them; they are stored only so that orders can be filtered.
"""

from tokolib.kernel.changed import changed
from tokolib.orders.model import FulfilmentStatus, Order, OrderState, PaymentStatus, ReturnStatus


def derive(order: Order) -> Order:
    """*order* with its axes as its ledgers say."""
    money, goods, back = payment(order), fulfilment(order), returns(order)
    if (money, goods, back) == (order.payment, order.fulfilment, order.returns):
        return order
    return changed(order, payment=money, fulfilment=goods, returns=back)


def payment(order: Order) -> PaymentStatus:
    """Where the money stands."""
    owed = order.total.minor_units - order.credited
    net = order.captured - order.refunded
    ended = order.state in (OrderState.CANCELLED, OrderState.EXPIRED)
    if order.captured == 0 and (ended or owed == order.refunded == 0 < order.credited):
        return PaymentStatus.VOIDED
    if net > owed:
        return PaymentStatus.REFUND_DUE if order.credited else PaymentStatus.OVERPAID
    if order.refunded and net == 0:
        return PaymentStatus.REFUNDED
    if net == owed:  # a refund of what was too much leaves an order paid
        return PaymentStatus.PARTIALLY_REFUNDED if order.refunded and order.credited else PaymentStatus.PAID
    if order.refunded:
        return PaymentStatus.PARTIALLY_REFUNDED
    return PaymentStatus.PARTIALLY_PAID if net else PaymentStatus.UNPAID


def fulfilment(order: Order) -> FulfilmentStatus:
    """Where the goods stand."""
    shipped = sum([line.shipped for line in order.lines])
    left = any(line.open for line in order.lines)
    if shipped == 0:
        return FulfilmentStatus.UNFULFILLED if left else FulfilmentStatus.CANCELLED
    if left:
        return FulfilmentStatus.PARTIALLY_SHIPPED
    delivered = sum(line.delivered_units for line in order.lines)
    return FulfilmentStatus.DELIVERED if delivered == shipped else FulfilmentStatus.SHIPPED


def returns(order: Order) -> ReturnStatus:
    """How much came back."""
    if not any(line.returned for line in order.lines):
        return ReturnStatus.NONE
    back = sum(line.returned_units for line in order.lines)
    shipped = sum(line.shipped for line in order.lines)
    return ReturnStatus.RETURNED if back == shipped else ReturnStatus.PARTIALLY_RETURNED


def is_complete(order: Order) -> bool:
    """Whether nothing is owed any more: all delivered or cancelled or back, and the money even."""
    if order.state is not OrderState.PLACED or order.due.minor_units:
        return False
    return all(line.open == 0 and line.on_the_way == 0 for line in order.lines)
