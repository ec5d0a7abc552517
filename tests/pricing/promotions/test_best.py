"""The best combination against brute force: no set that may stand gives more, whatever the promotions and policies."""

from itertools import combinations as pairs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import at_least, at_most, equal, one_of
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import (
    CombinationShare,
    FloorPolicy,
    PercentBase,
    PercentRounding,
    Policies,
    SpreadWeights,
    Stacking,
    Thresholds,
)
from tokolib.pricing.lost import Why
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine, TierMode
from tokolib.pricing.promotions.benefits import (
    AmountOff,
    Combination,
    FixedPrice,
    Gift,
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
from tokolib.pricing.promotions.giving.bounds import is_smooth, most_alone, slack
from tokolib.pricing.promotions.giving.search import LARGEST_SEARCH, best
from tokolib.pricing.promotions.giving.stacking import stack
from tokolib.pricing.promotions.giving.standing import conflict
from tokolib.pricing.promotions.model import Budget, Funding, Promotion, Terms

SKUS = ("kopi", "teh", "gula")

# Prices in whole hundreds, as shops have them, and odd ones, on which every rounding shows.
amounts = st.one_of(st.integers(1, 40).map(lambda n: n * 100), st.integers(1, 60))
prices = st.fixed_dictionaries(dict.fromkeys(SKUS, amounts))
floors = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 3_000), max_size=2)
targets = st.sampled_from([ALWAYS, equal("sku", "kopi"), one_of("sku", "kopi", "teh"), one_of("sku", "teh", "gula")])
percents = st.builds(Percent, st.one_of(st.integers(1, 100), st.decimals("0.1", 50, places=1)))
values = st.one_of(
    percents,
    st.builds(AmountOff, st.integers(1, 3_000).map(IDR)),
    st.builds(FixedPrice, st.integers(0, 3_000).map(IDR)),
)


def steps(firsts, given):
    return st.dictionaries(firsts, given, min_size=1, max_size=3).map(lambda rows: [Step(*row) for row in rows.items()])


bought = st.builds(Part, st.integers(1, 2), targets, st.none(), st.sampled_from(Pick))
got = st.builds(Part, st.integers(1, 2), targets, values, st.sampled_from(Pick))
benefits = st.one_of(
    st.builds(Off, values, st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]), targets),
    st.builds(Off, values, st.sampled_from([Scope.SHIPPING, Scope.FEES])),
    st.builds(
        Tiered, steps(st.integers(0, 6_000), values), st.just(Measure.SUBTOTAL), st.just(TierMode.VOLUME), targets
    ),
    st.builds(
        Tiered, steps(st.integers(0, 6_000), percents), st.just(Measure.SUBTOTAL), st.just(TierMode.GRADUATED), targets
    ),
    st.builds(Tiered, steps(st.integers(1, 6), values), st.just(Measure.QUANTITY), st.sampled_from(TierMode), targets),
    st.builds(Combination, st.tuples(bought, got), st.none(), st.none() | st.integers(1, 2)),
    st.builds(Combination, st.lists(bought, min_size=1, max_size=2), values, st.none() | st.integers(1, 2)),
    st.just(Gift("payung")),
)
lanes = st.sampled_from(["", "", "a", "b"])
conditions = st.sampled_from(
    [
        ALWAYS,
        ALWAYS,
        ALWAYS,
        at_least("subtotal_after_discounts", 2_000),
        at_most("subtotal_after_discounts", 4_000),
    ]
)


@st.composite
def term_sets(draw):
    """Terms of any benefit, that stand beside others or not, with whatever keeps them from giving all they say."""
    benefit = draw(benefits)
    by_units = isinstance(benefit, Combination) or (isinstance(benefit, Off) and benefit.scope is Scope.UNIT)
    exclusive = draw(st.integers(0, 5)) == 0
    free = st.none()
    return Terms(
        "promo",
        benefit,
        draw(conditions),
        at_least=draw(free | free | st.integers(1, 6_000).map(IDR)),
        cap=draw(free | free | st.integers(1, 2_000).map(IDR)),
        priority=draw(st.integers(0, 2)),
        exclusive=exclusive,
        stop=not exclusive and draw(st.integers(0, 7)) == 0,
        lane=draw(lanes),
        combines_with=None if exclusive else draw(free | free | st.just(("",)) | st.just(("b", ""))),
        unit_limit=draw(free | st.integers(1, 5)) if by_units else None,
        funding=draw(st.sampled_from([(), (Funding("bank", 30),)])),
        budgets=draw(st.sampled_from([(), (), (), (Budget("maret", IDR(1_500)),)])),
        currency="IDR",
    )


