"""Chapters 4 to 6: a cart that can't be sold as it is, a quote that explains itself, and a payment by webhook."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from tokolib.cart import Cart, Problem, RemoveCoupon, RemoveLine, SetQuantity
from tokolib.checkout import Quote
from tokolib.cli.demo.stage import SITI, Scene
from tokolib.kernel import CustomerId, Money
from tokolib.kernel.explain import sentence
from tokolib.kernel.formats import show
from tokolib.kernel.quantity import Counted
from tokolib.orders import Order
from tokolib.payments import SignatureInvalid
from tokolib.payments.wording import WORDING as PAYMENTS

WISHES: Final[Mapping[str, Counted]] = {
    "KOPI-GAYO-250": 3,
    "BTK-PARANG-SOG-XL": 6,
    "HMP-LEBARAN": 1,
    "BERAS-PANDAN": "2.5",
    "KAIN-TROSO-RAN": "3.75",
}
KEY: Final = "web-7f3a"
"""The idempotency key that Siti's browser made for this order."""


def fill_cart(scene: Scene) -> Cart:
    """Chapter 4: six shirts where four are left, and an old coupon; the shop repairs both by itself."""
    tell, carts = scene.tell, scene.shop.carts
    tell.chapter(4, "cart.title")
    cart: Cart = carts.start(WISHES, customer=CustomerId("cus_siti"), coupons=["SAHABAT", "LEBARAN2025"])
    names = scene.shop.catalog.sellables(WISHES)
    rows = [(line.sku, names[line.key].name, line.amount) for line in cart.lines]
    tell.say("cart.story")
    tell.table("cart.wishes", ("col.sku", "col.name", "col.quantity>"), rows)
    problems = carts.problems(cart)
    told = [(each.explain(tell.lang), each.code, _repair(scene, each)) for each in problems]
    tell.table("cart.problems", ("col.problem", "col.code", "col.fix"), told)
    cart = carts.apply(cart, *(problem.fix for problem in problems if problem.fix is not None))
    tell.say("cart.repaired", left=len(carts.problems(cart)))
    return cart


def _repair(scene: Scene, problem: Problem) -> str:
    match problem.fix:
        case SetQuantity(at_most=most):
            return scene.tell.text("fix.set_quantity", most=most)
        case RemoveLine():
            return scene.tell.text("fix.remove_line")
        case RemoveCoupon(coupon=coupon):
            return scene.tell.text("fix.remove_coupon", coupon=coupon)
        case None:
            return ""


def read_quote(scene: Scene, cart: Cart) -> Quote:
    """Chapter 5: every rupiah with where it came from."""
    tell = scene.tell
    tell.chapter(5, "quote.title")
    quote = scene.shop.carts.quote(cart, ship_to=SITI, delivery="jne:reg")
    tell.say("quote.story", until=quote.valid_until)
    tell.outline(quote.explain(tell.lang))
    tell.panel(
        tell.text("quote.sum"),
        tell.text("quote.figures", total=quote.total, goods=quote.goods, tax=quote.tax, discount=quote.discount),
    )
    return quote


def check_out(scene: Scene, quote: Quote) -> Order:
    """Chapter 6: placed once however often it is sent, paid once however often the provider says so."""
    tell, shop = scene.tell, scene.shop
    tell.chapter(6, "pay.title")
    order = shop.orders.place(quote, tender=scene.gateway.name, key=KEY)
    tell.say("pay.placed", reference=order.reference, total=order.total, state=tell.text(f"order.{order.state}"))
    again = shop.orders.place(quote, tender=scene.gateway.name, key=KEY)
    tell.say("pay.retried", key=KEY, same=tell.text("yes" if again == order else "no"))
    action = shop.payments.next_action(order)
    tell.say("pay.asked", action=sentence(action.reason, PAYMENTS[tell.lang], partial(show, locale=tell.lang)))
    _webhooks(scene, order)
    paid = shop.orders.get(order.id)
    tell.say("pay.done", state=tell.text(f"order.{paid.state}"), paid=paid.paid)
    return paid


def _webhooks(scene: Scene, order: Order) -> None:
    """The provider's message, delivered twice, and a copy that somebody has tampered with."""
    tell, shop, gateway = scene.tell, scene.shop, scene.gateway
    gateway.webhooks()  # what it said when the charge was made has been answered already
    gateway.switches.webhooks_twice = True
    scene.clock.forward(minutes=7)
    gateway.pay(gateway.world.charges[-1].reference)
    delivered = gateway.webhooks()
    _forged(scene, *delivered[0])
    rows = []
    for headers, body in delivered:
        receipt = shop.webhooks.receive(gateway.name, headers, body)
        rows.append((receipt.event_id, tell.text(f"verdict.{receipt.verdict}"), shop.orders.get(order.id).paid))
    gateway.switches.webhooks_twice = False
    tell.table("pay.webhooks", ("col.event", "col.verdict", "col.paid>"), rows)
    tell.say("pay.balance", balance=gateway.world.balance(Money(0, order.currency)))


def _forged(scene: Scene, headers: Mapping[str, str], body: bytes) -> None:
    try:
        scene.shop.webhooks.receive(scene.gateway.name, headers, body.replace(b'"amount": 1', b'"amount": 9'))
    except SignatureInvalid as error:
        scene.tell.say("pay.forged", code=error.code)
