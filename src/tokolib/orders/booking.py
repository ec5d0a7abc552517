"""Recording an order's event together with its postings: one can't be kept without the others."""

from tokolib.kernel.events import Event
from tokolib.kernel.unit import Unit
from tokolib.orders.book_currency import BOOK_LEDGER, book_entries
from tokolib.orders.events import AllowanceWithdrawn, OrderCompleted, WriteOffReversed
from tokolib.orders.guards import nothing_owed
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.orders.postings import LEDGER, entries


def book(unit: Unit, order: Order, *events: Event) -> Order:
    """*order* after *events*, each posted to the books; completed when nothing is owed any more."""
    for event in events:
        order = _record(unit, order, event)
    if (excess := order.credited - order.total.minor_units) > 0:  # no more is credited than was ever sold
        order = _record(unit, order, AllowanceWithdrawn(excess))
    if order.written_off and (back := -order.due.minor_units) > 0:  # settled before anything goes back
        order = _record(unit, order, WriteOffReversed(min(back, order.written_off)))
    if nothing_owed(order):
        order = _record(unit, order, OrderCompleted(unit.now))
    return order


def _record(unit: Unit, order: Order, event: Event) -> Order:
    order = unit[ORDERS].record(order, event)
    if posting := entries(order, event, unit.now):
        unit.post(LEDGER, posting)
    if stated := book_entries(order, event, unit.now):
        unit.post(BOOK_LEDGER, stated)
    return order
