"""Tiers: what all units cost, or those beyond; counted over a SKU, a product or a list."""

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money import IDR
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.model import TierMode
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.model import Price, TiersOver
from tokolib.pricing.prices.tiers import Band, bands_of

GRADUATED = {"tier_mode": TierMode.GRADUATED}


def book(counter, *prices):
    return PriceBook((counter.list(), counter.list("other", priority=-1)), prices)


def tiered(counter, key="a", amount=100, tiers=None, into="idr", **more) -> Price:
    steps = {10: IDR(90), 20: IDR(80)} if tiers is None else tiers
    return attrs.evolve(counter.price(key, IDR(amount), into, steps), **more)


def rupiah(amount):
    return UnitPrice.of(IDR(amount))


@pytest.mark.parametrize(
    ("quantity", "total", "tier"),
    [(1, 100, None), (10, 1_000, None), (11, 1_090, 10), (20, 1_900, 10), (21, 1_980, 20), (30, 2_700, 20)],
)
def test_a_graduated_price_is_for_the_units_beyond(counter, quantity, total, tier):
    """Ten at 100, the next ten at 90, all others at 80."""
    priced = counter.ask([counter.line("a", None, quantity)], book=book(counter, tiered(counter, **GRADUATED)))

    (line,) = priced.lines
    assert (total, tier) == (line.base, line.choice.tier)
    assert quantity == sum(band.units for band in line.choice.bands)
    assert rupiah(100) == line.unit_price


def test_an_explanation_names_each_band(counter):
    """How many units cost what, and beyond which quantity."""
    priced = counter.ask([counter.line("a", None, 25)], book=book(counter, tiered(counter, **GRADUATED)))

    (chosen,) = [each for each in priced.reason.walk() if each.code == "pricing.graduated_price"]
    bands = [(each["quantity"], each["price"], each["beyond"]) for each in chosen.children[:3]]
    assert [(10, IDR(100), 0), (10, IDR(90), 10), (5, IDR(80), 20)] == bands
    assert IDR(2_300) == chosen.amount


def test_a_band_of_half_a_kilogram(counter):
    """What is measured is cut where the band begins; the sum is rounded once."""
    price = tiered(counter, tiers={2: IDR(85)}, **GRADUATED)

    priced = counter.ask([counter.line("a", None, 11, per_step=Fraction(1, 4))], book=book(counter, price))

    assert 264 == priced.lines[0].base  # 2 × 100 + 0.75 × 85 = 263.75
    bands = priced.lines[0].choice.bands
    assert (
        Band(Decimal(0), Decimal(2), rupiah(100)),
        Band(Decimal(2), Decimal("0.75"), rupiah(85)),
    ) == bands


def test_prices_finer_than_the_currency_are_summed_before_they_are_rounded(counter):
    """Three bands of a third of a rupiah more each come to what exact numbers come to."""
    fine = UnitPrice.parse("0.3333", IDR)
    price = attrs.evolve(tiered(counter, tiers={1: IDR(0), 2: IDR(0)}, **GRADUATED), price=fine)
    price = attrs.evolve(price, tiers=tuple(attrs.evolve(tier, price=fine) for tier in price.tiers))

    priced = counter.ask([counter.line("a", None, 3)], book=book(counter, price))

    assert 1 == priced.lines[0].base  # 0.9999; each band alone would be nothing


def test_a_graduated_price_may_rise(counter):
    """What is scarce may cost more beyond a quantity; that is nobody's mistake."""
    price = tiered(counter, tiers={2: IDR(150)}, **GRADUATED)

    assert 350 == counter.ask([counter.line("a", None, 3)], book=book(counter, price)).total


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        (TiersOver.SKU, [500, 500, 500]),
        (TiersOver.PRODUCT, [450, 450, 500]),
        (TiersOver.LIST, [400, 400, 400]),
    ],
)
def test_whose_units_count(counter, over, expected):
    """Five each of two sizes of a cup, and five spoons: by SKU no tier, by product ten, by list fifteen."""
    prices = [tiered(counter, key, tiers={10: IDR(90), 15: IDR(80)}, tiers_over=over) for key in "abc"]
    lines = [
        counter.line("1", "a", 5, product_id="cup"),
        counter.line("2", "b", 5, product_id="cup"),
        counter.line("3", "c", 5, product_id="spoon"),
    ]

    priced = counter.ask(lines, book=book(counter, *prices))

    assert expected == [line.base for line in priced.lines]


