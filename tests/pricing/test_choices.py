"""Choices of a shop whose figures are in no published system, or that need more than a table can show."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import one_of
from tokolib.kernel.explain import reason
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import (
    CombinationShare,
    ContainedTax,
    DiscountBasis,
    Policies,
    ShippingTax,
    SpreadBasis,
    SpreadWeights,
    Thresholds,
)
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.pricing.basis import Basis, basis
from tokolib.pricing.model import ChargeKind, ChargeLine, TierMode
from tokolib.pricing.price import price
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.promotions.benefits import (
    Combination,
    Measure,
    Off,
    Part,
    Percent,
    Pick,
    Scope,
    Step,
    Tiered,
)
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.tax.model import Assessment, Component

HALF_UP = RoundingMode.HALF_UP


def taxed(*rates, together=False):
    """What the rules say where taxes of these percentages are charged."""
    components = tuple(
        Component(f"T{at}", "Tax", Decimal(rate), Fraction(1), "S", "test") for at, rate in enumerate(rates)
    )
    profile = RoundingProfile(HALF_UP, RoundingLevel.LINE, together)
    return Assessment(components, profile, reason("tax.assessed"), "S")


TWENTY, NONE = taxed("20"), taxed()
RULES = {"standard": TWENTY, "exempt": NONE}


def shares(priced):
    return [sum(each.amount for each in part.discounts) for part in priced.lines]


# By what lines weigh


@pytest.mark.parametrize(
    ("basis", "included", "expected"),
    [
        ("as_priced", True, [1_000, 1_000]),
        ("with_tax", True, [1_000, 1_000]),
        ("without_tax", True, [909, 1_091]),
        ("as_priced", False, [1_000, 1_000]),
        ("with_tax", False, [1_091, 909]),
        ("without_tax", False, [1_000, 1_000]),
    ],
)
def test_lines_weigh_by_their_prices_with_or_without_tax(counter, basis, included, expected):
    """12,000 each, one of it with 20 % tax: 10,000 to 12,000 without, 14,400 to 12,000 with it on top."""
    settings = counter.settings(Policies(spread_basis=basis), prices_include_tax=included)

    priced = counter.ask(
        [counter.line("a"), counter.line("b", tax_class="exempt")],
        prices={"a": 12_000, "b": 12_000},
        promotions=[counter.promotion("p", amount=IDR(2_000))],
        tax=RULES,
        settings=settings,
    )

    assert expected == shares(priced)


@pytest.mark.parametrize(("basis", "expected"), [("with_tax", [545, 455]), ("without_tax", [545, 455])])
def test_lists_with_and_without_tax_weigh_alike(counter, basis, expected):
    """11,000 without tax and 11,000 with 20 % in it are 13,200 and 11,000, or 11,000 and 9,166⅔."""
    book = PriceBook(
        (counter.list(), counter.list("b2b", includes_tax=False)),
        (counter.price("a", IDR(11_000), "b2b"), counter.price("b", IDR(11_000))),
    )

    priced = counter.ask(
        [counter.line("a"), counter.line("b")],
        book=book,
        promotions=[counter.promotion("p", amount=IDR(1_000))],
        tax=TWENTY,
        settings=counter.settings(Policies(spread_basis=basis)),
    )

    assert expected == shares(priced)


def test_charges_weigh_by_their_own_tax(counter):
    """1,100 off a taxed and an untaxed fee of 12,000 each: 10,000 to 12,000 without tax."""
    fees = [
        ChargeLine("f1", ChargeKind.FEE, "Biaya", 12_000),
        ChargeLine("f2", ChargeKind.FEE, "Biaya", 12_000, "exempt"),
    ]

    priced = counter.ask(
        [counter.line("a")],
        fees,
        prices={"a": 1_000},
        promotions=[counter.promotion("p", Scope.FEES, amount=IDR(1_100))],
        tax=RULES,
        settings=counter.settings(Policies(spread_basis="without_tax")),
    )

    assert [500, 600] == [charge.discounts[0].amount for charge in priced.charges]


def test_shipping_by_the_goods_mix_goes_by_the_same_weights(counter):
    """22,000 of shipping over goods of 12,000 each: 10,000 of it is taxed where goods weigh without tax."""
    settings = counter.settings(Policies(spread_basis="without_tax", shipping_tax="goods_mix"))

    priced = counter.ask(
        [counter.line("a"), counter.line("b", tax_class="exempt")],
        [counter.shipping(22_000)],
        prices={"a": 12_000, "b": 12_000},
        tax=RULES,
        settings=settings,
    )

    assert 1_667 == sum(tax.amount for tax in priced.charges[0].taxes)  # 10,000 × 20/120


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.sampled_from(["standard", "exempt"])), min_size=1, max_size=6),
    st.integers(0, 30_000),
    st.sampled_from(SpreadBasis),
    st.sampled_from(SpreadWeights),
    st.booleans(),
)
def test_no_weight_takes_more_of_a_line_than_there_is(counter, rows, amount, basis, weights, included):
    """However lines weigh, all of the discount is given that there is room for, and shares go by the weights."""
    prices = {f"s{at}": price for at, (price, _) in enumerate(rows)}
    lines = [counter.line(f"s{at}", tax_class=name) for at, (_, name) in enumerate(rows)]
    policies = Policies(spread_basis=basis, spread_weights=weights)

    priced = counter.ask(
        lines,
        prices=prices,
        promotions=[counter.promotion("p", amount=IDR(amount or 1))],
        tax={"standard": taxed("900"), "exempt": NONE},
        settings=counter.settings(policies, prices_include_tax=included),
    )

    found = shares(priced)
    assert min(amount or 1, sum(prices.values())) == sum(found)
    assert all(0 <= share <= price for share, price in zip(found, prices.values(), strict=True))
    taxed_more = {  # what a minor unit of a taxed line weighs beside one of an untaxed line
        SpreadBasis.AS_PRICED: Fraction(1),
        SpreadBasis.WITH_TAX: Fraction(1) if included else Fraction(10),
        SpreadBasis.WITHOUT_TAX: Fraction(1, 10) if included else Fraction(1),
    }[basis]
    weighs = [price * (taxed_more if name == "standard" else 1) for price, name in rows]
    if all(share < price for share, price in zip(found, prices.values(), strict=True)):
        assert all(
            abs(share * sum(weighs) - sum(found) * w) < sum(weighs) for share, w in zip(found, weighs, strict=True)
        )


# Shipping, and combinations


def test_shipping_is_taxed_as_the_goods_that_are_taxed_highest(counter):
    """One small line at 20 % beside a large one without tax; goods that cost nothing don't count, and a fee neither."""
    settings = counter.settings(Policies(shipping_tax=ShippingTax.HIGHEST), prices_include_tax=False)
    rules = {**RULES, "dear": taxed("50"), "courier": taxed("1.1")}
    lines = [
        counter.line("a"),
        counter.line("b", tax_class="exempt"),
        counter.line("free", tax_class="dear", gift=True),
    ]
    charges = [counter.shipping(10_000, tax_class="courier"), ChargeLine("x", ChargeKind.FEE, "", 10_000, "courier")]

    priced = counter.ask(lines, charges, prices={"a": 100, "b": 900_000}, tax=rules, settings=settings)

    assert [12_000, 10_110] == [charge.total for charge in priced.charges]
    assert [["standard"], ["courier"]] == [[part.tax_class for part in charge.parts] for charge in priced.charges]


