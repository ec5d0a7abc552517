"""Hours of the week: on these days, from one time to another, as the clocks of a zone show them."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import (
    InvalidPredicate,
    Weekday,
    Weekly,
    check,
    compiled,
    facts_asked,
    from_plain,
    holds,
    to_plain,
    unknown,
    verdict,
    weekly,
    why_not,
)
from tokolib.kernel.canonical import fingerprint

WORKDAYS = [day for day in Weekday if day not in (Weekday.SATURDAY, Weekday.SUNDAY)]
OFFICE = weekly(*WORKDAYS, since="09:00", until="17:00", zone="Asia/Jakarta")
NIGHT = weekly("friday", "saturday", since="22:00", until="02:00", zone="Asia/Jakarta")


def local(zone_name, *moment, fold=0):
    """An instant by the clocks of a zone."""
    return datetime(*moment, tzinfo=ZoneInfo(zone_name), fold=fold)


jakarta = partial(local, "Asia/Jakarta")
berlin = partial(local, "Europe/Berlin")


def test_it_begins_on_the_minute_and_ends_before_its_end():
    """Monday, 2 November 2026, in Jakarta; whatever zone the instant is told in."""
    moments = [(8, 59, 59), (9, 0), (16, 59, 59, 999999), (17, 0)]

    assert [False, True, True, False] == [holds(OFFICE, {"now": jakarta(2026, 11, 2, *each)}) for each in moments]
    assert holds(OFFICE, {"now": jakarta(2026, 11, 2, 9).astimezone(UTC)})


def test_only_its_days():
    """From Sunday, 1 November, to Saturday."""
    noons = [jakarta(2026, 11, day, 12) for day in range(1, 8)]

    assert [False, True, True, True, True, True, False] == [holds(OFFICE, {"now": noon}) for noon in noons]


def test_hours_past_midnight_belong_to_the_day_on_which_they_began():
    """Friday night ends on Saturday at two; Friday's own small hours are Thursday's."""
    answers = {
        jakarta(2026, 11, 6, 1): False,
        jakarta(2026, 11, 6, 22): True,
        jakarta(2026, 11, 7, 1, 59): True,
        jakarta(2026, 11, 7, 2): False,
        jakarta(2026, 11, 7, 23): True,
        jakarta(2026, 11, 8, 1): True,
        jakarta(2026, 11, 8, 22): False,
    }

    assert answers == {now: holds(NIGHT, {"now": now}) for now in answers}


def test_a_sunday_night_ends_on_monday():
    """The week's end is no end."""
    night = weekly("sunday", since="22:00", until="02:00", zone="Asia/Jakarta")

    assert [True, True, False] == [
        holds(night, {"now": jakarta(2026, 11, *each)}) for each in ((1, 23), (2, 1), (2, 2))
    ]
    assert not holds(night, {"now": jakarta(2026, 11, 1, 1)})


def test_a_whole_day_is_from_midnight_to_midnight():
    """24:00 and 00:00 are one end."""
    sunday = weekly("sunday", since="00:00", until="24:00", zone="Asia/Jakarta")

    assert sunday == weekly("sunday", since=time(0), until="00:00", zone="Asia/Jakarta")
    assert not sunday.passes_midnight
    assert [False, True, True, False] == [
        holds(sunday, {"now": jakarta(*each)})
        for each in ((2026, 10, 31, 23, 59), (2026, 11, 1), (2026, 11, 1, 23, 59), (2026, 11, 2))
    ]


@pytest.mark.parametrize(("zone_name", "hour"), [("Asia/Jakarta", 2), ("Asia/Makassar", 1), ("Asia/Jayapura", 0)])
def test_nine_in_the_morning_is_another_moment_in_each_of_indonesias_zones(zone_name, hour):
    """WIB, WITA and WIT: UTC+7, +8 and +9."""
    shop = weekly("monday", since="09:00", until="17:00", zone=zone_name)
    opening = datetime(2026, 11, 2, hour, tzinfo=UTC)

    assert holds(shop, {"now": opening})
    assert not holds(shop, {"now": opening - timedelta(microseconds=1)})
    assert holds(shop, {"now": opening + timedelta(hours=8, microseconds=-1)})
    assert not holds(shop, {"now": opening + timedelta(hours=8)})


