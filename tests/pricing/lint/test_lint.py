"""What a look over the promotions finds, told by examples; and what it calls certain, held against the engine."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tokolib.conditions import all_of, any_of, at_least, during, equal, less_than, one_of, overlaps
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.money import IDR, Money, currency
from tokolib.kernel.policies import Policies, Stacking, Thresholds
from tokolib.pricing.lint.findings import Good, Known, Severity
from tokolib.pricing.lint.lint import NEVER, lint
from tokolib.pricing.lint.losing import ALWAYS_KNOWN, implies
from tokolib.pricing.lint.wording import WORDING
from tokolib.pricing.model import PriceLine
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
from tokolib.pricing.promotions.model import Budget, Coupon, Promotion, Terms

NOW = datetime(2026, 1, 31, 5, 0, tzinfo=UTC)
GOODS_OF_ALL = (
    Good("kopi", categories=("minuman",), tags=("baru",), price=75_000, cost=60_000),
    Good("teh", categories=("minuman",), price=20_000, cost=12_000),
    Good("gula", price=14_000, cost=13_500),
)
TEN = Off(Percent(10))


def promotion(name, benefit=TEN, **more):
    return Promotion(f"prm_{name}", 1, Terms(name, benefit, **{"currency": "IDR", **more}))


def found(*promotions, **more):
    """The codes of what is found, and of whom, with whether it is certain."""
    known = Known(NOW, "IDR", **more)
    return [
        (each.code.removeprefix("lint."), *(id.removeprefix("prm_") for id in each.promotions), each.certain)
        for each in lint(promotions, known)
    ]


def test_nothing_is_wrong_with_promotions_that_mind_their_own_business():
    """A discount, a coupon that is there, free shipping."""
    ten, code, ship = promotion("a"), promotion("b", by_coupon=True), promotion("c", Off(Percent(100), Scope.SHIPPING))
    coupon = Coupon("cpn_x", 1, "X", code.id)

    assert [] == found(ten, code, ship, coupons=(coupon,), goods=GOODS_OF_ALL[:2])


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("contradiction", {"conditions": all_of(at_least("quantity", 5), less_than("quantity", 3))}),
        ("contradiction", {"conditions": less_than("subtotal", 50_000), "at_least": IDR(80_000)}),
        ("contradiction", {"benefit": Off(Percent(10), Scope.LINE, all_of(equal("sku", "a"), equal("sku", "b")))}),
        ("over", {"until": NOW}),
        ("over", {"conditions": during(None, NOW - timedelta(days=1), zone="UTC")}),
        ("used_up", {"usage_limit": 4}),
        ("used_up", {"budgets": (Budget("ramadan", IDR(9)),)}),
        ("no_coupon", {"by_coupon": True}),
        ("other_currency", {"currency": "USD"}),
        ("no_goods", {"benefit": Off(Percent(10), Scope.LINE, one_of("sku", "susu"))}),
        ("no_goods", {"benefit": Combination((Part(1), Part(1, overlaps("tags", "lama"), Percent(100))))}),
        ("no_gift", {"benefit": Gift("PAYUNG")}),
        ("too_few_units", {"benefit": Combination((Part(3),), Percent(10)), "unit_limit": 2}),
        ("too_few_units", {"benefit": Combination((Part(3),), Percent(10)), "units_per_customer": 2}),
    ],
)
def test_what_can_never_apply_is_certain(code, given):
    """A contradiction, a date, a limit, a coupon, a currency, the goods."""
    used = {"promo:prm_a": 4, "budget:ramadan:IDR": 9}

    assert [(code, "a", True)] == found(promotion("a", **given), used=used, goods=GOODS_OF_ALL)


def test_coupons_that_may_not_be_given_are_none():
    """Stopped, over, used up, or of another promotion; one that is left is enough."""
    mine = promotion("a", by_coupon=True)
    spent = (
        Coupon("cpn_1", 1, "STOPPED", mine.id, active=False),
        Coupon("cpn_2", 1, "OVER", mine.id, until=NOW),
        Coupon("cpn_3", 1, "USED", mine.id, usage_limit=1),
        Coupon("cpn_4", 1, "OTHER", "prm_b"),
    )

    assert [("no_coupon", "a", True)] == found(mine, coupons=spent, used={"coupon:USED": 1})
    assert [] == found(mine, coupons=(*spent, Coupon("cpn_5", 1, "GOOD", mine.id)), used={"coupon:USED": 1})


def test_what_is_only_likely_is_said_to_be():
    """A name that nobody has, a price that is none, a branch that never holds, one funder's spent budget."""
    named = promotion("a", Off(Percent(10), Scope.LINE, one_of("sku", "kopi", "susu")))
    dear = promotion("b", Off(FixedPrice(IDR(90_000)), Scope.UNIT, one_of("sku", "kopi")))
    branch = promotion("c", conditions=any_of(at_least("quantity", 2), all_of(equal("x.a", 1), equal("x.a", 2))))
    funded = promotion("d", budgets=(Budget("ramadan", IDR(9), "bank"),))

    assert [("unknown_goods", "a", False)] == found(named, goods=GOODS_OF_ALL)
    assert [("never_cheaper", "b", False)] == found(dear, goods=GOODS_OF_ALL)
    assert [("dead_branch", "c", True)] == found(branch)
    assert [("used_up", "d", False)] == found(funded, used={"budget:ramadan:IDR:bank": 9})


