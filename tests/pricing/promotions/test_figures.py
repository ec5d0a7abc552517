"""Figures of promotions: nothing is left of 100 % off, shares are fair, funders bear all of it, limits hold."""

from fractions import Fraction

import attrs
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import equal, one_of
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import PercentRounding, Policies, Stacking
from tokolib.kernel.spread import RemainderRule
from tokolib.pricing.model import PriceLine
from tokolib.pricing.promotions.benefits import AmountOff, Combination, FixedPrice, Off, Part, Percent, Pick, Scope
from tokolib.pricing.promotions.model import Budget, Funding, Promotion, Terms
from tokolib.pricing.promotions.uses import claims, limited

SKUS = ("kopi", "teh", "gula")

prices = st.fixed_dictionaries(dict.fromkeys(SKUS, st.integers(1, 90_000)))
targets = st.sampled_from([ALWAYS, equal("sku", "kopi"), one_of("sku", "kopi", "teh")])
percents = st.builds(Percent, st.decimals("0.1", 100, places=1))
values = st.one_of(percents, st.builds(AmountOff, st.integers(1, 50_000).map(IDR)))
funders = st.sampled_from(
    [
        (),
        (Funding("platform", 100),),
        (Funding("platform", 60),),
        (Funding("bank", "33.3"), Funding("seller", "33.3")),
        (Funding("bank", 30), Funding("seller", 70)),
    ]
)
bought = st.builds(Part, st.integers(1, 2), targets, st.none(), st.sampled_from(Pick))
got = st.builds(Part, st.integers(1, 2), targets, values, st.sampled_from(Pick))
benefits = st.one_of(
    st.builds(Off, values, st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]), targets),
    st.builds(Off, st.builds(FixedPrice, st.integers(0, 50_000).map(IDR)), st.just(Scope.UNIT), targets),
    st.builds(Combination, st.tuples(bought, got), st.none(), st.none()),
)
carts = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 9)), min_size=1, max_size=5).map(
    lambda rows: [PriceLine(f"l{i}", key, "", quantity) for i, (key, quantity) in enumerate(rows)]
)
policies = st.builds(
    Policies,
    stacking=st.sampled_from(Stacking),
    remainder=st.sampled_from(RemainderRule),
    percent_rounding=st.sampled_from(PercentRounding),
)


def offered(terms):
    return [Promotion(f"prm_{i}", 1, each) for i, each in enumerate(terms)]


@given(
    carts,
    prices,
    policies,
    st.lists(st.builds(lambda benefit: Terms("p", benefit, currency="IDR"), benefits), max_size=3),
    st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]),
    st.booleans(),
)
def test_all_off_leaves_nothing(counter, lines, shelf, chosen, others, scope, included):
    """Whatever else applies, before or after it: goods at 100 % off cost zero, and so does their tax."""
    everything = Promotion("prm_all", 1, Terms("all", Off(Percent(100), scope)))

    priced = counter.ask(
        lines,
        prices=shelf,
        promotions=[*offered(others), everything],
        tax=counter.ppn,
        settings=counter.settings(chosen, prices_include_tax=included),
    )

    assert (0, 0) == (priced.total, priced.tax)
    assert [0] * len(lines) == [line.base - sum(each.amount for each in line.discounts) for line in priced.lines]


def test_all_off_leaves_nothing_of_an_uneven_line(counter):
    """Three units that cost 4,498 together, after another discount: at 100 % off each, nothing of them is left."""
    offered = [
        counter.promotion("a", Scope.UNIT, amount=IDR(1), unit_limit=2, priority=1),
        counter.promotion("b", Scope.UNIT, percent=100),
    ]

    assert 0 == counter.ask([counter.line("l", "teh", 3)], prices={"teh": 1_500}, promotions=offered).total


@given(carts, prices, values, targets, st.sampled_from(RemainderRule))
def test_shares_are_fair_to_within_one_rupiah(counter, lines, shelf, value, target, remainder):
    """Each targeted line bears its part of a discount off the order, in proportion to what it costs."""
    priced = counter.ask(
        lines,
        prices=shelf,
        promotions=offered([Terms("p", Off(value, Scope.ORDER, target), currency="IDR")]),
        settings=counter.settings(Policies(remainder=remainder)),
    )

    for granted in priced.granted:
        for line in priced.lines:
            fits = target is ALWAYS or line.line.key in target_keys(target)
            share = Fraction(granted.amount * line.base, granted.base) if fits else Fraction(0)
            assert abs(sum(each.amount for each in line.discounts) - share) < 1


