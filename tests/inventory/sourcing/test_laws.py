"""Laws of sourcing on small orders of every kind: a plan is the cheapest, and says how it comes to its cost."""

from collections.abc import Iterator
from random import Random

import attrs
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.inventory import LocationCost, SourcePlan, SourcingCost, SourcingDemand, source
from tokolib.kernel.money import IDR

PLACES = ("a", "b", "c", "d")
KEYS = ("x", "y", "z")
Asked = tuple[list[SourcingDemand], dict[tuple[str, str], int], SourcingCost]


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    """Up to four locations and five demands: kits, restrictions, weights, limits, and many plans of one cost."""
    places = PLACES[: draw(st.integers(1, 4))]
    amounts = st.sampled_from([0, 1, 2, 3, 5, 8])
    terms = {
        place: LocationCost(
            draw(amounts),
            draw(amounts),
            draw(st.dictionaries(st.sampled_from(KEYS), amounts)),
            draw(st.sampled_from([0, 0, 1_500])),
        )
        for place in places
    }
    cost = SourcingCost(
        currency=IDR,
        locations=terms,
        short=draw(st.sampled_from([0, 4, 30])),
        short_of=draw(st.dictionaries(st.sampled_from(KEYS), st.sampled_from([2, 50]))),
        split=draw(amounts),
        order=tuple(draw(st.permutations(places)))[: draw(st.integers(0, 4))],
        most_parcels=draw(st.none() | st.integers(1, 4)),
        grams={"x": 300, "y": 700, "z": 2_500},
    )
    within = st.none() | st.frozensets(st.sampled_from(places), min_size=1)
    demands = [
        SourcingDemand(
            f"line-{at}",
            draw(st.sampled_from(KEYS)),
            draw(st.integers(1, 3)),
            together=draw(st.sampled_from(["", "", "kit-1", "kit-2"])),
            locations=draw(within),
        )
        for at in range(draw(st.integers(1, 5)))
    ]
    levels = draw(st.dictionaries(st.tuples(st.sampled_from(places), st.sampled_from(KEYS)), st.integers(0, 5)))
    return demands, levels, cost


@st.composite
def crossings(draw: st.DrawFn) -> Asked:
    """One SKU, and demands that may leave from some locations only, so that one has to make room for another."""
    places = PLACES[:3]
    terms = {place: LocationCost(draw(st.integers(0, 3)), draw(st.integers(0, 3))) for place in places}
    within = st.frozensets(st.sampled_from(places), min_size=1)
    demands = [
        SourcingDemand(f"line-{at}", "x", draw(st.integers(1, 3)), locations=draw(within))
        for at in range(draw(st.integers(2, 5)))
    ]
    levels = {(place, "x"): draw(st.integers(0, 4)) for place in places}
    short = draw(st.sampled_from([2, 20]))
    return demands, levels, SourcingCost(currency=IDR, locations=terms, short=short, grams={"x": 1})


Sent = dict[tuple[str, str], int]
"""Steps by demand and location."""


def every_plan(asked: Asked) -> Iterator[tuple[Sent, list[int]]]:
    """Each plan that the levels allow, with the steps short of each demand: demand by demand, location by location."""
    demands, levels, cost = asked

    def go_on(
        at: int, left: dict[tuple[str, str], int], kits: dict[str, str | None]
    ) -> Iterator[tuple[Sent, list[int]]]:
        if at == len(demands):
            yield {}, []
            return
        each = demands[at]
        for part in parts(each, left, kits):
            rest = left | {(place, each.key): left[place, each.key] - steps for place, steps in part.items()}
            known = kits | ({each.together: next(iter(part), None)} if each.together else {})
            for sent, short in go_on(at + 1, rest, known):
                here = {(each.demand, place): steps for place, steps in part.items()}
                yield here | sent, [each.steps - sum(part.values()), *short]

    def parts(
        each: SourcingDemand, left: dict[tuple[str, str], int], kits: dict[str, str | None]
    ) -> Iterator[dict[str, int]]:
        allowed = [place for place in cost.locations if each.locations is None or place in each.locations]
        if each.together:
            ways = [kits[each.together]] if each.together in kits else [None, *allowed]
            for place in ways:
                if place is None:
                    yield {}
                elif place in allowed and left.get((place, each.key), 0) >= each.steps:
                    yield {place: each.steps}
            return
        yield from spread(each, allowed, each.steps, left)

    def spread(
        each: SourcingDemand, places: list[str], most: int, left: dict[tuple[str, str], int]
    ) -> Iterator[dict[str, int]]:
        if not places:
            yield {}
            return
        for steps in range(min(most, left.get((places[0], each.key), 0)) + 1):
            for others in spread(each, places[1:], most - steps, left):
                yield ({places[0]: steps} if steps else {}) | others

    for sent, short in go_on(0, levels, {}):
        if cost.most_parcels is None or len({place for _, place in sent}) <= cost.most_parcels:
            yield sent, short


