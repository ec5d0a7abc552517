"""Past orders priced again: nothing changes under the same rules, and parts add up to the whole."""

import json
import pickle
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.adapters.repricing import what_if_in_processes
from tokolib.conditions import at_least, one_of, overlaps
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import Policies, ShippingTax, SpreadWeights, Stacking, TaxBase, Thresholds
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.lost import Why, Withheld
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine, StatedPrice, TierMode
from tokolib.pricing.price import price
from tokolib.pricing.priced import PricedLine
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.model import Price, PriceList, Tier, TiersOver
from tokolib.pricing.promotions.benefits import (
    AmountOff,
    Combination,
    FixedPrice,
    Gift,
    Off,
    Part,
    Percent,
    Pick,
    Scope,
    Step,
    Tiered,
)
from tokolib.pricing.promotions.model import Coupon, Promotion, Terms
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.pricing.what_if.facts import PastCharge, PastLine, PastTax, PricingFacts
from tokolib.pricing.what_if.figures import total_of
from tokolib.pricing.what_if.report import GiftChange, Report, added
from tokolib.pricing.what_if.rules import Changes, RulesOverTime, Turn
from tokolib.pricing.what_if.what_if import came_to, priced_again, what_if
from tokolib.records.codec import dump, load

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
SKUS = ("kopi", "teh", "gula")


def each(amount: int) -> UnitPrice:
    """A price of one unit."""
    return UnitPrice.of(IDR(amount))


PRICES = (
    Price("kopi", 1, "pls_idr", "kopi", each(75_000), minimum=each(30_001)),
    Price(
        "teh",
        1,
        "pls_idr",
        "teh",
        each(18_500),
        (Tier(Decimal(3), each(17_001)), Tier(Decimal(8), each(15_500))),
        tier_mode=TierMode.GRADUATED,
        tiers_over=TiersOver.LIST,
    ),
    Price("gula", 1, "pls_idr", "gula", each(14_001), (Tier(Decimal(5), each(12_000)),)),
)

targets = st.sampled_from([ALWAYS, one_of("sku", "kopi", "teh"), overlaps("tags", "baru"), at_least("quantity", 2)])
values = st.one_of(
    st.builds(Percent, st.integers(1, 100)),
    st.builds(AmountOff, st.integers(1, 40_000).map(IDR)),
    st.builds(FixedPrice, st.integers(0, 60_000).map(IDR)),
)
benefits = st.one_of(
    st.builds(Off, values, st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]), targets),
    st.builds(Off, values, st.sampled_from([Scope.SHIPPING, Scope.FEES])),
    st.builds(lambda target, value: Tiered((Step(100_000, value),), target=target), targets, values),
    st.builds(
        lambda of, value: Combination((Part(2, of), Part(1, of, value, Pick.CHEAPEST))),
        targets,
        values,
    ),
    st.builds(Gift, st.sampled_from(["tas", "teh"]), st.integers(1, 3)),
)
term_sets = st.builds(
    lambda benefit, minimum, by_coupon, priority, lane, limit: Terms(
        "promo",
        benefit,
        at_least=minimum,
        by_coupon=by_coupon,
        priority=priority,
        lane=lane,
        usage_limit=limit,
        currency="IDR",
    ),
    benefits,
    st.none() | st.integers(1, 200_000).map(IDR),
    st.booleans(),
    st.integers(0, 2),
    st.sampled_from(["", "", "a"]),
    st.none() | st.integers(1, 3),
)
promotion_lists = st.lists(term_sets, max_size=4).map(
    lambda rows: [Promotion(f"prm_{i}", 1, terms) for i, terms in enumerate(rows)]
)
lines = st.lists(
    st.builds(
        lambda key, quantity, tags, stated: (key, quantity, tags, stated),
        st.sampled_from(SKUS),
        st.integers(1, 12),
        st.sampled_from([(), ("baru",)]),
        st.none() | st.integers(0, 90_000),
    ),
    min_size=1,
    max_size=4,
).map(
    lambda rows: [
        PriceLine(
            f"l{i}",
            key,
            key,
            quantity,
            tags=tags,
            tax_class="exempt" if key == "gula" else "standard",
            stated=None if stated is None else StatedPrice(UnitPrice.of(IDR(stated)), "staff:ani", "agreed"),
        )
        for i, (key, quantity, tags, stated) in enumerate(rows)
    ]
)
charges = st.lists(st.tuples(st.sampled_from(ChargeKind), st.integers(0, 30_000)), max_size=2).map(
    lambda rows: [ChargeLine(f"c{i}", kind, "", amount) for i, (kind, amount) in enumerate(rows)]
)
policies = st.builds(
    Policies,
    stacking=st.sampled_from(Stacking),
    thresholds=st.sampled_from(Thresholds),
    spread_weights=st.sampled_from(SpreadWeights),
    tax_base=st.sampled_from(TaxBase),
    shipping_tax=st.sampled_from(ShippingTax),
)