def test_hours_that_the_clocks_jump_over_do_not_happen():
    """Berlin, 29 March 2026: after 01:59:59 it is 03:00."""
    lost = weekly("sunday", since="02:00", until="03:00", zone="Europe/Berlin")
    around = weekly("sunday", since="01:30", until="03:30", zone="Europe/Berlin")
    midnight = berlin(2026, 3, 29).astimezone(UTC)
    minutes = [midnight + timedelta(minutes=n) for n in range(6 * 60)]

    assert 0 == sum(holds(lost, {"now": now}) for now in minutes)
    assert 60 == sum(holds(around, {"now": now}) for now in minutes)
    assert 60 == sum(holds(lost, {"now": now + timedelta(days=7)}) for now in minutes)


def test_hours_that_the_clocks_run_through_twice_happen_twice():
    """Berlin, 25 October 2026: 02:00 to 03:00 comes by in summer time and once more in winter time."""
    twice = weekly("sunday", since="02:00", until="03:00", zone="Europe/Berlin")
    midnight = berlin(2026, 10, 25).astimezone(UTC)

    assert 120 == sum(holds(twice, {"now": midnight + timedelta(minutes=n)}) for n in range(6 * 60))
    assert [True, True] == [holds(twice, {"now": berlin(2026, 10, 25, 2, 30, fold=fold)}) for fold in (0, 1)]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin", "Australia/Lord_Howe", "America/New_York"]),
    st.sampled_from(Weekday),
    st.times(),
    st.times(),
)
def test_the_wall_clock_decides(now, zone_name, day, since, until):
    """Told by the weekday and the time that the clocks show, and by yesterday's where midnight is passed."""
    since, until = since.replace(second=0, microsecond=0), until.replace(second=0, microsecond=0)
    here = now.astimezone(ZoneInfo(zone_name))
    today, yesterday = list(Weekday)[here.weekday()], list(Weekday)[here.weekday() - 1]
    clock = here.time().replace(tzinfo=None)
    if since == until != time(0):
        return
    if since < until:
        expected = today is day and since <= clock < until
    else:
        expected = (today is day and clock >= since) or (yesterday is day and clock < until)

    rule = weekly(day, since=since, until=until, zone=zone_name)
    assert expected is verdict(rule, {"now": now}) is compiled(rule)({"now": now})


def test_without_the_time_it_is_open():
    """As every question about a fact that isn't given, or is no instant."""
    assert ("now",) == unknown(OFFICE, {}) == tuple(facts_asked(OFFICE))
    assert None is verdict(OFFICE, {"now": "noon"}) is compiled(OFFICE)({"now": "noon"})
    assert "conditions.unknown.now" == why_not(OFFICE, {})[0].code


def test_one_wish_is_one_value():
    """Days in the week's order and each once, times as texts or as times of day."""
    same = Weekly(["friday", "monday", "friday"], time(9), "17:00", "UTC")

    assert weekly("monday", "friday", since="09:00", until=time(17), zone="UTC") == same
    assert (Weekday.MONDAY, Weekday.FRIDAY) == same.days
    assert fingerprint(same) == fingerprint(from_plain(to_plain(same)))


def test_its_wire_form():
    """Stored rules depend on these very keys."""
    plain = {
        "is": "weekly",
        "days": ["friday", "saturday"],
        "since": "22:00",
        "until": "02:00",
        "zone": "Asia/Jakarta",
    }

    assert plain == to_plain(NIGHT)
    assert NIGHT == from_plain(plain)
    assert () == check(NIGHT)


def test_every_fault_of_its_wire_form_is_told_at_once():
    """Days, both times and the zone."""
    plain = {"is": "weekly", "days": ["Friday", "monday", 5], "since": "9:00", "until": None, "zone": "WIB"}

    with pytest.raises(InvalidPredicate) as refused:
        from_plain(plain, "conditions")

    assert [
        ("conditions.days[0]", "conditions.bad_day"),
        ("conditions.days[2]", "conditions.bad_day"),
        ("conditions.since", "conditions.bad_time"),
        ("conditions.until", "conditions.bad_time"),
        ("conditions.zone", "conditions.unknown_zone"),
    ] == [(fault.path, fault.code) for fault in refused.value.faults]
