"""Prices, discounts and totals, with figures worked out by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tokolib.conditions import at_least, one_of, overlaps
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money import GBP, IDR, LARGEST, USD
from tokolib.kernel.money_errors import AmountOutOfRange
from tokolib.kernel.policies import Policies, ShippingTax, SpreadWeights
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.spread import RemainderRule
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.lost import Why
from tokolib.pricing.model import ChargeKind, ChargeLine
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.promotions.benefits import Scope
from tokolib.pricing.promotions.model import PromotionUse


def discounts(priced):
    return {line.line.id: [each.amount for each in line.discounts] for line in priced.lines}


def totals(priced):
    return {line.line.id: line.total for line in priced.lines}


def lost(priced):
    return [(each.lost.name, each.lost.why, each.lost.by) for each in priced.lost]


COFFEE = {"kopi": 75_000, "teh": 40_000}


def test_a_line_costs_price_times_quantity(counter):
    """Without promotion and tax the total is the sum of price × quantity and the charges."""
    priced = counter.ask(
        [counter.line("a", "kopi", 2), counter.line("b", "teh")], [counter.shipping(18_000)], prices=COFFEE
    )

    assert {"a": 150_000, "b": 40_000} == totals(priced)
    assert 208_000 == priced.total
    assert (0, 0, ()) == (priced.discount, priced.tax, priced.problems)
    assert UnitPrice.of(IDR(75_000)) == priced.lines[0].unit_price


def test_a_percentage_stops_at_its_cap(counter):
    """20 % of 190,000 is 38,000; at most 30,000, spread 150:40 with the odd rupiah to the larger fraction."""
    promotion = counter.promotion("dua-puluh", percent=20, cap=IDR(30_000))

    priced = counter.ask(
        [counter.line("a", "kopi", 2), counter.line("b", "teh")], prices=COFFEE, promotions=[promotion]
    )

    assert {"a": [23_684], "b": [6_316]} == discounts(priced)
    assert 160_000 == priced.total
    (granted,) = priced.granted
    assert (190_000, 38_000, 30_000) == (granted.base, granted.wanted, granted.amount)
    assert "pricing.capped" in [each.code for each in priced.reason.walk()]


def test_an_automatic_promotion_and_a_coupon_add_up(counter):
    """10 % off coffee leaves 135,000; 25,000 by coupon is then spread 135:40 over both lines."""
    auto = counter.promotion("kopi-hemat", Scope.LINE, percent=10, target=overlaps("tags", "kopi"))
    voucher = counter.promotion("voucher", amount=IDR(25_000), by_coupon=True, usage_limit=5, per_customer=1)
    lines = [counter.line("a", "kopi", 2, tags=("kopi",)), counter.line("b", "teh")]

    priced = counter.ask(
        lines,
        prices=COFFEE,
        promotions=[auto, voucher],
        issued=[counter.coupon("HEMAT25", voucher, usage_limit=3)],
        coupons=[" hemat25 "],
        facts={"customer": "cus_1"},
    )

    assert {"a": [15_000, 19_286], "b": [5_714]} == discounts(priced)
    assert 150_000 == priced.total
    assert "HEMAT25" == priced.lines[1].discounts[0].coupon
    assert (
        PromotionUse(auto.id, ""),
        PromotionUse(voucher.id, "HEMAT25", 5, 1, 3, None),
    ) == priced.uses


def test_an_exclusive_promotion_of_higher_priority_applies_alone(counter):
    """Priority decides; what lost says to whom."""
    alone = counter.promotion("alone", percent=15, exclusive=True, priority=10)
    other = counter.promotion("other", percent=10)
    freight = counter.promotion("freight", Scope.SHIPPING, percent=100)

    priced = counter.ask(
        [counter.line("a")], [counter.shipping(9_000)], prices={"a": 100_000}, promotions=[other, freight, alone]
    )

    assert 94_000 == priced.total
    assert [("freight", Why.EXCLUSIVE, "alone"), ("other", Why.EXCLUSIVE, "alone")] == lost(priced)


def test_an_exclusive_promotion_of_lower_priority_does_not_apply(counter):
    """It would have to be alone, and isn't."""
    alone = counter.promotion("alone", percent=15, exclusive=True)
    other = counter.promotion("other", percent=10, priority=1)

    priced = counter.ask([counter.line("a")], prices={"a": 100_000}, promotions=[alone, other])

    assert 90_000 == priced.total
    assert [("alone", Why.EXCLUSIVE, "other")] == lost(priced)


