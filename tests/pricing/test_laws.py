"""Laws of pricing, for whatever cart and promotions: nothing is lost or negative, and order changes nothing."""

from decimal import Decimal

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from tokolib.conditions import at_least, one_of, overlaps
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.defaults import defaults
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import (
    AcrossBorders,
    CombinationShare,
    ContainedTax,
    DiscountBasis,
    FloorPolicy,
    PercentBase,
    PercentRounding,
    Policies,
    ShippingTax,
    SpreadBasis,
    SpreadWeights,
    Stacking,
    TaxBase,
    Thresholds,
)
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.kernel.spread import RemainderRule, Shares
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine, StatedPrice, TierMode
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
from tokolib.pricing.promotions.model import Funding, Promotion, Terms

SKUS = ("kopi", "teh", "gula", "susu")

prices = st.fixed_dictionaries({key: st.integers(0, 300_000) for key in SKUS})


@st.composite
def carts(draw):
    """One to six lines, some stated, some gifts, with ids that don't follow their order."""
    ids = draw(st.permutations("abcdef"))
    lines = []
    for id in ids[: draw(st.integers(1, 6))]:
        stated = draw(st.none() | st.integers(0, 5 * 10**8))
        lines.append(
            PriceLine(
                id,
                draw(st.sampled_from(SKUS)),
                "",
                draw(st.integers(1, 50)),
                tax_class=draw(st.sampled_from(["standard", "exempt"])),
                tags=draw(st.sampled_from([(), ("baru",), ("baru", "promo")])),
                stated=None if stated is None else StatedPrice(UnitPrice(stated, IDR), "system:host", "as agreed"),
                gift=draw(st.integers(0, 9)) == 0,
            )
        )
    return lines


charge_lists = st.lists(
    st.tuples(st.sampled_from(ChargeKind), st.integers(0, 60_000), st.sampled_from(["standard", "exempt"])), max_size=3
).map(lambda rows: [ChargeLine(f"c{i}", kind, "", amount, name) for i, (kind, amount, name) in enumerate(rows)])


targets = st.sampled_from([ALWAYS, one_of("sku", "kopi", "teh"), overlaps("tags", "baru"), at_least("quantity", 2)])
values = st.one_of(
    st.builds(Percent, st.decimals("0.01", 100, places=2)),
    st.builds(AmountOff, st.integers(1, 200_000).map(IDR)),
    st.builds(FixedPrice, st.integers(0, 80_000).map(IDR)),
)
steps = st.dictionaries(st.integers(0, 300_000), values, min_size=1, max_size=3).map(
    lambda rows: [Step(reached, value) for reached, value in rows.items()]
)
bands = st.dictionaries(st.integers(0, 300_000), st.builds(Percent, st.integers(1, 100)), min_size=1, max_size=3).map(
    lambda rows: [Step(reached, value) for reached, value in rows.items()]
)
counts = st.dictionaries(st.integers(1, 6), values, min_size=1, max_size=3).map(
    lambda rows: [Step(reached, value) for reached, value in rows.items()]
)
bought = st.builds(Part, st.integers(1, 3), targets, st.none(), st.sampled_from(Pick))
got = st.builds(Part, st.integers(1, 2), targets, values, st.sampled_from(Pick))
benefits = st.one_of(
    st.builds(Off, values, st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]), targets),
    st.builds(Off, values, st.sampled_from([Scope.SHIPPING, Scope.FEES])),
    st.builds(Tiered, steps, st.just(Measure.SUBTOTAL), st.just(TierMode.VOLUME), targets),
    st.builds(Tiered, bands, st.just(Measure.SUBTOTAL), st.just(TierMode.GRADUATED), targets),
    st.builds(Tiered, counts, st.just(Measure.QUANTITY), st.sampled_from(TierMode), targets),
    st.builds(Combination, st.tuples(bought, got), st.none(), st.none() | st.integers(1, 3)),
    st.builds(Combination, st.lists(bought, min_size=1, max_size=3), values, st.none() | st.integers(1, 3)),
)
"""Every way of giving something, over lines of the SKUs and tags that carts here have."""


