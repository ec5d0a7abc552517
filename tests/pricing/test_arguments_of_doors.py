"""A fault names the argument that its caller wrote, with the value; a choice may be given by its word."""

import pytest

from tokolib import IDR
from tokolib.conditions import at_least, equal, one_of
from tokolib.conditions.errors import InvalidPredicate
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money_errors import NotMoney
from tokolib.pricing import AmountOff, FixedPrice, Measure, Off, Part, Percent, Pick, Scope, Step, Tiered
from tokolib.pricing.charges.model import FixedCharge, Per, PercentCharge, PercentOf
from tokolib.pricing.model import TierMode

NOTHING = equal("sku", "A") & equal("sku", "B")

WRITTEN = {
    "percent": (lambda door: door.percent("p", 0), [("percent", "0")]),
    "target": (lambda door: door.percent("p", 5, target=NOTHING), [("target.of[1]", "SKU: b")]),
    "amount": (lambda door: door.fixed("p", IDR(0)), [("amount", "IDR 0")]),
    "price": (lambda door: door.for_price("p", IDR(-1)), [("price", "IDR -1")]),
    "steps": (
        lambda door: door.tiers("p", {IDR(500): Percent(0), IDR(200): Percent(101)}),
        [("steps[IDR 200].value.percent", "101"), ("steps[IDR 500].value.percent", "0")],
    ),
    "no steps": (lambda door: door.tiers("p", {}), [("steps", "0")]),
    "buy and get": (
        lambda door: door.buy_get("p", 0, -1, of=at_least("subtotal", 1), percent=0, times=0),
        [("buy", "0"), ("of.fact", "subtotal"), ("get", "-1"), ("percent", "0"), ("times", "0")],
    ),
    "getting": (
        lambda door: door.buy_get("p", 1, getting=at_least("subtotal", 1)),
        [("getting.fact", "subtotal")],
    ),
    "any for": (lambda door: door.any_for("p", 0, IDR(-5)), [("quantity", "0"), ("price", "IDR -5")]),
    "set": (
        lambda door: door.together("p", {"A": 1, "B": 0}, AmountOff(IDR(0))),
        [("skus[B]", "0"), ("value.amount", "IDR 0")],
    ),
    "gift": (lambda door: door.gift("p", "A", quantity=0), [("quantity", "0")]),
    "units": (lambda door: door.percent("p", 5, unit_limit=3), [("unit_limit", "3")]),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_a_fault_names_the_argument_that_was_written(till, case):
    """And not the place within the terms that it was made into."""
    put, expected = WRITTEN[case]

    with pytest.raises(InvalidInput) as caught:
        put(till.promotions)

    told = [(fault.path, fault.value) for fault in caught.value.faults]
    assert [path for path, _ in expected] == [path for path, _ in told]
    assert [value for _, value in expected if value] == [value for _, value in told if value]


def test_steps_that_are_neither_money_nor_units_are_told(till):
    """Half a unit isn't "not money; say of which currency"."""
    with pytest.raises(InvalidInput, match="must be Money or a whole number @ steps"):
        till.promotions.tiers("p", {1.5: Percent(5)})


def test_no_limit_may_be_said(till):
    """None is no limit, as the message of a wrong one says; a quantity has no such way out."""
    terms = till.promotions.percent("p", 5, usage_limit=None, per_customer=None, cap=None, at_least=None).terms
    assert (None, None, None) == (terms.usage_limit, terms.cap, terms.at_least)

    with pytest.raises(InvalidInput, match="or None for no limit @ usage_limit"):
        till.promotions.percent("p", 5, usage_limit=0)
    with pytest.raises(InvalidInput, match=r"must be a whole number from 1 to 10\^15 @ quantity"):
        till.promotions.gift("p", "A", quantity=0)


def test_choices_may_be_given_by_their_words(till):
    """At the doors and in the values; the members are kept."""
    terms = till.promotions.percent("p", 5, on="line").terms
    tiers = till.promotions.tiers("t", {2: Percent(5)}, mode="graduated").terms.benefit

    assert Scope.LINE is terms.benefit.scope
    assert TierMode.GRADUATED is tiers.mode
    assert Off(Percent(5), Scope.SHIPPING) == Off(Percent(5), "shipping")
    assert Part(1, pick=Pick.CHEAPEST) == Part(1, pick="cheapest")
    assert Tiered((Step(1, Percent(5)),), Measure.QUANTITY) == Tiered((Step(1, Percent(5)),), "quantity")
    assert FixedCharge(IDR(1), Per.LINE) == FixedCharge(IDR(1), "line")
    assert PercentCharge(1, PercentOf.BEFORE_DISCOUNTS) == PercentCharge(1, "before_discounts")


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda till: till.promotions.percent("p", 5, on="lines"), "on"),
        (lambda till: Off(FixedPrice(IDR(1)), "lines"), "scope"),
        (lambda till: Part(1, pick="dear"), "pick"),
    ],
)
def test_a_word_that_is_none_is_refused(till, make, path):
    """With all that there are."""
    with pytest.raises(InvalidInput, match="must be one of") as caught:
        make(till)

    assert [path] == [fault.path for fault in caught.value.faults]


def test_conditions_say_how_money_is_written():
    """Conditions compare bare minor units."""
    with pytest.raises(InvalidPredicate, match="must be in minor units: 100000 @ value"):
        at_least("subtotal", IDR(100_000))


def test_one_of_nothing_that_can_be_named():
    """None is neither text nor a number."""
    with pytest.raises(InvalidPredicate, match=r"must be text or an integer @ values\[0\]"):
        one_of("sku", None)


def test_a_list_without_a_name_is_refused(till):
    """An empty one is a variable that was not set; None is the default list."""
    for call in (till.prices.get, till.prices.withdraw):
        with pytest.raises(InvalidInput, match="must be a list's id or code; None is the default one @ list"):
            call("A", list="")
    with pytest.raises(InvalidInput):
        till.prices.put("A", IDR(1), list="")
    with pytest.raises(NotMoney):
        till.prices.put("A", 1)