promotion_lists = st.lists(term_sets(), min_size=2, max_size=6).map(
    lambda terms: [Promotion(f"prm_{i}", 1, each) for i, each in enumerate(terms)]
)
carts = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 6)), min_size=1, max_size=4).map(
    lambda rows: [PriceLine(f"l{i}", key, "", quantity) for i, (key, quantity) in enumerate(rows)]
)
charge_lists = st.lists(st.tuples(st.sampled_from(ChargeKind), st.integers(0, 2_000)), max_size=2).map(
    lambda rows: [ChargeLine(f"c{i}", kind, "", amount) for i, (kind, amount) in enumerate(rows)]
)
policies = st.builds(
    Policies,
    stacking=st.just(Stacking.BEST),
    spread_weights=st.sampled_from(SpreadWeights),
    percent_base=st.sampled_from(PercentBase),
    percent_rounding=st.sampled_from(PercentRounding),
    thresholds=st.sampled_from(Thresholds),
    floor=st.sampled_from(FloorPolicy),
    combination_share=st.sampled_from(CombinationShare),
)


def standing(candidates):
    """Every set that may stand, those with the promotions that decide first coming first."""
    if not candidates:
        yield ()
        return
    first, *others = candidates
    for rest in standing([each for each in others if conflict(each, first) is None]):
        yield (first, *rest)
    yield from standing(others)


def worth(applied):
    """What counts: what the customer is given, then gifts."""
    gifts = [granted for _, granted in applied.granted if granted.gift is not None]
    return applied.given, len(gifts)


def brute(candidates, ground):
    """The best of all sets, the first of equals, less those in it that came to nothing."""
    found, ids = (-1, 0), ()
    for chosen in standing(candidates):
        applied = apply(chosen, ground)
        if worth(applied) > found:
            found, ids = worth(applied), tuple(sorted(granted.promotion_id for _, granted in applied.granted))
    return found, ids


@given(carts, prices, charge_lists, floors, policies, promotion_lists)
def test_no_set_that_may_stand_gives_more(bench, lines, shelf, charges, least, chosen, promotions):
    """All sets were compared; of equals it is the one with more gifts, then whose promotions decide first."""
    ground = bench.ground(lines, shelf, charges, floors=least, policies=chosen)
    candidates = bench.sift(lines, ground, promotions, charges).candidates

    outcome = stack(candidates, ground)

    ids = tuple(sorted(granted.promotion_id for _, granted in outcome.applied.granted))
    assert brute(candidates, ground) == (worth(outcome.applied), ids)
    assert outcome.search is None or outcome.search.proved


@given(carts, prices, charge_lists, floors, policies, promotion_lists)
def test_bounds_bound(bench, lines, shelf, charges, least, chosen, promotions):
    """In no company does a promotion give more than its bound; nor do smooth ones more than all of them, and slack."""
    ground = bench.ground(lines, shelf, charges, floors=least, policies=chosen)
    check_bounds(bench.sift(lines, ground, promotions, charges).candidates, ground)


def check_bounds(candidates, ground):
    """In every company, each within its bound, and smooth ones within what all of them give together."""
    smooth = [each for each in candidates if is_smooth(each, ground)]
    together = apply(smooth, ground).given + sum(slack(each, ground) for each in smooth)
    rough = [each for each in candidates if each not in smooth]
    for size in range(len(candidates) + 1):
        for some in pairs(candidates, size):
            applied = apply(some, ground)
            assert all(granted.amount <= most_alone(each, ground) for each, granted in applied.granted)
            assert applied.given <= together + sum(most_alone(each, ground) for each in rough if each in some)


