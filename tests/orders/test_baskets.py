"""Baskets: a till, a marketplace or an import places an order in one call, with no cart and no quote."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Basket, ChargeWish, Customer, InvalidInput, Limits, LineWish, OrderState, Policies
from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.cart.errors import TooManyCoupons, TooManyLines
from tokolib.catalog.errors import UnknownSku
from tokolib.checkout.errors import AddressNeeded, EmptyCart
from tokolib.conditions import equal
from tokolib.inventory.errors import OutOfStock, UnknownLocation
from tokolib.inventory.model import item_id
from tokolib.kernel.errors import KeyReused, TokolibError
from tokolib.kernel.events import stream_of
from tokolib.kernel.quantity import KILOGRAM
from tokolib.orders.errors import NotFree, PaymentDeclined
from tokolib.orders.model import PaymentStatus
from tokolib.payments.errors import TenderRefused, UnknownTender
from tokolib.pricing.coupon_errors import CouponExhausted, CouponUnknown
from tokolib.pricing.errors import NoPrice
from tokolib.pricing.model import ChargeKind
from tokolib.records.collections import COLLECTIONS
from tokolib.shipping.errors import UnknownMethod
from tokolib.testing.builders import BUYER, Given


async def documents(toko):
    """How many documents the shop has."""
    return dict((await toko.verify()).checked)["documents"]


def test_a_basket_is_an_order_in_one_call(play):
    """Priced once, paid and placed, it explains itself; only the order and its payment are stored."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10")
        before = await documents(toko)

        basket = Basket({"KOPI-250": 2, "Teh-100": 1}, ["hemat 10"], ship_to=BUYER, delivery="jne:reg")
        order = await toko.orders.place(basket, tender="cash", key="till-1")

        assert IDR(171_000) == order.total
        assert (OrderState.PLACED, PaymentStatus.PAID) == (order.state, order.payment)
        assert (None, None, "") == (order.cart_id, order.quote_id, order.quote_hash)
        assert 18 == (await toko.stock.available("KOPI-250")).steps
        assert before + 2 == await documents(toko)
        told = await toko.orders.explain(order, "en")
        assert "(KOPI-250) × 2" in told and "HEMAT10" in told and "Delivery jne:reg" in told
        assert order == await toko.orders.by_reference(order.reference)

    play(body)


def test_the_same_key_is_the_same_order(play):
    """The same basket, however it is written, answers the one order; another one under its key is refused."""

    async def body(toko):
        basket = Basket({"KOPI-250": 2}, customer="cus_1", facts={"x.till": 7, "first_order": True})
        order = await toko.orders.place(basket, tender="cash", key="till-1")

        same = Basket([LineWish("KOPI-250", "2.0")], customer="cus_1", facts={"first_order": True, "x.till": 7})
        assert order == await toko.orders.place(basket, tender="cash", key="till-1")
        assert order == await toko.orders.place(same, tender="cash", key="till-1")
        others = [
            attrs.evolve(basket, customer="cus_2"),
            attrs.evolve(basket, lines={"KOPI-250": 3}),
            attrs.evolve(basket, facts={"x.till": 8}),
            attrs.evolve(basket, channel="till"),
            attrs.evolve(basket, coupons=["HEMAT10"]),
            attrs.evolve(basket, ship_to=BUYER),
            await toko.given.quote({"KOPI-250": 2}),
        ]
        for other in others:
            with pytest.raises(KeyReused):
                await toko.orders.place(other, tender="cash", key="till-1")
        with pytest.raises(KeyReused):
            await toko.orders.place(basket, tender="cod", key="till-1")
        assert 18 == (await toko.stock.available("KOPI-250")).steps

    play(body)


