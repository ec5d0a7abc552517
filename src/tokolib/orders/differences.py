"""The difference between what is due and what came: within the tolerance it is written off, or kept, and posted.

Order and payment say the same of it, both derived anew whenever money moves; what a gateway still holds for the order
is not missing.
"""

from collections.abc import Iterator

from tokolib.kernel.events import Event
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders import events as e
from tokolib.orders.booking import book
from tokolib.orders.model import Order
from tokolib.orders.ports import ORDERS
from tokolib.payments.dispositions import to_retain, to_write_off
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.steps import change_amount, settle_difference


def settle(unit: Unit, order: Order, intent: Intent) -> Order:
    """*order*, and its *intent*, with as much written off and kept as their money says by now."""
    written_off, retained = differences(order, intent)
    for event in _changes(order, written_off, retained):
        order = book(unit, order, event)
    settle_difference(unit, intent, written_off=written_off, retained=retained)
    return order


async def settle_credit(unit: Unit, order_id: str) -> Order:
    """The order after a credit: its payment asks for no more than it comes to by now, and the two are settled."""
    order = await unit[ORDERS].get(order_id)
    worth = Money(order.total.minor_units - order.credited, order.currency)
    intent = await change_amount(unit, await unit[INTENTS].get(order.intent_id), worth)
    return settle(unit, await unit[ORDERS].get(order_id), intent)


def differences(order: Order, intent: Intent) -> tuple[int, int]:
    """How much of *order* is to be written off, and how much kept of what was paid too much: minor units.

    Neither makes the money more than even.
    """
    owed = order.total.minor_units - order.credited
    missing = owed - order.captured + order.refunded
    return (
        min(to_write_off(intent, owed), max(0, missing)),
        min(to_retain(intent, owed), max(0, -missing)),
    )


def _changes(order: Order, written_off: int, retained: int) -> Iterator[Event]:
    more = written_off - order.written_off
    if more:
        yield e.ShortfallWrittenOff(more) if more > 0 else e.WriteOffReversed(-more)
    more = retained - order.retained
    if more:
        yield e.ExcessRetained(more) if more > 0 else e.ExcessReleased(-more)
