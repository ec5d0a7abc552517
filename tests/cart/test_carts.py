"""The door `carts` and the steps, on a whole shop, in memory and on SQLite."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import tokolib
from tokolib import IDR, USD, Address, Basket, LineWish
from tokolib.cart import steps
from tokolib.cart.errors import IllegalCartTransition, OverLimit, TooManyLines, UnknownLine, UnknownToken
from tokolib.cart.lifecycle import evolve
from tokolib.cart.merge import MergePolicy
from tokolib.cart.model import Cart, CartStatus
from tokolib.cart.ports import CARTS
from tokolib.cart.problems import RemoveCoupon, RemoveLine, SetQuantity
from tokolib.catalog.errors import NotForSale, UnknownSku
from tokolib.conditions.builders import at_least, equal
from tokolib.kernel.errors import InvalidInput, NotFound, VersionMismatch
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.ids import CartId, CustomerId, LineId, OrderId
from tokolib.kernel.limits import Limits
from tokolib.kernel.money_errors import NotMoney
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.quantity import InvalidQuantity
from tokolib.kernel.rows import Kind
from tokolib.kernel.unit import Unit

START = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
SITI = CustomerId("cus_siti")


class HandClock:
    """A clock that stands still until a test moves it."""

    time = START

    def now(self) -> datetime:
        return self.time


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A shop with coffee (five, at most four a cart), rice by the kilogram, and a bundle."""
    url = "memory://" if request.param == "memory" else f"sqlite:///{tmp_path / 'toko.db'}"
    with tokolib.open(url, country="ID", clock=HandClock()) as opened:
        fill(opened)
        yield opened


def fill(shop: Any) -> None:
    shop.catalog.put("KOPI-250", "Kopi Gayo", purchase_limit=4)
    shop.catalog.put("BERAS", "Beras pandan wangi", unit="kg")
    shop.catalog.put("GULA", "Gula aren")
    shop.catalog.put("PAKET", "Paket pagi", components={"KOPI-250": 2, "GULA": 1})
    for sku, price in (("KOPI-250", 75_000), ("BERAS", 14_000), ("PAKET", 160_000)):
        shop.prices.put(sku, IDR(price))
    shop.stock.receive("KOPI-250", 5)
    shop.stock.receive("BERAS", 10)
    shop.stock.receive("GULA", 5)


def do(shop: Any, step: Any, *args: Any, **more: Any) -> Any:
    async def run(unit: Unit) -> Any:
        return await step(unit, *args, **more)

    return drive(shop._work.write("test", run))


def test_a_cart_starts_with_its_lines_and_a_secret(shop: Any) -> None:
    """Quantities are in the SKU's own unit; the token opens the cart again, and is stored nowhere."""
    cart = shop.carts.start({"kopi-250": 2, "BERAS": "1.5"}, customer=SITI, group="grosir", coupons=["hemat"])

    again = shop.carts.by_token(cart.token)

    assert again == shop.carts.get(cart) == shop.carts.get(cart.id)
    assert [("KOPI-250", "2 pcs"), ("BERAS", "1.5 kg")] == [(line.sku, str(line.amount)) for line in again.lines]
    assert (SITI, "web", "grosir", ("HEMAT",)) == (again.customer, again.channel, again.group, again.coupons)
    assert again.id.startswith("crt_")
    assert again.lines[0].id.startswith("lin_")
    assert len(cart.token) >= 43
    assert cart.token.encode() not in b"".join(bodies(shop))
    with pytest.raises(UnknownToken) as error:
        shop.carts.by_token("x" * 43)
    assert "x" * 43 not in str(error.value)
    with pytest.raises(NotFound):
        shop.carts.get(CartId("crt_0"))


def bodies(shop: Any) -> list[bytes]:
    async def step(unit: Unit) -> list[bytes]:
        docs = await resolved(unit.work.scan(Kind.DOCUMENTS, name="carts"))
        history = await resolved(unit.work.scan(Kind.HISTORY))
        return [row.doc.body for row in docs.items] + [event.payload for event in history.items]

    found: list[bytes] = do(shop, step)
    return found


