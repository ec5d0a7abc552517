"""The life of a count as a table."""

from typing import Any, Final

import attrs

from tokolib.inventory.counts import events as e
from tokolib.inventory.counts.errors import IllegalCountTransition
from tokolib.inventory.counts.model import Count, CountLine, CountState, Tally
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.transitions import led, unbegun

S = CountState

COUNT: Final = Machine(
    name="count",
    about="SKUs of one location that are counted, and put right in the books.",
    states={
        S.OPEN: "it is counted, and counted again where somebody doubts it",
        S.APPROVED: "somebody who didn't count has approved the variances",
        S.POSTED: "the books were adjusted by the variances",
        S.CANCELLED: "it was given up, and the books are as they were",
    },
    begins={e.CountOpened: (S.OPEN,)},
    begun_by=("counts.open",),
    edges={
        S.OPEN: {
            e.StockCounted: Edge(S.OPEN, ("counts.count",)),
            e.CountApproved: Edge(S.APPROVED, ("counts.approve",)),
            e.CountPosted: Edge(S.POSTED, ("counts.post",)),
            e.CountCancelled: Edge(S.CANCELLED, ("counts.cancel",)),
        },
        S.APPROVED: {
            e.StockCounted: Edge(S.OPEN, ("counts.count",)),
            e.CountPosted: Edge(S.POSTED, ("counts.post",)),
            e.CountCancelled: Edge(S.CANCELLED, ("counts.cancel",)),
        },
        S.POSTED: {},
        S.CANCELLED: {},
    },
    ends=frozenset({S.POSTED, S.CANCELLED}),
)
"""The life of a count."""


def check(count: Count, kind: type[Event]) -> None:
    """Pass when the count's state allows an event of this kind.

    Raises:
        IllegalCountTransition: it doesn't. Nothing was changed.
    """
    _target(count, kind)


def _target(count: Count, kind: type[Event]) -> CountState:
    return led(COUNT, IllegalCountTransition, count, count.state, kind)


def evolve(state: Count | None, event: Event) -> Count:
    """The count after *event*.

    Raises:
        IllegalCountTransition: the table does not allow it.
    """
    if state is None and isinstance(event, e.CountOpened):
        return event.count
    if state is None:
        raise unbegun(COUNT, IllegalCountTransition, type(event))
    target = _target(state, type(event))
    return changed(state, version=state.version + 1, state=target, **_changes(state, event))


def _changes(count: Count, event: Event) -> dict[str, Any]:
    match event:
        case e.StockCounted(tallies=tallies):
            counted = {each.key: each for each in tallies}
            return {"lines": tuple(_counted(line, counted.get(line.key)) for line in count.lines), "approved_by": ""}
        case e.CountApproved(by=by):
            return {"approved_by": by}
        case e.CountPosted(reason=reason, at=at) | e.CountCancelled(reason=reason, at=at):
            return {"reason": reason, "ended_at": at}
        case _:
            return {}


def _counted(line: CountLine, tally: Tally | None) -> CountLine:
    return line if tally is None else attrs.evolve(line, tallies=(*line.tallies, tally))
