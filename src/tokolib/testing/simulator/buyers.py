"""Buyers: they fill carts, ask what it costs, order, order again because no answer came, and change their minds."""

from random import Random
from typing import Any

from tokolib.cart.model import Cart
from tokolib.checkout.basket import Basket
from tokolib.checkout.model import Quote
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.money import IDR, Money
from tokolib.orders.model import Order, OrderState
from tokolib.shipping.points import CollectionPoint
from tokolib.stored_value.model import FromGiftCard, FromStoreCredit
from tokolib.stored_value.paying import Credit
from tokolib.testing.builders import ABROAD, BUYER
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal, Wish
from tokolib.testing.simulator.collecting import POINTS
from tokolib.testing.simulator.errors import Broken
from tokolib.testing.simulator.world import CARD, COUPON, GAME, MILK, NEW, PLANS, TO_POINTS, World

CUSTOMERS = ("siti", "budi", "wati")
DELIVERIES = {"": None, "jne": BUYER, "kurir": BUYER, TO_POINTS: BUYER, "kapal": ABROAD}


def some_goods(luck: Random) -> dict[str, str]:
    """A few goods, rarely more than there are."""
    wanted = luck.sample(("KOPI", "TEH", "CANGKIR", NEW, "GULA", "PAKET", CARD, GAME, MILK), luck.randint(1, 2))
    return {sku: luck.choice(("1", "1", "2", "3")) if sku != "GULA" else luck.choice(("1", "2")) for sku in wanted}


def fill_cart(world: World, luck: Random) -> Act | None:
    """A new cart, or another line or a coupon in one."""
    carts, goods = world.book.carts, some_goods(luck)
    if not carts or luck.random() < 0.5:
        who = CustomerId(f"cus_{luck.choice(CUSTOMERS)}")
        coupons = [COUPON] if luck.random() < 0.5 else []

        def learn(started: Cart) -> None:
            world.book.remember(carts, started.id)

        return Act(
            f"{who} starts a cart of {goods}",
            lambda shop: shop.carts.start(goods, customer=who, coupons=coupons),
            again=False,
            then=learn,
        )
    cart = luck.choice(carts)
    if luck.random() < 0.5:
        return Act(f"gives {COUPON} for {cart}", lambda shop: shop.carts.coupon(cart, COUPON))
    return Act(f"puts {goods} into {cart}", lambda shop: shop.carts.add(cart, goods, join=True), again=False)


def ask_price(world: World, luck: Random) -> Act | None:
    """A quote of a cart."""
    if not world.book.carts:
        return None
    cart, delivery = luck.choice(world.book.carts), luck.choice(("", "jne", "jne", "kurir", TO_POINTS, "kapal"))
    to, point = DELIVERIES[delivery], _point(luck, delivery)

    def learn(quote: Quote) -> None:
        world.book.remember(world.book.quotes, quote)

    return Act(
        f"asks what {cart} costs, by {delivery or 'nobody'}",
        lambda shop: shop.carts.quote(cart, delivery=delivery, ship_to=to, point=point),
        then=learn,
    )


def order_quote(world: World, luck: Random) -> Act | None:
    """An order of a quote; sometimes two buyers have quotes of the last coupon, or of the last goods."""
    if not world.book.quotes:
        return None
    with_coupon = [each for each in world.book.quotes if any(use.code for use in each.uses)]
    quote = luck.choice(with_coupon if with_coupon and luck.random() < 0.5 else world.book.quotes)
    return _order(world, _wish(world, luck, f"web-{luck.randrange(10**9)}", quote, quote.customer))


def order_basket(world: World, luck: Random) -> Act | None:
    """An order without a cart."""
    delivery, customer = (
        luck.choice(("", "", "jne", "jne", TO_POINTS, "kapal")),
        CustomerId(f"cus_{luck.choice(CUSTOMERS)}"),
    )
    basket = Basket(
        some_goods(luck),
        [COUPON] if luck.random() < 0.3 else [],
        delivery=delivery,
        ship_to=DELIVERIES[delivery],
        point=_point(luck, delivery),
        customer=customer,
    )
    return _order(world, _wish(world, luck, f"till-{luck.randrange(10**9)}", basket, customer))


def _point(luck: Random, delivery: str) -> CollectionPoint | None:
    """Where it waits, if it goes to a collection point; somebody forgets to say."""
    return luck.choice((*POINTS, *POINTS, None)) if delivery == TO_POINTS else None


