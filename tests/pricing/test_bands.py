"""Promotions on graduated lines: each unit is worth what it costs, as if each price had a line of its own."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import at_least
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import Policies, SpreadBasis, Stacking
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.model import TierMode
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.model import Tier
from tokolib.pricing.promotions.benefits import (
    AmountOff,
    Combination,
    FixedPrice,
    Measure,
    Off,
    Part,
    Percent,
    Pick,
    Scope,
    Step,
    Tiered,
)

FREE = Percent(100)


def graduated(counter, first, then, **more):
    """*first* for each unit, and what the rest cost beyond a number of units."""
    row = counter.price("a", IDR(first))
    tiers = tuple(Tier(Decimal(beyond), UnitPrice.of(IDR(amount))) for beyond, amount in then.items())
    row = attrs.evolve(row, tiers=tiers, tier_mode=TierMode.GRADUATED, **more)
    return PriceBook((counter.list(),), (row,))


@pytest.mark.parametrize(
    ("first", "then", "quantity", "benefit", "left"),
    [
        (100_000, {2: 50_000}, 4, Off(FixedPrice(IDR(80_000)), Scope.UNIT), 80_000 * 2 + 50_000 * 2),
        (20_000, {2: 10_000}, 3, Off(FixedPrice(IDR(15_000)), Scope.UNIT), 15_000 * 2 + 10_000),
        (20_000, {2: 10_000}, 3, Off(AmountOff(IDR(15_000)), Scope.UNIT), 5_000 * 2 + 0),
        (20_000, {2: 10_000}, 3, Off(AmountOff(IDR(15_000)), Scope.LINE), 50_000 - 15_000),
        (20_000, {2: 10_000}, 3, Off(FixedPrice(IDR(15_000)), Scope.LINE), 15_000),
        (20_000, {2: 10_000}, 3, Combination((Part(2), Part(1, value=FREE, pick=Pick.CHEAPEST))), 20_000 * 2),
        (20_000, {2: 10_000}, 3, Combination((Part(2), Part(1, value=FREE, pick=Pick.DEAREST))), 20_000 + 10_000),
        (20_000, {2: 10_000}, 3, Tiered((Step(3, Percent(50)),), Measure.QUANTITY, TierMode.GRADUATED), 45_000),
    ],
)
def test_a_unit_is_worth_what_it_costs(counter, first, then, quantity, benefit, left):
    """Neither an average nor the price of the first one."""
    priced = counter.ask(
        [counter.line("a", quantity=quantity)],
        book=graduated(counter, first, then),
        promotions=[counter.promotion("p", benefit=benefit)],
    )

    assert left == priced.total
    assert 1 == len(priced.lines[0].discounts)


def test_a_minimum_price_is_of_every_unit(counter):
    """The dear units don't make up for the cheap ones."""
    priced = counter.ask(
        [counter.line("a", quantity=4)],
        book=graduated(counter, 100_000, {2: 50_000}, minimum=UnitPrice.of(IDR(45_000))),
        promotions=[counter.promotion("p", Scope.UNIT, amount=IDR(30_000))],
    )

    assert 70_000 * 2 + 45_000 * 2 == priced.total


def test_conditions_on_goods_ask_about_the_whole_line(counter):
    """Four units were bought, two of them at each price."""
    four = counter.promotion("p", Scope.UNIT, percent=10, target=at_least("quantity", 4))

    priced = counter.ask(
        [counter.line("a", quantity=4)], book=graduated(counter, 100_000, {2: 50_000}), promotions=[four]
    )

    assert 270_000 == priced.total


def test_a_price_that_begins_within_a_unit_leaves_the_line_whole(counter):
    """Nobody can say which price that unit has; all units are worth the same then."""
    half = counter.promotion("p", benefit=Combination((Part(1), Part(1, value=FREE))))

    priced = counter.ask(
        [counter.line("a", quantity=2)], book=graduated(counter, 20_000, {"1.5": 10_000}), promotions=[half]
    )

    assert (35_000, 17_500) == (priced.lines[0].base, priced.total)


values = st.one_of(
    st.builds(Percent, st.integers(1, 100)),
    st.builds(AmountOff, st.integers(1, 120_000).map(IDR)),
    st.builds(FixedPrice, st.integers(0, 120_000).map(IDR)),
)
benefits = st.one_of(
    st.builds(Off, values, st.sampled_from([Scope.UNIT, Scope.ORDER])),
    st.builds(
        Tiered,
        st.lists(values, min_size=1, max_size=2).map(lambda each: [Step(2 * i + 1, v) for i, v in enumerate(each)]),
        st.just(Measure.QUANTITY),
        st.sampled_from(TierMode),
    ),
    st.builds(
        lambda bought, value, pick: Combination((Part(bought), Part(1, value=value, pick=pick))),
        st.integers(1, 3),
        values,
        st.sampled_from(Pick),
    ),
    st.builds(lambda quantity, value: Combination((Part(quantity),), value), st.integers(2, 4), values),
)


@given(
    st.integers(1, 5),
    st.integers(1, 5),
    st.lists(st.integers(1, 100_000), min_size=2, max_size=2, unique=True),
    st.lists(benefits, min_size=1, max_size=3),
    st.sampled_from(Stacking),
    st.sampled_from(SpreadBasis),
)
def test_it_is_as_if_each_price_were_a_line(counter, first, then, amounts, given_, stacking, spread_basis):
    """The same units at the same prices, on one graduated line or on a line for each price, get the same."""
    promotions = [counter.promotion(f"p{i}", benefit=each) for i, each in enumerate(given_)]
    settings = counter.settings(Policies(stacking=stacking, spread_basis=spread_basis))
    dear, cheap = amounts

    one = counter.ask(
        [counter.line("a", quantity=first + then)],
        book=graduated(counter, dear, {first: cheap}),
        promotions=promotions,
        settings=settings,
    )
    two = counter.ask(
        [counter.line("a", quantity=first), counter.line("b", quantity=then)],
        prices={"a": dear, "b": cheap},
        promotions=promotions,
        settings=settings,
    )

    assert two.total == one.total
    assert [(each.promotion_id, each.amount) for each in two.granted] == [
        (each.promotion_id, each.amount) for each in one.granted
    ]
    assert one.lines[0].base - one.lines[0].total == sum(each.amount for each in one.lines[0].discounts)