def past_line(sold: PricedLine) -> PastLine:
    """What is kept of a line."""
    chosen = sold.choice
    return PastLine(sold.line, chosen.price, chosen.includes_tax, came_to(sold), chosen.minimum, chosen.bands)


@pytest.fixture(scope="session")
def sell(counter):
    """Sells a cart on a day, and keeps the facts of it."""
    taxes = {"standard": counter.local, "exempt": counter.no_tax}

    def sold(number, goods, extras, promotions, chosen, used=(), includes_tax=True, refused=()):
        codes = [each for each in promotions if each.terms.by_coupon]
        coupons = tuple(Coupon(f"cpn_{p.id}", 1, p.id.upper(), p.id) for p in codes)
        now = NOON + timedelta(hours=7 * number)
        facts = {"now": now, "channel": "web", "customer_groups": frozenset({"grosir"})}
        withheld = tuple(Withheld(sku, Why.GIFT_REFUSED) for sku in refused)
        rules = RuleSet(each for each in promotions if not each.terms.by_coupon)
        offers = Offers(rules, tuple(codes), coupons, dict(used))
        offers = offers.without(*withheld)

        def ask(rows):
            return price(
                rows,
                extras,
                book=PriceBook((PriceList("pls_idr", 1, "idr", "", "IDR"),), PRICES),
                promotions=offers,
                coupons=[coupon.code for coupon in coupons],
                facts=facts,
                tax=taxes.__getitem__,
                settings=Settings("ID", "IDR", "Asia/Jakarta", prices_include_tax=includes_tax, policies=chosen),
                currency=IDR,
            )

        given = [
            PriceLine(f"gift-{each.promotion_id}", each.gift.sku, "", each.gift.quantity, gift=True)
            for each in ask(goods).gifts
        ]
        priced = ask([*goods, *given])
        granted = {each.coupon for each in priced.granted}
        return PricingFacts(
            order_id=f"ord_{number}",
            day=now.date(),
            currency=IDR,
            lines=tuple(past_line(each) for each in priced.lines),
            charges=tuple(PastCharge(each.charge, came_to(each)) for each in priced.charges),
            facts=tuple(sorted(facts.items())),
            taxes=tuple(PastTax(name, each) for name, each in taxes.items()),
            prices_include_tax=includes_tax,
            policies=chosen,
            coupons=tuple(coupon for coupon in coupons if coupon.code in granted),
            used=tuple(used),
            withheld=withheld,
        )

    return sold


@st.composite
def years(draw):
    """Some carts that were sold under the same promotions."""
    promotions = draw(promotion_lists)
    used = tuple((f"promo:{each.id}", draw(st.integers(1, 4))) for each in promotions if draw(st.booleans()))
    refused = st.sampled_from([(), (), ("tas",), ("tas", "teh")])
    carts = [
        (draw(lines), draw(charges), draw(policies), draw(st.booleans()), draw(refused))
        for _ in range(draw(st.integers(1, 4)))
    ]
    return promotions, used, carts


def sold_by(sell, year):
    promotions, used, carts = year
    return [
        sell(number, goods, extras, promotions, chosen, used, includes_tax, refused)
        for number, (goods, extras, chosen, includes_tax, refused) in enumerate(carts)
    ]


def gifts_in(facts):
    """What was given beside what was bought, by SKU."""
    found = {}
    for line in (line.line for each in facts for line in each.lines if line.line.gift):
        found[line.key] = found.get(line.key, 0) + line.quantity
    return found


