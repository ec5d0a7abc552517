"""Stories of who asks: each command that a table names beside an edge is given where the edge is, and walks it."""

from contextlib import suppress
from datetime import date, timedelta

from stories.claims import claims_are_settled
from stories.exchanges import exchanges_end
from stories.orders import labelled
from stories.returns import return_labels_come_to_nothing, returns_end
from stories.stand import PRICE, stand
from tokolib import IDR, Basket
from tokolib.cart.problems import RemoveCoupon, RemoveLine, SetQuantity
from tokolib.kernel import Lapse
from tokolib.kernel.ctx import Staff
from tokolib.orders import PaymentDeclined
from tokolib.shipping.tracking import Scan, TrackingStatus
from tokolib.testing.builders import BUYER

CODE = "HEMAT"
LONG = timedelta(days=400)


def carts_are_touched(at):
    """By every command, while they are open and after they were abandoned."""
    for name in TOUCHES:
        for abandoned in (False, True):
            cart = _cart(at, *(() if name == "order" else ("MURAH",)))
            if abandoned:
                at.clock.forward(days=8)
                at.shop.tick()
                assert "abandoned" == at.shop.carts.get(cart.id).status
            TOUCHES[name](at.shop.carts, cart, at)
            assert at.shop.carts.get(cart.id).status in ("open", "completed")
    _cart(at, "MURAH")
    for _ in range(2):
        at.clock.forward(days=100)
        at.shop.tick()


def _cart(at, *coupons):
    cart = at.shop.carts.start({"KOPI-250": 3}, coupons=coupons)
    return at.shop.carts.refuse_gift(cart, "CANGKIR")


TOUCHES = {
    "add": lambda carts, cart, _: carts.add(cart, {"Teh-100": 1}),
    "add, joined": lambda carts, cart, _: carts.add(cart, {"KOPI-250": 1}, join=True),
    "set_quantity": lambda carts, cart, _: carts.set_quantity(cart, cart.lines[0].id, 2),
    "remove": lambda carts, cart, _: carts.remove(cart, cart.lines[0].id),
    "coupon": lambda carts, cart, _: carts.coupon(cart, CODE),
    "drop_coupon": lambda carts, cart, _: carts.drop_coupon(cart, "MURAH"),
    "refuse_gift": lambda carts, cart, _: carts.refuse_gift(cart, "Teh-100"),
    "welcome_gift": lambda carts, cart, _: carts.welcome_gift(cart, "CANGKIR"),
    "deliver": lambda carts, cart, _: carts.deliver(cart, "jne:reg"),
    "sign_in": lambda carts, cart, _: carts.sign_in(cart, "cus_siti"),
    "merge": lambda carts, cart, _: carts.merge(cart, carts.start({"Teh-100": 1})),
    "apply, less": lambda carts, cart, _: carts.apply(cart, SetQuantity(cart.lines[0].id, 1)),
    "apply, without": lambda carts, cart, _: carts.apply(cart, RemoveLine(cart.lines[0].id)),
    "apply, no coupon": lambda carts, cart, _: carts.apply(cart, RemoveCoupon("MURAH")),
    "order": lambda carts, cart, at: at.shop.orders.place(carts.quote(cart), tender="cash", key=cart.id),
}


def _over(at, order, then):
    """*order* is stopped for an hour, which passes."""
    at.shop.orders.block(order, "fraud", reason="odd", until=at.clock.now() + timedelta(hours=1), then=then)
    at.clock.forward(hours=1)
    at.shop.tick()


def staff_look_after_orders(at):
    """A block is lifted, one cancel waits for an open charge and one is of a part, a charge is asked for again."""
    order = at.order()
    at.shop.orders.block(order, "fraud", reason="odd")
    at.shop.orders.unblock(order, "fraud", reason="known")
    _over(at, at.order("fake"), Lapse.CANCEL)
    _over(at, at.order(), Lapse.LIFT)
    at.shop.shipments.track(at.shop.shipments.hand_over(order), "JNE1")
    couriers_are_asked(at)
    at.shop.orders.cancel(at.order("fake"), reason="changed mind")
    at.shop.orders.cancel(at.order(quantity=2), {"KOPI-250": 1}, reason="one less")
    edited = at.shop.orders.edit(at.order(quantity=2), remove={"KOPI-250": 1}, reason="one less")
    edited = at.shop.orders.edit(edited, add={"KOPI-250": 1}, ship_to=BUYER, reason="one more, sent home")
    at.shop.payments.received(edited, PRICE, method="cash")
    at.shop.shipments.delivered(at.shop.shipments.hand_over(edited.id))
    at.shop.orders.edit(edited.id, add={"KOPI-250": 1}, reason="and another")
    paid, charged = at.order("fake"), at.order("bank_transfer")
    at.world.pay(at.world.charges[-1].key)
    at.clock.forward(minutes=5)  # it is looked at again after a while
    at.shop.payments.advance(paid)
    at.world.instant = True
    at.shop.payments.charge(charged, gateway="fake")


