"""The week as clocks show it: which of its minutes a `Weekly` covers, and on which days that is said.

A minute of the week is counted from Monday 00:00 local time. Only the clock on the wall decides: a range that the
clocks jump over does not happen in that week, and one that they run through twice holds both times.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from tokolib.conditions.model import Weekly
from tokolib.conditions.operators import Weekday
from tokolib.kernel.clock import aware, zone

DAY: Final = 24 * 60
WEEK: Final = 7 * DAY
DAYS: Final = tuple(Weekday)


def spans(weekly: Weekly) -> Iterator[tuple[int, int]]:
    """Its ranges as minutes of the week, the end excluded; what passes the week's end begins it again."""
    since, until = minute(weekly.since), minute(weekly.until)
    length = (until - since) % DAY or DAY
    for day in weekly.days:
        start = DAYS.index(day) * DAY + since
        yield start, min(start + length, WEEK)
        if start + length > WEEK:
            yield 0, start + length - WEEK


def minute(clock: str) -> int:
    """`09:30` as minutes since midnight."""
    return int(clock[:2]) * 60 + int(clock[3:])


def minute_of_week(instant: datetime, zone_name: str) -> int:
    """Where the clocks of a zone stand in their week at *instant*.

    Raises:
        NaiveDatetime: the instant has no zone.
        InvalidInput: it lies at an end of the calendar, where other zones have no date for it.
    """
    here = aware(instant, "now").astimezone(zone(zone_name))
    return here.weekday() * DAY + here.hour * 60 + here.minute


def in_week(weekly: Weekly, instant: datetime) -> bool:
    """Whether *instant* is one of the hours that *weekly* names."""
    now = minute_of_week(instant, weekly.zone)
    return any(start <= now < end for start, end in spans(weekly))


def day_numbers(days: Iterable[Weekday]) -> str:
    """The days by the numbers of ISO 8601: `12345` for Monday to Friday."""
    return "".join(str(DAYS.index(day) + 1) for day in days)
