"""The shelf and the till: what is shown for one unit is what a cart charges for each, before its own promotions."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import tokolib
from tokolib.conditions import at_least, during, equal, one_of, overlaps, weekly
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money import IDR
from tokolib.kernel.policies import DiscountBasis, FloorPolicy, PercentBase, PercentRounding, Policies, Stacking
from tokolib.kernel.rounding import RoundingMode
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.errors import NoPrice
from tokolib.pricing.model import PriceLine
from tokolib.pricing.promotions.benefits import AmountOff, Combination, FixedPrice, Off, Part, Percent, Scope
from tokolib.pricing.promotions.giving.stacking import stack
from tokolib.pricing.promotions.model import Budget, Promotion, Terms
from tokolib.pricing.promotions.offers import Offers
from tokolib.pricing.promotions.rules import RuleSet
from tokolib.pricing.shelf import Shelf, shelf_price
from tokolib.testing import ManualClock

SKUS = ("kopi", "teh", "gula")
NOW = datetime(2026, 1, 31, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)

prices = st.fixed_dictionaries(dict.fromkeys(SKUS, st.integers(1, 90_000)))
targets = st.sampled_from(
    [
        ALWAYS,
        equal("sku", "kopi"),
        one_of("sku", "kopi", "teh"),
        overlaps("tags", "baru"),
        one_of("sku", "teh", "gula"),
        at_least("unit_price", 40_000),
    ]
)
values = st.one_of(
    st.builds(Percent, st.decimals("0.1", 100, places=1)),
    st.builds(AmountOff, st.integers(1, 90_000).map(IDR)),
    st.builds(FixedPrice, st.integers(0, 90_000).map(IDR)),
)
standing = {
    "priority": st.integers(0, 3),
    "lane": st.sampled_from(["", "", "a", "b"]),
    "stop": st.booleans(),
    "combines_with": st.none() | st.just(("",)),
}


def terms(benefits, **more):
    return st.builds(
        lambda benefit, **rest: Terms("p", benefit, currency="IDR", **rest), benefits, **standing, **more
    ) | st.builds(lambda benefit, **rest: Terms("p", benefit, exclusive=True, currency="IDR", **rest), benefits, **more)


shelved = terms(
    st.builds(Off, values, st.just(Scope.UNIT), targets),
    on_shelf=st.just(True),
    conditions=st.sampled_from([ALWAYS, equal("channel", "web"), overlaps("customer_groups", "grosir")]),
    since=st.none() | st.integers(-1, 1).map(lambda days: NOW + days * DAY),
)
of_carts = terms(
    st.one_of(
        st.builds(Off, values, st.sampled_from([Scope.UNIT, Scope.LINE, Scope.ORDER]), targets),
        st.builds(lambda value: Combination((Part(1), Part(1, value=value))), values),
    )
)
carts = st.lists(
    st.tuples(st.sampled_from(SKUS), st.integers(1, 9), st.sampled_from([(), ("baru",)])),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[0],
).map(lambda rows: [PriceLine(f"l{i}", key, "", quantity, tags=tags) for i, (key, quantity, tags) in enumerate(rows)])
policies = st.builds(
    Policies,
    stacking=st.sampled_from(Stacking),
    percent_base=st.sampled_from(PercentBase),
    percent_rounding=st.sampled_from(PercentRounding),
    floor=st.sampled_from(FloorPolicy),
)
known = st.fixed_dictionaries(
    {}, optional={"channel": st.just("web"), "customer_groups": st.just(frozenset({"grosir"}))}
)


def named(prefix, rows):
    return [Promotion(f"prm_{prefix}{n}", 1, each) for n, each in enumerate(rows)]


def shown(counter, line, shelf, promotions, **more):
    """What the shelf shows of *line* at NOW."""
    asked = {
        "book": counter.book(shelf),
        "facts": {"now": NOW},
        "settings": counter.settings(),
        "used": {},
        **more,
    }
    shelf = Shelf(facts=asked["facts"], tax=lambda name: counter.no_tax, settings=asked["settings"], currency=IDR)
    return shelf_price(line, asked["book"], Offers(RuleSet(promotions), used=asked["used"]), shelf)


@given(carts, prices, policies, known, st.lists(shelved, min_size=1, max_size=4), st.lists(of_carts, max_size=3))
def test_the_cart_charges_what_the_shelf_shows(counter, lines, shelf, chosen, facts, first, later):
    """So many units cost so many times what was shown, whatever else is in the cart and applies to it."""
    offered, settings = [*named("s", first), *named("c", later)], counter.settings(chosen)
    facts = {"now": NOW, **facts}

    priced = counter.ask(lines, prices=shelf, promotions=offered, facts=facts, settings=settings)

    on_shelf = {each.id for each in offered if each.terms.on_shelf}
    for line in priced.lines:
        one = shown(counter, line.line, shelf, offered, facts=facts, settings=settings)
        charged = line.base - sum(each.amount for each in line.discounts if each.promotion_id in on_shelf)
        assert one.price.minor_units * line.line.quantity == charged
        assert {each.id for each in one.promotions} == {each.promotion_id for each in line.discounts} & on_shelf


@given(carts, prices, policies, st.dictionaries(st.sampled_from(SKUS), st.integers(0, 90_000)), st.lists(shelved))
def test_floors_hold_on_the_shelf_as_in_the_cart(bench, lines, shelf, chosen, least, first):
    """A minimum price bounds one unit as it bounds many, and no other line gives what it keeps."""

    def left(cart):
        ground = bench.ground(cart, shelf, floors=least, policies=chosen, facts={"channel": "web"})
        outcome = stack(bench.sift(cart, ground, named("s", first)).candidates, ground)
        return outcome.applied.terrain.lines.rest

    for line, rest in zip(lines, left(lines), strict=True):
        [one] = left([attrs.evolve(line, quantity=1)])
        assert one * line.quantity == rest
        assert one >= min(least.get(line.key, 0), shelf[line.key])


def test_the_shelf_tells_what_it_was_and_until_when(counter):
    """The price to cross out, the promotion, its end, and how many units are left of it."""
    sale = counter.promotion(
        "sale",
        Scope.UNIT,
        price=IDR(50_000),
        on_shelf=True,
        unit_limit=10,
        until=NOW + DAY,
    )

    found = shown(counter, counter.line("a", "kopi"), {"kopi": 75_000}, [sale], used={"units:prm_sale": 7})

    assert (IDR(50_000), IDR(75_000), NOW + DAY) == (found.price, found.was, found.until)
    assert [("prm_sale", "sale", NOW + DAY, 3)] == [attrs.astuple(each) for each in found.promotions]


def test_without_promotions_the_shelf_crosses_out_the_original_price(counter):
    """What the list says it was; and nothing, where it was no dearer."""
    book = counter.book({"kopi": 60_000, "teh": 30_000})
    dearer = attrs.evolve(book.prices[0], compare_at=UnitPrice.of(IDR(75_000)))
    book = attrs.evolve(book, prices=(dearer, book.prices[1]))

    coffee = shown(counter, counter.line("a", "kopi"), {}, [], book=book)
    tea = shown(counter, counter.line("b", "teh"), {}, [], book=book)

    assert (IDR(60_000), IDR(75_000), None) == (coffee.price, coffee.was, coffee.until)
    assert (IDR(30_000), None) == (tea.price, tea.was)


def test_the_list_that_ends_first_ends_the_price(counter):
    """A price is over when its list is."""
    ending = counter.list(until=NOW + 2 * DAY)
    book = attrs.evolve(counter.book({"kopi": 60_000}), lists=(ending,))

    assert NOW + 2 * DAY == shown(counter, counter.line("a", "kopi"), {}, [], book=book).until


def test_goods_by_weight_are_shown_for_one_unit(counter):
    """However small the step is in which they are sold."""
    rice = PriceLine("a", "beras", "Beras", 25, per_step=Fraction(1, 100))

    found = shown(counter, rice, {"beras": 14_000}, [counter.promotion("p", Scope.UNIT, percent=10, on_shelf=True)])

    assert (1, IDR(12_600)) == (found.units, found.price)


def test_a_price_without_a_list_is_none(counter):
    """The shelf shows nothing where nothing is known."""
    assert "pricing.no_price" == shown(counter, counter.line("a", "kopi"), {}, []).code


def test_a_cart_promotion_never_takes_the_shelf_price_back(counter):
    """Not by a lane that it wins, nor by standing alone, nor as the better combination."""
    sale = counter.promotion("sale", Scope.UNIT, percent=10, on_shelf=True, lane="a")
    better = counter.promotion("better", percent=50, lane="a", priority=9)
    alone = counter.promotion("alone", percent=50, exclusive=True, priority=9)

    for stacking in Stacking:
        for other in (better, alone):
            priced = counter.ask(
                [counter.line("l", "kopi", 2)],
                prices={"kopi": 100},
                promotions=[sale, other],
                settings=counter.settings(Policies(stacking=stacking)),
            )
            assert 180 == priced.total
            assert [other.id] == [each.promotion_id for each in priced.lost]


def test_of_one_lane_each_line_has_the_best(counter):
    """As the shelf shows it: 5 % on everything, or 20 % on coffee."""
    wide = counter.promotion("wide", Scope.UNIT, percent=5, on_shelf=True, lane="a")
    narrow = counter.promotion("narrow", Scope.UNIT, percent=20, on_shelf=True, lane="a", target=equal("sku", "kopi"))

    priced = counter.ask(
        [counter.line("l", "kopi"), counter.line("m", "teh", 50)],
        prices={"kopi": 100, "teh": 100},
        promotions=[wide, narrow],
    )

    assert [80, 4_750] == [line.total for line in priced.lines]
    assert () == priced.lost


def test_a_budget_ends_no_price_that_is_shown(till):
    """A cart must not cost more for being large than the shelf said."""
    with pytest.raises(InvalidInput) as caught:
        till.promotions.percent("p", 10, on=Scope.UNIT, on_shelf=True, budgets=[Budget("maret", IDR(1_000_000))])

    assert [("budgets", "pricing.not_on_shelf")] == [(fault.path, fault.code) for fault in caught.value.faults]


def test_a_newcomer_asks_the_door_of_prices():
    """`shop.prices.shelf`: by channel and group, and for a page of a catalogue at once."""
    clock = ManualClock(NOW)
    with tokolib.open("memory://", country="ID", clock=clock) as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g", tags=["baru"])
        shop.catalog.put("TEH", "Teh")
        shop.stock.receive("KOPI-250", 20, key="opening")
        shop.prices.put("KOPI-250", IDR(75_000))
        shop.promotions.percent(
            "baru", 20, on=Scope.UNIT, on_shelf=True, target=overlaps("tags", "baru"), until=(NOW + DAY).date()
        )
        shop.promotions.percent(
            "grosir", 10, on=Scope.UNIT, on_shelf=True, conditions=overlaps("customer_groups", "grosir")
        )
        shop.promotions.percent("keranjang", 50)

        for group in ("", "grosir"):
            found = shop.prices.shelf("kopi-250", group=group)
            cart = shop.carts.start({"KOPI-250": 3}, group=group)
            lines = shop.carts.quote(cart).lines
            taken = sum(each.amount for each in lines[0].discounts if each.promotion_id != "prm_keranjang")
            assert 3 * found.price.minor_units == lines[0].base - taken

        assert (IDR(54_000), "KOPI-250") == (found.price, found.sku)
        assert ["KOPI-250"] == list(shop.prices.shelves(["KOPI-250", "TEH"]))
        with pytest.raises(NoPrice):
            shop.prices.shelf("TEH")
        clock.forward(days=2)
        assert IDR(75_000) == shop.prices.shelf("KOPI-250").price


def test_the_shelf_says_when_the_hours_of_a_price_end():
    """A promotion of some hours of the week, one of some dates, and a list of some hours: the first end is told."""
    clock = ManualClock()  # Monday, 2 March 2026, 09:00 in Jakarta
    zone = "Asia/Jakarta"
    with tokolib.open("memory://", country="ID", clock=clock) as shop:
        shop.catalog.put("TEH", "Teh")
        shop.prices.put("TEH", IDR(20_000))
        noon = weekly("monday", "tuesday", since="07:00", until="12:00", zone=zone)
        shop.promotions.percent("pagi", 10, on=Scope.UNIT, on_shelf=True, conditions=noon, until=date(2026, 3, 31))

        morning = shop.prices.shelf("TEH")
        hour = during(None, clock.now() + timedelta(hours=1), zone=zone)
        shop.promotions.percent("kilat", 5, on=Scope.UNIT, on_shelf=True, conditions=hour)
        two = shop.prices.shelf("TEH")
        clock.forward(hours=5)
        afternoon = shop.prices.shelf("TEH")
        hours = weekly("monday", since="13:00", until="15:00", zone=zone)
        shop.prices.put_list("siang", priority=1, conditions=hours)
        shop.prices.put("TEH", IDR(15_000), list="siang")
        listed = shop.prices.shelf("TEH")

    twelve = datetime(2026, 3, 2, 5, tzinfo=UTC)
    assert (IDR(18_000), twelve, twelve) == (morning.price, morning.until, morning.promotions[0].until)
    assert {"prm_pagi": twelve, "prm_kilat": twelve - timedelta(hours=2)} == {x.id: x.until for x in two.promotions}
    assert twelve - timedelta(hours=2) == two.until
    assert (IDR(20_000), None, ()) == (afternoon.price, afternoon.until, afternoon.promotions)
    assert (IDR(15_000), twelve + timedelta(hours=3)) == (listed.price, listed.until)


shares_of_a_unit = st.integers(1, 90_000 * 10_000).map(lambda scaled: UnitPrice(scaled, IDR))


@given(
    shares_of_a_unit,
    st.integers(1, 200),
    st.sampled_from(DiscountBasis),
    st.booleans(),
    st.lists(values, max_size=2),
    st.sampled_from([RoundingMode.HALF_UP, RoundingMode.UP, RoundingMode.DOWN]),
)
@example(UnitPrice(333_333, IDR), 100, DiscountBasis.AS_PRICED, True, [], RoundingMode.HALF_UP)
@example(UnitPrice.of(IDR(33_331)), 100, DiscountBasis.WITH_TAX, False, [], RoundingMode.HALF_UP)
@example(UnitPrice(9_009, IDR), 5, DiscountBasis.WITH_TAX, False, [], RoundingMode.HALF_UP)
@settings(max_examples=60)
def test_no_unit_costs_more_than_the_shelf_shows(price, count, basis, included, offs, rounding):
    """Whatever the price is made of: finer than the rupiah, with tax put on or taken out of it, and promotions."""
    with tokolib.open("memory://", country="ID", pkp_since=date(2025, 1, 1), clock=ManualClock()) as shop:
        policies = Policies(discount_basis=basis, line_rounding=rounding, percent_rounding=PercentRounding.UNIT)
        shop.settings.change(prices_include_tax=included, policies=policies)
        shop.catalog.put("A", "A")
        shop.prices.put("A", price)
        shop.stock.receive("A", count)
        for n, value in enumerate(offs):
            shop.promotions.put(f"p{n}", Terms(f"p{n}", Off(value, Scope.UNIT), on_shelf=True, currency="IDR"))

        shown = shop.prices.shelf("A")
        [line] = shop.carts.quote(shop.carts.start({"A": count})).lines

        assert shown.includes_tax == line.includes_tax
        charged = line.base - sum(each.amount for each in line.discounts)
        assert charged <= count * shown.price.minor_units
        if price.scaled % 10_000 == 0 and basis is DiscountBasis.AS_PRICED:
            assert charged == count * shown.price.minor_units
        assert shown.was is None or shown.price < shown.was


@pytest.mark.parametrize(("price", "shown"), [("33", 33), ("33.0001", 34), ("33.3333", 34), ("33.9", 34)])
def test_a_price_finer_than_the_currency_is_shown_rounded_up(price, shown):
    """Before a promotion that is on the shelf; and a fixed price as it is."""
    with tokolib.open("memory://", country="ID", clock=ManualClock()) as shop:
        shop.catalog.put("A", "A")
        shop.prices.put("A", UnitPrice.parse(price, IDR))
        found = [shop.prices.shelf("A")]
        shop.promotions.put("p", Terms("p", Off(FixedPrice(IDR(30)), Scope.UNIT), on_shelf=True, currency="IDR"))
        found.append(shop.prices.shelf("A"))

        assert [(IDR(shown), None), (IDR(30), IDR(shown))] == [(each.price, each.was) for each in found]