def order_again(world: World, luck: Random) -> Act | None:
    """The same order with the same key, or with its key another order, which must be refused."""
    if not world.book.wishes:
        return None
    wish = luck.choice(world.book.wishes)
    if luck.random() < 0.2:
        other = Basket({"TEH": 1})
        return Act(
            f"orders something else with the key {wish.key}",
            lambda shop: shop.orders.place(other, tender=wish.tender, key=wish.key),
            again=False,
        )
    return _order(world, wish)


def cancel(world: World, luck: Random) -> Act | None:
    """An order is called off, at times too late."""
    late, card, abroad = luck.random() < 0.2, luck.random() < 0.4, luck.random() < 0.2

    def fits(deal: Deal) -> bool:
        standing = deal.order.state in (OrderState.PENDING_PAYMENT, OrderState.PLACED)
        if abroad and not (deal.order.tax_fact is not None and deal.order.placed_at is not None):
            return False
        return (late or standing) and (not card or bool(deal.intent.cards))

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    keep = deal.intent.plan is not None and luck.random() < 0.8
    return Act(
        f"cancels {deal.id}{', whose deposit is kept' if keep else ''}",
        lambda shop: shop.orders.cancel(deal.order.id, reason="changed my mind", keep_deposit=keep),
    )


def _wish(world: World, luck: Random, key: str, wanted: Basket | Quote, customer: CustomerId | None) -> Wish:
    """An order with a tender, perhaps on a plan, and perhaps with cards and credit that pay first."""
    plan = luck.choice(PLANS) if luck.random() < 0.3 else ""
    rash = luck.random() < 0.1
    credit = _credit(world, luck, customer, rash=rash) if luck.random() < 0.5 else ()
    if luck.random() < 0.15 and world.book.shown:
        credit, rash = luck.choice(world.book.shown), False  # somebody else has the codes as well
    elif not rash and (cards := tuple(each for each in credit if isinstance(each, FromGiftCard))):
        world.book.remember(world.book.shown, cards)
    return Wish(key, wanted, _tender(world, luck), credit, plan, covered=not rash)


def _credit(world: World, luck: Random, customer: CustomerId | None, *, rash: bool) -> tuple[Credit, ...]:
    """One or two of the youngest cards, good ones unless the buyer is *rash*, and the customer's own credit."""
    now, pots = world.clock.now(), world.purse.pots
    known = [id for id in world.book.codes if rash or (pots[id].owed and pots[id].pays(now))]
    if (bought := [id for id in known if pots[id].bought]) and luck.random() < 0.5:
        known = bought
    chosen = luck.sample(known[-2:], min(len(known[-2:]), luck.choice((0, 1, 1, 1, 2))))
    wishes: list[Credit] = [FromGiftCard(world.book.codes[id], _part(luck, pots[id].owed)) for id in chosen]
    if (has := world.purse.has(customer, now)) and luck.random() < 0.5:
        wishes.append(FromStoreCredit(_part(luck, has)))
    return tuple(wishes)


def _part(luck: Random, owed: int) -> Money | None:
    """Some of it, by name, or all that it has."""
    return Money(max(1, owed // luck.choice((1, 2))), IDR(0).currency) if luck.random() < 0.6 else None


def _tender(world: World, luck: Random) -> str:
    world.bank.instant = luck.random() < 0.3  # a card is charged at once, a virtual account later
    return luck.choices((world.gateway, "bank_transfer", "cod", "cash"), (10, 5, 3, 2))[0]


def _order(world: World, wish: Wish) -> Act:
    book = world.book
    wanted: Any = wish.wanted
    if wish not in book.wishes:
        book.remember(book.wishes, wish)

    def learn(order: Order) -> None:
        if (before := book.answers.setdefault(wish.key, order.id)) != order.id:
            raise Broken("X2", f"key {wish.key}", f"it answered {before}, and now {order.id}")
        if isinstance(wanted, Quote):
            book.carts[:] = [cart for cart in book.carts if cart != wanted.cart_id]
            book.quotes[:] = [quote for quote in book.quotes if quote.cart_id != wanted.cart_id]

    what = f"quote {wanted.id}" if isinstance(wanted, Quote) else f"a basket of {len(wanted.lines)}"
    beside = f", {len(wish.credit)} cards or credit" if wish.credit else ""
    return Act(
        f"orders {what} by {wish.tender}{beside}{f' on {wish.plan}' if wish.plan else ''} with the key {wish.key}",
        lambda shop: shop.orders.place(wanted, tender=wish.tender, key=wish.key, credit=wish.credit, plan=wish.plan),
        then=learn,
        wish=wish,
    )