def test_a_stopped_promotion_is_nobodys_business():
    """Whatever is wrong with it."""
    assert [] == found(attrs.evolve(promotion("a", until=NOW), active=False))


def test_one_always_loses_to_what_takes_everything_and_applies_alone():
    """Under the same conditions or weaker ones; not where the winner may be missing."""
    winner = promotion("w", Off(Percent(100), Scope.ORDER), priority=9, exclusive=True)
    loser = promotion("l", conditions=at_least("quantity", 5))

    assert [("always_loses", "l", "w", True)] == found(winner, loser)
    assert [("always_loses", "l", "w", True)] == found(
        attrs.evolve(winner, terms=attrs.evolve(winner.terms, conditions=at_least("quantity", 3))), loser
    )
    for change in (
        {"conditions": at_least("quantity", 6)},
        {"conditions": equal("channel", "web")},
        {"usage_limit": 10},
        {"until": NOW + timedelta(days=1)},
        {"by_coupon": True},
        {"benefit": Off(Percent(100), Scope.LINE, one_of("sku", "kopi"))},
        {"priority": -1},
    ):
        other = attrs.evolve(winner, terms=attrs.evolve(winner.terms, **change))
        coupons = (Coupon("cpn_w", 1, "W", other.id),)
        assert [] == found(other, loser, coupons=coupons), change


def test_one_mostly_loses_to_what_may_come_to_nothing():
    """A percentage of very little is nothing; and whoever decides second may find nothing left."""
    stop = promotion("w", priority=9, stop=True)
    first = promotion("f", Off(Percent(50), Scope.SHIPPING), priority=10)

    assert [("mostly_loses", "l", "w", False)] == found(stop, promotion("l"))
    all_off = promotion("w", Off(Percent(100)), priority=9, stop=True)
    assert [("mostly_loses", "l", "w", False)] == found(first, all_off, promotion("l"))
    assert [] == found(stop, promotion("l"), policies=Policies(stacking=Stacking.BEST))


def test_of_one_lane_the_smaller_value_gives_no_more():
    """Certain where both go by units and the larger decides first."""
    large, small = (promotion(f"p{p}", Off(Percent(p), Scope.UNIT), lane="a", priority=p) for p in (20, 10))
    order = promotion("o", Off(Percent(5), Scope.ORDER), lane="b", priority=-1)
    less = promotion("q", Off(Percent(4), Scope.ORDER), lane="b", priority=-2)
    capped = attrs.evolve(large, terms=attrs.evolve(large.terms, cap=IDR(1_000)))

    assert [("gives_less", "p10", "p20", True)] == found(large, small)
    assert [("gives_less", "q", "o", False)] == found(order, less)
    assert [] == found(capped, small)