def test_what_cannot_be_wished_for_is_refused_all_at_once(shop: Any) -> None:
    """Unknown SKUs together, faults with their paths together; no cart is made."""
    with pytest.raises(UnknownSku) as unknown:
        shop.carts.start({"TEH": 1, "KOPI-250": 1, "ROTI": 1})
    wishes = [
        LineWish("KOPI-250", "0.5"),
        LineWish("BERAS", 1.5),  # type: ignore[arg-type]
        LineWish("GULA", -1),
        LineWish("GULA", 1, price=IDR(5)),
        LineWish("GULA", 1, price=USD(5), reason="x" * 301),
    ]
    with pytest.raises(InvalidInput) as faults:
        shop.carts.start(wishes)

    assert ("TEH", "ROTI") == unknown.value.skus
    assert [
        ("lines[0].quantity", "kernel.invalid_quantity"),
        ("lines[1].quantity", "kernel.not_exact"),
        ("lines[2].quantity", "kernel.invalid_quantity"),
        ("lines[3].reason", "kernel.blank_reason"),
        ("lines[4].price", "kernel.currency_mismatch"),
        ("lines[4].reason", "kernel.bad_line"),
    ] == [(fault.path, fault.code) for fault in faults.value.faults]
    shop.catalog.archive(shop.catalog.get("GULA"))
    with pytest.raises(NotForSale):
        shop.carts.start({"GULA": 1})
    with pytest.raises(OverLimit):
        shop.carts.start([LineWish("KOPI-250", 3), LineWish("kopi-250", 2)])
    assert [] == bodies_of_carts(shop)


def bodies_of_carts(shop: Any) -> list[Any]:
    async def step(unit: Unit) -> list[Any]:
        return list((await resolved(unit.work.scan(Kind.DOCUMENTS, name="carts"))).items)

    found: list[Any] = do(shop, step)
    return found


def test_a_stated_price_has_somebody_s_word(shop: Any) -> None:
    """The line keeps price, reason and who stated it."""
    cart = shop.carts.start([LineWish("KOPI-250", 1, price=IDR(60_000), reason=" penyok ")])

    stated = cart.lines[0].stated

    assert (Decimal(60_000), "penyok", "system:host") == (stated.price.amount, stated.reason, stated.actor)


def test_lines_are_added_changed_and_removed(shop: Any) -> None:
    """Each command answers the cart as it then is, and every event raises its version."""
    cart = shop.carts.start({"KOPI-250": 1})
    cart = shop.carts.add(cart, {"KOPI-250": 1, "BERAS": "0.25"})
    cart = shop.carts.add(cart, {"KOPI-250": 1}, join=True)
    cart = shop.carts.set_quantity(cart, cart.lines[2], "0.75")
    cart = shop.carts.remove(cart.id, cart.lines[1].id)

    assert [("KOPI-250", "2 pcs"), ("BERAS", "0.75 kg")] == [(line.sku, str(line.amount)) for line in cart.lines]
    assert 5 == cart.version
    assert cart == shop.carts.get(cart)
    for quantity, error in ((0, InvalidQuantity), (1.5, NotExact), (9, OverLimit)):
        with pytest.raises(error):
            shop.carts.set_quantity(cart, cart.lines[0], quantity)
    with pytest.raises(UnknownLine):
        shop.carts.remove(cart, LineId("lin_0"))
    with pytest.raises(VersionMismatch):
        shop.carts.remove(cart, cart.lines[0], expected=4)
    assert 1 == len(shop.carts.remove(cart, cart.lines[0], expected=5).lines)


def test_a_cart_has_a_largest_size(shop: Any) -> None:
    """More lines than the setting allows are refused."""
    cart = shop.carts.start([LineWish("GULA")] * 500)

    with pytest.raises(TooManyLines):
        shop.carts.add(cart, {"GULA": 1})


def test_coupons_delivery_and_customer_are_kept(shop: Any) -> None:
    """What is chosen stays on the cart; the same coupon twice is the same."""
    home = Address("Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")
    cart = shop.carts.start({"KOPI-250": 1})
    cart = shop.carts.coupon(cart, "hemat")
    assert cart == shop.carts.coupon(cart, "HEMAT ")
    cart = shop.carts.deliver(cart, "jne:reg", home)
    cart = shop.carts.sign_in(cart, SITI, group="grosir")
    cart = shop.carts.drop_coupon(cart, "hemat")

    assert ((), "jne:reg", home, SITI, "grosir") == (
        cart.coupons,
        cart.delivery,
        cart.ship_to,
        cart.customer,
        cart.group,
    )