@st.composite
def term_sets(draw):
    """Terms of any benefit, with and without cap, minimum and conditions."""
    benefit = draw(benefits)
    by_units = isinstance(benefit, Combination) or (isinstance(benefit, Off) and benefit.scope is Scope.UNIT)
    if by_units and isinstance(benefit, Off) and draw(st.booleans()):
        lane = draw(st.sampled_from(["", "a", "b"]))
        return Terms("shown", benefit, on_shelf=True, lane=lane, priority=draw(st.integers(0, 2)), currency="IDR")
    terms = Terms(
        "promo",
        benefit,
        draw(st.sampled_from([ALWAYS, at_least("quantity", 10), at_least("subtotal_after_discounts", 90_000)])),
        at_least=draw(st.none() | st.integers(1, 300_000).map(IDR)),
        cap=draw(st.none() | st.integers(1, 50_000).map(IDR)),
        priority=draw(st.integers(0, 2)),
        exclusive=draw(st.integers(0, 9)) == 0,
        stop=False,
        lane=draw(st.sampled_from(["", "", "a", "b"])),
        on_stated=draw(st.booleans()),
        unit_limit=draw(st.none() | st.integers(1, 5)) if by_units else None,
        funding=draw(st.sampled_from([(), (Funding("platform", 60),), (Funding("bank", 30), Funding("seller", 70))])),
        currency="IDR",
    )
    return terms if terms.exclusive else attrs.evolve(terms, stop=draw(st.integers(0, 9)) == 0)


promotion_lists = st.lists(term_sets(), max_size=5).map(
    lambda terms: [Promotion(f"prm_{i}", 1, each) for i, each in enumerate(terms)]
)

policies = st.builds(
    Policies,
    remainder=st.sampled_from(RemainderRule),
    spread_weights=st.sampled_from(SpreadWeights),
    spread_basis=st.sampled_from(SpreadBasis),
    shipping_tax=st.sampled_from(ShippingTax),
    stacking=st.sampled_from(Stacking),
    percent_base=st.sampled_from(PercentBase),
    percent_rounding=st.sampled_from(PercentRounding),
    thresholds=st.sampled_from(Thresholds),
    floor=st.sampled_from(FloorPolicy),
    combination_share=st.sampled_from(CombinationShare),
    discount_basis=st.sampled_from(DiscountBasis),
    tax_base=st.sampled_from(TaxBase),
    contained_tax=st.sampled_from(ContainedTax),
    across_borders=st.sampled_from(AcrossBorders),
    line_rounding=st.sampled_from(RoundingMode),
)
all_settings = st.builds(
    lambda chosen, included, profile: attrs.evolve(
        defaults("ID"), policies=chosen, prices_include_tax=included, tax_rounding=profile
    ),
    policies,
    st.booleans(),
    st.none() | st.builds(RoundingProfile, st.sampled_from(RoundingMode), st.sampled_from(RoundingLevel)),
)


def ask(counter, lines, charges, shelf, promotions, settings):
    rules = {"standard": counter.local, "exempt": counter.no_tax}
    return counter.ask(lines, charges, prices=shelf, promotions=promotions, tax=rules, settings=settings)


@given(carts(), charge_lists, prices, promotion_lists, all_settings)
def test_every_figure_adds_up(counter, lines, charges, shelf, promotions, settings):
    """Lines and charges are the total; base less discounts is net or total; net and tax are the total."""
    priced = ask(counter, lines, charges, shelf, promotions, settings)

    assert priced.total == sum(line.total for line in priced.lines) + sum(c.total for c in priced.charges)
    assert priced.total >= 0
    for line in priced.lines:
        rest = line.base - sum(each.amount for each in line.discounts)
        assert rest == (line.total if line.includes_tax else line.net)
        assert line.total == line.net + sum(each.amount for each in line.taxes)
        assert min(line.base, rest) >= 0
        assert line.net >= 0 or settings.policies.tax_base is not TaxBase.AFTER_DISCOUNTS
        assert all(each.amount > 0 for each in line.discounts)
    for charge in priced.charges:
        rest = charge.charge.amount - sum(each.amount for each in charge.discounts)
        assert rest == (charge.total if charge.includes_tax else charge.net)
        assert charge.total == charge.net + sum(each.amount for each in charge.taxes)
        assert rest >= 0