def test_what_two_promotions_say_of_each_other_must_fit():
    """Lanes that are named on one side only, or by nobody; two exclusives; one campaign with two budgets."""
    one = promotion("a", combines_with=("b", "x"), lane="a")
    other = promotion("b", combines_with=("c",), lane="b")
    own = [promotion(name, lane="a", combines_with=("a",)) for name in "pq"]
    alone = [promotion(name, exclusive=True, conditions=equal("channel", name)) for name in "pq"]
    budgets = [promotion(name, budgets=(Budget("r", IDR(limit)),)) for name, limit in (("p", 5), ("q", 6))]
    dollars = promotion("u", Off(AmountOff(IDR(5))), budgets=(Budget("r", Money(5, currency("USD"))),))

    assert ("one_sided", "a", "b", True) in found(one, other)
    assert [("unknown_lane", "a", True), ("unknown_lane", "b", True)] == found(one, other)[-2:]
    assert ("own_lane", "p", "q", True) in found(*own)
    assert [("equal_exclusives", "p", "q", True)] == found(*alone)
    assert [("budget_limits", "p", "q", True)] == found(*budgets)
    assert [] == found(budgets[0], dollars, currencies=("USD",))  # counted apart


def test_a_unit_below_cost_is_told_with_its_figures():
    """15 % and Rp5,000 off each: kopi at 75,000 costs 60,000, and goes for 58,750."""
    percent = promotion("a", Off(Percent(15), Scope.UNIT, one_of("sku", "kopi")), priority=1)
    amount = promotion("b", Off(AmountOff(IDR(5_000)), Scope.UNIT, overlaps("tags", "baru")))

    (finding,) = lint([percent, amount], Known(NOW, "IDR", goods=GOODS_OF_ALL))

    assert (Severity.ERROR, False, ("prm_a", "prm_b")) == (finding.severity, finding.certain, finding.promotions)
    assert "a + b: 1 × kopi sells for IDR 58,750 and costs IDR 60,000" == finding.explain("en").replace("Rp", "IDR ")
    assert (IDR(58_750), IDR(60_000)) == (finding.data["total"], finding.data["cost"])
    lanes = [attrs.evolve(each, terms=attrs.evolve(each.terms, lane="z")) for each in (percent, amount)]
    assert [] == found(*lanes, goods=GOODS_OF_ALL)


def test_the_worst_cart_has_as_many_units_as_a_promotion_asks_for():
    """Five for the price of three; from a subtotal on; from a step on."""
    combination = promotion(
        "a", Combination((Part(3, one_of("sku", "kopi")), Part(2, one_of("sku", "kopi"), Percent(100), Pick.CHEAPEST)))
    )
    minimum = promotion("b", Off(AmountOff(IDR(90_000))), at_least=IDR(300_000), conditions=one_of("x.a", 1))
    steps = promotion("c", Tiered((Step(4, Percent(25)),), Measure.QUANTITY, target=one_of("sku", "kopi")))

    for each, quantity in ((combination, 5), (minimum, 4), (steps, 4)):
        findings = lint([each], Known(NOW, "IDR", goods=GOODS_OF_ALL[:1]))
        assert [("lint.below_cost", quantity)] == [(one.code, one.data["quantity"]) for one in findings]


def test_promotions_that_no_cart_can_have_at_once_are_not_added_up():
    """Not at one time, not on one channel."""
    kopi = one_of("sku", "kopi")
    today = promotion("a", Off(Percent(15), Scope.UNIT, kopi), until=NOW + timedelta(days=1))
    later = promotion("b", Off(Percent(15), Scope.UNIT, kopi), since=NOW + timedelta(days=1))
    web, pos = (
        promotion(c, Off(Percent(15), Scope.UNIT, kopi), conditions=equal("channel", c)) for c in ("web", "pos")
    )

    assert [] == found(today, later, goods=GOODS_OF_ALL)
    assert [] == found(web, pos, goods=GOODS_OF_ALL)
    assert [("below_cost", "a", "c", False)] == found(
        today, promotion("c", Off(Percent(15), Scope.UNIT, kopi)), goods=GOODS_OF_ALL
    )


def test_shipping_that_costs_more_than_the_goods_bring():
    """Free delivery of Rp18,000 with a kilo of sugar that earns Rp500."""
    free = promotion("a", Off(Percent(100), Scope.SHIPPING))

    (finding,) = lint([free], Known(NOW, "IDR", goods=GOODS_OF_ALL[2:], shipping=18_000))

    assert ("lint.shipping_above_margin", IDR(500), IDR(18_000)) == (
        finding.code,
        finding.data["margin"],
        finding.data["subsidy"],
    )
    assert [] == found(free, goods=GOODS_OF_ALL[2:])


def test_every_sentence_is_there_in_both_languages():
    """The same codes, with the same values."""
    assert WORDING["id"].keys() == WORDING["en"].keys()
    assert {f"lint.{each}" for each in ("over", "used_up")} < NEVER < WORDING["en"].keys()
    (finding,) = lint([promotion("maret", until=NOW)], Known(NOW, "IDR"))
    assert "maret sudah berakhir pada" in finding.explain("id")


