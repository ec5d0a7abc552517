"""Predicates made into functions: the same answers, sooner."""

import gc
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import (
    Always,
    all_of,
    any_of,
    at_least,
    between,
    compiled,
    during,
    equal,
    leaves,
    never,
    not_equal,
    one_of,
    overlaps,
    verdict,
    weekly,
)
from tokolib.kernel.errors import InvalidInput, NaiveDatetime

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)


@given(st.data())
def test_it_answers_as_the_verdict_does(predicates, facts_given, data):
    """For all predicates and all facts, of whatever kind: true, false or open."""
    predicate, facts = data.draw(predicates), data.draw(facts_given)

    assert verdict(predicate, facts) is compiled(predicate)(facts)


@pytest.mark.parametrize("actual", [1, True, Decimal(1), Decimal("1.0"), Decimal("NaN"), "1", frozenset({"1"}), T0])
@pytest.mark.parametrize(
    "predicate",
    [
        equal("x.a", 1),
        equal("x.a", True),
        equal("x.a", Decimal(1)),
        at_least("x.a", Decimal(1)),
        not_equal("x.a", "1"),
        at_least("x.a", 1),
        between("x.a", 0, 2),
        one_of("x.a", 1),
        one_of("x.a", "1"),
        overlaps("x.a", "1"),
        equal("x.a", T0),
        between("x.a", T0, T0 + timedelta(1)),
    ],
)
def test_values_of_another_kind_are_left_open_by_both(predicate, actual):
    """The short way is for one type only; true is not 1 on either way, and what is no number is no value."""
    assert verdict(predicate, {"x.a": actual}) is compiled(predicate)({"x.a": actual})


def test_equal_predicates_share_one_function():
    """It is remembered by value; true and 1 are equal in Python, and two questions."""
    assert compiled(one_of("channel", "web", "app")) is compiled(one_of("channel", "app", "web"))
    assert compiled(equal("x.a", 1))({"x.a": 1}) is True
    assert compiled(equal("x.a", True))({"x.a": 1}) is None
    assert compiled(equal("x.a", True))({"x.a": True}) is True


def test_instants_of_other_zones_are_compared_as_instants():
    """The hour that Berlin's clocks show twice is two hours, whichever one a fact means."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    second = first.replace(fold=1)
    rule = during(first, second, zone="Europe/Berlin")

    assert [True, False] == [compiled(rule)({"now": now}) for now in (first, second)]
    assert [True, False] == [verdict(rule, {"now": now}) for now in (first, second)]
    assert compiled(equal("x.a", second))({"x.a": second}) is verdict(equal("x.a", second), {"x.a": second}) is True
    assert compiled(equal("x.a", second))({"x.a": first}) is verdict(equal("x.a", second), {"x.a": first}) is False


@pytest.mark.parametrize("ask", [verdict, lambda predicate, facts: compiled(predicate)(facts)])
def test_an_instant_that_means_no_moment_is_refused(ask):
    """Without a zone, or at the calendar's end, where other zones have no date."""
    hours = weekly("monday", since="09:00", until="17:00", zone="Asia/Jakarta")
    naive = T0.replace(tzinfo=None)

    for predicate in (hours, during(T0, None, zone="UTC"), at_least("now", T0)):
        with pytest.raises(NaiveDatetime):
            ask(predicate, {"now": naive})
    with pytest.raises(InvalidInput):
        ask(hours, {"now": datetime.max.replace(tzinfo=UTC)})


def test_the_order_of_parts_is_kept_so_that_what_is_decided_asks_no_more():
    """A part that fails ends an All, one that holds ends an AnyOf: the others' facts aren't looked at."""
    asked = []

    class Facts(dict):
        def get(self, name):
            asked.append(name)
            return super().get(name)

    facts = Facts(subtotal=5, channel="web")
    assert compiled(at_least("subtotal", 10) & equal("channel", "web"))(facts) is False
    assert compiled(equal("channel", "web") | at_least("subtotal", 10))(facts) is True

    assert ["subtotal", "channel"] == asked


def test_leaves_are_the_questions_of_a_predicate():
    """What has no parts is one question, the same one twice is two."""
    some = equal("channel", "web")

    assert 1 == leaves(Always()) == leaves(some) == leaves(never(some))
    assert 5 == leaves(all_of(some, any_of(some, never(some)), some & some))


def calls(ask, facts):
    """How many Python functions an answer calls; what other tests left to be collected doesn't call among them."""
    count = 0

    def seen(frame, event, argument):
        nonlocal count
        count += event == "call"

    gc.disable()
    sys.setprofile(seen)
    try:
        ask(facts)
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def test_it_calls_one_function_for_each_question_and_each_joint():
    """Counted, because clocks on a busy machine tell little; the verdict calls several times as many."""
    rule = all_of(
        at_least("subtotal", 100_000),
        any_of(one_of("province", "Bali"), overlaps("customer_groups", "gold")),
        never(equal("tender", "cod")),
        during(T0, T0 + timedelta(30), zone="Asia/Jakarta"),
    )
    facts = {
        "subtotal": 250_000,
        "province": "Aceh",
        "customer_groups": frozenset({"gold"}),
        "tender": "qris",
        "now": T0,
    }

    assert leaves(rule) + 3 == calls(compiled(rule), facts)
    assert 4 * calls(compiled(rule), facts) < calls(partial(verdict, rule), facts)


def test_what_is_compiled_stays_small_for_long_lists():
    """Ten thousand SKUs are one question and one look."""
    rule = one_of("sku", *[f"S{n}" for n in range(10_000)])

    assert 1 == leaves(rule) == calls(compiled(rule), {"sku": "S9999"})