def test_of_classes_taxed_alike_the_first_by_name_taxes_shipping(counter):
    """So that the order of lines changes nothing."""
    settings = counter.settings(Policies(shipping_tax=ShippingTax.HIGHEST), prices_include_tax=False)
    lines = [counter.line("a", tax_class="y"), counter.line("b", tax_class="x")]

    priced = counter.ask(
        lines,
        [counter.shipping(100)],
        prices={"a": 1, "b": 1},
        tax={"x": TWENTY, "y": taxed("20.0"), "standard": NONE},
        settings=settings,
    )

    assert ["x"] == [part.tax_class for part in priced.charges[0].parts]


def test_an_even_share_stops_at_what_a_unit_costs(counter):
    """Of three units one is free at 500 and one costs only 100: the dear ones bear what it can't."""
    bought = Part(2, one_of("sku", "a", "c"))
    free = Part(1, one_of("sku", "b"), Percent(100))

    priced = counter.ask(
        [counter.line("a"), counter.line("b"), counter.line("c")],
        prices={"a": 1_000, "b": 500, "c": 100},
        promotions=[counter.promotion("p", benefit=Combination((bought, free)))],
        settings=counter.settings(Policies(combination_share=CombinationShare.EVENLY)),
    )

    assert [200, 200, 100] == shares(priced)