def test_what_follows_from_what():
    """Only from facts that are known where the first holds."""
    assert implies(at_least("quantity", 5), at_least("quantity", 3), ALWAYS_KNOWN)
    assert implies(
        all_of(equal("channel", "web"), at_least("quantity", 5)), one_of("channel", "web", "app"), ALWAYS_KNOWN
    )
    assert not implies(at_least("quantity", 5), one_of("channel", "web"), ALWAYS_KNOWN)
    assert not implies(ALWAYS, any_of(at_least("x.a", 5), less_than("x.a", 5)), ALWAYS_KNOWN)
    assert not implies(any_of(equal("x.a", 1), equal("x.b", 1)), at_least("x.a", 0), ALWAYS_KNOWN)


# The laws: what is called certain is so in every cart that can be made.

KEYS = ("kopi", "teh", "gula")
TARGETS = st.sampled_from(
    [ALWAYS, one_of("sku", "kopi", "teh"), one_of("sku", "kopi"), overlaps("tags", "baru"), one_of("sku", "susu")]
)
VALUES = st.sampled_from(
    [Percent(100), Percent(50), Percent(Decimal("0.01")), AmountOff(IDR(5_000)), AmountOff(IDR(1)), FixedPrice(IDR(9))]
)
BENEFITS = st.one_of(
    st.builds(Off, VALUES, st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]), TARGETS),
    st.builds(Off, VALUES, st.sampled_from([Scope.SHIPPING])),
    st.builds(lambda which, value: Combination((Part(2, which),), value), TARGETS, VALUES),
    st.builds(lambda value: Tiered((Step(20_000, value),)), VALUES),
    st.just(Gift("teh")),
)
CONDITIONS = st.sampled_from(
    [
        ALWAYS,
        at_least("quantity", 2),
        at_least("quantity", 4),
        one_of("channel", "web", "pos"),
        equal("channel", "web"),
        all_of(equal("channel", "web"), at_least("quantity", 3)),
        less_than("subtotal", 30_000),
        at_least("subtotal_after_discounts", 20_000),
    ]
)
TERMS = st.fixed_dictionaries(
    {
        "benefit": BENEFITS,
        "conditions": CONDITIONS,
        "at_least": st.sampled_from([None, None, IDR(40_000)]),
        "cap": st.sampled_from([None, None, None, IDR(1_000)]),
        "priority": st.integers(0, 3),
        "lane": st.sampled_from(["", "", "a", "b"]),
        "combines_with": st.sampled_from([None, None, ("",), ("b",)]),
        "how": st.sampled_from(["", "", "exclusive", "stop"]),
        "by_coupon": st.sampled_from([False, False, True]),
        "on_stated": st.booleans(),
        "usage_limit": st.sampled_from([None, None, 2]),
        "until": st.sampled_from([None, None, None, NOW, NOW + timedelta(days=1)]),
    }
).map(
    lambda row: Terms(
        "promo",
        exclusive=row["how"] == "exclusive",
        stop=row["how"] == "stop",
        currency="IDR",
        **{name: value for name, value in row.items() if name != "how"},
    )
)
PROMOTIONS = st.lists(TERMS, min_size=1, max_size=5).map(
    lambda rows: [Promotion(f"prm_{i}", 1, terms) for i, terms in enumerate(rows)]
)
CARTS = st.lists(
    st.tuples(st.sampled_from(KEYS), st.integers(1, 5), st.booleans(), st.sampled_from([None, None, 0, 1, 50_000])),
    min_size=1,
    max_size=3,
)


def lines_of(counter, cart):
    """The lines of a cart, some with a price that was stated."""
    return [
        PriceLine(
            str(i),
            key,
            "",
            quantity,
            tags=("baru",) if key == "kopi" else (),
            categories=("minuman",) if key != "gula" else (),
            stated=None if stated is None else counter.stated(IDR(stated)),
        )
        for i, (key, quantity, _, stated) in enumerate(cart)
    ]


