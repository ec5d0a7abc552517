"""When time changes what a predicate says: at which instants it may, and until when one that holds goes on."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from tokolib.conditions.evaluate import holds
from tokolib.conditions.facts import Facts
from tokolib.conditions.model import All, AnyOf, Between, Compare, Not, Predicate, Weekly, Window
from tokolib.conditions.weeks import in_week, minute
from tokolib.kernel.clock import EARLIEST, LATEST, zone

AFTER: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=8)
"""A week from any instant on, with a day to spare for clocks that are put forward or back."""


def moments(predicate: Predicate, since: datetime, until: datetime) -> tuple[datetime, ...]:
    """The instants in `since` < t <= `until` at which *predicate* may begin or cease to hold because of the time.

    All that do are among them; between two of them the time changes nothing.
    """
    found = {each for each in _dated(predicate) if since < each <= until}
    for weekly in _weeklies(predicate):
        turns = {each for each in _turns(weekly, since, until) if since < each <= until}
        found |= {each for each in turns if in_week(weekly, each) != in_week(weekly, each - AFTER)}
    return tuple(sorted(found))


def lasts(predicate: Predicate, facts: Facts) -> datetime | None:
    """The first instant after the fact `now` at which *predicate* no longer holds, all other facts being as they are.

    None where time never ends it, where it doesn't hold now, or where *facts* don't say what time it is.
    """
    now = facts.get("now")
    if not isinstance(now, datetime) or not holds(predicate, facts):
        return None
    dates = sorted({each for each in _dated(predicate) if now < each < LATEST})
    for begin, end in pairwise([now, *dates, LATEST]):
        week = end if end - begin <= WEEK else begin + WEEK
        for each in sorted({begin, *moments(predicate, begin, week)}):
            if each > now and not holds(predicate, {**facts, "now": each}):
                return each
    return None


def _dated(predicate: Predicate) -> Iterator[datetime]:
    """The instants that *predicate* names, and those just after."""
    match predicate:
        case All(of=parts) | AnyOf(of=parts):
            for part in parts:
                yield from _dated(part)
        case Not(of=part):
            yield from _dated(part)
        case Window(since=since, until=until):
            yield from (each for each in (since, until) if each is not None)
        case Between(fact="now", low=low, high=high):
            yield from (each for edge in (low, high) if isinstance(edge, datetime) for each in (edge, edge + AFTER))
        case Compare(fact="now", value=datetime() as value):
            yield from (value, value + AFTER)
        case _:
            return


def _weeklies(predicate: Predicate) -> Iterator[Weekly]:
    match predicate:
        case All(of=parts) | AnyOf(of=parts):
            for part in parts:
                yield from _weeklies(part)
        case Not(of=part):
            yield from _weeklies(part)
        case Weekly():
            yield predicate
        case _:
            return


def _turns(weekly: Weekly, since: datetime, until: datetime) -> Iterator[datetime]:
    """The instants at which the clocks of its zone reach an edge of its hours, on any day, or are put."""
    here, edges = zone(weekly.zone), (minute(weekly.since), minute(weekly.until))
    at, last = max(since, EARLIEST + DAY) - DAY, min(until, LATEST - DAY)
    first, days = at.astimezone(here).date(), (last.astimezone(here).date() - at.astimezone(here).date()).days
    for n in range(days + 1):  # days of its clocks: where these are put, 24 hours on may be the day after the next
        midnight = datetime.combine(first + n * DAY, time())
        for edge in edges:
            for fold in (0, 1):
                yield (midnight + timedelta(minutes=edge)).replace(tzinfo=here, fold=fold).astimezone(UTC)
    while at <= last:
        yield from _put(here, at, at + DAY)
        at += DAY


def _put(here: tzinfo, since: datetime, until: datetime) -> Iterator[datetime]:
    """The instant in `since` < t <= `until` at which clocks are put forward or back, to the second, if there is one."""
    before = since.astimezone(here).utcoffset()
    if before == until.astimezone(here).utcoffset():
        return
    low, high = 0, int((until - since).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (since + timedelta(seconds=middle)).astimezone(here).utcoffset() == before:
            low = middle
        else:
            high = middle
    yield (since + timedelta(seconds=high)).replace(microsecond=0)