@given(years())
def test_under_the_same_rules_every_order_comes_to_what_it_came_to(sell, year):
    """The difference is zero for every order, day, SKU and gift."""
    facts = sold_by(sell, year)

    report = what_if(facts, RulesOverTime.always(year[0]))

    assert (len(facts), 0, ()) == (report.orders, report.changed, report.changes)
    assert all(row.was == row.would for row in (*report.days, *report.skus, *report.gifts))
    assert gifts_in(facts) == {key: each.was for key, each in report.by_gift.items()}


@given(years(), st.integers(0, 3))
def test_without_a_promotion_it_is_as_selling_the_carts_without_it(sell, year, index):
    """The report says, for each order, what pricing its cart by hand without the promotion gives."""
    promotions, used, carts = year
    automatic = [attrs.evolve(each, terms=attrs.evolve(each.terms, by_coupon=False)) for each in promotions]
    facts = sold_by(sell, (automatic, used, carts))
    changes = Changes(without=(f"prm_{index}",))

    report = what_if(facts, RulesOverTime.always(automatic).changed(changes))

    left = [each for each in automatic if each.id not in changes.without]
    by_hand = sold_by(sell, (left, used, carts))
    changed = [
        (was.order_id, was.sold, now.sold)
        for was, now in zip(facts, by_hand, strict=True)
        if was.lines != now.lines or was.charges != now.charges
    ]
    assert changed == [(each.order_id, each.was, each.would) for each in report.changes]
    assert total_of(each.sold for each in by_hand) == total_of(row.would for row in report.days)
    assert gifts_in(by_hand) == {key: each.would for key, each in report.by_gift.items() if each.would}
    assert gifts_in(facts) == {key: each.was for key, each in report.by_gift.items() if each.was}