@pytest.mark.parametrize(
    ("benefit", "weights", "when"),
    [
        (Off(Percent(50), Scope.ORDER), SpreadWeights.AFTER_DISCOUNTS, at_least("subtotal_after_discounts", 15_000)),
        (Off(FixedPrice(IDR(10_000)), Scope.ORDER), SpreadWeights.AFTER_DISCOUNTS, ALWAYS),
        (Off(Percent(50), Scope.ORDER), SpreadWeights.BEFORE_DISCOUNTS, ALWAYS),
        (Off(Percent(50), Scope.ORDER), SpreadWeights.AFTER_DISCOUNTS, ALWAYS),
        (Off(AmountOff(IDR(10_000)), Scope.ORDER), SpreadWeights.AFTER_DISCOUNTS, ALWAYS),
        (Tiered([Step(15_000, Percent(50))]), SpreadWeights.AFTER_DISCOUNTS, ALWAYS),
    ],
)
def test_more_promotions_may_give_less(bench, benefit, weights, when):
    """What is taken off one line before a price for both leaves less to what comes after it: no bound relies on it."""
    lines = [PriceLine("a", "kopi", "", 1), PriceLine("b", "teh", "", 1)]
    coffee = equal("sku", "kopi")
    terms = [
        Terms("before", Off(AmountOff(IDR(9_000)), Scope.LINE, coffee), currency="IDR"),
        Terms("between", benefit, when, priority=2, currency="IDR"),
        Terms("after", Off(Percent(100), Scope.ORDER, coffee)),
    ]
    promotions = [Promotion(f"prm_{n}", 1, each) for n, each in enumerate(terms)]
    policies = Policies(stacking=Stacking.BEST, spread_weights=weights)
    ground = bench.ground(lines, {"kopi": 10_000, "teh": 10_000}, policies=policies)
    candidates = bench.sift(lines, ground, promotions).candidates

    check_bounds(candidates, ground)
    assert brute(candidates, ground)[0] == worth(stack(candidates, ground).applied)


@given(carts, prices, policies, promotion_lists, st.integers(0, 6))
def test_a_search_that_stops_says_so(bench, lines, shelf, chosen, promotions, most):
    """What it has found by then may stand; and what it says is proved, is."""
    ground = bench.ground(lines, shelf, policies=chosen)
    candidates = bench.sift(lines, ground, promotions).candidates

    found = best(candidates, ground, most=most)

    assert all(conflict(one, other) is None for one, other in pairs(found.chosen, 2))
    assert found.search.tried <= most
    if found.search.proved:
        assert brute(candidates, ground)[0] == worth(apply(found.chosen, ground))


def ten(counter):
    """What a shop runs in a busy month: two lanes, overlapping goods, a minimum, a set, and one that stands alone."""
    return [
        counter.promotion("kopi", Scope.LINE, percent=10, target=equal("sku", "kopi"), lane="goods"),
        counter.promotion("minuman", Scope.LINE, percent=8, target=one_of("sku", "kopi", "teh"), lane="goods"),
        counter.promotion("teh", Scope.LINE, amount=IDR(5_000), target=equal("sku", "teh")),
        counter.promotion("manis", Scope.LINE, percent=15, target=one_of("sku", "gula", "susu"), lane="goods"),
        counter.promotion("maret", percent=12, cap=IDR(30_000), lane="month"),
        counter.promotion("gajian", amount=IDR(25_000), at_least=IDR(200_000), lane="month"),
        counter.promotion("anggota", percent=5),
        counter.promotion(
            "tiga", benefit=Combination((Part(2), Part(1, value=Percent(100), pick=Pick.CHEAPEST)), times=1)
        ),
        counter.promotion("ongkir", Scope.SHIPPING, percent=50, cap=IDR(10_000)),
        counter.promotion("sendiri", percent=20, exclusive=True),
    ]


def busy_cart(counter):
    lines = [counter.line(f"l{n:02}", key, 1 + n % 3) for n, key in enumerate(("kopi", "teh", "gula", "susu") * 3)]
    return lines, {"kopi": 75_000, "teh": 32_000, "gula": 18_500, "susu": 21_900}


def test_a_busy_month_is_proved(counter):
    """Ten promotions on overlapping lines, two lanes, one that stands alone: a few dozen sets are enough."""
    lines, shelf = busy_cart(counter)
    settled = counter.settings(Policies(stacking=Stacking.BEST))

    priced = counter.ask(lines, [counter.shipping(18_000)], prices=shelf, promotions=ten(counter), settings=settled)

    assert priced.search is not None
    assert priced.search.proved
    assert priced.search.tried < LARGEST_SEARCH // 5