def test_a_stopping_promotion_lets_none_below_it_apply(counter):
    """Those of higher priority stay; of equal priority the smaller id decides first."""
    first = counter.promotion("first", percent=10, priority=2)
    stop = counter.promotion("stop", amount=IDR(5_000), priority=1, stop=True)
    below = counter.promotion("tail", percent=50, priority=1)

    priced = counter.ask([counter.line("a")], prices={"a": 100_000}, promotions=[below, stop, first])

    assert 85_000 == priced.total
    assert [("tail", Why.BLOCKED, "stop")] == lost(priced)


def test_what_comes_out_at_nothing_keeps_nobody_out(counter):
    """1 % of 40 rounds to nothing, so the exclusive promotion steps aside for the others."""
    nothing = counter.promotion("nothing", percent=1, exclusive=True, priority=5)
    other = counter.promotion("other", amount=IDR(10))

    priced = counter.ask([counter.line("a")], prices={"a": 40}, promotions=[nothing, other])

    assert 30 == priced.total
    assert [("nothing", Why.NOTHING_LEFT, "")] == lost(priced)


def test_an_order_discount_is_spread_with_its_odd_rupiah(counter):
    """100 over three equal lines is 34, 33 and 33: the odd one goes to the earlier id."""
    promotion = counter.promotion("seratus", amount=IDR(100))
    lines = [counter.line(id) for id in ("c", "a", "b")]

    priced = counter.ask(lines, prices={"a": 10_000, "b": 10_000, "c": 10_000}, promotions=[promotion])

    assert {"c": [33], "a": [34], "b": [33]} == discounts(priced)
    assert 29_900 == priced.total


def test_the_remainder_rule_is_the_shops(counter):
    """Policy `last` gives the odd rupiah to the later id."""
    promotion = counter.promotion("seratus", amount=IDR(100))
    lines = [counter.line(id) for id in ("a", "b", "c")]
    settings = counter.settings(Policies(remainder=RemainderRule.LAST))

    priced = counter.ask(
        lines, prices={"a": 10_000, "b": 10_000, "c": 10_000}, promotions=[promotion], settings=settings
    )

    assert {"a": [33], "b": [33], "c": [34]} == discounts(priced)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (SpreadWeights.AFTER_DISCOUNTS, {"a": [10_000, 1_800], "b": [200]}),
        (SpreadWeights.BEFORE_DISCOUNTS, {"a": [10_000, 1_818], "b": [182]}),
    ],
)
def test_an_order_discount_is_spread_by_the_weights_that_the_shop_chose(counter, weights, expected):
    """2,000 over 90,000 and 10,000 after the line discount, or over 100,000 and 10,000 before it."""
    first = counter.promotion("line", Scope.LINE, amount=IDR(10_000), target=one_of("sku", "a"))
    second = counter.promotion("order", amount=IDR(2_000))

    priced = counter.ask(
        [counter.line("a"), counter.line("b")],
        prices={"a": 100_000, "b": 10_000},
        promotions=[first, second],
        settings=counter.settings(Policies(spread_weights=weights)),
    )

    assert expected == discounts(priced)


def test_weights_before_discounts_never_push_a_line_below_zero(counter):
    """The line that has nothing left gives its part to the others."""
    first = counter.promotion("line", Scope.LINE, percent=100, target=one_of("sku", "a"))
    second = counter.promotion("order", amount=IDR(15_000))

    priced = counter.ask(
        [counter.line("a"), counter.line("b")],
        prices={"a": 10_000, "b": 20_000},
        promotions=[first, second],
        settings=counter.settings(Policies(spread_weights=SpreadWeights.BEFORE_DISCOUNTS)),
    )

    assert {"a": [10_000], "b": [15_000]} == discounts(priced)


def test_a_fixed_line_discount_comes_off_every_targeted_line(counter):
    """5,000 off each line, and all of a cheaper one; a cap holds for them together."""
    each = counter.promotion("each", Scope.LINE, amount=IDR(5_000))
    lines = [counter.line("a"), counter.line("b")]
    prices = {"a": 20_000, "b": 3_000}

    plain = counter.ask(lines, prices=prices, promotions=[each])
    capped = counter.ask(
        lines,
        prices=prices,
        promotions=[counter.promotion("each", Scope.LINE, amount=IDR(5_000), cap=IDR(4_000))],
    )

    assert {"a": [5_000], "b": [3_000]} == discounts(plain)
    assert {"a": [2_500], "b": [1_500]} == discounts(capped)