def test_a_list_counts_what_it_prices_and_nothing_else(counter):
    """Goods of another list, gifts and stated prices reach no tier."""
    prices = [
        tiered(counter, "a", tiers={10: IDR(90)}, tiers_over=TiersOver.LIST),
        counter.price("b", IDR(1)),
        counter.price("c", IDR(1), "other"),
    ]
    lines = [
        counter.line("1", "a", 5),
        counter.line("2", "b", 4),
        counter.line("3", "c", 50),
        counter.line("4", "b", 50, gift=True),
        counter.line("5", "b", 50, stated=counter.stated(IDR(1))),
    ]

    short = counter.ask(lines, book=book(counter, *prices))
    enough = counter.ask([*lines, counter.line("6", "b", 1)], book=book(counter, *prices))

    assert (500, 450) == (short.lines[0].base, enough.lines[0].base)


def test_graduated_over_a_product_goes_through_the_lines_in_the_order_of_their_ids(counter):
    """The first ten cups, of whatever size, are in the first band: each at its own price."""
    prices = [
        tiered(counter, "a", 100, {10: IDR(90)}, tiers_over=TiersOver.PRODUCT, **GRADUATED),
        tiered(counter, "b", 200, {10: IDR(150)}, tiers_over=TiersOver.PRODUCT, **GRADUATED),
    ]
    lines = [counter.line("1", "a", 6, product_id="cup"), counter.line("2", "b", 6, product_id="cup")]

    priced = counter.ask(lines[::-1], book=book(counter, *prices))

    assert [4 * 200 + 2 * 150, 600] == [line.base for line in priced.lines]


amounts = st.integers(0, 10**6)


@given(
    st.tuples(amounts, amounts, amounts),
    st.lists(st.integers(1, 30), min_size=2, max_size=4),
    st.sampled_from(TierMode),
)
def test_two_lines_of_a_sku_cost_what_one_would(counter, each, parts, mode):
    """Whatever the mode, and into however many lines a cart cuts the quantity."""
    plain, middle, most = each
    shelf = book(counter, tiered(counter, amount=plain, tiers={10: IDR(middle), 25: IDR(most)}, tier_mode=mode))

    apart = counter.ask([counter.line(str(n), "a", part) for n, part in enumerate(parts)], book=shelf)
    together = counter.ask([counter.line("a", None, sum(parts))], book=shelf)

    assert together.total == apart.total


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10**8)), max_size=4, unique_by=lambda each: each[0]),
    st.integers(0, 10**8),
    st.integers(0, 200),
    st.integers(1, 200),
    st.sampled_from([1, 4, 10]),
)
def test_bands_are_the_sum_over_each_unit(counter, tiers, plain, before, bought, parts):
    """Looked at one by one, each step costs the price of the band that it lies in."""
    steps = {quantity: UnitPrice(scaled, IDR) for quantity, scaled in tiers}
    price = attrs.evolve(counter.price("a", UnitPrice(plain, IDR), tiers=steps), **GRADUATED)

    bands = bands_of(price, Decimal(before) / parts, Decimal(bought) / parts)

    exact = Fraction(0)
    for step in range(before, before + bought):
        reached = [quantity for quantity in steps if quantity * parts <= step]
        exact += Fraction(steps[max(reached)].scaled if reached else plain, parts)
    assert exact == sum(band.price.scaled * Fraction(band.units) for band in bands)


@given(st.integers(1, 500), st.integers(1, 10**7), st.integers(0, 10**7), st.sampled_from(RoundingMode))
def test_the_base_of_a_graduated_line_is_rounded_once(counter, quantity, plain, beyond, mode):
    """The exact sum of all bands, by the shop's way of rounding."""
    fine = counter.price("a", UnitPrice(plain, IDR), tiers={7: UnitPrice(beyond, IDR)})
    policies = attrs.evolve(counter.settings().policies, line_rounding=mode)

    priced = counter.ask(
        [counter.line("a", None, quantity)],
        book=book(counter, attrs.evolve(fine, **GRADUATED)),
        settings=counter.settings(policies),
    )

    exact = min(quantity, 7) * plain + max(quantity - 7, 0) * beyond
    assert divide(exact, 10_000, mode) == priced.lines[0].base


def test_the_door_keeps_how_tiers_count(till):
    """What was put comes back; another way is another price; a word is no mode."""
    made = till.prices.put(
        "a", IDR(100), tiers={10: IDR(90)}, tier_mode=TierMode.GRADUATED, tiers_over=TiersOver.PRODUCT
    )

    assert (TierMode.GRADUATED, TiersOver.PRODUCT) == (made.tier_mode, made.tiers_over)
    assert made == till.prices.get("a")
    assert 2 == till.prices.put("a", IDR(100), tiers={10: IDR(90)}).version
    with pytest.raises(InvalidInput):
        till.prices.put("a", IDR(100), tier_mode="sometimes")
