"""Where an order's figures come from: what they rest on stands in the first event of its history, for good."""

from collections.abc import Iterable, Sequence

import attrs

from tokolib.kernel.events import Event, Recorded
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Money
from tokolib.orders.events import OrderAmended, OrderRequested
from tokolib.orders.model import Order
from tokolib.orders.owed import owed


def reason_of(order: Order, history: Iterable[Recorded]) -> Reason:
    """Where the total of *order*, whose *history* this is, comes from, down to the last figure.

    And what was taken off it since, where something was; and what the total is worth in the currency of the books,
    where the order froze a rate.
    """
    told = [each.event for each in history]
    found = owed(_agreed(order, told), told)
    if (rate := order.book_rate) is None:
        return found
    values = {"currency": rate.currency, "books": rate.books, "rate": rate.figure, "source": rate.source}
    stated = reason("orders.book_rate", rate.worth(order.total), as_of=rate.as_of, **values)
    return attrs.evolve(found, children=(*found.children, stated))


def _agreed(order: Order, told: Sequence[Event]) -> Reason:
    """Where what was agreed comes from, and then what each edit has added."""
    first = next(event for event in told if isinstance(event, OrderRequested))
    made = first.grounds.reason([line.line for line in first.order.lines], first.order.charges, order.currency)
    for event in told:
        if isinstance(event, OrderAmended):
            own = event.grounds.reason(event.lines, event.charges, order.currency)
            added = Money(event.amendment.added, order.currency)
            more = reason("orders.amended", added, *own.children, why=event.amendment.reason)
            made = attrs.evolve(made, amount=(made.amount or added) + added, children=(*made.children, more))
    return made