def test_shipping_is_lowered_up_to_the_cap(counter):
    """Free shipping up to 10,000 leaves 8,000 of 18,000; a fee is not shipping."""
    free = counter.promotion("ongkir", Scope.SHIPPING, percent=100, cap=IDR(10_000))
    fee = ChargeLine("fee", ChargeKind.FEE, "Biaya layanan", 2_000)

    priced = counter.ask([counter.line("a")], [counter.shipping(18_000), fee], prices={"a": 50_000}, promotions=[free])

    assert [8_000, 2_000] == [charge.total for charge in priced.charges]
    assert 60_000 == priced.total
    assert [10_000] == [each.amount for each in priced.charges[0].discounts]


def test_a_discount_is_never_more_than_there_is(counter):
    """A voucher of a million on 50,000 makes the goods free, and the total the shipping alone."""
    big = counter.promotion("big", amount=IDR(1_000_000))

    priced = counter.ask([counter.line("a")], [counter.shipping(9_000)], prices={"a": 50_000}, promotions=[big])

    assert 9_000 == priced.total
    assert 0 == priced.lines[0].total


# Tax


def test_a_seller_who_is_not_registered_charges_no_tax(counter):
    """Net is total, and the explanation says why."""
    priced = counter.ask([counter.line("a")], prices={"a": 111_000})

    (line,) = priced.lines
    assert (111_000, 111_000, ()) == (line.net, line.total, line.taxes)
    assert "tax.not_registered" in [each.code for each in line.reason.walk()]


def test_tax_is_contained_in_what_discounts_leave(counter):
    """111,000 less 10 % is 99,900, which contains 9,900 of PPN (12 % of 11/12)."""
    promotion = counter.promotion("ten", percent=10)

    priced = counter.ask([counter.line("a")], prices={"a": 111_000}, promotions=[promotion], tax=counter.ppn)

    (line,) = priced.lines
    assert (90_000, 99_900, 9_900) == (line.net, line.total, line.taxes[0].amount)
    assert 82_500 == line.taxes[0].base
    assert 9_900 == priced.tax
    assert "pricing.tax_contained" in [each.code for each in line.reason.walk()]


def test_tax_comes_on_top_where_prices_exclude_it(counter):
    """100,000 and shipping of 20,000, each with 11 % on top."""
    settings = counter.settings(prices_include_tax=False)

    priced = counter.ask(
        [counter.line("a")], [counter.shipping(20_000)], prices={"a": 100_000}, tax=counter.ppn, settings=settings
    )

    assert (100_000, 111_000) == (priced.lines[0].net, priced.lines[0].total)
    assert 22_200 == priced.charges[0].total
    assert 133_200 == priced.total
    assert not priced.includes_tax
    assert "pricing.tax_added" in [each.code for each in priced.reason.walk()]


def test_several_taxes_stand_side_by_side(counter):
    """PPN of 11,000 and a local tax of 10,000 on 100,000."""
    settings = counter.settings(prices_include_tax=False)

    priced = counter.ask([counter.line("a")], prices={"a": 100_000}, tax=counter.local, settings=settings)

    assert [11_000, 10_000] == [each.amount for each in priced.lines[0].taxes]
    assert 121_000 == priced.total


def test_both_kinds_of_prices_may_meet_in_one_order(counter):
    """A list says for itself whether its prices contain tax."""
    book = PriceBook(
        (counter.list(), counter.list("b2b", includes_tax=False)),
        (counter.price("a", IDR(111_000)), counter.price("b", IDR(100_000), "b2b")),
    )

    priced = counter.ask([counter.line("a"), counter.line("b")], book=book, tax=counter.ppn)

    assert [(100_000, 111_000), (100_000, 111_000)] == [(line.net, line.total) for line in priced.lines]
    assert [True, False] == [line.includes_tax for line in priced.lines]


def test_the_document_is_rounded_once_where_the_shop_says_so(counter):
    """Three lines of 33 at 11 % on top are 10.89 together: 11, not three times 4."""
    settings = counter.settings(
        prices_include_tax=False, tax_rounding=RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.DOCUMENT)
    )
    lines = [counter.line(id) for id in "abc"]

    priced = counter.ask(lines, prices={"a": 33, "b": 33, "c": 33}, tax=counter.ppn, settings=settings)

    assert 11 == priced.tax
    assert 110 == priced.total


