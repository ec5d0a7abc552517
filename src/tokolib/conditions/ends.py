"""When a predicate is over: the end of its windows, and of whatever else it asks of the fact `now`."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tokolib.conditions.model import (
    All,
    AnyOf,
    Between,
    Compare,
    Not,
    Predicate,
    Window,
)
from tokolib.conditions.operators import Operator

_AFTER = timedelta(microseconds=1)


def ends(predicate: Predicate) -> datetime | None:
    """The instant, in UTC, from which on *predicate* can't hold any more; None where nothing ends it.

    It holds at no later moment; that it does hold before is not said.
    """
    return _ends(predicate, wanted=True)


def _ends(predicate: Predicate, *, wanted: bool) -> datetime | None:
    match predicate:
        case Not(of=part):
            return _ends(part, wanted=not wanted)
        case All(of=parts) | AnyOf(of=parts):
            inner = [_ends(part, wanted=wanted) for part in parts]
            return _first(inner) if isinstance(predicate, All) is wanted else _last(inner)
        case Window(since=since, until=until):
            if wanted:
                return until
            return since if until is None else None
        case Between(fact="now", high=datetime() as high) if wanted:
            return high
        case Compare(fact="now", operator=operator, value=datetime() as value):
            return _compared(operator, value, wanted=wanted)
        case _:
            return None


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _last(moments: list[datetime | None]) -> datetime | None:
    known = [moment for moment in moments if moment is not None]
    return max(known) if len(known) == len(moments) else None


def _compared(operator: Operator, value: datetime, *, wanted: bool) -> datetime | None:
    match operator, wanted:
        case (Operator.LESS_THAN, True) | (Operator.AT_LEAST, False):
            return value
        case (Operator.EQUAL | Operator.AT_MOST, True) | (Operator.NOT_EQUAL | Operator.MORE_THAN, False):
            return value + _AFTER
        case _:
            return None
