"""What single facts must be for a predicate to be able to hold."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import (
    Always,
    Needs,
    Reaches,
    anchors,
    any_of,
    at_least,
    at_most,
    between,
    during,
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

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)


def needs(fact, *values):
    return Needs(fact, frozenset(values))


@given(st.data())
def test_where_an_anchor_is_not_met_the_predicate_is_not_known_to_hold(predicates, facts_given, data):
    """False or missing: whoever looks rules up by their anchors misses none that holds."""
    predicate, facts = data.draw(predicates), data.draw(facts_given)

    for anchor in anchors(predicate):
        assert anchor.is_met(facts) or not holds(predicate, facts)
        assert not anchor.is_met({name: value for name, value in facts.items() if name != anchor.fact})


def test_a_conjunction_has_those_of_all_its_parts():
    """Each once, in order."""
    rule = (
        at_least("subtotal", 100)
        & one_of("channel", "web", "app")
        & overlaps("tags", "kopi")
        & at_least("subtotal", 100)
    )

    assert (Reaches("subtotal", 100), needs("channel", "app", "web"), needs("tags", "kopi")) == anchors(rule)


def test_branches_share_an_anchor_where_each_has_one_on_the_same_fact():
    """Any of the names, the smallest bound; of several in one branch, the one that says most."""
    rule = any_of(
        equal("channel", "web") & at_least("subtotal", 100) & at_least("subtotal", 300) & equal("city", "Batam"),
        one_of("channel", "app", "pos") & one_of("channel", "pos") & more_than("subtotal", Decimal("50.5")),
    )

    assert (needs("channel", "web", "pos"), Reaches("subtotal", Decimal("50.5"))) == anchors(rule)
    assert (Reaches("quantity", 4),) == anchors(
        any_of(at_least("quantity", 1) & at_least("quantity", 6) & at_least("quantity", 2), at_least("quantity", 4))
    )
    assert () == anchors(any_of(equal("channel", "web"), equal("city", "Batam")))
    assert () == anchors(any_of(equal("quantity", 3), at_least("quantity", 3)))
    assert () == anchors(any_of(equal("channel", "web"), Always()))


def test_questions_of_each_kind():
    """Lower bounds and names have one; a Not, a time and an upper bound have none."""
    assert (needs("first_order", True),) == anchors(equal("first_order", True))
    assert (Reaches("quantity", 2),) == anchors(between("quantity", 2, 5))
    for none in (
        Always(),
        never(equal("channel", "web")),
        not_equal("channel", "web"),
        at_most("quantity", 5),
        less_than("quantity", 5),
        equal("now", T0),
        at_least("now", T0),
        during(T0, None, zone="UTC"),
        weekly("monday", since="09:00", until="17:00", zone="UTC"),
    ):
        assert () == anchors(none)


def test_a_name_by_itself_is_a_set_of_one_and_text_is_no_number():
    """As the questions themselves take them."""
    assert needs("coupon", "HEMAT").is_met({"coupon": "HEMAT"})
    assert needs("coupon", "HEMAT").is_met({"coupon": frozenset({"HEMAT", "x"})})
    assert not needs("coupon", "HEMAT").is_met({"coupon": frozenset()})
    assert not Reaches("subtotal", 5).is_met({"subtotal": "9"})
    assert not Reaches("subtotal", 5).is_met({"subtotal": Decimal("NaN")})
    assert Reaches("quantity", Decimal("0.5")).is_met({"quantity": 1})