def test_a_bundle_is_shared_evenly_too(counter):
    """Two things of 600 and 400 together for 700: 150 off each, where it is 180 and 120 by what they cost."""
    parts = (Part(1, one_of("sku", "a")), Part(1, one_of("sku", "b")))

    def ask(share):
        return counter.ask(
            [counter.line("a"), counter.line("b")],
            prices={"a": 600, "b": 400},
            promotions=[counter.promotion("p", benefit=Combination(parts, Percent(30)))],
            settings=counter.settings(Policies(combination_share=share)),
        )

    assert [150, 150] == shares(ask("evenly"))
    assert [180, 120] == shares(ask("got")) == shares(ask("consumed"))


# Percentages of the price before all discounts


@pytest.mark.parametrize(
    ("benefit", "left", "original"),
    [
        (Combination((Part(1), Part(1, value=Percent(50), pick=Pick.CHEAPEST))), 2_250, 2_500),
        (Combination((Part(2),), Percent(20)), 1_800, 2_000),
        (Tiered((Step(0, Percent(10)), Step(4_000, Percent(20))), Measure.SUBTOTAL, TierMode.GRADUATED), 1_400, 1_600),
        (Tiered((Step(1, Percent(10)), Step(2, Percent(20))), Measure.QUANTITY, TierMode.GRADUATED), 1_350, 1_500),
        (Tiered((Step(1, Percent(10)), Step(2, Percent(20))), Measure.QUANTITY, TierMode.VOLUME), 1_800, 2_000),
        (Off(Percent(20), Scope.LINE), 1_800, 2_000),
        (Off(Percent(100), Scope.UNIT), 9_000, 9_000),
        (Combination((Part(1), Part(1, value=Percent(100))), times=1), 4_500, 4_500),
    ],
)
def test_every_percentage_is_taken_of_what_the_shop_says(counter, benefit, left, original):
    """Two units of 5,000, of which a tenth is taken off first: of the other 9,000, or of all 10,000."""
    first = counter.promotion("first", Scope.UNIT, percent=10, priority=1)
    second = counter.promotion("second", benefit=benefit)

    def given_second(base):
        priced = counter.ask(
            [counter.line("a", quantity=2)],
            prices={"a": 5_000},
            promotions=[first, second],
            settings=counter.settings(Policies(percent_base=base)),
        )
        return {each.name: each.amount for each in priced.granted}

    assert {"first": 1_000, "second": left} == given_second("left")
    assert {"first": 1_000, "second": original} == given_second("original")


def test_no_percentage_of_the_original_takes_more_than_is_left(counter):
    """Nine tenths of the first line are gone: half of 5,000 is more than the 500 that are left of it."""
    first = counter.promotion("first", Scope.UNIT, percent=90, target=one_of("sku", "a"), priority=1)

    def ask(benefit):
        return counter.ask(
            [counter.line("a"), counter.line("b")],
            prices={"a": 5_000, "b": 5_000},
            promotions=[first, counter.promotion("second", benefit=benefit)],
            settings=counter.settings(Policies(percent_base="original")),
        )

    by_steps = ask(Tiered((Step(1, Percent(50)),), Measure.QUANTITY, TierMode.GRADUATED))
    assert [[4_500, 500], [2_500]] == [[each.amount for each in line.discounts] for line in by_steps.lines]
    combined = ask(Combination((Part(1),), Percent(50)))
    assert 3_000 == combined.granted[1].amount


# Thresholds with tax, and the shop's own rounding


@pytest.mark.parametrize(("level", "expected"), [("line", 100), ("rate_group", 0), ("document", 0)])
def test_a_threshold_with_tax_is_measured_by_the_tax_that_is_charged(counter, level, expected):
    """Three lines of 177 and 6 % are 564 by line and 563 on their sum: 100 off from 564 on."""
    settings = counter.settings(
        Policies(thresholds=Thresholds.BEFORE_DISCOUNTS_WITH_TAX),
        prices_include_tax=False,
        tax_rounding=RoundingProfile("half_up", level),
    )

    priced = counter.ask(
        [counter.line(each) for each in "abc"],
        prices=dict.fromkeys("abc", 177),
        promotions=[counter.promotion("p", amount=IDR(100), at_least=IDR(564))],
        tax=taxed("6"),
        settings=settings,
    )

    assert expected == priced.discount