@pytest.mark.parametrize("percent", [1, 5])
def test_forty_that_stand_together_are_all_taken(counter, percent):
    """Nothing is to be weighed, so next to nothing is tried."""
    lines, shelf = busy_cart(counter)
    offered = [counter.promotion(f"p{n:02}", Scope.LINE, percent=percent) for n in range(40)]

    priced = counter.ask(
        lines, prices=shelf, promotions=offered, settings=counter.settings(Policies(stacking=Stacking.BEST))
    )

    assert priced.search is not None
    assert priced.search.proved
    assert 40 == len(priced.granted)


def test_forty_that_wait_for_one_another_stop_at_the_bound(counter):
    """Forty combinations over the same few units are too many to compare: what was found stands, and says so."""
    lines, shelf = [counter.line("a", "kopi", 3), counter.line("b", "teh", 3)], {"kopi": 75_000, "teh": 32_000}
    offered = [
        counter.promotion(f"p{n:02}", benefit=Combination((Part(1), Part(1, value=Percent(10 + n % 7))), times=1))
        for n in range(40)
    ]

    priced = counter.ask(
        lines, prices=shelf, promotions=offered, settings=counter.settings(Policies(stacking=Stacking.BEST))
    )

    assert priced.search is not None
    assert not priced.search.proved
    assert priced.search.tried <= LARGEST_SEARCH
    assert priced.discount > 0
    assert "pricing.not_proved" in [each.code for each in priced.reason.walk()]


@pytest.mark.parametrize("most", [1, 2, 20])
def test_a_shop_says_how_many_sets_are_tried(counter, most):
    """So many, and what was found by then holds."""
    lines, shelf = busy_cart(counter)
    best_of_few = counter.settings(Policies(stacking=Stacking.BEST), limits=Limits(combinations=most))

    priced = counter.ask(lines, prices=shelf, promotions=ten(counter), settings=best_of_few)

    assert priced.search is not None
    assert (most, False) == (priced.search.tried, priced.search.proved)
    assert priced.discount > 0


def test_what_comes_to_nothing_keeps_no_gift_out(counter):
    """A promotion that stands alone and finds its minimum unmet by the others leaves the gift to the customer."""
    alone = counter.promotion(
        "a", percent=10, exclusive=True, priority=9, conditions=at_least("subtotal_after_discounts", 10**6)
    )
    gift = counter.promotion("b", benefit=Gift("payung"))

    priced = counter.ask(
        [counter.line("a", "kopi")],
        prices={"kopi": 100},
        promotions=[alone, gift],
        settings=counter.settings(Policies(stacking=Stacking.BEST)),
    )

    assert ["prm_b"] == [granted.promotion_id for granted in priced.gifts]
    assert [("prm_a", Why.EXCLUSIVE)] == [(each.promotion_id, each.lost.why) for each in priced.lost]


def test_who_loses_to_nobody_is_told_why(counter):
    """What a minimum kept from giving says so, also where the best combination was looked for."""
    waiting = counter.promotion("a", percent=10, conditions=at_least("subtotal_after_discounts", 10**6))
    other = counter.promotion("b", percent=5)

    priced = counter.ask(
        [counter.line("a", "kopi")],
        prices={"kopi": 100},
        promotions=[waiting, other],
        settings=counter.settings(Policies(stacking=Stacking.BEST)),
    )

    assert [("prm_a", Why.CONDITIONS)] == [(each.promotion_id, each.lost.why) for each in priced.lost]


def test_two_that_stand_together_beat_two_that_stand_alone(counter):
    """Whoever excludes all others doesn't make these exclude one another."""
    offered = [
        counter.promotion("a", amount=IDR(100), exclusive=True, priority=9),
        counter.promotion("b", amount=IDR(90), exclusive=True, priority=8),
        counter.promotion("c", amount=IDR(80)),
        counter.promotion("d", amount=IDR(80)),
    ]

    priced = counter.ask(
        [counter.line("l", "kopi")],
        prices={"kopi": 1_000},
        promotions=offered,
        settings=counter.settings(Policies(stacking=Stacking.BEST)),
    )

    assert ["prm_c", "prm_d"] == [granted.promotion_id for granted in priced.granted]
    assert priced.search is not None
    assert priced.search.proved
