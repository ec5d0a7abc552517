"""Where an order's figures come from: what they rest on stands in the first event of its history, for good."""

from collections.abc import Iterable

import attrs

from tokolib.kernel.events import Recorded
from tokolib.kernel.explain import Reason, reason
from tokolib.orders.events import OrderRequested
from tokolib.orders.model import Order


def reason_of(order: Order, history: Iterable[Recorded]) -> Reason:
    """Where the total of *order*, whose *history* this is, comes from, down to the last figure.

    And what it is worth in the currency of the books, where it froze a rate.
    """
    grounds = next(each.event.grounds for each in history if isinstance(each.event, OrderRequested))
    found = grounds.reason([line.line for line in order.lines], order.charges, order.currency)
    if (rate := order.book_rate) is None:
        return found
    values = {"currency": rate.currency, "books": rate.books, "rate": rate.figure, "source": rate.source}
    stated = reason("orders.book_rate", rate.worth(order.total), as_of=rate.as_of, **values)
    return attrs.evolve(found, children=(*found.children, stated))
