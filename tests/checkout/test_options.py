"""What may be chosen for a cart: told before, with reasons and prices, as the quote and the order will have it."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Shop
from tokolib.adapters.memory import MemoryStorage
from tokolib.conditions import at_least, at_most, equal
from tokolib.payments import Risk, RiskLevel
from tokolib.pricing import ChargeKind
from tokolib.records.collections import COLLECTIONS
from tokolib.shipping import FeeRule, MethodKind, Terms
from tokolib.testing.builders import BUYER, Given
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_gateway import FakeGateway, FakeWorld


def furnish(shop: Shop) -> None:
    """Two couriers, one of which collects no cash, a truck for heavy goods, and COD with a fee and a limit."""
    given = Given(shop)
    given.goods({"KOPI-250": 75_000, "TEH-100": 20_000}, stock=500)
    given.delivery({"jne:reg": 18_000})
    given.delivery({"jne:yes": 30_000}, cod=False)
    heavy = at_least("weight_grams", 10_000)
    shop.delivery.put("truck", Terms("Truk", MethodKind.FLAT, IDR, price=9_000, conditions=heavy))
    cod_fee = FeeRule("3", minimum=2_000, most=1_000_000)
    shop.delivery.put("sicepat:reg", Terms("SiCepat", MethodKind.FLAT, IDR, price=15_000, cod_fee=cod_fee))
    shop.charges.as_courier("cod", ChargeKind.COD_FEE)
    shop.charges.fixed("cod-own", ChargeKind.COD_FEE, IDR(4_000), priority=-1)
    shop.tenders.put("cod", at_most=IDR(2_000_000), risks=[Risk("new", equal("x.new", True), RiskLevel.ALLOW)])


@pytest.fixture
def shop() -> Iterator[Shop]:
    gateway = FakeGateway(FakeWorld(ManualClock()))
    with tokolib.open("memory://", country="ID", gateways=[gateway]) as shop:
        furnish(shop)
        yield shop


def test_deliveries_are_ranked_by_what_the_customer_pays_and_the_refused_say_why(shop):
    """The cheapest first; the truck is for ten kilograms."""
    cart = shop.carts.start({"KOPI-250": 1})

    options = shop.carts.options(cart, ship_to=BUYER)

    assert [
        ("sicepat:reg", True, IDR(15_000), IDR(90_000)),
        ("jne:reg", True, IDR(18_000), IDR(93_000)),
        ("jne:yes", True, IDR(30_000), IDR(105_000)),
        ("truck", False, None, None),
    ] == [(each.code, each.allowed, each.amount, each.total) for each in options.deliveries]
    truck = options.deliveries[-1]
    assert "truck is not for this order\n  weight (grams) at least 10,000, now 300 (9,700 to go)" == truck.explain("en")
    assert truck.explain("id").startswith("truck tidak berlaku untuk pesanan ini")
    heavy = shop.carts.options(shop.carts.start({"KOPI-250": 40}), ship_to=BUYER)
    assert ("truck", True) == (heavy.deliveries[0].code, heavy.deliveries[0].allowed)


def test_tenders_are_listed_with_their_fees_for_the_delivery_that_was_chosen(shop):
    """Every local tender and every gateway; COD costs what the courier asks, with its mark of risk beside."""
    cart = shop.carts.start({"KOPI-250": 1})

    options = shop.carts.options(cart, ship_to=BUYER, delivery="sicepat:reg", facts={"x.new": True})

    assert [
        ("bank_transfer", True, IDR(0), IDR(90_000)),
        ("cash", True, IDR(0), IDR(90_000)),
        ("fake", True, IDR(0), IDR(90_000)),
        ("cod", True, IDR(2_700), IDR(92_700)),
    ] == [(each.tender, each.allowed, each.fees, each.total) for each in options.tenders]
    assert ["cod is accepted", "new"] == [line[:16].strip() for line in options.tenders[-1].explain().splitlines()]
    assert () == options.missing


def test_a_tender_says_why_it_is_refused(shop):
    """A courier that collects nothing, one that collects less, and the shop's own limit."""

    def cod(lines, delivery):
        options = shop.carts.options(shop.carts.start(lines), ship_to=BUYER, delivery=delivery)
        (found,) = (each for each in options.tenders if each.tender == "cod")
        return found.allowed, found.explain("en")

    assert (False, "jne:yes does not collect Rp105,000 on delivery") == cod({"KOPI-250": 1}, "jne:yes")
    assert (False, "sicepat:reg does not collect Rp1,065,000 on delivery") == cod({"KOPI-250": 14}, "sicepat:reg")
    assert (False, "cod is for totals up to Rp2,000,000, this one is Rp2,272,000") == cod({"KOPI-250": 30}, "jne:reg")


