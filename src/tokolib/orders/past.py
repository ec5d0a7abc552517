"""An order as it was: its history replayed up to an instant."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tokolib.kernel.events import Recorded
from tokolib.orders.errors import NotYetOrdered
from tokolib.orders.lifecycle import evolve
from tokolib.orders.model import Order


def until(history: Iterable[Recorded], at: datetime) -> Iterator[Recorded]:
    """What of *history* was known *at* an instant: everything before the first event that is later.

    Where a machine's clock was set back, what is told after a later event counts as later too, for one follows from
    the other.
    """
    for each in history:
        if each.at > at:
            return
        yield each


def as_of(order: Order, history: Iterable[Recorded], at: datetime) -> Order:
    """*order*, whose *history* this is, as it was *at* an instant.

    Raises:
        NotYetOrdered: it was made later.
    """
    was: Order | None = None
    for each in until(history, at):
        was = evolve(was, each.event)
    if was is None:
        raise NotYetOrdered(order.id, at.isoformat(), order.requested_at.isoformat())
    return was