def test_carts_merge_once(shop: Any) -> None:
    """Lines of both, limits obeyed and cuts named; the other is over; sending it again changes nothing."""
    mine = shop.carts.start({"KOPI-250": 3}, customer=SITI, coupons=["A"])
    guest = shop.carts.start({"KOPI-250": 2, "GULA": 1}, coupons=["B"])

    both = shop.carts.merge(mine, guest)
    again = shop.carts.merge(mine, guest)

    assert [("KOPI-250", 3), ("KOPI-250", 1), ("GULA", 1)] == [(x.sku, x.quantity) for x in both.cart.lines]
    assert [("KOPI-250", 2, 1)] == [(cut.line.sku, cut.line.quantity, cut.kept) for cut in both.cuts]
    assert ("A", "B") == both.cart.coupons
    assert (both.cart, ()) == (again.cart, again.cuts)
    assert both.cart == shop.carts.merge(mine, mine).cart
    assert (CartStatus.MERGED, mine.id) == (shop.carts.get(guest).status, shop.carts.get(guest).merged_into)
    with pytest.raises(IllegalCartTransition):
        shop.carts.add(guest, {"GULA": 1})
    with pytest.raises(IllegalCartTransition):
        shop.carts.merge(shop.carts.start({}), guest)


def test_a_merge_may_take_the_larger(shop: Any) -> None:
    """LARGER takes each SKU from the cart that has more of it."""
    mine = shop.carts.start({"KOPI-250": 3, "GULA": 1})
    guest = shop.carts.start({"KOPI-250": 2, "GULA": 2})

    lines = shop.carts.merge(mine, guest, policy=MergePolicy.LARGER).cart.lines

    assert [("KOPI-250", 3), ("GULA", 2)] == [(line.sku, line.quantity) for line in lines]


def test_problems_come_with_their_fixes(shop: Any) -> None:
    """Stock, limit, sale, price and coupon: each has a fix, and the fixes make the cart sellable."""
    cart = shop.carts.start({"PAKET": 3, "KOPI-250": 2, "GULA": 1, "BERAS": 2}, coupons=["BASI"])
    shop.catalog.archive(shop.catalog.get("BERAS"))

    problems = shop.carts.problems(cart)
    fixed = shop.carts.apply(cart, *(one.fix for one in problems))

    paket, kopi, gula, beras = (line.id for line in cart.lines)
    assert {
        ("cart.exceeds_stock", SetQuantity(paket, 2)),
        ("cart.exceeds_stock", SetQuantity(kopi, 1)),
        ("cart.not_for_sale", RemoveLine(beras)),
        ("pricing.coupon_unknown", RemoveCoupon("BASI")),
        ("pricing.no_price", RemoveLine(gula)),
    } == {(one.code, one.fix) for one in problems}
    assert [paket, kopi, beras] == [one.line_id for one in problems][:3]
    assert [("PAKET", 2), ("KOPI-250", 1)] == [(line.sku, line.quantity) for line in fixed.lines]
    assert () == shop.carts.problems(fixed)
    assert fixed == shop.carts.apply(fixed, *(one.fix for one in problems))


def test_problems_are_told_in_words(shop: Any) -> None:
    """What a coupon lacks stands below it, and amounts and quantities are written as the language writes them."""
    shop.promotions.percent("besar", 5, coupon="BESAR", conditions=at_least("subtotal", 1_000_000))
    cart = shop.carts.start({"BERAS": "12.5"}, coupons=["BESAR"])

    told = [problem.explain("id") for problem in shop.carts.problems(cart)]

    assert [
        "BERAS: diminta 12,5 kg, stok tinggal 10 kg",
        "syarat kupon BESAR tidak terpenuhi\n"
        "  nilai belanja minimal Rp1.000.000, sekarang Rp175.000 (kurang Rp825.000)",
    ] == told