def test_with_a_tender_chosen_deliveries_that_can_not_take_it_are_refused(shop):
    """Whoever pays on delivery sees only couriers that collect."""
    options = shop.carts.options(shop.carts.start({"KOPI-250": 1}), ship_to=BUYER, tender="cod")

    assert ["sicepat:reg", "jne:reg"] == [each.code for each in options.deliveries if each.allowed]
    assert IDR(92_700) == options.deliveries[0].total


def test_a_cart_that_lacks_something_says_what(shop):
    """No lines, no address, no delivery; what can be told is told all the same."""
    empty = shop.carts.options(shop.carts.start())
    started = shop.carts.start({"KOPI-250": 1})
    nowhere, sent = shop.carts.options(started), shop.carts.options(started, ship_to=BUYER)

    assert ["checkout.no_lines"] == [each.code for each in empty.missing]
    assert not any(each.allowed for each in (*empty.deliveries, *empty.tenders))
    assert ["checkout.no_address", "checkout.no_delivery_chosen"] == [each.code for each in nowhere.missing]
    assert {"checkout.no_address"} == {each.reason.code for each in nowhere.deliveries}
    assert IDR(75_000) == nowhere.tenders[0].total
    assert ["checkout.no_delivery_chosen"] == [each.code for each in sent.missing]
    assert "alamat tujuan belum diketahui" in nowhere.explain("id")


def test_goods_that_can_not_be_sold_and_coupons_that_give_nothing_hinder_no_options(shop):
    """What lacks a price or is archived is named; the cart's problems and the quote say the rest."""
    shop.catalog.put("BARU", "Baru", weight="100 g")
    archived = shop.catalog.put("LAMA", "Lama", weight="100 g")
    cart = shop.carts.start({"KOPI-250": 1, "BARU": 1, "LAMA": 1}, coupons=["NOTHING"])
    shop.catalog.archive(archived)

    options = shop.carts.options(cart, ship_to=BUYER, delivery="jne:reg")

    assert ["checkout.not_for_sale", "checkout.no_prices"] == [each.code for each in options.missing]
    assert IDR(93_000) == options.deliveries[1].total


def test_a_wish_that_nobody_offers_is_told(shop):
    """Insurance without a rule: no delivery has it, and it is missing."""
    options = shop.carts.options(shop.carts.start({"KOPI-250": 1}), ship_to=BUYER, delivery="jne:reg", insured=True)

    assert {False} == {each.allowed for each in options.deliveries}
    assert ["checkout.wish_not_offered"] == [each.code for each in options.missing]


def test_rules_are_put_asked_for_and_told_on_every_stage(play):
    """In memory and in a file, blocking and awaited: a fee, a limit, the options, and an order with both."""

    async def body(toko):
        await toko.charges.fixed("cod", ChargeKind.COD_FEE, IDR(5_000))
        await toko.charges.percent("care", ChargeKind.INSURANCE, "1", minimum=IDR(1_000))
        await toko.tenders.put("cod", at_most=IDR(200_000), risks=[Risk("new", equal("first_order", True))])
        cart = await toko.carts.start({"KOPI-250": 1, "PAKET": 1})

        options = await toko.carts.options(cart, ship_to=BUYER, delivery="jne:reg", insured=True)
        quote = await toko.carts.quote(cart, ship_to=BUYER, delivery="jne:reg", insured=True, tender="cod")
        order = await toko.orders.place(quote, tender="cod", key="1")

        (cod,) = (each for each in options.tenders if each.tender == "cod")
        assert (True, IDR(6_750), IDR(199_750)) == (cod.allowed, cod.fees, cod.total)
        assert cod.total == quote.total == order.total
        assert order == await toko.orders.get(order.id)
        assert [65_217, 34_783] == [share.total for share in order.lines[1].line.shares]
        assert "by rule care" in await toko.orders.explain(order, "en")
        assert ("cod", "care") == ((await toko.tenders.policies())[0].id, (await toko.charges.running())[0].id)

    play(body)