@pytest.mark.parametrize(
    ("tender", "state", "payment"),
    [
        ("cash", OrderState.PLACED, PaymentStatus.PAID),
        ("cod", OrderState.PLACED, PaymentStatus.UNPAID),
        ("bank_transfer", OrderState.PENDING_PAYMENT, PaymentStatus.UNPAID),
        ("fake", OrderState.PENDING_PAYMENT, PaymentStatus.UNPAID),
    ],
)
def test_every_tender_takes_a_basket(play, tender, state, payment):
    """Offline tenders place at once, the others wait for their money; then it is an order like any other."""

    async def body(toko):
        order = await toko.orders.place(Basket({"KOPI-250": 1}), tender=tender, key="1")
        assert (state, payment) == (order.state, order.payment)
        if tender == "fake":
            (charge,) = toko.world.charges
            toko.world.pay(charge.key)
            await toko.deliver_webhooks()
        elif tender != "cash":
            await toko.payments.received(order, order.total, method="bank_transfer")
        paid = await toko.orders.get(order.id)
        assert (OrderState.PLACED, PaymentStatus.PAID) == (paid.state, paid.payment)
        await toko.ship(paid)
        assert OrderState.COMPLETED is (await toko.orders.get(order.id)).state

    play(body)


def test_a_basket_that_costs_nothing_is_placed_by_any_tender(play_in_memory):
    """What a coupon pays in full needs no money; what costs something isn't free."""

    async def body(toko):
        await toko.promotions.percent("GRATIS", 100, coupon="GRATIS")
        order = await toko.orders.place(Basket({"KOPI-250": 1}, ["GRATIS"]), tender="free", key="1")
        assert (IDR(0), OrderState.PLACED) == (order.total, order.state)
        with pytest.raises(NotFree) as costly:
            await toko.orders.place(Basket({"KOPI-250": 1}), tender="free", key="2")
        assert "the basket costs IDR 75000" in str(costly.value)

    play_in_memory(body)


def test_a_declined_basket_leaves_nothing_held(play):
    """There is no cart to reopen; goods and coupon are free again."""

    async def body(toko):
        await toko.promotions.percent("HEMAT", 10, coupon="HEMAT10", usage_limit=1)
        basket = Basket({"KOPI-250": 1}, ["HEMAT10"])
        toko.world.switches.decline = 1
        with pytest.raises(PaymentDeclined):
            await toko.orders.place(basket, tender="fake", key="1")
        assert 20 == (await toko.stock.available("KOPI-250")).steps
        again = await toko.orders.place(basket, tender="cash", key="2")
        assert IDR(67_500) == again.total
        with pytest.raises(CouponExhausted):
            await toko.orders.place(basket, tender="cash", key="3")

    play(body)


def test_prices_may_depend_on_the_tender(play_in_memory):
    """The tender of a basket is known when it is priced."""

    async def body(toko):
        await toko.promotions.percent("TUNAI", 5, conditions=equal("tender", "cash"))
        basket = Basket({"KOPI-250": 2})
        assert IDR(142_500) == (await toko.orders.place(basket, tender="cash", key="1")).total
        assert IDR(150_000) == (await toko.orders.place(basket, tender="cod", key="2")).total

    play_in_memory(body)


REFUSED = {
    "no lines": (Basket({}), "cash", EmptyCart),
    "unknown SKU": (Basket({"KOPI-250": 1, "KOPI-999": 1}), "cash", UnknownSku),
    "a part of a piece": (Basket({"KOPI-250": "0.5"}), "cash", InvalidInput),
    "not a number": (Basket({"KOPI-250": "two"}), "cash", InvalidInput),
    "a price without a reason": (Basket([LineWish("KOPI-250", 1, IDR(1))]), "cash", InvalidInput),
    "a fact of the shop's own": (Basket({"KOPI-250": 1}, facts={"country": "ID"}), "cash", InvalidInput),
    "a charge below zero": (
        Basket({"KOPI-250": 1}, charges=[ChargeWish(ChargeKind.FEE, "x", IDR(-1), "x")]),
        "cash",
        InvalidInput,
    ),
    "a name that can't be kept": (Basket({"KOPI-250": 1}, channel="a\nb"), "cash", InvalidInput),
    "no list of lines": (Basket(5), "cash", InvalidInput),
    "no line wishes": (Basket(["KOPI-250"]), "cash", InvalidInput),
    "too many lines": (Basket([LineWish("KOPI-250")] * 3), "cash", TooManyLines),
    "too many coupons": (Basket({"KOPI-250": 1}, ["A", "B"]), "cash", TooManyCoupons),
    "no price": (Basket({"BARU": 1}), "cash", NoPrice),
    "unknown coupon": (Basket({"KOPI-250": 1}, ["NIHIL"]), "cash", CouponUnknown),
    "out of stock": (Basket({"KOPI-250": 21, "Teh-100": 21}), "cash", OutOfStock),
    "no such location": (Basket({"KOPI-250": 1}, location="gudang"), "cash", UnknownLocation),
    "nowhere to go": (Basket({"KOPI-250": 1}, delivery="jne:reg"), "cash", AddressNeeded),
    "no such delivery": (Basket({"KOPI-250": 1}, delivery="pos", ship_to=BUYER), "cash", UnknownMethod),
    "no such tender": (Basket({"KOPI-250": 1}), "gold", UnknownTender),
    "no cash at the door": (Basket({"KOPI-250": 1}, delivery="jne:yes", ship_to=BUYER), "cod", TenderRefused),
}


