"""Where an order's figures come from: what they rest on stands in the first event of its history, for good."""

from collections.abc import Iterable

from tokolib.kernel.events import Recorded
from tokolib.kernel.explain import Reason
from tokolib.orders.events import OrderRequested
from tokolib.orders.model import Order


def reason_of(order: Order, history: Iterable[Recorded]) -> Reason:
    """Where the total of *order*, whose *history* this is, comes from, down to the last figure."""
    grounds = next(each.event.grounds for each in history if isinstance(each.event, OrderRequested))
    return grounds.reason([line.line for line in order.lines], order.charges, order.currency)