def those_who_wait_are_served(at):
    """Goods are promised, come later than was thought, and are given to whoever waits."""
    at.given.goods({"LANGKA": 10_000}, stock=0)
    at.shop.backorders.allow("LANGKA", 5, days=7)
    for key in ("first", "second"):
        at.shop.orders.place(Basket({"LANGKA": 1}), tender="cash", key=f"langka-{key}")
    at.shop.expected.announce("LANGKA", 2, on=at.clock.now().date() + timedelta(days=30))
    at.shop.orders.allocate()
    at.shop.stock.receive("LANGKA", 2)
    at.shop.orders.allocate(budget=1)
    at.shop.tick()
    at.shop.stock.open_location("toko", "Toko")
    at.shop.stock.receive("KOPI-250", 1, location="toko")
    at.shop.orders.relocate(at.order(), location="toko", reason="closer")


def gift_cards_are_looked_after(at):
    """One gets another code, and its date comes."""
    card = at.shop.gift_cards.issue(IDR(5_000), reason="thanks", key="g", valid_until=at.clock.now() + LONG / 2)
    at.shop.gift_cards.new_code(card.card, reason="lost")
    at.clock.forward(days=400)
    at.shop.tick()


def couriers_are_asked(at):
    """About one parcel, and about all: on the way, tried in vain, coming back."""
    for state in ("handed_over", "failed", "returning"):
        for asked in ("one", "all"):
            shipment, _ = labelled(at)
            at.shop.shipments.hand_over(shipment)
            if state == "failed":
                at.shop.shipments.failed(shipment, reason="nobody there")
            if state == "returning":
                at.shop.shipments.returning(shipment, reason="refused")
            if asked == "one":
                at.shop.shipments.ask_courier(shipment)
            else:
                at.shop.shipments.ask_couriers()


def a_refund_is_approved(at):
    """By somebody else than who asked for the return."""
    order, shipment = at.shipped()
    at.shop.shipments.delivered(shipment)
    goods = at.shop.returns.request(order, {"KOPI-250": 1}, reason="changed mind")
    at.shop.acting(Staff("wati")).returns.approve(goods)


def transfers_arrive(at):
    """One is lost whole; another arrives in parts, and some of it late."""
    at.shop.stock.open_location("toko", "Toko")
    lost, whole = (at.shop.transfers.draft({"KOPI-250": 3}, source="main", target="toko") for _ in range(2))
    at.shop.transfers.close(at.shop.transfers.dispatch(lost), reason="stolen")
    at.shop.transfers.dispatch(whole)
    for _ in range(2):
        at.shop.transfers.receive(whole, {"KOPI-250": 1})
    at.shop.transfers.close(whole, reason="lost")
    at.shop.transfers.receive(whole, {"KOPI-250": 1})


def licences_are_granted(at):
    """One is withdrawn, one granted by hand and read, one by the tick, replaced, and taken back."""
    shop = at.shop
    shop.catalog.put("GAME", "Petualangan", digital=True)
    shop.prices.put("GAME", IDR(150_000))
    shop.licences.add("GAME", ["A", "B", "C", "D"], key="pool")
    first, *_ = shop.lots.levels("GAME")
    shop.licences.withdraw(f"lic_game|{first.lot}", reason="recalled")
    (read,) = shop.licences.grant(at.given.order({"GAME": 1}))
    shop.licences.read(read)
    order = at.given.order({"GAME": 1})
    shop.tick()
    (licence,) = shop.licences.of(order)
    shop.licences.replace(licence, reason="used before")
    shop.returns.accept(order, {"GAME": 1}, reason="not wanted")


