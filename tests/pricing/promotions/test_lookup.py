"""Looking promotions up finds exactly those that asking each of them would, and costs nothing for the others."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.conditions import at_least, at_most, equal, one_of, overlaps
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import Policies, Thresholds
from tokolib.pricing.errors import TooManyEvaluations
from tokolib.pricing.model import PriceLine
from tokolib.pricing.promotions.benefits import AmountOff, Combination, Gift, Off, Part, Percent, Pick, Scope
from tokolib.pricing.promotions.eligible import Question, sift
from tokolib.pricing.promotions.giving.applying import apply
from tokolib.pricing.promotions.model import Promotion, Terms
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.ready import ready
from tokolib.pricing.promotions.rules import RuleSet

SKUS = ("kopi", "teh", "gula")
NOW = datetime(2026, 1, 31, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

leaves = st.sampled_from(
    [
        equal("channel", "web"),
        one_of("channel", "web", "toko"),
        overlaps("customer_groups", "grosir", "anggota"),
        at_least("subtotal", 500),
        at_most("subtotal", 900),
        at_least("quantity", 3),
        overlaps("skus", "kopi"),
        overlaps("categories", "minuman"),
        at_least("subtotal_after_discounts", 400),
    ]
)
conditions = st.recursive(
    st.just(ALWAYS) | leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] | two[1]),
        inner.map(lambda one: ~one),
    ),
    max_leaves=4,
)
of_line = st.sampled_from(
    [
        equal("sku", "kopi"),
        one_of("sku", "teh", "gula"),
        overlaps("categories", "minuman"),
        overlaps("tags", "baru"),
        at_least("quantity", 2),
        at_least("unit_price", 50),
    ]
)
targets = st.recursive(
    st.just(ALWAYS) | of_line,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] | two[1]),
        inner.map(lambda one: ~one),
    ),
    max_leaves=4,
)
benefits = st.one_of(
    st.builds(Off, st.just(Percent(10)), st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]), targets),
    st.builds(
        lambda first, second: Combination((Part(1, first), Part(1, second, Percent(50), Pick.CHEAPEST))),
        targets,
        targets,
    ),
    st.just(Gift("payung")),
)
bounds = st.none() | st.integers(-3, 3)


@st.composite
def promotions(draw, id):
    since, until = draw(bounds), draw(bounds)
    terms = Terms(
        id,
        draw(benefits),
        draw(conditions),
        at_least=draw(st.none() | st.integers(1, 900).map(IDR)),
        priority=draw(st.integers(0, 2)),
        since=None if since is None else NOW + since * DAY,
        until=None if until is None else NOW + until * DAY,
        currency=draw(st.sampled_from(["IDR", "IDR", "USD"])),
    )
    return Promotion(f"prm_{id}", 1, terms, active=draw(st.integers(0, 5)) > 0)


@st.composite
def rule_sets(draw):
    return [draw(promotions(f"{n:02}")) for n in range(draw(st.integers(1, 12)))]


carts = st.lists(
    st.tuples(
        st.sampled_from(SKUS),
        st.integers(1, 4),
        st.sampled_from([(), ("minuman",), ("minuman", "manis")]),
        st.sampled_from([(), ("baru",)]),
    ),
    min_size=1,
    max_size=5,
).map(
    lambda rows: [
        PriceLine(f"l{i}", key, "", quantity, categories=categories, tags=tags)
        for i, (key, quantity, categories, tags) in enumerate(rows)
    ]
)
prices = st.fixed_dictionaries(dict.fromkeys(SKUS, st.integers(0, 300)))
known = st.fixed_dictionaries(
    {},
    optional={
        "channel": st.sampled_from(["web", "toko", "lain"]),
        "customer_groups": st.sampled_from([frozenset(), frozenset({"grosir"}), frozenset({"anggota", "staf"})]),
    },
)
instants = st.lists(
    st.tuples(st.integers(-4, 4), st.sampled_from([-SECOND, 0 * SECOND, SECOND])), min_size=1, max_size=5
)


class AskedOneByOne(RuleSet):
    """The same promotions without an index: every one is asked."""

    def at(self, now, minimum_fact):
        return self

    def touched(self, lines, facts):
        return [(ready(each), None) for each in self.promotions]


@given(carts, prices, rule_sets(), known, instants, st.sampled_from(Thresholds))
def test_the_index_finds_what_asking_all_would(bench, lines, shelf, offered, facts, moments, thresholds):
    """At every instant around their dates, forward and back: the same candidates with the same lines.

    Only those whose conditions are asked when their turn comes, and don't hold then, may be passed over before.
    """
    indexed, plain = RuleSet(offered), AskedOneByOne(offered)

    for day, off in moments:
        ground = bench.ground(
            lines,
            shelf,
            facts={**facts, "now": NOW + day * DAY + off},
            policies=Policies(thresholds=thresholds),
        )
        found, asked = (
            sift(Question(Offers(rules), ground.facts, IDR, lines, ground, (), "UTC", 250_000), ())
            for rules in (indexed, plain)
        )
        late = [each for each in asked.candidates if each.rule.asks_late and not apply([each], ground).granted]
        needless = [each for each in _told(late) if each not in _told(found.candidates)]
        assert [each for each in _told(asked.candidates) if each not in needless] == _told(found.candidates)
        refused = [(each.promotion_id, each.lost) for each in asked.refusals]
        assert all((each.promotion_id, each.lost) in refused for each in found.refusals)


def _told(candidates):
    return [(each.promotion.id, each.targets) for each in candidates]


def test_an_index_without_a_clock_holds_everything(bench):
    """Dates are then refused one by one, since nobody knows what time it is."""
    dated = Promotion("prm_a", 1, Terms("a", Off(Percent(10)), since=NOW))
    lines = [PriceLine("a", "kopi", "", 1)]
    ground = bench.ground(lines, {"kopi": 100}, facts={"now": None})

    sifted = bench.sift(lines, ground, [dated])

    assert (0, ["no_clock"]) == (len(sifted.candidates), [each.lost.why for each in sifted.refusals])


def others(counter, count):
    """Promotions on other goods, channels, groups and sums than any cart of these tests has."""
    kinds = [
        lambda n: {"target": equal("sku", f"lain-{n}")},
        lambda n: {"target": overlaps("categories", f"lain-{n}")},
        lambda n: {"conditions": equal("channel", f"lain-{n}")},
        lambda n: {"conditions": overlaps("customer_groups", f"lain-{n}")},
    ]
    return [counter.promotion(f"o{n:04}", percent=5, **kinds[n % len(kinds)](n)) for n in range(count)]


def test_what_cannot_apply_is_never_asked(counter):
    """995 promotions on other goods take no more comparisons than none."""
    lines = [counter.line(f"l{n:02}", f"sku-{n}", categories=("minuman",)) for n in range(20)]
    shelf = {f"sku-{n}": 1_000 for n in range(20)}
    five = [
        counter.promotion("a", percent=5),
        counter.promotion("b", Scope.LINE, percent=5, target=equal("sku", "sku-3")),
        counter.promotion("c", Scope.LINE, percent=5, target=overlaps("categories", "minuman")),
        counter.promotion("d", amount=IDR(500), at_least=IDR(5_000)),
        counter.promotion("e", percent=5, conditions=equal("channel", "web")),
    ]

    counts = [
        counter.ask(lines, prices=shelf, promotions=[*five, *others(counter, n)], facts={"channel": "web"}).evaluations
        for n in (0, 100, 995)
    ]

    assert [counts[0]] * 3 == counts


def test_comparisons_grow_with_lines_and_no_faster(counter):
    """Twice the lines take at most twice the comparisons."""
    offered = [
        counter.promotion(f"p{n}", Scope.LINE, percent=5, target=at_least("unit_price", n) & at_least("quantity", 1))
        for n in range(10)
    ]

    def count(lines: int) -> int:
        cart = [counter.line(f"l{n:03}", f"sku-{n}") for n in range(lines)]
        return counter.ask(cart, prices={f"sku-{n}": 10 for n in range(lines)}, promotions=offered).evaluations

    counts = [count(lines) for lines in (25, 50, 100, 200)]
    assert all(0 < more <= 2 * less for less, more in pairwise(counts))


def heavy(counter):
    """500 lines and 1,000 promotions whose targets nothing can look up."""
    lines = [counter.line(f"l{n:03}", f"sku-{n}") for n in range(500)]
    offered = [
        counter.promotion(f"p{n:04}", Scope.LINE, amount=IDR(1), target=at_least("unit_price", n), lane="one")
        for n in range(1_000)
    ]
    return lines, {f"sku-{n}": 1_000 for n in range(500)}, offered


def test_five_hundred_lines_under_a_thousand_promotions_stop_at_the_limit(counter):
    """Half a million comparisons are refused at the limit, with the way out; nothing goes on for ever."""
    lines, shelf, offered = heavy(counter)

    with pytest.raises(TooManyEvaluations) as caught:
        counter.ask(lines, prices=shelf, promotions=offered)

    assert (250_000, 500, 1_000) == (caught.value.most, caught.value.lines, caught.value.rules)
    assert "looked up" in caught.value.hint


def test_a_shop_may_allow_more_comparisons(counter):
    """The limit is the shop's own; within it the largest cart is priced, and the comparisons are told."""
    lines, shelf, offered = heavy(counter)
    settings = counter.settings(limits=Limits(evaluations=60_000))

    priced = counter.ask(lines[:50], prices=shelf, promotions=offered, settings=settings)

    assert 50_000 == priced.evaluations
    assert 50 == priced.discount


def test_a_discount_on_nothing_is_no_candidate(bench):
    """A line that costs nothing is no target; a promotion without targets is told so."""
    lines = [PriceLine("a", "kopi", "", 1)]
    ground = bench.ground(lines, {"kopi": 0})

    sifted = bench.sift(lines, ground, [Promotion("prm_a", 1, Terms("a", Off(AmountOff(IDR(1))), currency="IDR"))])

    assert ["no_target"] == [each.lost.why for each in sifted.refusals]


def test_a_promotion_begins_with_its_first_instant(bench):
    """Also where the same rules were asked a second before, and what they had filed then was still at hand."""
    rules = RuleSet([Promotion("prm_a", 1, Terms("a", Off(Percent(10)), since=NOW, until=NOW + DAY))])
    lines = [PriceLine("a", "kopi", "", 1)]

    def runs(now):
        ground = bench.ground(lines, {"kopi": 100}, facts={"now": now})
        return bool(sift(Question(Offers(rules), ground.facts, IDR, lines, ground, (), "UTC", 100), ()).candidates)

    moments = (NOW - SECOND, NOW, NOW + DAY - SECOND, NOW + DAY, NOW)
    assert [False, True, True, False, True] == [runs(now) for now in moments]