def weighed(asked: Asked, sent: Sent, short: list[int]) -> tuple[int, int, int, list[int]]:
    """A plan's cost, then what breaks ties: steps short, locations, and their ranks from the least preferred on."""
    demands, _, cost = asked
    keys = {each.demand: each.key for each in demands}
    used = {place for _, place in sent}
    total = sum(cost.locations[place].use for place in used) + max(len(used) - 1, 0) * cost.split
    for (demand, place), steps in sent.items():
        terms, key = cost.locations[place], keys[demand]
        weight = -(-cost.grams[key] * terms.per_kilogram // 1_000)
        total += steps * (terms.per_step_of.get(key, terms.per_step) + weight)
    total += sum(cost.short_of.get(each.key, cost.short) * steps for each, steps in zip(demands, short, strict=True))
    rank = [*cost.order]
    return total, sum(short), len(used), sorted((rank.index(place) for place in used), reverse=True)


def told(asked: Asked, plan: SourcePlan) -> tuple[int, int, int, list[int]]:
    """The same of a plan that was chosen."""
    missing = {each.demand: each.steps for each in plan.short}
    sent = {(each.demand, each.location): each.steps for each in plan.allocations}
    return weighed(asked, sent, [missing.get(each.demand, 0) for each in asked[0]])


@given(questions() | crossings())
def test_the_plan_is_the_cheapest_of_all_with_ties_as_stated(asked):
    """On small orders it is exact: brute force finds nothing cheaper, and nothing of its cost that ties prefer."""
    plan = source(*asked)

    best = min(weighed(asked, sent, short) for sent, short in every_plan(asked))

    assert (True, best) == (plan.exact, told(asked, plan))
    assert best[0] == plan.total == plan.lower


@given(questions() | crossings())
def test_each_step_is_allocated_once_or_short(asked):
    """What leaves and what is short adds up to each demand, from allowed places, and no level is passed."""
    demands, levels, cost = asked
    plan = source(*asked)

    for each in demands:
        sent = [one for one in plan.allocations if one.demand == each.demand]
        short = sum(one.steps for one in plan.short if one.demand == each.demand)
        assert each.steps == sum(one.steps for one in sent) + short
        assert all(one.key == each.key and one.steps > 0 for one in sent)
        assert each.locations is None or {one.location for one in sent} <= each.locations
    for (place, key), level in levels.items():
        assert level >= sum(one.steps for one in plan.allocations if (one.location, one.key) == (place, key))
    assert {(one.location, one.key) for one in plan.allocations} <= levels.keys()
    assert len(plan.locations) <= (cost.most_parcels or len(PLACES))
    assert set(plan.locations) == {one.location for one in plan.allocations}


@given(questions())
def test_the_parts_of_a_kit_leave_together_or_not_at_all(asked):
    """Demands of one `together` leave whole, all from one location, or are all short whole."""
    plan = source(*asked)

    for kit in {each.together for each in asked[0] if each.together}:
        parts = {each.demand: each.steps for each in asked[0] if each.together == kit}
        sent = [each for each in plan.allocations if each.demand in parts]
        short = {each.demand: each.steps for each in plan.short if each.demand in parts}
        left = {each.demand: each.steps for each in sent}
        assert (left, short) in [(parts, {}), ({}, parts)]
        assert len({each.location for each in sent}) <= 1


@given(questions(), st.integers(0, 2**32))
def test_the_order_of_what_is_given_changes_nothing(asked, seed):
    """Demands, levels and costs in any order give the equal plan, with the equal explanation."""
    luck = Random(seed)

    def shuffled(values):
        return luck.sample(list(values), len(values))

    demands, levels, cost = asked
    again = attrs.evolve(
        cost,
        locations=dict(shuffled(cost.locations.items())),
        short_of=dict(shuffled(cost.short_of.items())),
        grams=dict(shuffled(cost.grams.items())),
    )

    assert source(*asked) == source(shuffled(demands), dict(shuffled(levels.items())), again)


@given(questions(), st.sampled_from(PLACES), st.sampled_from(KEYS), st.integers(1, 3))
def test_more_stock_never_costs_more(asked, place, key, more):
    """A plan that was possible stays possible when a level rises, so the exact plan is no dearer."""
    demands, levels, cost = asked
    place = place if place in cost.locations else "a"

    richer = levels | {(place, key): levels.get((place, key), 0) + more}

    assert source(demands, richer, cost).total <= source(demands, levels, cost).total


@given(questions())
def test_the_explanation_adds_up_to_the_cost(asked):
    """Every amount in the tree of reasons is the sum of those below it, and the root's is the plan's total."""
    plan = source(*asked)

    assert plan.total == plan.why.amount.amount == plan.parts.total
    for node in plan.why.walk():
        below = [each.amount.amount for each in node.children if each.amount is not None]
        assert not below or node.amount.amount == sum(below)
    for each in plan.why.walk():
        assert (each.code in {"inventory.source_goods", "inventory.source_short"}) == ("demand" in dict(each.values))
    assert all(plan.explain(locale) for locale in ("id", "en"))


@given(questions(), st.integers(0, 400))
@example(([SourcingDemand("l", "x", 1)], {}, SourcingCost(currency=IDR, locations={"a": LocationCost()}, short=0)), 0)
def test_a_search_cut_short_tells_the_truth(asked, work):
    """Whatever it may do, the plan is a plan, `lower` is below every other, and `exact` is said only if it is."""
    plan, best = source(*asked, work=work), source(*asked)

    assert plan.lower <= best.total <= plan.total
    assert plan.exact == (plan.lower == plan.total)
    assert ("inventory.source_exact" if plan.exact else "inventory.source_bounded") == plan.why.children[-1].code
    assert told(asked, plan)[0] == plan.total
