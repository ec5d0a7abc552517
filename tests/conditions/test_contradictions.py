"""Rules that can never hold, branches that never count, and rules that are over."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo, available_timezones

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import (
    Always,
    Not,
    Weekday,
    any_of,
    at_least,
    at_most,
    between,
    can_hold,
    contradictions,
    during,
    ends,
    equal,
    holds,
    less_than,
    more_than,
    never,
    not_equal,
    one_of,
    overlaps,
    weekly,
)

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)  # a Monday, 00:00 in Jakarta
DAY = timedelta(days=1)
NEVER = "conditions.never_holds"
DEAD = "conditions.dead_branch"
campaign = partial(during, zone="Asia/Jakarta")
hours = partial(weekly, zone="Asia/Jakarta")


def without(predicate, path):
    """*predicate* with the part at *path* made one that never holds."""
    if not path:
        return Not(Always())
    if indexed := re.match(r"of\[(\d+)\]\.?", path):
        i, rest = int(indexed[1]), path[indexed.end() :]
        parts = [without(part, rest) if i == n else part for n, part in enumerate(predicate.of)]
        return attrs.evolve(predicate, of=tuple(parts))
    return attrs.evolve(predicate, of=without(predicate.of, path.removeprefix("of").removeprefix(".")))


@given(st.data())
def test_what_is_called_impossible_no_facts_make_hold(predicates, facts_given, data):
    """It isn't complete, and what it says is so; asking for more never makes it possible."""
    predicate, other, facts = data.draw(predicates), data.draw(predicates), data.draw(facts_given)

    for rule in (predicate, predicate & other, predicate & ~other):
        assert can_hold(rule) or not holds(rule, facts)
        assert can_hold(rule) is not any(NEVER == fault.code for fault in contradictions(rule))
    assert can_hold(predicate) or not can_hold(predicate & other)


@given(st.data())
def test_a_thing_and_its_contrary_exclude_each_other(predicates, data):
    """Whatever it is, and beside whatever else."""
    predicate, other = data.draw(predicates), data.draw(predicates)

    assert not can_hold(predicate & ~predicate)
    assert not can_hold(~predicate & other & predicate)


@given(st.data())
def test_a_dead_branch_can_be_left_out(predicates, facts_given, data):
    """Nothing holds for it that doesn't hold without it."""
    predicate, other, facts = data.draw(predicates), data.draw(predicates), data.draw(facts_given)
    rule = (predicate | other) & data.draw(predicates)

    for fault in contradictions(rule):
        if DEAD == fault.code:
            assert holds(rule, facts) is holds(without(rule, fault.path), facts)


@given(st.data())
def test_what_is_over_holds_no_more(predicates, facts_given, data):
    """From its end on, whatever else is true."""
    predicate, facts = data.draw(predicates), data.draw(facts_given)
    end, now = ends(predicate), facts.get("now")

    assert end is None or now is None or now < end or not holds(predicate, facts)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (at_least("subtotal", 100) & less_than("subtotal", 50), "of[1]"),
        (at_least("subtotal", 100) & less_than("subtotal", 100), "of[1]"),
        (more_than("subtotal", 100) & at_most("subtotal", 100), "of[1]"),
        (at_least("quantity", 3) & at_most("quantity", 3) & not_equal("quantity", 3), "of[2]"),
        (one_of("channel", "web", "app") & equal("tender", "cod") & one_of("channel", "pos"), "of[2]"),
        (one_of("channel", "web", "app") & not_equal("channel", "web") & never(equal("channel", "app")), "of[2].of"),
        (equal("quantity", 1) & equal("quantity", 2), "of[1]"),
        (equal("quantity", 7) & between("quantity", 1, 5), "of[1]"),
        (equal("quantity", 3) & never(between("quantity", 1, 5)), "of[1].of"),
        (one_of("quantity", 1, 2) & more_than("quantity", 2), "of[1]"),
        (equal("first_order", True) & equal("first_order", False), "of[1]"),
        (not_equal("first_order", True) & not_equal("first_order", False), "of[1]"),
        (overlaps("tags", "a", "b") & never(overlaps("tags", "a", "b", "c")), "of[1].of"),
        (overlaps("coupon", "A") & equal("coupon", "B"), "of[1]"),
        (equal("x.a", 1) & equal("x.a", "1"), "of[1]"),
        (equal("x.a", 1) & equal("x.a", True), "of[1]"),
        (campaign(T0, T0 + DAY) & campaign(T0 + DAY, None), "of[1]"),
        (campaign(None, T0) & at_least("now", T0), "of[1]"),
        (campaign(T0, None) & never(campaign(T0 - DAY, None)), "of[1].of"),
        (never(Always()), "of"),
        (never(hours(*Weekday, since="00:00",
                     until="24:00")), "of"),
        (hours("monday", since="09:00", until="12:00") & hours("monday", since="12:00", until="17:00"), "of[1]"),
        (hours("monday", since="09:00", until="12:00") & never(hours("monday", since="09:00", until="17:00")),
         "of[1].of"),
        (hours("sunday", since="00:00", until="24:00") & campaign(T0, T0 + 6 * DAY), "of[1]"),
        (hours("sunday", since="00:00", until="24:00") & equal("now", T0), "of[1]"),
        (hours("sunday", since="22:00", until="02:00") & campaign(T0 + timedelta(hours=2), T0 + 6 * DAY), "of[1]"),
    ],
)  # fmt: skip
def test_what_can_never_hold_is_named_by_its_last_part(rule, path):
    """With the part, or the parts, that it contradicts."""
    (fault,) = contradictions(rule)

    assert (NEVER, path) == (fault.code, fault.path)
    assert not can_hold(rule)