def test_an_order_completes_a_cart_and_its_failure_opens_it(shop: Any) -> None:
    """The same order twice is the same; another is refused; only its own order opens the cart again."""
    cart = shop.carts.start({"GULA": 1})
    first, other = OrderId("ord_1"), OrderId("ord_2")

    done = do(shop, steps.complete, cart.id, first)

    assert (CartStatus.COMPLETED, first) == (done.status, done.order_id)
    assert done == do(shop, steps.complete, cart.id, first) == do(shop, steps.reopen, cart.id, other)
    with pytest.raises(IllegalCartTransition):
        do(shop, steps.complete, cart.id, other)
    with pytest.raises(IllegalCartTransition):
        shop.carts.add(cart, {"GULA": 1})
    opened = do(shop, steps.reopen, cart.id, first)
    assert (CartStatus.OPEN, None) == (opened.status, opened.order_id)
    assert opened == do(shop, steps.reopen, cart.id, first)


def test_idle_carts_are_given_up(shop: Any) -> None:
    """Abandoned first, and opened again by a touch; expired when nobody comes; ordered ones are left alone."""
    shop._work.clock.time = START
    touched, idle, ordered = (shop.carts.start({"GULA": 1}) for _ in range(3))
    do(shop, steps.complete, ordered.id, OrderId("ord_1"))
    later = START + timedelta(days=1)

    assert 0 == do(shop, steps.abandon, untouched_since=START)
    assert 2 == do(shop, steps.abandon, untouched_since=later)
    opened = shop.carts.set_quantity(touched, touched.lines[0], 2)
    assert 1 == do(shop, steps.expire, untouched_since=later)

    assert (CartStatus.OPEN, 4) == (opened.status, opened.version)
    states = [shop.carts.get(cart).status for cart in (touched, idle, ordered)]
    assert [CartStatus.OPEN, CartStatus.EXPIRED, CartStatus.COMPLETED] == states
    with pytest.raises(IllegalCartTransition):
        shop.carts.add(idle, {"GULA": 1})


def test_a_coupon_that_waits_for_a_fact_is_no_problem(shop: Any) -> None:
    """A coupon for free delivery, or for one way to pay, can't be judged before these are chosen."""
    shop.promotions.free_shipping("gratis-ongkir", coupon="ONGKIR")
    shop.promotions.percent("transfer", 5, coupon="TRANSFER", conditions=equal("tender", "bank_transfer"))
    shop.promotions.percent("besar", 5, coupon="BESAR", conditions=at_least("subtotal", 1_000_000))

    cart = shop.carts.start({"KOPI-250": 1}, coupons=["ongkir", "transfer", "besar"])

    assert [RemoveCoupon("BESAR")] == [one.fix for one in shop.carts.problems(cart)]


def test_a_coupon_that_counts_when_the_goods_are_fetched_is_no_problem(shop: Any) -> None:
    """Free delivery that excludes it is a matter of goods that are sent; once that is chosen, it is a problem."""
    shop.promotions.free_shipping("gratis-ongkir", exclusive=True, priority=9)
    shop.promotions.percent("tetangga", 10, coupon="HEMAT")
    cart = shop.carts.start({"KOPI-250": 1}, coupons=["HEMAT"])

    fetched = shop.carts.problems(cart)
    sent = shop.carts.problems(shop.carts.deliver(cart, "jne:reg"))

    assert () == fetched
    assert [("pricing.coupon_not_combinable", RemoveCoupon("HEMAT"))] == [(one.code, one.fix) for one in sent]


def test_a_stored_cart_is_its_history(shop: Any) -> None:
    """Replaying the events gives the cart again, to the letter."""
    mine, guest = shop.carts.start({"KOPI-250": 3}, coupons=["A"]), shop.carts.start({"GULA": "1"})
    shop.carts.merge(mine, guest)
    shop.carts.coupon(mine, "B")

    async def replayed(unit: Unit, id: CartId) -> tuple[Cart | None, Cart]:
        state = None
        for recorded in await unit[CARTS].history(id):
            state = evolve(state, recorded.event)
        return state, await unit[CARTS].get(id)

    for id in (mine.id, guest.id):
        state, stored = do(shop, replayed, id)
        assert state == stored


