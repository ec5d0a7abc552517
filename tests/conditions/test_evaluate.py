"""What predicates say to facts: yes, no, or that it is open."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import (
    WORDING,
    Always,
    all_of,
    at_least,
    at_most,
    between,
    check,
    during,
    equal,
    facts_asked,
    holds,
    in_words,
    less_than,
    more_than,
    never,
    not_equal,
    one_of,
    overlaps,
    unknown,
    verdict,
    why_not,
)
from tokolib.kernel.errors import NaiveDatetime
from tokolib.kernel.explain import render
from tokolib.kernel.formats import show
from tokolib.kernel.money import IDR

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)
NAIVE = datetime(2026, 8, 17)  # noqa: DTZ001


@given(st.data())
def test_the_three_answers_agree_with_what_is_told(predicates, facts_given, data):
    """holds, unknown and why_not say the same thing in three ways, and every reason has words."""
    predicate, facts = data.draw(predicates), data.draw(facts_given)
    answer = verdict(predicate, facts)
    reasons = why_not(predicate, facts)

    assert holds(predicate, facts) is (answer is True) is (reasons == ())
    assert (answer is None) is (unknown(predicate, facts) != ())
    of_one_kind = set(facts) - {"x.any"}
    assert set(unknown(predicate, facts)) <= facts_asked(predicate) - of_one_kind
    assert check(predicate) == ()
    for locale in ("id", "en"):
        for cause in reasons:
            assert all(node.code in WORDING[locale] for node in cause.walk())
            assert "{" not in render(cause, WORDING[locale], partial(show, locale=locale))
        assert "{" not in in_words(predicate, locale, IDR)


@given(st.data())
def test_the_logic_of_three_values(predicates, facts_given, data):
    """Not undoes itself, De Morgan holds, and the order of parts doesn't matter."""
    a, b, facts = data.draw(predicates), data.draw(predicates), data.draw(facts_given)
    assert verdict(a, facts) is verdict(~~a, facts)
    assert verdict(~(a & b), facts) is verdict(~a | ~b, facts)
    assert verdict(a | b, facts) is verdict(b | a, facts)
    assert verdict(a & b, facts) is verdict(all_of(b, a), facts)
    assert verdict(a & Always(), facts) is verdict(a, facts)


@given(st.data())
def test_more_facts_never_change_what_is_decided(predicates, facts_given, data):
    """An estimate that is decided stays so when the rest becomes known."""
    predicate, facts, more = data.draw(predicates), data.draw(facts_given), data.draw(facts_given)
    answer = verdict(predicate, facts)

    assert answer is None or answer is verdict(predicate, {**more, **facts})


def test_operators_at_their_edges():
    """At least includes, more than excludes; a range includes its low end only."""
    facts = {"quantity": Decimal("2.0")}
    answers = [
        holds(build("quantity", 2), facts) for build in (equal, not_equal, at_least, more_than, at_most, less_than)
    ]

    assert [True, False, True, False, True, False] == answers
    assert [False, True, True, False] == [holds(between("quantity", 2, 5), {"quantity": n}) for n in (1, 2, 4, 5)]
    assert [True, False] == [
        holds(during(T0, T0 + timedelta(1), zone="UTC"), {"now": T0 + timedelta(n)}) for n in (0, 1)
    ]


@pytest.mark.parametrize(
    ("predicate", "facts"),
    [
        (equal("first_order", True), {"first_order": 1}),
        (equal("quantity", 1), {"quantity": True}),
        (at_least("subtotal", 1), {"subtotal": "5"}),
        (at_least("subtotal", 1), {"subtotal": 5.0}),
        (between("quantity", 1, 3), {"quantity": "2"}),
        (one_of("channel", "web"), {"channel": frozenset({"web"})}),
        (overlaps("tags", "a"), {"tags": 5}),
        (during(T0, None, zone="UTC"), {"now": "2026-08-17"}),
        (not_equal("city", "x"), {}),
        (never(not_equal("city", "x")), {}),
    ],
)
def test_what_is_missing_or_of_another_kind_is_never_granted(predicate, facts):
    """True is not 1, text is no number, and nobody gets free shipping for an unknown city."""
    assert not holds(predicate, facts)
    assert (*facts_asked(predicate),) == unknown(predicate, facts)
    assert "conditions.unknown" in why_not(predicate, facts)[0].code


def test_one_name_counts_as_a_set_of_names():
    """A single coupon is a set of one."""
    assert holds(overlaps("coupon", "HEMAT"), {"coupon": "HEMAT"})
    assert not holds(overlaps("coupon", "HEMAT"), {"coupon": frozenset()})


def test_a_naive_instant_is_refused_not_compared():
    """A fact without a zone could mean two moments."""
    for predicate, name in ((at_least("x.since", T0), "x.since"), (during(T0, None, zone="UTC"), "now")):
        with pytest.raises(NaiveDatetime):
            holds(predicate, {name: NAIVE})


def test_only_what_still_matters_is_asked_for():
    """A part that is decided makes the others' facts superfluous."""
    rule = at_least("subtotal", 100) & one_of("province", "Bali") & (equal("tender", "cod") | equal("channel", "pos"))

    assert () == unknown(rule, {"subtotal": 5})
    assert ("province",) == unknown(rule, {"subtotal": 500, "tender": "cod"})
    assert ("channel", "province", "tender") == unknown(rule, {"subtotal": 500})