def test_shipping_may_be_taxed_as_the_goods_are(counter):
    """Half of the goods is taxed, so half of the shipping is; a fee keeps its own class."""
    rules = {"standard": counter.ppn, "exempt": counter.no_tax}
    settings = counter.settings(Policies(shipping_tax=ShippingTax.GOODS_MIX), prices_include_tax=False)
    lines = [counter.line("a"), counter.line("b", tax_class="exempt")]
    fee = ChargeLine("fee", ChargeKind.FEE, "Biaya", 1_000)

    priced = counter.ask(
        lines, [counter.shipping(20_000), fee], prices={"a": 50_000, "b": 50_000}, tax=rules, settings=settings
    )

    assert [21_100, 1_110] == [charge.total for charge in priced.charges]
    assert 2 == len(priced.charges[0].tax_reasons)


def test_shipping_of_free_goods_keeps_its_own_class(counter):
    """Without goods to mix by, the charge's own class is left."""
    settings = counter.settings(Policies(shipping_tax=ShippingTax.GOODS_MIX), prices_include_tax=False)

    priced = counter.ask([counter.line("a", gift=True)], [counter.shipping(20_000)], tax=counter.ppn, settings=settings)

    assert 22_200 == priced.total


# Stated prices, gifts, fine prices, weights


def test_a_stated_price_takes_precedence_and_promotions_leave_it_alone(counter):
    """The agreed price is the price; the other line gets the whole discount."""
    promotion = counter.promotion("ten", percent=10)
    lines = [counter.line("a", stated=counter.stated(IDR(60_000))), counter.line("b")]

    priced = counter.ask(lines, prices={"a": 75_000, "b": 40_000}, promotions=[promotion])

    assert {"a": [], "b": [4_000]} == discounts(priced)
    stated = next(each for each in priced.lines[0].reason.walk() if each.code == "pricing.stated_price")
    assert ("staff:ani", "kemasan penyok") == (stated["actor"], stated["why"])


def test_a_promotion_may_say_that_it_is_for_stated_prices_too(counter):
    """`on_stated` takes 10 % off the stated 60,000."""
    promotion = counter.promotion("ten", percent=10, on_stated=True)

    priced = counter.ask([counter.line("a", stated=counter.stated(IDR(60_000)))], promotions=[promotion])

    assert 54_000 == priced.total


def test_a_gift_needs_no_price(counter):
    """It costs nothing, and takes part in nothing."""
    promotion = counter.promotion("ten", percent=10)

    priced = counter.ask([counter.line("a", gift=True)], promotions=[promotion])

    assert 0 == priced.total
    assert [("ten", Why.NO_TARGET, "")] == lost(priced)
    assert "pricing.gift" in [each.code for each in priced.reason.walk()]


def test_a_price_of_a_tenth_of_a_penny_is_rounded_once_a_line(counter):
    """1,000 × £0.001 is £1; 4 × £0.001 is nothing; 5 of them round to a penny."""
    tenth = counter.stated(UnitPrice(1_000, GBP))
    lines = [counter.line(id, None, quantity, stated=tenth) for id, quantity in (("a", 1_000), ("b", 4), ("c", 5))]

    priced = counter.ask(lines, currency=GBP)

    assert {"a": 100, "b": 0, "c": 1} == totals(priced)


def test_goods_by_weight_are_priced_by_the_unit(counter):
    """0.35 kg at 120,000 a kilogram is 42,000."""
    line = counter.line("a", None, 350, per_step=Fraction(1, 1000))

    priced = counter.ask([line], prices={"a": 120_000})

    assert 42_000 == priced.total
    assert Decimal("0.35") == priced.lines[0].reason["quantity"]


def test_the_line_rounds_as_the_shop_says(counter):
    """A third of a rupiah more is rounded up where the policy is `up`."""
    line = counter.line("a", None, 1, per_step=Fraction(1, 8))

    up = counter.ask([line], prices={"a": 81}, settings=counter.settings(Policies(line_rounding=RoundingMode.UP)))
    half = counter.ask([line], prices={"a": 81})

    assert [11, 10] == [up.total, half.total]


# Conditions and facts