@pytest.mark.parametrize(
    "rule",
    [
        Always(),
        at_least("subtotal", 100) & at_most("subtotal", 100),
        more_than("quantity", 1) & less_than("quantity", 2),
        overlaps("tags", "a") & overlaps("tags", "b"),
        overlaps("tags", "a") & overlaps("tags", "b") & never(overlaps("tags", "c")),
        overlaps("coupon", "A", "B") & equal("coupon", "B"),
        never(overlaps("tags", "a")) & overlaps("tags", "a", "b"),
        equal("first_order", True) & not_equal("first_order", False),
        hours("monday", since="09:00", until="17:00") & weekly("sunday", since="09:00", until="17:00", zone="UTC"),
        hours("sunday", since="22:00", until="02:00") & campaign(T0 + timedelta(hours=1), T0 + 6 * DAY),
        hours("sunday", since="00:00", until="24:00") & campaign(T0, T0 + 9 * DAY),
        never(campaign(T0, T0 + DAY)) & campaign(T0, T0 + 2 * DAY),
        never(between("quantity", 1, 5)),
    ],
)
def test_what_can_hold_is_left_alone(rule):
    """Bounds that touch, names that are left, hours of two zones."""
    assert () == contradictions(rule)
    assert can_hold(rule)


def test_the_sentence_says_against_what():
    """In words, with both paths; where only all parts together contradict, all of them."""
    (pair,) = contradictions(at_least("subtotal", 100) & less_than("subtotal", 50))
    assert "can never hold together with subtotal at least 100 (of[0]) @ of[1]" == str(pair)
    assert "subtotal less than 50" == pair.value

    (three,) = contradictions(
        one_of("channel", "web", "app") & not_equal("channel", "web") & not_equal("channel", "app")
    )
    assert "channel one of app, web (of[0]); channel other than web (of[1])" in three.message


def test_a_dead_branch_is_named_and_the_whole_can_hold():
    """Beside what is asked around it, however deep it lies."""
    rule = equal("channel", "web") & (
        at_least("subtotal", 100)
        | equal("channel", "app")
        | (at_least("quantity", 2) & (one_of("channel", "app") | equal("tender", "cod")))
    )

    assert [(DEAD, "of[1].of[1]"), (DEAD, "of[1].of[2].of[1].of[0]")] == [
        (fault.code, fault.path) for fault in contradictions(rule)
    ]
    assert can_hold(rule)


def test_an_any_of_whose_branches_are_all_dead_never_holds():
    """It says so itself, with why; each branch as well."""
    rule = equal("channel", "web") & any_of(equal("channel", "app"), equal("channel", "pos"))

    assert [(NEVER, "of[1]"), (DEAD, "of[1].of[0]"), (DEAD, "of[1].of[1]")] == [
        (fault.code, fault.path) for fault in contradictions(rule)
    ]
    assert "has no branch that can hold" in contradictions(rule)[0].message


def test_nobody_is_told_of_branches_that_nobody_wrote():
    """A range turned round is one side or the other, and a Not of an All one of its parts."""
    assert () == contradictions(never(between("quantity", 1, 5)) & at_least("quantity", 5))
    assert () == contradictions(never(equal("channel", "web") & equal("tender", "cod")) & equal("channel", "web"))


def test_every_contradiction_of_a_rule_is_told_at_once():
    """One for each fact."""
    rule = at_least("subtotal", 9) & at_most("subtotal", 1) & equal("channel", "a") & equal("channel", "b")

    assert ["of[1]", "of[3]"] == [fault.path for fault in contradictions(rule)]


def test_a_rule_is_over_when_its_last_window_is():
    """All parts: the first end. Any part: the last, if each has one. A Not of what begins ends there."""
    early, late = campaign(None, T0), campaign(T0, T0 + DAY)

    assert [T0, T0 + DAY, T0, T0 + DAY] == [ends(each) for each in (early, late, early & late, early | late)]
    assert [None, None, None] == [ends(each) for each in (Always(), early | Always(), campaign(T0, None))]
    assert T0 == ends(never(campaign(T0, None)))
    assert None is ends(never(late))
    assert T0 + DAY == ends(between("now", T0, T0 + DAY))
    assert [T0, T0 + timedelta(microseconds=1), T0 + timedelta(microseconds=1), T0, None] == [
        ends(each)
        for each in (
            less_than("now", T0),
            at_most("now", T0),
            equal("now", T0),
            never(at_least("now", T0)),
            at_least("now", T0),
        )
    ]
    assert None is ends(hours("monday", since="09:00", until="17:00"))
    assert None is ends(less_than("x.since", T0))


def test_the_clocks_of_all_zones_differ_by_quarters_of_an_hour():
    """Since 1980, which is why hours are looked for in steps of a quarter."""
    days = [datetime(year, month, 1, tzinfo=UTC) for year in range(1980, 2041) for month in (1, 7)]
    offsets = {day.astimezone(ZoneInfo(name)).utcoffset() for name in available_timezones() for day in days}

    assert {timedelta(0)} == {offset % timedelta(minutes=15) for offset in offsets}


def test_hours_that_begin_at_any_minute_are_found():
    """In a window that touches them by one minute, and not in one that ends before."""
    late = hours("monday", since="23:52", until="24:00")
    end = T0 + timedelta(hours=23, minutes=52)

    assert not can_hold(late & campaign(T0, end))
    assert can_hold(late & campaign(T0, end + timedelta(microseconds=1)))
    assert can_hold(late & campaign(end + timedelta(minutes=7, seconds=59), end + timedelta(minutes=9)))
    assert not can_hold(late & campaign(end + timedelta(minutes=8), end + timedelta(minutes=9)))
    assert can_hold(late & campaign(None, end))