@pytest.mark.parametrize(("base", "expected"), [("after_discounts", 2_000), ("before_discounts", 2_040)])
def test_a_threshold_with_tax_counts_the_tax_on_what_it_is_reckoned_on(counter, base, expected):
    """2,000 off 10,000, and 7 % of tax on what is left, or on all: 8,560 or 8,700; 40 more from 8,600 on."""
    first = counter.promotion("first", Scope.LINE, amount=IDR(2_000))
    second = counter.promotion("second", amount=IDR(40), at_least=IDR(8_600))
    policies = Policies(thresholds=Thresholds.AFTER_DISCOUNTS_WITH_TAX, tax_base=base)

    priced = counter.ask(
        [counter.line("a")],
        prices={"a": 10_000},
        promotions=[first, second],
        tax=taxed("7"),
        settings=counter.settings(policies, prices_include_tax=False),
    )

    assert expected == priced.discount


def test_the_shops_own_rounding_holds_for_every_tax(counter):
    """Tax dropped below the rupiah: also where it is put into the price that discounts are taken off."""
    down = RoundingProfile(RoundingMode.DOWN, RoundingLevel.LINE)
    settings = counter.settings(
        Policies(discount_basis=DiscountBasis.WITH_TAX), prices_include_tax=False, tax_rounding=down
    )

    priced = counter.ask([counter.line("a")], prices={"a": 99}, tax=taxed("11"), settings=settings)

    assert (109, 109) == (priced.lines[0].base, priced.total)  # 109.89


def test_taxes_that_are_rounded_together_are_so_in_the_price_too(counter):
    """Two taxes of 2 % of 28 are 0.56 each, and 1.12 together: 30 with tax, or 29."""
    settings = counter.settings(Policies(discount_basis=DiscountBasis.WITH_TAX), prices_include_tax=False)

    apart = counter.ask([counter.line("a")], prices={"a": 28}, tax=taxed("2", "2"), settings=settings)
    together = counter.ask([counter.line("a")], prices={"a": 28}, tax=taxed("2", "2", together=True), settings=settings)

    assert (30, 29) == (apart.lines[0].base, together.lines[0].base)


@pytest.mark.parametrize(("rounded", "net"), [("net", 288), ("tax", 287)])
def test_home_tax_is_taken_out_by_the_half_that_is_rounded(counter, rounded, net):
    """299 with 4 % in it holds 11.5 of tax: what is left is what goes abroad, or what discounts are taken off."""
    policies = Policies(contained_tax=ContainedTax(rounded), discount_basis=DiscountBasis.WITHOUT_TAX)

    priced = counter.ask([counter.line("a")], prices={"a": 299}, tax=taxed("4"), settings=counter.settings(policies))

    assert net == priced.lines[0].base


@pytest.mark.parametrize(("rounded", "net"), [("net", 288), ("tax", 287)])
def test_goods_that_go_abroad_leave_homes_tax_by_that_half(rounded, net):
    """The same where the seller's net is what stays the same across borders."""
    policies = Policies(across_borders="net", contained_tax=rounded)

    found = basis(299, includes_tax=True, here=taxed("25"), home=taxed("4"), policies=policies)

    assert Basis(net, includes_tax=False) == found


@pytest.mark.parametrize(("mode", "total"), [("half_up", 2_100), ("up", 2_099)])
def test_homes_tax_is_rounded_as_the_shop_says(counter, mode, total):
    """1,999 with 19 % in it holds 319.17: 319 or, rounded up, 320; then 25 % of 1,680 or 1,679."""
    priced = price(
        [counter.line("a")],
        [],
        book=counter.book({"a": 1_999}),
        promotions=Offers(RuleSet(()), (), (), {}),
        coupons=(),
        facts={},
        tax=lambda _: taxed("25"),
        home_tax=lambda _: taxed("19"),
        settings=counter.settings(Policies(across_borders="net"), tax_rounding=RoundingProfile(mode, "line")),
        currency=IDR,
    )

    assert total == priced.total