def test_what_cant_be_sold_says_why_and_leaves_nothing(play):
    """A basket is refused like the cart and the quote that it stands for, and its key is free for the next try."""

    async def body(toko):
        await toko.settings.change(limits=Limits(cart_lines=2, promotions_per_cart=1))
        await toko.catalog.put("BARU", "Baru")
        await toko.stock.receive("BARU", 5)
        before = await documents(toko)
        for name, (basket, tender, expected) in REFUSED.items():
            with pytest.raises(expected):
                await toko.orders.place(basket, tender=tender, key="1")
            assert before == await documents(toko), name
        assert 20 == (await toko.stock.available("KOPI-250")).steps
        assert OrderState.PLACED is (await toko.orders.place(Basket({"KOPI-250": 1}), tender="cash", key="1")).state

    play(body)


def test_a_refusal_names_all_that_is_wrong_with_its_path(play_in_memory):
    """What is short is named together, and a fault says where it stands."""

    async def body(toko):
        with pytest.raises(OutOfStock) as short:
            await toko.orders.place(Basket({"KOPI-250": 21, "Teh-100": 22}), tender="cash", key="1")
        assert [("KOPI-250", 21, 20), ("Teh-100", 22, 20)] == [
            (each.sku, each.wanted, each.available) for each in short.value.shortages
        ]
        wrong = Basket([LineWish("KOPI-250", "0.5"), LineWish("Teh-100", 1, IDR(-1), "gift")])
        with pytest.raises(InvalidInput) as refused:
            await toko.orders.place(wrong, tender="cash", key="1")
        assert ["lines[0].quantity", "lines[1].price"] == [each.path for each in refused.value.faults]
        for none in (Basket(None), Basket({"KOPI-250": 1}, "HEMAT10"), Basket({"KOPI-250": 1}, None)):
            with pytest.raises(InvalidInput, match="such as") as what:
                await toko.orders.place(none, tender="cash", key="1")
            (fault,) = what.value.faults
            assert (fault.path, fault.message) in (
                ("wanted.lines", 'must be quantities by SKU, such as {"KOPI-250": 2}, or a list of LineWish'),
                ("wanted.coupons", 'must be a list of codes, such as ["HEMAT10"]'),
            )
        with pytest.raises(InvalidInput) as typed:
            await toko.orders.place(Basket([LineWish("KOPI-250", None)]), tender="cash", key="1")
        assert ["wanted.lines[0].quantity"] == [each.path for each in typed.value.faults]
        for facts in ({5: 1}, [("x.till",)], [("x.till", 1), ("x.till", 2)], [("x.till", 1, 2)]):
            with pytest.raises(InvalidInput) as told:
                await toko.orders.place(Basket({"KOPI-250": 1}, facts=facts), tender="cash", key="1")
            assert ["facts"] == [each.path.partition("[")[0] for each in told.value.faults], facts
        with pytest.raises(InvalidInput) as endless:
            await toko.orders.place(Basket({"KOPI-250": 10**5000}), tender="cash", key="1")
        assert ["lines[0].quantity"] == [each.path for each in endless.value.faults]

    play_in_memory(body)


def test_an_order_of_a_basket_can_be_cancelled_and_invoiced(play):
    """What comes after placing needs neither cart nor quote."""

    async def body(toko):
        order = await toko.orders.place(Basket({"KOPI-250": 2}), tender="cash", key="1")
        invoice = await toko.invoices.issue(order)
        assert order.total == invoice.total
        await toko.ship(order)
        await toko.returns.accept(order, {"KOPI-250": 1}, reason="changed mind")
        other = await toko.orders.place(Basket({"Teh-100": 1}), tender="bank_transfer", key="2")
        assert OrderState.CANCELLED is (await toko.orders.cancel(other, reason="changed mind")).state

    play(body)