@given(carts(), charge_lists, prices, promotion_lists, all_settings)
def test_each_promotion_gives_what_it_says_and_no_more(counter, lines, charges, shelf, promotions, settings):
    """What a promotion gave is the sum of its discounts, within its rule, its cap and its base."""
    priced = ask(counter, lines, charges, shelf, promotions, settings)

    found: dict[str, int] = {}
    for part in (*priced.lines, *priced.charges):
        for each in part.discounts:
            found[each.promotion_id] = found.get(each.promotion_id, 0) + each.amount
    assert found == {granted.promotion_id: granted.amount for granted in priced.granted}
    assert priced.discount == sum(found.values())
    for granted in priced.granted:
        assert granted.amount <= min(granted.wanted, granted.base)


@given(carts(), charge_lists, prices, promotion_lists, all_settings, st.randoms())
def test_the_order_of_lines_and_promotions_changes_nothing(counter, lines, charges, shelf, promotions, settings, luck):
    """Every line costs the same, wherever it stands in the cart."""
    shuffled, other = luck.sample(lines, len(lines)), luck.sample(promotions, len(promotions))

    first = ask(counter, lines, charges, shelf, promotions, settings)
    second = ask(counter, shuffled, charges[::-1], shelf, other, settings)

    assert first.total == second.total
    assert {line.line.id: line for line in first.lines} == {line.line.id: line for line in second.lines}
    assert {each.charge.id: each for each in first.charges} == {each.charge.id: each for each in second.charges}
    assert [line.id for line in shuffled] == [line.line.id for line in second.lines]


@given(carts(), charge_lists, prices, promotion_lists, all_settings, term_sets())
def test_a_promotion_that_does_not_apply_changes_nothing(counter, lines, charges, shelf, promotions, settings, terms):
    """However exclusive, and however high its priority: with unmet conditions it only loses."""
    never = Promotion("prm_never", 1, attrs.evolve(terms, priority=9, conditions=at_least("subtotal", 10**15)))

    without = ask(counter, lines, charges, shelf, promotions, settings)
    with_it = ask(counter, lines, charges, shelf, [*promotions, never], settings)

    assert without.lines == with_it.lines
    assert without.charges == with_it.charges
    assert without.granted == with_it.granted
    assert without.total == with_it.total


@given(carts(), prices, promotion_lists, all_settings)
def test_no_promotion_is_both_granted_and_lost(counter, lines, shelf, promotions, settings):
    """One that the cart doesn't touch is passed over; every other is granted, or lost with its reason."""
    priced = ask(counter, lines, [], shelf, promotions, settings)

    granted = [each.promotion_id for each in priced.granted]
    lost = [each.promotion_id for each in priced.lost]
    assert len(granted) + len(lost) == len({*granted, *lost})
    assert {*granted, *lost} <= {each.id for each in promotions}


@given(carts(), prices, promotion_lists, all_settings)
def test_discounts_of_a_line_spread_on_to_its_units(counter, lines, shelf, promotions, settings):
    """Every unit's share is within its base, so any part of a line can be cancelled or returned."""
    priced = ask(counter, lines, [], shelf, promotions, settings)

    for line in priced.lines:
        shares = Shares(line.line.quantity, line.base, tuple(each.amount for each in line.discounts))
        units = [shares.between(n, n + 1) for n in range(line.line.quantity)]
        assert all(unit.rest >= 0 and min(unit.deductions, default=0) >= 0 for unit in units)
        assert shares.rest == sum(unit.rest for unit in units)


@given(st.integers(1, 10**6), st.integers(1, 60), st.integers(1, 60))
def test_two_lines_of_a_sku_reach_the_tier_that_one_would(counter, amount, first, second):
    """A cart that keeps lines apart doesn't cost more than one that merges them."""
    assume(amount > 10)
    book = counter.book({})
    book = attrs.evolve(book, prices=(counter.price("a", IDR(amount), tiers={25: IDR(amount - 5)}),))

    apart = counter.ask([counter.line("a1", "a", first), counter.line("a2", "a", second)], book=book)
    together = counter.ask([counter.line("a", None, first + second)], book=book)

    assert together.total == apart.total


@given(st.integers(0, 10**9), st.decimals("0.0001", 100, places=4))
def test_a_percentage_is_rounded_once(counter, amount, percent):
    """The discount is the exact percentage, rounded half up."""
    exact = Decimal(amount) * percent / 100

    priced = counter.ask(
        [counter.line("a")], prices={"a": amount}, promotions=[counter.promotion("p", percent=percent)]
    )

    assert abs(priced.discount - exact) <= Decimal("0.5")
