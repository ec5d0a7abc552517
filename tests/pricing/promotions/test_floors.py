"""Minimum prices: no discount pierces them, and what they keep back is told, or given by the other lines."""

from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import equal, one_of
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import (
    CombinationShare,
    FloorPolicy,
    PercentBase,
    PercentRounding,
    Policies,
    SpreadWeights,
    Stacking,
)
from tokolib.pricing.lost import Why
from tokolib.pricing.model import PriceLine, TierMode
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
from tokolib.pricing.promotions.giving.applying import apply
from tokolib.pricing.promotions.giving.stacking import stack
from tokolib.pricing.promotions.model import Promotion, Terms

SKUS = ("kopi", "teh", "gula")

prices = st.fixed_dictionaries(dict.fromkeys(SKUS, st.integers(1, 5_000)))
floors = st.dictionaries(st.sampled_from(SKUS), st.integers(0, 6_000), min_size=1)
targets = st.sampled_from([ALWAYS, equal("sku", "kopi"), one_of("sku", "kopi", "teh"), one_of("sku", "teh", "gula")])
values = st.one_of(
    st.builds(Percent, st.decimals("0.1", 100, places=1)),
    st.builds(AmountOff, st.integers(1, 6_000).map(IDR)),
    st.builds(FixedPrice, st.integers(0, 6_000).map(IDR)),
)
bought = st.builds(Part, st.integers(1, 2), targets, st.none(), st.sampled_from(Pick))
got = st.builds(Part, st.integers(1, 2), targets, values, st.sampled_from(Pick))
counts = st.dictionaries(st.integers(1, 5), values, min_size=1, max_size=3).map(
    lambda rows: [Step(*row) for row in rows.items()]
)
benefits = st.one_of(
    st.builds(Off, values, st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]), targets),
    st.builds(Tiered, counts, st.just(Measure.QUANTITY), st.sampled_from(TierMode), targets),
    st.builds(Combination, st.tuples(bought, got), st.none(), st.none()),
    st.builds(Combination, st.tuples(got, got, bought), st.none(), st.none()),
    st.builds(Combination, st.lists(bought, min_size=1, max_size=2), values, st.none()),
)
promotions = st.builds(
    lambda benefit, cap, lane: Terms("promo", benefit, cap=cap, lane=lane, currency="IDR"),
    benefits,
    st.none() | st.integers(1, 4_000).map(IDR),
    st.sampled_from(["", "", "a"]),
)
carts = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 6)), min_size=1, max_size=4).map(
    lambda rows: [PriceLine(f"l{i}", key, "", quantity) for i, (key, quantity) in enumerate(rows)]
)
policies = st.builds(
    Policies,
    stacking=st.sampled_from(Stacking),
    spread_weights=st.sampled_from(SpreadWeights),
    percent_base=st.sampled_from(PercentBase),
    percent_rounding=st.sampled_from(PercentRounding),
    floor=st.sampled_from(FloorPolicy),
    combination_share=st.sampled_from(CombinationShare),
)


def offered(terms):
    return [Promotion(f"prm_{i}", 1, each) for i, each in enumerate(terms)]


@given(carts, prices, floors, policies, st.lists(promotions, min_size=1, max_size=5))
def test_no_line_goes_below_its_floor(bench, lines, shelf, least, chosen, terms):
    """However many promotions apply, combinations too; a floor above the price leaves it as it is."""
    ground = bench.ground(lines, shelf, floors=least, policies=chosen)

    left = stack(bench.sift(lines, ground, offered(terms)).candidates, ground).applied.terrain.lines

    for i, line in enumerate(lines):
        assert left.rest[i] >= line.quantity * min(least.get(line.key, 0), shelf[line.key]) >= 0
        assert left.rest[i] + sum(amount for _, amount in left.taken[i]) == left.bases[i]


@given(carts, prices, floors, policies, promotions)
def test_what_a_floor_keeps_back_is_told(bench, lines, shelf, least, chosen, terms):
    """What is given and what a floor kept add up to what would be given without floors."""
    free = bench.ground(lines, shelf, policies=chosen)
    bound = bench.ground(lines, shelf, floors=least, policies=chosen)
    [promotion] = offered([terms])

    without = apply(bench.sift(lines, free, [promotion]).candidates, free)
    within = apply(bench.sift(lines, bound, [promotion]).candidates, bound)

    for _, granted in within.granted:
        assert granted.amount + granted.floored == without.given
    if without.given and not within.granted:
        assert [Why.FLOOR] == [lost.why for _, lost in within.idle]


@given(carts, prices, floors, policies, promotions)
def test_redistributed_gives_no_less_than_lost(bench, lines, shelf, least, chosen, terms):
    """What one line can't give the others do, until none of those that share in it has room."""
    [promotion] = offered([terms])

    def given_under(floor):
        ground = bench.ground(
            lines, shelf, floors=least, policies=Policies(floor=floor, combination_share=chosen.combination_share)
        )
        return apply(bench.sift(lines, ground, [promotion]).candidates, ground)

    lost, shared = given_under(FloorPolicy.LOST), given_under(FloorPolicy.REDISTRIBUTED)

    assert shared.given >= lost.given
    if terms.benefit == Off(Percent(100)) and terms.cap is None:
        assert shared.given == lost.given


def two_lines(bench, floor):
    lines = [PriceLine("a", "kopi", "", 1), PriceLine("b", "teh", "", 1)]
    ground = bench.ground(lines, {"kopi": 100, "teh": 100}, floors={"kopi": 90}, policies=Policies(floor=floor))
    candidate = bench.candidate(offered([Terms("p", Off(AmountOff(IDR(60))), currency="IDR")])[0], lines, ground)
    applied = apply([candidate], ground)
    return applied.terrain.lines.rest, applied.granted[0][1].floored


def test_a_floor_loses_its_part_or_hands_it_on(bench):
    """Of 60 off two equal lines, one of which has 10 to give, 40 are given, or all 60."""
    assert ([90, 70], 20) == two_lines(bench, FloorPolicy.LOST)
    assert ([90, 50], 0) == two_lines(bench, FloorPolicy.REDISTRIBUTED)


def test_a_line_that_gets_nothing_is_asked_for_nothing(bench):
    """What a floor keeps back goes to lines that share in the discount, and to no other, whatever room it has."""
    lines = [PriceLine("a", "kopi", "", 1), PriceLine("b", "teh", "", 1), PriceLine("c", "gula", "", 1)]
    ground = bench.ground(
        lines,
        {"kopi": 50, "teh": 50, "gula": 10},
        floors={"kopi": 49, "gula": 4},
        policies=Policies(floor=FloorPolicy.REDISTRIBUTED),
    )
    parts = [
        Part(1, equal("sku", "kopi"), AmountOff(IDR(50))),
        Part(1, equal("sku", "teh"), FixedPrice(IDR(60))),
        Part(1, equal("sku", "gula"), AmountOff(IDR(5))),
    ]
    candidate = bench.candidate(offered([Terms("p", Combination(parts), currency="IDR")])[0], lines, ground)

    applied = apply([candidate], ground)

    assert [49, 50, 4] == applied.terrain.lines.rest
    assert 48 == applied.granted[0][1].floored