def test_an_unpaid_basket_expires(play):
    """Its lease runs out like that of any order."""

    async def body(toko):
        order = await toko.orders.place(Basket({"KOPI-250": 2}), tender="bank_transfer", key="1")
        toko.clock.forward(hours=25)
        await toko.tick()
        assert OrderState.EXPIRED is (await toko.orders.get(order.id)).state
        assert 20 == (await toko.stock.available("KOPI-250")).steps

    play(body)


def test_late_money_takes_its_goods_again(play):
    """Where goods leave the books with the order, those of a late payment do so too, by holds of their own."""

    async def body(toko):
        await toko.settings.change(policies=Policies(stock_taken="at_order"))
        order = await toko.orders.place(Basket({"KOPI-250": 2}), tender="bank_transfer", key="1")
        toko.clock.forward(hours=25)
        await toko.tick()
        await toko.payments.received(order, order.total)
        assert OrderState.PLACED is (await toko.orders.get(order.id)).state
        level = await toko.stock.level("KOPI-250")
        assert (18, 0) == (level.on_hand.steps, level.held.steps)

    play(body)


def test_baskets_race_for_the_last_unit(play_on_file):
    """Nothing is held before the commit, and yet exactly one wins; the others hear what is missing."""

    async def body(toko):
        await toko.stock.write_off("KOPI-250", 19, reason="flood")
        with tokolib.open(SqliteStorage(toko.path, COLLECTIONS, durable=False, timeout=30), clock=toko.clock) as shop:

            def buy(number):
                try:
                    return shop.orders.place(Basket({"KOPI-250": 1}), tender="cash", key=f"buyer-{number}").state
                except OutOfStock as gone:
                    return [each.sku for each in gone.shortages]

            with ThreadPoolExecutor(4) as pool:
                results = list(pool.map(buy, range(4)))
        assert [OrderState.PLACED] == [each for each in results if each != ["KOPI-250"]]

    play_on_file(body)


def test_low_stock_is_told():
    """A basket that takes the shelf below its threshold says so, once."""
    storage = MemoryStorage(COLLECTIONS)
    with tokolib.open(storage, country="ID") as shop:
        Given(shop).goods({"KOPI-250": 75_000})
        shop.stock.threshold("KOPI-250", 19)
        for key in ("1", "2", "3"):
            shop.orders.place(Basket({"KOPI-250": 1}), tender="cash", key=key)
        said = storage.begin("default").history(stream_of("stock_items", item_id("kopi-250")))
        assert 1 == [event.topic for event in said].count("inventory.stock_low")


# The law: a basket is nothing but a start, a quote and a placement in one.

PRICES = {"KOPI-250": 75_000, "Teh-100": 20_000, "CANGKIR": 33_333, "PAKET": 100_000}


@st.composite
def baskets(draw):
    skus = draw(st.lists(st.sampled_from([*PRICES, "GULA"]), min_size=1, max_size=5))
    lines = []
    for sku in skus:
        quantity = draw(st.sampled_from(["0.350", "1", "2.125"]) if sku == "GULA" else st.integers(1, 4))
        stated = draw(st.integers(0, 10**5)) if draw(st.integers(0, 4)) == 0 else None
        lines.append(LineWish(sku, quantity) if stated is None else LineWish(sku, quantity, IDR(stated), "haggled"))
    delivered = draw(st.booleans())
    return Basket(
        lines,
        draw(st.lists(st.sampled_from(["TEN", "LESS", "SHIP"]), unique=True)),
        ship_to=BUYER if delivered else None,
        delivery="jne:reg" if delivered else "",
        customer=draw(st.sampled_from([None, "cus_1"])),
        group=draw(st.sampled_from(["", "gold"])),
        charges=[ChargeWish(ChargeKind.FEE, "Packing", IDR(draw(st.integers(0, 9_999))), "asked for")]
        if draw(st.booleans())
        else (),
        facts={"first_order": draw(st.booleans())},
    )