class Counting(MemoryStorage):
    """A storage that counts the units that are begun, and what they are asked."""

    def __init__(self):
        super().__init__(COLLECTIONS)
        self.asked = []

    def begin(self, partition, *, read_only=False):
        self.asked.append("begin")
        unit, asked = super().begin(partition, read_only=read_only), self.asked

        class Watched:
            def __getattr__(self, name):
                found = getattr(unit, name)

                def call(*args, **kwargs):
                    asked.append(name)
                    return found(*args, **kwargs)

                return call

        return Watched()


def test_options_take_one_unit_and_as_many_reads_however_many_there_are():
    """What all options rest on is read once; each is then a matter of arithmetic."""
    storage = Counting()
    with tokolib.open(storage, country="ID") as shop:
        furnish(shop)
        cart = shop.carts.start({"KOPI-250": 1, "TEH-100": 2})

        def reads():
            shop.carts.options(cart, ship_to=BUYER, delivery="jne:reg")
            del storage.asked[:]
            shop.carts.options(cart, ship_to=BUYER, delivery="jne:reg")
            return storage.asked[:]

        few = reads()
        Given(shop).delivery({f"more:{n}": 20_000 + n for n in range(20)})
        many = reads()

    assert 1 == few.count("begin") == many.count("begin")
    assert few == many
    assert len([name for name in many if name not in ("begin", "rollback", "commit", "flush")]) <= 3


@settings(max_examples=30)
@given(
    coffee=st.integers(0, 30),
    tea=st.integers(0, 30),
    percent=st.integers(0, 60),
    free=st.booleans(),
    prepaid=st.booleans(),
    delivery=st.sampled_from(["jne:reg", "jne:yes", "sicepat:reg"]),
)
def test_what_options_say_is_what_the_quote_says(coffee, tea, percent, free, prepaid, delivery):
    """For every delivery and tender: the same total where it is allowed, and a refusal where it isn't."""
    lines = {sku: n for sku, n in (("KOPI-250", coffee), ("TEH-100", tea)) if n} or {"TEH-100": 1}
    with tokolib.open("memory://", country="ID") as shop:
        furnish(shop)
        shop.charges.fixed("small", ChargeKind.SMALL_ORDER, IDR(3_000), conditions=at_most("subtotal", 50_000))
        shop.charges.percent("service", ChargeKind.FEE, "1.5", conditions=at_least("subtotal_after_discounts", 100_000))
        if percent:
            shop.promotions.percent("off", percent)
        if free:
            shop.promotions.free_shipping("free", at_least=IDR(200_000), cap=IDR(16_000))
        if prepaid:
            shop.promotions.percent("prepaid", 3, conditions=equal("tender", "bank_transfer"))

        def outcome(tender, code):
            try:
                quote = shop.carts.quote(shop.carts.start(lines), ship_to=BUYER, delivery=code, tender=tender)
                if tender:
                    shop.orders.place(quote, tender=tender, key=f"{tender}{code}")
            except tokolib.TokolibError:
                return False, None
            return True, quote.total

        options = shop.carts.options(shop.carts.start(lines), ship_to=BUYER, delivery=delivery)

        for each in options.deliveries:
            assert (each.code, *outcome("", each.code)) == (each.code, each.allowed, each.total)
        for way in options.tenders:
            assert (way.tender, *outcome(way.tender, delivery)) == (way.tender, way.allowed, way.total)