@given(years(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_the_reports_of_the_parts_add_up_to_the_report_of_the_whole(sell, year, luck, parts):
    """However the orders are dealt out, and in whatever order the reports are added."""
    facts = sold_by(sell, year)
    rules = RulesOverTime.always(year[0]).changed(Changes(without=("prm_0",)))
    hands = [[] for _ in range(parts)]
    for each in facts:
        luck.choice(hands).append(each)
    luck.shuffle(hands)

    reports = [what_if(hand, rules) for hand in hands]

    assert what_if(facts, rules) == added(reports)
    assert what_if(facts, rules) == sum(reports, Report())
    assert added(reports) == added(reversed(reports))


@given(years())
def test_facts_and_reports_come_back_from_their_wire_form(sell, year):
    """What is stored, or sent to another machine, says the same."""
    facts = sold_by(sell, year)
    report = what_if(facts, RulesOverTime(()))

    assert facts == [load(json.loads(dump(each)), PricingFacts) for each in facts]
    assert report == load(json.loads(dump(report)), Report)
    assert facts == pickle.loads(pickle.dumps(facts))


def test_an_order_is_priced_under_the_rules_of_its_time(sell):
    """A promotion that was changed, stopped and put again is, for each order, what it was then."""
    ten, twenty = (Promotion("prm_0", 1, Terms("p", Off(Percent(each)), currency="")) for each in (10, 20))
    turns = (
        Turn(NOON + timedelta(hours=1), ten),
        Turn(NOON + timedelta(hours=8), attrs.evolve(ten, active=False)),
        Turn(NOON + timedelta(hours=20), twenty),
    )
    facts = [sell(number, [PriceLine("l", "kopi", "", 1)], [], [], Policies()) for number in range(4)]

    found = [priced_again(each, RulesOverTime(turns)).discount for each in facts]

    assert [0, 7_500, 0, 15_000] == found


def test_a_coupon_whose_promotion_would_not_have_been_is_told(sell):
    """Its customer would have heard that the code is unknown, and paid the whole price."""
    promotion = Promotion("prm_0", 1, Terms("p", Off(Percent(10)), by_coupon=True))
    facts = sell(0, [PriceLine("l", "kopi", "", 1)], [], [promotion], Policies())

    report = what_if([facts], RulesOverTime(()))

    (change,) = report.changes
    assert ("PRM_0",) == change.refused
    assert 7_500 == change.difference.total


def test_a_used_up_promotion_stays_used_up(sell):
    """What an order could not have then, it can't have now; a promotion that is new has not been used yet."""
    limited = Promotion("prm_0", 1, Terms("p", Off(Percent(10)), usage_limit=3))
    facts = sell(0, [PriceLine("l", "kopi", "", 1)], [], [limited], Policies(), [("promo:prm_0", 3)])
    rules = RulesOverTime.always([limited])

    new = attrs.evolve(limited, id="prm_1")

    assert 0 == priced_again(facts, rules).discount
    assert 7_500 == priced_again(facts, rules.changed(Changes(put=(new,)))).discount


def test_reports_tell_days_and_skus(sell):
    """Sums by day have the charges in them, sums by SKU only the goods."""
    goods = [PriceLine("a", "kopi", "", 1), PriceLine("b", "teh", "", 2)]
    facts = [sell(n, goods, [ChargeLine("s", ChargeKind.SHIPPING, "", 9_000)], [], Policies()) for n in (0, 1)]
    half = Promotion("prm_0", 1, Terms("p", Off(Percent(50), Scope.LINE, one_of("sku", "kopi"))))

    report = what_if(facts, RulesOverTime.always([half]))

    assert [(date(2026, 3, 2), 2, 2)] == [(row.day, row.orders, row.changed) for row in report.days]
    assert (242_000, 167_000) == (report.days[0].was.total, report.days[0].would.total)
    assert [("kopi", -75_000), ("teh", 0)] == [(row.key, row.would.total - row.was.total) for row in report.skus]
    assert {("kopi", "IDR"), ("teh", "IDR")} == set(report.by_sku)
    assert -75_000 == report.by_currency["IDR"].difference.total
    assert -75_000 == report.by_sku["kopi", "IDR"].difference.total


def gift(id, sku, quantity, **more):
    """A promotion that gives so many of a SKU."""
    return Promotion(id, 1, Terms(id, Gift(sku, quantity), **more))


def test_gifts_that_would_have_been_given_are_told(sell):
    """More bags, fewer packs of tea: for each order and in all; the figures of the orders stay as they were."""
    goods = [PriceLine("a", "kopi", "", 1)]
    tea, bag = gift("prm_tea", "teh", 2), gift("prm_bag", "tas", 1)
    facts = [sell(number, goods, [], [tea, bag], Policies()) for number in range(2)]
    rules = RulesOverTime.always([tea, bag])

    same = what_if(facts, rules)
    other = what_if(facts, rules.changed(Changes(put=(gift("prm_bag", "tas", 3),), without=("prm_tea",))))

    assert (0, ()) == (same.changed, same.changes)
    assert {"tas": GiftChange("tas", 2, 2), "teh": GiftChange("teh", 4, 4)} == same.by_gift
    assert [(GiftChange("tas", 1, 3), GiftChange("teh", 2, 0))] * 2 == [each.gifts for each in other.changes]
    assert [0, 0] == [each.difference.total for each in other.changes]
    assert {"tas": 4, "teh": -4} == {key: each.difference for key, each in other.by_gift.items()}
    assert [("tas", 2, 2, 6), ("teh", 2, 4, 0)] == [(row.key, row.orders, row.was, row.would) for row in other.gifts]


def test_a_gift_that_was_refused_stays_refused(sell):
    """Whichever promotion would give it; another one is given."""
    goods = [PriceLine("a", "kopi", "", 1)]
    bag = gift("prm_bag", "tas", 1)
    facts = [sell(0, goods, [], [bag], Policies(), refused=("tas",))]
    put = Changes(put=(gift("prm_bags", "tas", 2), gift("prm_tea", "teh", 1)))

    report = what_if(facts, RulesOverTime.always([bag]).changed(put))

    assert {"teh": GiftChange("teh", 0, 1)} == report.by_gift


def test_several_processes_say_what_one_says(sell):
    """The same report, to the last figure and gift."""
    goods = [PriceLine("a", "kopi", "", 3), PriceLine("b", "gula", "", 2)]
    promotions = [Promotion("prm_0", 1, Terms("p", Off(Percent(7)))), gift("prm_bag", "tas", 1)]
    facts = [sell(number, goods, [], promotions, Policies()) for number in range(1_200)]
    rules = RulesOverTime.always([attrs.evolve(promotions[0], terms=Terms("p", Off(Percent(9))))])

    alone = what_if(facts, rules)

    assert alone == what_if_in_processes(facts, rules, processes=2)
    assert {"tas": GiftChange("tas", 1_200, 0)} == alone.by_gift