@pytest.fixture(scope="module", params=["plain", "taxed"])
def market(request):
    """A shop with everything that a price can depend on, and its storage."""
    storage = MemoryStorage(COLLECTIONS)
    taxed = {"pkp_since": date(2025, 1, 1)} if request.param == "taxed" else {}
    with tokolib.open(storage, country="ID", **taxed) as shop:
        given_ = Given(shop)
        given_.goods({key: PRICES[key] for key in ("KOPI-250", "Teh-100", "CANGKIR")}, stock=10**6)
        given_.goods({"GULA": 14_500}, unit=KILOGRAM, weight="1 kg", stock=10**5)
        given_.goods({"PAKET": 100_000}, components={"KOPI-250": 1, "Teh-100": 2})
        given_.delivery({"jne:reg": 18_000})
        shop.prices.put_list("gold", currency="IDR", customer_group="gold", priority=1)
        shop.prices.put("KOPI-250", IDR(70_000), list="gold", tiers={3: IDR(65_000)})
        shop.promotions.percent("TEN", 10, coupon="TEN")
        shop.promotions.fixed("LESS", IDR(10_001), coupon="LESS")
        shop.promotions.free_shipping("SHIP", coupon="SHIP")
        shop.promotions.percent("CASH", 3, conditions=equal("tender", "cash"))
        shop.promotions.percent("NEW", 1, conditions=equal("first_order", True))
        yield shop.acting(Customer("cus_1")), storage


def placed_by_hand(shop, basket, tender, key):
    """An order of *basket* by way of a cart and a quote."""
    cart = shop.carts.start(
        basket.lines, customer=basket.customer, channel=basket.channel, group=basket.group, coupons=basket.coupons
    )
    quote = shop.carts.quote(
        cart,
        ship_to=basket.ship_to,
        delivery=basket.delivery,
        tender=tender,
        location=basket.location,
        charges=basket.charges,
        facts=dict(basket.facts),
    )
    return shop.orders.place(quote, tender=tender, key=key)


def agreed(order):
    """All that the customer agreed to, without what names it."""
    lines = [attrs.evolve(each, line=attrs.evolve(each.line, id="")) for each in order.lines]
    return attrs.evolve(
        order,
        lines=lines,
        id="",
        reference="",
        intent_id="",
        key="",
        holds=(),
        quote_id=None,
        quote_hash="",
        cart_id=None,
        basket_hash="",
        requested_at=None,
        placed_at=None,
        due_until=None,
    )


def booked(storage, ledger, order):
    """What an order has posted to a ledger."""
    unit = storage.begin("default", read_only=True)
    entries = unit.ledger(ledger, refers_to=order.id).items
    unit.rollback()
    return [(each.account, each.amount, each.unit, each.kind) for each in entries]


@settings(max_examples=60)
@given(basket=baskets(), tender=st.sampled_from(["cash", "cod", "bank_transfer"]))
def test_a_basket_is_a_cart_a_quote_and_a_placement(market, basket, tender):
    """The same lines, shares, charges, totals, postings, coupon uses, holds and explanation; or the same refusal."""
    shop, storage = market
    number = next(NUMBERS)

    try:
        expected = placed_by_hand(shop, basket, tender, f"hand-{number}")
    except TokolibError as refusal:
        with pytest.raises(type(refusal)) as refused:
            shop.orders.place(basket, tender=tender, key=f"basket-{number}")
        assert str(refusal) == str(refused.value)
        return
    actual = shop.orders.place(basket, tender=tender, key=f"basket-{number}")

    assert agreed(expected) == agreed(actual)
    for ledger in ("money", "uses"):
        assert booked(storage, ledger, expected) == booked(storage, ledger, actual)
    assert [hold.partition(":")[2] for hold in expected.holds] == [hold.partition(":")[2] for hold in actual.holds]
    for locale in ("en", "id"):
        assert shop.orders.explain(expected, locale) == shop.orders.explain(actual, locale)


NUMBERS = iter(range(10**9))


def test_the_books_of_both_are_sound(market):
    """Whatever the law has placed above, every promise holds over it."""
    shop, _ = market
    shop.orders.place(Basket({"KOPI-250": 1}), tender="cash", key="the last one")
    assert shop.verify(), [str(each) for each in shop.verify().violations]
