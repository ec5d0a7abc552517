"""What must hold beside an order's state for something to happen to it; the table of its lifecycle names them."""

from typing import Final

from tokolib.kernel.machine import Guard
from tokolib.orders.axes import is_complete
from tokolib.orders.errors import AlreadyShipped, ClaimedByShipments, NotEditable, NotShippable
from tokolib.orders.model import Order


def _is_paid(order: Order) -> bool:
    return order.captured - order.refunded + order.reserved + order.written_off >= order.asked_first


def _has_not_shipped(order: Order) -> bool:
    return not any(line.shipped for line in order.lines)


def _already_shipped(order: Order) -> AlreadyShipped:
    return AlreadyShipped(order.id, tuple(line.line.sku for line in order.lines if line.shipped))


def _has_no_claims(order: Order) -> bool:
    return not any(line.planned for line in order.lines)


def _claimed(order: Order) -> ClaimedByShipments:
    return ClaimedByShipments(order.id, tuple(line.line.sku for line in order.lines if line.planned))


def _not_shippable(order: Order) -> NotShippable:
    owners = tuple(each.owner for each in order.blocks)
    return NotShippable(order.id, order.state, order.payment, order.hindrances, owners)


def _is_wanted(order: Order) -> bool:
    return order.cancel_requested is None


def _not_editable(order: Order) -> NotEditable:
    return NotEditable(order.id, "somebody wants it cancelled, and a charge of it is still open")


not_given_up: Final = Guard("not_given_up", "nobody wants it cancelled", _is_wanted, _not_editable)

paid_in_full: Final = Guard(
    "paid_in_full",
    "what came in and stayed, with what is reserved or written off, covers the total, or the deposit of a payment plan",
    _is_paid,
)

nothing_shipped: Final = Guard("nothing_shipped", "no unit has left the house", _has_not_shipped, _already_shipped)

nothing_planned: Final = Guard(
    "nothing_planned", "no shipment that is still here has claimed a unit", _has_no_claims, _claimed
)

shippable: Final = Guard[Order](
    "shippable", "nothing hinders it, and it is paid or on credit terms", lambda order: order.shippable, _not_shippable
)

nothing_owed: Final = Guard(
    "nothing_owed", "every unit has arrived, was cancelled or came back, and nothing is due either way", is_complete
)