@settings(max_examples=400)
@given(
    PROMOTIONS,
    st.lists(CARTS, min_size=1, max_size=3),
    st.sampled_from([{}, {"channel": "web"}, {"channel": "pos"}]),
    st.builds(
        Policies,
        stacking=st.sampled_from([Stacking.PRIORITY, Stacking.PRIORITY, Stacking.BEST]),
        thresholds=st.sampled_from(Thresholds),
    ),
    st.sampled_from([{}, {"promo:prm_0": 2}, {"promo:prm_1": 2}]),
    st.booleans(),
    st.fixed_dictionaries({key: st.sampled_from([1, 40, 14_000, 75_000]) for key in KEYS}),
)
def test_what_is_called_certain_is_never_granted(counter, promotions, carts, facts, policies, used, later, prices):
    """Neither what never applies nor what always loses, in any cart, at any time from then on."""
    coupons = tuple(Coupon(f"cpn_{p.id}", 1, p.id.upper(), p.id) for p in promotions if p.id != "prm_0")
    known = Known(NOW, "IDR", policies, coupons, used, GOODS_OF_ALL)
    hopeless = {
        each.promotions[0]
        for each in lint(promotions, known)
        if each.certain and each.code in NEVER | {"lint.always_loses", "lint.gives_less"}
    }

    for cart in carts:
        priced = counter.ask(
            lines_of(counter, cart),
            [counter.shipping(9_000)],
            prices=prices,
            promotions=promotions,
            issued=coupons,
            coupons=[each.code for each in coupons],
            used=used,
            facts={**facts, "now": NOW + timedelta(hours=30 if later else 0)},
            settings=counter.settings(policies),
        )

        assert not hopeless & {granted.promotion_id for granted in priced.granted}


STRONG = st.builds(
    lambda value, scope, which, condition, how, lane, stated: Terms(
        "strong",
        Off(value, scope, which),
        condition,
        priority=9,
        exclusive=how == "exclusive",
        stop=how == "stop",
        lane=lane,
        on_stated=stated,
        currency="IDR",
    ),
    st.sampled_from([Percent(100), Percent(10), AmountOff(IDR(1))]),
    st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]),
    st.sampled_from([ALWAYS, one_of("sku", "kopi", "teh")]),
    st.sampled_from([ALWAYS, at_least("quantity", 2)]),
    st.sampled_from(["", "exclusive", "stop"]),
    st.sampled_from(["", "a"]),
    st.just(True),
)
WEAK = st.builds(
    lambda percent, scope, which, condition, lane, admits: Terms(
        "weak",
        Off(Percent(percent), scope, which),
        condition,
        lane=lane,
        combines_with=admits,
        on_stated=True,
        currency="IDR",
    ),
    st.integers(1, 60),
    st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]),
    st.sampled_from([ALWAYS, one_of("sku", "kopi", "teh"), one_of("sku", "kopi")]),
    st.sampled_from([at_least("quantity", 2), at_least("quantity", 4)]),
    st.sampled_from(["", "a"]),
    st.sampled_from([None, None, ("b",)]),
)


@settings(max_examples=300)
@given(STRONG, st.lists(WEAK, min_size=1, max_size=3), CARTS, st.sampled_from([1, 40, 75_000]))
def test_what_always_loses_is_never_granted(counter, strong, weak, cart, cost):
    """Beside a strong promotion that decides first: alone, with a stop, or as the first of its stage."""
    promotions = [Promotion(f"prm_{i}", 1, terms) for i, terms in enumerate([strong, *weak])]
    losers = {
        each.promotions[0]
        for each in lint(promotions, Known(NOW, "IDR"))
        if each.certain and each.code in ("lint.always_loses", "lint.gives_less")
    }
    event(f"{min(len(losers), 1)} that always lose")

    priced = counter.ask(lines_of(counter, cart), prices=dict.fromkeys(KEYS, cost), promotions=promotions)

    assert not losers & {granted.promotion_id for granted in priced.granted}


def test_what_loses_nearly_always_may_win_where_the_winner_comes_to_nothing(counter):
    """10 % of two rupiah are none, so that 60 % apply: which is why that is not called certain."""
    strong = promotion("strong", Off(Percent(10)), priority=9, exclusive=True)
    weak = promotion("weak", Off(Percent(60)))

    priced = counter.ask([PriceLine("1", "teh", "", 2)], prices={"teh": 1}, promotions=[strong, weak])

    assert ["prm_weak"] == [granted.promotion_id for granted in priced.granted]
    assert [("mostly_loses", "weak", "strong", False)] == found(strong, weak)