def target_keys(target):
    return ("kopi",) if target == equal("sku", "kopi") else ("kopi", "teh")


terms = st.builds(
    lambda benefit, funding: Terms("p", benefit, funding=funding, currency="IDR"),
    benefits,
    funders,
)


@given(carts, prices, policies, st.lists(terms, min_size=1, max_size=4))
def test_funders_bear_every_discount_of_every_line(counter, lines, shelf, chosen, promotions):
    """Each bears its percentage of each line's part, to within one rupiah; the shop bears the rest."""
    offers = offered(promotions)
    funding = {each.id: {f.funder: f.percent for f in each.terms.funding} for each in offers}

    priced = counter.ask(lines, prices=shelf, promotions=offers, settings=counter.settings(chosen))

    given_by = dict.fromkeys((granted.promotion_id for granted in priced.granted), 0)
    for line in priced.lines:
        for id in given_by:
            parts = {each.funder: each.amount for each in line.discounts if each.promotion_id == id}
            whole = sum(parts.values())
            given_by[id] += whole
            percents = {**funding[id], "": 100 - sum(funding[id].values())}
            assert parts.keys() <= {name for name, percent in percents.items() if percent}
            assert all(abs(parts.get(name, 0) - whole * percent / 100) < 1 for name, percent in percents.items())
    assert given_by == {granted.promotion_id: granted.amount for granted in priced.granted}


@st.composite
def campaigns(draw):
    """Promotions that share the budgets of a campaign, some with a limit of units or of orders."""
    budget = Budget("maret", IDR(draw(st.integers(1, 200_000))))
    bank = Budget("maret", IDR(draw(st.integers(1, 100_000))), funder="bank")
    found = []
    for benefit in draw(st.lists(benefits, min_size=1, max_size=3)):
        by_units = isinstance(benefit, Combination) or benefit.scope is Scope.UNIT
        found.append(
            Terms(
                "p",
                benefit,
                usage_limit=draw(st.none() | st.integers(1, 4)),
                per_customer=draw(st.none() | st.integers(1, 2)),
                unit_limit=draw(st.none() | st.integers(1, 9)) if by_units else None,
                units_per_customer=draw(st.none() | st.integers(1, 4)) if by_units else None,
                funding=(Funding("bank", 40),),
                budgets=draw(st.sampled_from([(), (budget,), (budget, bank)])),
                currency="IDR",
            )
        )
    return found


@given(
    st.lists(st.tuples(carts, st.sampled_from(["siti", "budi"])), min_size=1, max_size=6), prices, policies, campaigns()
)
def test_no_limit_is_ever_exceeded(counter, orders, shelf, chosen, promotions):
    """Order by order: budgets, per funder too, units and uses, in all and by each customer."""
    offers = offered(promotions)
    used: dict[str, int] = {}

    for lines, customer in orders:
        priced = counter.ask(
            lines,
            prices=shelf,
            promotions=offers,
            used=used,
            facts={"customer": customer},
            settings=counter.settings(chosen),
        )
        for claim in limited(claims(priced.uses, customer)):
            used[claim.account] = used.get(claim.account, 0) + claim.amount
            assert used[claim.account] <= claim.limit

    assert all(amount > 0 for amount in used.values())


@given(carts, prices, st.integers(1, 20), values)
def test_the_first_units_have_it(counter, lines, shelf, limit, value):
    """Of a flash sale as many units are had as are left, and the others cost what they always did."""
    sale = Promotion("prm_p", 1, Terms("p", Off(value, Scope.UNIT), unit_limit=limit, currency="IDR"))
    whole = Promotion("prm_p", 1, attrs.evolve(sale.terms, unit_limit=None))
    units = sum(line.quantity for line in lines)

    priced = counter.ask(lines, prices=shelf, promotions=[sale])
    unlimited = counter.ask(lines, prices=shelf, promotions=[whole])

    for granted in priced.granted:
        assert min(units, limit) == granted.units
    assert priced.discount <= unlimited.discount
    if units <= limit:
        assert unlimited.discount == priced.discount


def test_three_promotions_share_one_budget(counter):
    """In one order too: what the first two take is gone for the third, which gives nothing rather than a part."""
    budget = Budget("maret", IDR(100))
    offered = [counter.promotion(f"p{n}", amount=IDR(40), budgets=(budget,)) for n in range(3)]

    priced = counter.ask([counter.line("a", "kopi")], prices={"kopi": 1_000}, promotions=offered)

    assert 80 == priced.discount
    assert [("prm_p2", "budget", "maret")] == [(e.promotion_id, e.lost.why, e.lost.by) for e in priced.lost]
