"""Orders that a shop took, priced again: what they keep is enough, whatever has changed since."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Address, Policies
from tokolib.checkout import Basket, ChargeWish
from tokolib.conditions import equal, one_of, overlaps
from tokolib.kernel.errors import InvalidInput, NotFound
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.limits import Limits
from tokolib.kernel.policies import AcrossBorders, DiscountBasis
from tokolib.pricing import Budget, ChargeKind, Funding, Gift, GiftChange, Off, Percent, Scope
from tokolib.pricing.coupon_errors import CouponRefused
from tokolib.testing import ManualClock

SITI = Address(
    "Siti", "Jl. Malioboro 52", city="Yogyakarta", province="DI Yogyakarta", postal_code="55271", country="ID"
)
PRICES = {"KOPI": IDR(75_000), "TEH": IDR(18_500), "GULA": IDR(14_001), "BUKU": IDR(99_999)}


def opened(**more):
    """A shop with goods, a delivery, and promotions of most kinds; the clock moves on with every command."""
    clock = ManualClock()
    shop = tokolib.open("memory://", country="ID", clock=clock, **more)
    for sku in PRICES:
        shop.catalog.put_category("minuman", "Minuman")
        shop.catalog.put(sku, sku, weight="300 g", categories=["minuman"] if sku in ("KOPI", "TEH") else [])
        shop.stock.receive(sku, 5_000, key=f"opening-{sku}")
    shop.prices.put_many(PRICES)
    shop.delivery.flat("jne:reg", IDR(18_000))
    return shop, clock


def run_promotions(shop):
    """Promotions of most kinds, some limited, some for a coupon."""
    door = shop.promotions
    door.percent("minuman", 10, on=Scope.LINE, target=overlaps("categories", "minuman"))
    door.percent("web", 3, conditions=equal("channel", "web"), at_least=IDR(100_000), cap=IDR(25_000))
    door.buy_get("beli2", 2, 1, of=one_of("sku", "teh"), priority=5)
    door.fixed("perdana", IDR(15_000), coupon="PERDANA", usage_limit=3, per_customer=1)
    door.free_shipping("ongkir", cap=IDR(10_000), funding=[Funding("platform", 50)])
    door.percent("kampanye", 5, budgets=[Budget("harbolnas", IDR(40_000))])


baskets = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(sorted(PRICES)), st.integers(1, 6), min_size=1, max_size=4),
        st.sampled_from([(), ("perdana",)]),
        st.sampled_from(["web", "pos"]),
        st.sampled_from(["", "cus_a", "cus_b"]),
        st.sampled_from([True, False]),
        st.integers(0, 20_000),
    ),
    min_size=1,
    max_size=6,
)


def sell(shop, clock, rows):
    """Place what can be placed; a coupon that gives nothing is left away."""
    placed = []
    for number, (lines, coupons, channel, customer, sent, fee) in enumerate(rows):
        basket = Basket(
            lines,
            coupons if customer else (),
            ship_to=SITI if sent else None,
            delivery="jne:reg" if sent else "",
            channel=channel,
            customer=CustomerId(customer) if customer else None,
            charges=[ChargeWish(ChargeKind.GIFT_WRAP, "Kertas kado", IDR(fee), "asked for")] if fee > 10_000 else [],
            facts={"x.member": fee % 2 == 0},
        )
        clock.forward(hours=5)
        try:
            placed.append(shop.orders.place(basket, tender="cash", key=f"k{number}"))
        except CouponRefused:
            plain = attrs.evolve(basket, coupons=())
            placed.append(shop.orders.place(plain, tender="cash", key=f"p{number}"))
    return placed


@settings(max_examples=12, deadline=None)
@given(baskets, st.booleans(), st.booleans())
def test_under_their_own_rules_all_orders_of_a_shop_come_to_what_they_came_to(rows, taxed, since_changed):
    """Also after every promotion, price and tax setting has changed."""
    shop, clock = opened(pkp_since=date(2025, 1, 1) if taxed else None)
    with shop:
        run_promotions(shop)
        placed = sell(shop, clock, rows)
        if since_changed:
            clock.forward(days=1)
            shop.promotions.stop("minuman")
            shop.promotions.percent("web", 50)
            shop.prices.put_many({sku: IDR(1_000) for sku in PRICES})
            shop.catalog.put("TEH", "Teh", categories=[])

        report = shop.promotions.what_if()

        assert (len(placed), 0, ()) == (report.orders, report.changed, report.changes)
        was = report.by_currency["IDR"].was
        parts = [part for order in placed for part in (*(line.line for line in order.lines), *order.charges)]
        assert sum(order.total.minor_units for order in placed) == was.total
        assert sum(tax.amount for part in parts for tax in part.taxes) == was.tax
        assert sum(each.amount for part in parts for each in part.discounts) == was.discount
        assert shop.verify().ok


def test_gifts_of_a_shop_are_told_and_those_it_could_not_give_stay_away():
    """One customer had the bag, one refused it, and for one it was sold out; coffee would have gone to all of them."""
    shop, clock = opened()
    with shop:
        shop.catalog.put("TAS", "Tas")
        shop.stock.receive("TAS", 1, key="tas")
        shop.promotions.gift("tas", "TAS", at_least=IDR(100_000))
        for number, refused in enumerate([("TAS",), (), ()]):
            clock.forward(hours=1)
            shop.orders.place(Basket({"BUKU": 2}, refused_gifts=refused), tender="cash", key=f"k{number}")

        same = shop.promotions.what_if()
        without = shop.promotions.what_if(without=["tas"])
        terms = attrs.evolve(shop.promotions.get("tas").terms, benefit=Gift("kopi", 2))
        coffee = shop.promotions.what_if(put={"tas": terms})

        assert (3, 0, {"tas": GiftChange("tas", 1, 1)}) == (same.orders, same.changed, same.by_gift)
        assert [(GiftChange("tas", 1, 0),)] == [each.gifts for each in without.changes]
        assert {"kopi": GiftChange("kopi", 0, 6), "tas": GiftChange("tas", 1, 0)} == coffee.by_gift
        assert 3 == coffee.changed
        assert 0 == coffee.by_currency["IDR"].difference.total


@pytest.mark.parametrize("basis", DiscountBasis)
@pytest.mark.parametrize("across", AcrossBorders)
def test_a_kit_of_unlike_taxes_comes_to_what_it_came_to(basis, across):
    """Sold abroad, and with prices stated in other terms than the list's: its parts go by the list's weights."""
    found, _ = opened(pkp_since=date(2025, 1, 1))
    with found:
        found.settings.change(policies=Policies(discount_basis=basis, across_borders=across))
        found.catalog.put("BUKU", "Buku", tax_class="exempt")
        found.catalog.put("PAKET", "Paket", components={"KOPI": 1, "BUKU": 2})
        found.prices.put("PAKET", IDR(250_001))
        for place in (SITI, attrs.evolve(SITI, country="SG", postal_code="238801")):
            found.orders.place(Basket({"PAKET": 1}, ship_to=place), tender="cash", key=place.country)

        report = found.promotions.what_if()

        assert (2, ()) == (report.orders, report.changes)


@pytest.fixture
def shop():
    """Three orders in three days: of coffee, of tea, and one that was cancelled."""
    found, clock = opened()
    with found:
        found.promotions.percent("semua", 10)
        for number, lines in enumerate(({"KOPI": 1}, {"TEH": 2}, {"GULA": 1})):
            clock.forward(days=1)
            order = found.orders.place(Basket(lines, ship_to=SITI, delivery="jne:reg"), tender="cash", key=f"k{number}")
        found.orders.cancel(order, reason="changed mind")
        found.clock = clock
        yield found


def test_what_if_a_promotion_had_not_been(shop):
    """Each order would have been dearer by what it gave; an order that was cancelled is no sale."""
    report = shop.promotions.what_if(without=["semua"])

    assert (2, 2) == (report.orders, report.changed)
    assert [7_500, 3_700] == [each.difference.total for each in report.changes]
    assert [("kopi", date(2026, 3, 3)), ("teh", date(2026, 3, 4))] == [(row.key, row.day) for row in report.skus]


def test_what_if_of_a_promotion_that_never_was(shop):
    """A misspelt code would say that nothing changes."""
    with pytest.raises(NotFound, match="no promotion 'prm_smua' in this shop"):
        shop.promotions.what_if(without=["semua", "smua"])
    with pytest.raises(InvalidInput, match=r"must be 1 to 64 letters, digits or -_\. @ without\[1\]"):
        shop.promotions.what_if(without=["semua", ""])


def test_what_if_reads_names_as_a_promotion_does(shop):
    """Terms that name goods as people write them give what they would have given."""
    semua = shop.promotions.get("semua").terms
    terms = [attrs.evolve(semua, benefit=Off(Percent(20), target=equal("sku", sku))) for sku in ("KOPI", "kopi")]

    written, kept = (shop.promotions.what_if(put={"semua": each}) for each in terms)

    assert kept == written
    assert -7_500 == written.changes[0].difference.total


def test_what_if_it_had_had_other_terms(shop):
    """The terms of a promotion, changed; its code says which."""
    terms = attrs.evolve(shop.promotions.get("semua").terms, benefit=Off(Percent(20)))

    report = shop.promotions.what_if(put={"semua": terms, "teh": attrs.evolve(terms, exclusive=True, name="teh")})

    assert [-7_500, -3_700] == [each.difference.total for each in report.changes]
    assert 10 == shop.promotions.get("semua").terms.benefit.value.percent


def test_only_the_orders_of_a_time_are_priced_again(shop):
    """From a moment on, until a moment, excluded."""
    first, second = (shop.clock.now() - timedelta(days=days) for days in (2, 1))

    found = [
        shop.promotions.what_if(since=since, until=until).orders
        for since, until in [(None, None), (first, second), (second, None), (None, first)]
    ]

    assert [2, 1, 1, 0] == found


def test_pages_are_small_and_the_report_is_whole(shop):
    """However many orders a page has."""
    whole = shop.promotions.what_if(without=["semua"])

    shop.settings.change(limits=attrs.evolve(shop.settings.get().limits, page=1))

    assert whole == shop.promotions.what_if(without=["semua"])


def test_what_can_not_be_is_refused_before_anything_is_read(shop):
    """Terms with faults, by path; processes that are none."""
    terms = attrs.evolve(shop.promotions.get("semua").terms, benefit=Off(Percent(120)))

    with pytest.raises(InvalidInput) as wrong:
        shop.promotions.what_if(put={"semua": terms})
    assert "benefit.value.percent" in str(wrong.value)
    for number in (0, -1, True, 1_000):
        with pytest.raises(InvalidInput):
            shop.promotions.what_if(processes=number)


def test_several_processes_find_the_same(shop):
    """The door shares the work when it is told to."""
    assert shop.promotions.what_if(without=["semua"]) == shop.promotions.what_if(without=["semua"], processes=2)


def test_what_was_found_within_a_limit_is_found_within_it_again():
    """However many sets the shop lets be tried today."""
    shop, _ = opened()
    shop.settings.change(policies=Policies(stacking="best"), limits=Limits(combinations=1))
    shop.promotions.fixed("besar", IDR(10_000), exclusive=True, priority=9)
    shop.promotions.fixed("satu", IDR(7_000))
    shop.promotions.fixed("dua", IDR(7_000))
    order = shop.orders.place(Basket({"KOPI": 2, "TEH": 1, "GULA": 3}), tender="cash", key="1")
    shop.settings.change(limits=Limits(combinations=500))
    now = shop.orders.place(Basket({"KOPI": 2, "TEH": 1, "GULA": 3}), tender="cash", key="2")

    assert IDR(4_000) == order.total - now.total
    assert () == shop.promotions.what_if().changes


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda door: door.stop("semua"),
        lambda door: door.percent("semua", 50),
        lambda door: (door.percent("semua", 50), door.stop("semua")),
        lambda door: door.percent("baru", 30),
        lambda door: (door.percent("baru", 30), door.stop("baru")),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["changed before", "changed after"])
def test_what_was_changed_in_the_instant_of_an_order_was_changed_before_or_after_it(meanwhile, first):
    """An order knows which versions it saw: under its own rules it comes to what it came to."""
    found, _ = opened()
    with found:
        found.promotions.percent("semua", 10)
        if first:
            meanwhile(found.promotions)
        order = found.orders.place(Basket({"KOPI": 1}), tender="cash", key="k")
        if not first:
            meanwhile(found.promotions)

        report = found.promotions.what_if()

        assert (1, 0) == (report.orders, report.changed)
        without = found.promotions.what_if(without=["semua"]).by_currency["IDR"]
        assert 75_000 - 22_500 * gave(order, "prm_baru") == without.would.total


def gave(order, promotion):
    """Whether *promotion* gave something to *order*."""
    return promotion in {each.promotion_id for line in order.lines for each in line.line.discounts}


def test_a_time_that_ends_before_it_begins_is_refused():
    """No order is of it, and an answer about none would be believed."""
    shop, clock = opened()
    since = clock.now()

    with shop, pytest.raises(InvalidInput, match="must not be before since") as caught:
        shop.promotions.what_if(since=since, until=since - timedelta(seconds=1))

    assert ["until"] == [fault.path for fault in caught.value.faults]