def test_the_door_can_be_awaited() -> None:
    """The same door in the other colour."""

    async def story() -> int:
        async with await tokolib.aopen("memory://", country="ID") as shop:
            await shop.catalog.put("GULA", "Gula aren")
            cart = await shop.carts.start({"GULA": 2})
            return (await shop.carts.by_token(cart.token)).lines[0].quantity

    assert 2 == asyncio.run(story())


@pytest.mark.parametrize("text", ["x" * 301, "a\0b", "\ud800"])
def test_what_a_cart_is_told_is_short_and_printable(shop: Any, text: str) -> None:
    """Channel, group, customer, delivery and coupons come from a web page; nothing else is kept of them."""
    cart = shop.carts.start({"GULA": 1})

    with pytest.raises(InvalidInput) as caught:
        shop.carts.start(channel=text, group=text, customer=CustomerId(text))
    assert {"channel", "group", "customer"} == {fault.path for fault in caught.value.faults}
    for command in (
        lambda: shop.carts.deliver(cart, text),
        lambda: shop.carts.sign_in(cart, SITI, group=text),
        lambda: shop.carts.coupon(cart, text),
        lambda: shop.carts.start(coupons=[text]),
    ):
        with pytest.raises(InvalidInput):
            command()
    assert 1 == shop.carts.get(cart).version


@pytest.mark.parametrize("blank", ["", " ", "\u3000"])
def test_nobody_is_signed_in_without_a_name(shop: Any, blank: str) -> None:
    """A blank customer would be one customer to limits and order numbers; a guest is None."""
    cart = shop.carts.start({"GULA": 1})

    for command in (
        lambda: shop.carts.start(customer=CustomerId(blank)),
        lambda: shop.carts.sign_in(cart, CustomerId(blank)),
        lambda: shop.orders.place(Basket({"GULA": 1}, customer=CustomerId(blank)), tender="cash", key="k"),
    ):
        with pytest.raises(InvalidInput, match="must be a name; leave it out where there is none @ customer"):
            command()
    assert shop.carts.get(cart).customer is None


def test_a_token_that_is_no_text_finds_no_cart(shop: Any) -> None:
    """Whatever a cookie holds."""
    with pytest.raises(UnknownToken):
        shop.carts.by_token("")
    for token in ("\0", "\ud800"):
        with pytest.raises(InvalidInput):
            shop.carts.by_token(token)


def test_a_negative_price_is_one_of_the_faults(shop: Any) -> None:
    """With its path, beside the others."""
    with pytest.raises(InvalidInput) as caught:
        shop.carts.start([LineWish("GULA", 0, price=-IDR(5), reason=" ")])

    assert ["lines[0].quantity", "lines[0].price", "lines[0].reason"] == [fault.path for fault in caught.value.faults]


def test_a_bare_number_is_no_price(shop: Any) -> None:
    """A stated price says its currency."""
    with pytest.raises(NotMoney):
        shop.carts.start([LineWish("GULA", 1, price=5_000, reason="lelang")])


def test_what_is_no_wish_is_named(shop: Any) -> None:
    """Bare SKUs, pairs, and wishes whose SKU or reason is no text: all at once, with their paths."""
    wishes = ["GULA", ("GULA", 1), LineWish(5), LineWish("GULA", price=IDR(1), reason=None)]  # type: ignore[arg-type]

    with pytest.raises(InvalidInput) as caught:
        shop.carts.start(wishes)

    assert ["lines[0]", "lines[1]", "lines[2].sku", "lines[3].reason"] == [each.path for each in caught.value.faults]
    assert [] == bodies_of_carts(shop)


def test_a_merge_names_the_coupons_that_it_leaves_out(shop: Any) -> None:
    """A cart has room for so many; the first cart's come first."""
    shop.settings.change(limits=Limits(promotions_per_cart=2))
    mine = shop.carts.start({"KOPI-250": 1}, coupons=["A"])
    guest = shop.carts.start({"KOPI-250": 1}, coupons=["B", "C"])

    both = shop.carts.merge(mine, guest)

    assert (("A", "B"), ("C",)) == (both.cart.coupons, both.left_out)
    assert () == shop.carts.merge(mine, guest).left_out
