"""Until when a condition holds: the end of its hours, its days and its dates, as the clocks show them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.conditions import (
    Compare,
    Not,
    Operator,
    all_of,
    any_of,
    at_least,
    between,
    equal,
    holds,
    lasts,
    less_than,
    moments,
)
from tokolib.conditions import during as of_dates
from tokolib.conditions import weekly as of_week

JAKARTA, BERLIN = "Asia/Jakarta", "Europe/Berlin"
MONDAY = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
"""Ten o'clock in Jakarta."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def weekly(days, since, until, zone):
    """Hours of some days, as the clocks of a zone show them."""
    return of_week(*days, since=since, until=until, zone=zone)


def during(since, until):
    """From one instant on until another."""
    return of_dates(since, until, zone=JAKARTA)


def at(day, hour=0, minute=0, month=3):
    """An instant of 2026, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (weekly(["monday"], "09:00", "12:00", JAKARTA), at(2, 5)),
        (weekly(["monday", "tuesday"], "00:00", "24:00", JAKARTA), at(3, 17)),
        (weekly(DAYS, "00:00", "24:00", JAKARTA), None),
        (weekly(["monday"], "09:00", "02:00", JAKARTA), at(2, 19)),
        (weekly(["tuesday"], "09:00", "12:00", JAKARTA), None),
        (~weekly(["tuesday"], "09:00", "12:00", JAKARTA), at(3, 2)),
        (during(at(1), at(9)), at(9)),
        (during(at(1), None), None),
        (during(at(1), at(9)) & weekly(["monday"], "09:00", "12:00", JAKARTA), at(2, 5)),
        (during(at(1), at(9, 4)) | weekly(["monday"], "09:00", "12:00", JAKARTA), at(9, 5)),
        (during(at(1), at(9)) & weekly(DAYS, "00:00", "24:00", JAKARTA), at(9)),
        (less_than("now", at(4)), at(4)),
        (Compare("now", Operator.AT_MOST, at(4)), at(4) + timedelta(microseconds=1)),
        (between("now", at(1), at(4)), at(4)),
        (equal("channel", "web"), None),
        (equal("channel", "app"), None),
        (equal("channel", "web") & during(None, at(9)), at(9)),
        (at_least("subtotal", 5), None),
    ],
)
def test_a_condition_lasts_to_its_first_end(predicate, expected):
    """Of hours, days and dates the first one that ends it; None where nothing does, or where it doesn't hold now."""
    assert expected == lasts(predicate, {"now": MONDAY, "channel": "web"})


def test_clocks_that_are_put_back_run_through_the_hours_twice():
    """In Berlin on 25 October 2026, two to three o'clock comes twice: what ends at 02:30 does so twice."""
    hours = weekly(["sunday"], "01:00", "02:30", BERLIN)
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)  # 02:15, before the clocks are put back

    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == lasts(hours, {"now": first})
    assert datetime(2026, 10, 25, 1, 30, tzinfo=UTC) == lasts(hours, {"now": first + timedelta(minutes=50)})


def test_clocks_that_are_put_forward_end_the_hours_that_they_jump_over():
    """In Berlin on 29 March 2026 it is three o'clock after 01:59: what ends at 02:30 ends then."""
    hours = weekly(["sunday"], "01:00", "02:30", BERLIN)

    assert datetime(2026, 3, 29, 1, 0, tzinfo=UTC) == lasts(hours, {"now": datetime(2026, 3, 29, 0, 30, tzinfo=UTC)})


@pytest.mark.parametrize("now", [datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, 23, tzinfo=UTC)])
def test_the_ends_of_the_calendar_end_nothing_early(now):
    """Nothing is asked of days that no zone has."""
    assert lasts(weekly(DAYS, "00:00", "24:00", JAKARTA), {"now": now}) is None
    assert moments(weekly(["monday"], "09:00", "12:00", JAKARTA), now, now + timedelta(hours=1)) in {(), (now,)}


INSTANTS = st.integers(0, 45 * 24 * 60).map(lambda minutes: at(1) + timedelta(minutes=minutes))
CLOCKS = st.sampled_from(["00:00", "01:30", "02:00", "02:30", "09:00", "12:00", "18:45"])
WEEKLIES = st.builds(
    lambda days, since, until, zone: weekly(days, since, until if until != since else "24:00", zone),
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True),
    CLOCKS,
    CLOCKS,
    st.sampled_from([JAKARTA, BERLIN, "America/New_York"]),
)
WINDOWS = st.builds(
    lambda since, days: during(since, since + timedelta(days=days)), INSTANTS, st.integers(1, 30)
) | st.builds(lambda operator, value: Compare("now", operator, value), st.sampled_from(Operator), INSTANTS)
PREDICATES = st.recursive(
    WEEKLIES | WINDOWS,
    lambda parts: (
        st.builds(lambda a, b: all_of(a, b), parts, parts)
        | st.builds(lambda a, b: any_of(a, b), parts, parts)
        | st.builds(Not, parts)
    ),
    max_leaves=4,
)


@given(PREDICATES, INSTANTS)
@example(weekly(["sunday"], "01:00", "02:30", BERLIN), at(29, 0, 30))
def test_it_holds_from_now_until_then_and_no_longer(predicate, now):
    """At every quarter of an hour before, and not at the instant itself."""
    end = lasts(predicate, {"now": now})

    last = now + timedelta(days=3) if end is None else end
    quarters = [now + timedelta(minutes=15 * n) for n in range(int((last - now) / timedelta(minutes=15)) + 1)]
    if end is not None:
        assert not holds(predicate, {"now": end})
    elif not holds(predicate, {"now": now}):
        return
    assert all(holds(predicate, {"now": each}) for each in quarters if end is None or each < end)


@given(PREDICATES, INSTANTS, st.integers(1, 14_400))
@example(weekly(DAYS, "00:00", "01:30", "America/New_York"), at(7, 4), 2_880)  # 8 March there has 23 hours
@example(weekly(["tuesday"], "09:00", "12:00", JAKARTA), at(2, 16), 1_380)  # less than whole days
def test_between_two_moments_time_changes_nothing(predicate, since, minutes):
    """Each stretch says the same at its beginning, in the middle and just before its end."""
    until = since + timedelta(minutes=minutes)
    edges = [since, *moments(predicate, since, until), until]

    for begin, end in pairwise(edges):
        if begin < end:
            inside = [begin, begin + (end - begin) / 2, end - timedelta(microseconds=1)]
            assert 1 == len({holds(predicate, {"now": each}) for each in inside})