def goods_go_astray(at):
    """Planned and cancelled; tried in vain, lost and found; sent again and given back; claimed of the courier."""
    doors = at.shop.shipments
    order = at.order(quantity=4)
    planned = doors.plan(order, {"KOPI-250": 1})
    doors.track(planned, "JNE0")
    doors.picked(doors.pick(planned)[0], short={"KOPI-250": 1})
    doors.cancel(doors.plan(order, {"KOPI-250": 1}), reason="shelf is wet")
    doors.hand_over(doors.plan(order, {"KOPI-250": 1}))
    again, money, found = (doors.hand_over(order, {"KOPI-250": 1}) for _ in range(3))
    doors.returning(again, reason="refused")
    doors.returned(again)
    doors.reship(again)
    doors.claim(doors.lost(money, reason="no scan"), IDR(75_000))
    doors.claim_answered(money, IDR(50_000))
    at.shop.returns.undelivered(money, reason="lost")
    doors.delivered(doors.failed(found, reason="nobody home"))
    doors.scanned(found, [Scan(at.clock.now(), TrackingStatus.DELIVERED)])
    doors.delivered(doors.hand_over(order))
    doors.returning(found, reason="wrong house")


def stock_is_counted(at):
    """A count is approved and counted again, another posted at once, a third given up."""
    counts = at.shop.acting(Staff("ani")).counts
    first = counts.open(["KOPI-250"])
    counts.count(first, {"KOPI-250": 4})
    at.shop.counts.approve(first)
    counts.count(first, {"KOPI-250": 5})
    at.shop.counts.approve(first)
    counts.post(first, reason="counted")
    second = counts.open(["KOPI-250"])
    counts.count(second, {"KOPI-250": 5})
    counts.post(second, reason="counted")
    counts.cancel(counts.open(["KOPI-250"]), reason="not today")
    third = counts.open(["KOPI-250"])
    counts.count(third, {"KOPI-250": 5})
    at.shop.counts.approve(third)
    counts.cancel(third, reason="not today")


def goods_are_expected(at):
    """Receipts are changed, come in parts, by less being expected too, and are cancelled."""
    expected, day = at.shop.expected, date(2030, 1, 1)
    for ending in (expected.receive, lambda one: expected.change(one, quantity=1), lambda one: None):
        one = expected.announce("KOPI-250", 3, on=day)
        expected.change(one, quantity=4)
        expected.receive(one, 1)
        expected.change(one, on=date(2030, 2, 1))
        expected.receive(one, 1) if ending is expected.receive else None
        ending(one)
    expected.cancel(one, reason="sold out")
    expected.cancel(expected.announce("KOPI-250", 3, on=day), reason="sold out")


def offers_are_made(at):
    """They are revised wherever they may be, sent twice, and end in every way; one is accepted twice."""
    for ending in (_accepted_twice, _turned_down, _unanswered, _taken_back):
        cart = at.shop.carts.start({"KOPI-250": 1})
        one = at.shop.offers.revise(at.shop.offers.draft(at.shop.carts.quote(cart)), at.shop.carts.quote(cart))
        for _ in range(2):
            at.shop.offers.send(one, to="Siti", until=at.clock.now() + timedelta(days=1))
            one = at.shop.offers.revise(one, at.shop.carts.quote(cart))
        ending(at, at.shop.offers.send(one, to="Siti", until=at.clock.now() + timedelta(days=1)), cart)
    at.shop.offers.withdraw(at.shop.offers.draft(at.shop.carts.quote(cart)), reason="no")


def _accepted_twice(at, offer, cart):
    at.world.switches.decline = 1
    with suppress(PaymentDeclined):
        at.shop.offers.accept(offer, version=4, tender="fake", key="first card")
    at.shop.offers.accept(offer, version=4, tender="cash", key="cash then")


def _turned_down(at, offer, cart):
    at.shop.offers.revise(at.shop.offers.decline(offer), at.shop.carts.quote(cart))


def _unanswered(at, offer, cart):
    at.clock.forward(days=2)
    at.shop.tick()
    at.shop.offers.revise(offer, at.shop.carts.quote(cart))


def _taken_back(at, offer, cart):
    at.shop.offers.withdraw(offer, reason="sold out")


ASKED = [
    carts_are_touched,
    staff_look_after_orders,
    gift_cards_are_looked_after,
    goods_go_astray,
    those_who_wait_are_served,
    a_refund_is_approved,
    transfers_arrive,
    licences_are_granted,
    stock_is_counted,
    goods_are_expected,
    exchanges_end,
    returns_end,
    return_labels_come_to_nothing,
    claims_are_settled,
    offers_are_made,
]


def tell_who_asks():
    """Every one of them."""
    for story in ASKED:
        story(stand())