def test_the_subtotal_that_conditions_ask_about_is_before_discounts(counter):
    """10 % off lines leaves 90,000; a promotion from 100,000 on still applies."""
    first = counter.promotion("first", Scope.LINE, percent=10)
    second = counter.promotion("second", amount=IDR(5_000), conditions=at_least("subtotal", 100_000))

    priced = counter.ask([counter.line("a")], prices={"a": 100_000}, promotions=[first, second])

    assert 85_000 == priced.total


@pytest.mark.parametrize(
    "condition",
    [
        at_least("quantity", 4),
        at_least("quantity", Decimal("3.5")),
        at_least("weight_grams", 1_000),
        at_least("lines", 2),
        one_of("currency", "IDR"),
        overlaps("skus", "a"),
        overlaps("products", "prd_a"),
        overlaps("categories", "minuman"),
        overlaps("tags", "baru"),
        overlaps("coupon", "ABC"),
        one_of("channel", "web"),
    ],
)
def test_conditions_may_ask_about_the_goods_and_what_the_caller_knows(counter, condition):
    """Facts of pricing and of the caller stand side by side."""
    lines = [
        counter.line(
            "a", None, 3, product_id="prd_a", categories=("kopi", "minuman"), tags=("baru",), weight_grams=300
        ),
        counter.line("b", None, 500, per_step=Fraction(1, 500), weight_grams=100),
    ]
    promotion = counter.promotion("p", amount=IDR(1), conditions=condition)

    priced = counter.ask(
        lines, prices={"a": 100, "b": 100}, promotions=[promotion], facts={"channel": "web"}, coupons=["abc"]
    )

    assert 399 == priced.total


def test_a_condition_that_is_not_met_is_told(counter):
    """The promotion is in the reason tree, with what was missing below it."""
    promotion = counter.promotion("p", amount=IDR(1), conditions=at_least("subtotal", 200))

    priced = counter.ask([counter.line("a")], prices={"a": 100}, promotions=[promotion])

    (one,) = priced.lost
    assert Why.CONDITIONS is one.lost.why
    assert one.lost.detail


def test_a_promotion_in_another_currency_does_not_apply(counter):
    """Five dollars off is nothing in rupiah."""
    promotion = counter.promotion("p", amount=USD(5))

    priced = counter.ask([counter.line("a")], prices={"a": 100}, promotions=[promotion])

    assert [("p", Why.CURRENCY, "USD")] == lost(priced)


# Bad input


def test_a_missing_price_is_one_problem_for_all_its_lines(counter):
    """The lines are left out of the total and named; the problem blocks."""
    lines = [counter.line("a"), counter.line("x1", "x"), counter.line("y"), counter.line("x2", "x")]

    priced = counter.ask(lines, prices={"a": 100})

    (problem,) = priced.problems
    assert ("pricing.no_price", ("x", "y"), ("x1", "y", "x2"), True) == (
        problem.code,
        problem.skus,
        problem.lines,
        problem.blocking,
    )
    assert 100 == priced.total
    assert "pricing.problem" in [each.code for each in priced.reason.walk()]


def test_every_fault_of_the_input_is_named_at_once(counter):
    """Ids twice, quantities of nothing, negative charges, another currency."""
    lines = [counter.line("a", quantity=0), counter.line("a"), counter.line("b", stated=counter.stated(USD(1)))]
    charges = [counter.shipping(-1), counter.shipping(1)]

    with pytest.raises(InvalidInput) as caught:
        counter.ask(lines, charges, prices={"a": 1})

    assert [
        "lines[0].quantity",
        "lines[1].id",
        "lines[2].stated.price",
        "charges[0].amount",
        "charges[1].id",
    ] == [fault.path for fault in caught.value.faults]


def test_a_total_beyond_all_measure_is_refused(counter):
    """Quantity × price never overflows into something small."""
    line = counter.line("a", None, 10**9)

    with pytest.raises(AmountOutOfRange):
        counter.ask([line], prices={"a": 10**10})


def test_an_amount_off_each_line_may_promise_more_than_money_can_be(counter):
    """Two lines of the largest amount: the promise is told as the largest, and the lines cost nothing."""
    promotion = counter.promotion("p", Scope.LINE, amount=IDR(LARGEST))

    priced = counter.ask([counter.line("a"), counter.line("b")], prices={"a": 5, "b": 7}, promotions=[promotion])

    assert (0, [LARGEST]) == (priced.total, [each.wanted for each in priced.granted])
    assert "pricing.capped" in [each.code for each in priced.reason.walk()]
