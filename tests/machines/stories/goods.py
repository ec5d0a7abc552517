"""Carts, products, the rules of the shop, and gift cards."""

from datetime import date, timedelta

from stories.stand import leaving
from tokolib import IDR
from tokolib.cart.model import CartStatus
from tokolib.catalog.drafts import ProductDraft
from tokolib.catalog.model import ProductStatus
from tokolib.inventory.counts import CountState
from tokolib.inventory.expected import ReceiptState
from tokolib.inventory.transfers import TransferState
from tokolib.kernel.ctx import Staff
from tokolib.kernel.rules import RuleState
from tokolib.orders.offers import OfferState
from tokolib.pricing.model import ChargeKind
from tokolib.stored_value import GiftCardState


@leaving("cart", CartStatus.OPEN)
def an_open_cart(at):
    cart = at.shop.carts.start({"KOPI-250": 1})
    other = at.shop.carts.start({"Teh-100": 1})
    return lambda: at.shop.carts.get(cart.id).status, lambda: at.shop.carts.merge(other.id, cart.id)


@leaving("cart", CartStatus.ABANDONED)
def a_cart_that_was_left(at):
    cart = at.shop.carts.start({"KOPI-250": 1})
    at.clock.forward(hours=25)
    at.shop.tick()
    return lambda: at.shop.carts.get(cart.id).status, lambda: at.shop.carts.add(cart.id, {"Teh-100": 1})


@leaving("product", ProductStatus.DRAFT)
def a_draft(at):
    made = at.shop.catalog.put_product(ProductDraft("Gula", "GULA", status="draft"))
    return lambda: at.shop.catalog.get("GULA").status, lambda: at.shop.catalog.publish(made)


@leaving("product", ProductStatus.ACTIVE)
def a_product_for_sale(at):
    made = at.shop.catalog.get("KOPI-250")
    return lambda: at.shop.catalog.get("KOPI-250").status, lambda: at.shop.catalog.archive(made)


def standing(rule):
    return RuleState.RUNNING if rule.active else RuleState.STOPPED


@leaving("promotion", RuleState.RUNNING)
def a_promotion(at):
    at.shop.promotions.percent("HEMAT", 10)
    return lambda: standing(at.shop.promotions.get("HEMAT")), lambda: at.shop.promotions.stop("HEMAT")


@leaving("coupon", RuleState.RUNNING)
def a_coupon(at):
    at.shop.promotions.percent("HEMAT", 10, coupon="HEMAT10")
    (coupon,) = at.shop.promotions.coupons("HEMAT").items
    return lambda: standing(at.shop.promotions.coupons("HEMAT").items[0]), lambda: at.shop.promotions.stop_coupon(
        coupon.code
    )


@leaving("price_list", RuleState.RUNNING)
def a_price_list(at):
    made = at.shop.prices.put_list("lebaran")
    kept = [made]
    return lambda: standing(kept[-1]), lambda: kept.append(at.shop.prices.stop_list("lebaran"))


@leaving("charge_rule", RuleState.RUNNING)
def a_fee(at):
    at.shop.charges.fixed("bungkus", ChargeKind.FEE, IDR(5_000))
    return lambda: standing(at.shop.charges.get("bungkus")), lambda: at.shop.charges.stop("bungkus")


@leaving("delivery_method", RuleState.RUNNING)
def a_delivery_method(at):
    at.shop.delivery.flat("jne:yes", IDR(30_000))

    def offered():
        return any(each.id == "jne:yes" for each in at.shop.delivery.methods())

    return lambda: RuleState.RUNNING if offered() else RuleState.STOPPED, lambda: at.shop.delivery.withdraw("jne:yes")


def sent(at):
    at.shop.stock.open_location("toko", "Toko")
    return at.shop.transfers.dispatch(at.shop.transfers.draft({"KOPI-250": 3}, source="main", target="toko"))


@leaving("transfer", TransferState.DRAFT)
def a_transfer_that_is_written_down(at):
    at.shop.stock.open_location("toko", "Toko")
    made = at.shop.transfers.draft({"KOPI-250": 3}, source="main", target="toko")
    return lambda: at.shop.transfers.get(made.id).state, lambda: at.shop.transfers.cancel(made, reason="not now")


@leaving("transfer", TransferState.DISPATCHED)
def a_transfer_on_its_way(at):
    made = sent(at)
    return lambda: at.shop.transfers.get(made.id).state, lambda: at.shop.transfers.cancel(made, reason="turned back")


@leaving("transfer", TransferState.RECEIVING)
def a_transfer_of_which_some_is_here(at):
    made = sent(at)
    at.shop.transfers.receive(made, {"KOPI-250": 1})
    return lambda: at.shop.transfers.get(made.id).state, lambda: at.shop.transfers.close(made, reason="lost")


@leaving("count", CountState.OPEN)
def a_count_that_was_opened(at):
    made = at.shop.counts.open(["KOPI-250"])
    at.shop.counts.count(made, {"KOPI-250": 2})
    return lambda: at.shop.counts.sheet(made.id).state, lambda: at.shop.counts.post(made, reason="counted")


@leaving("count", CountState.APPROVED)
def a_count_that_was_approved(at):
    made = at.shop.counts.open(["KOPI-250"])
    at.shop.counts.count(made, {"KOPI-250": 2})
    at.shop.acting(Staff("ani")).counts.approve(made)
    return lambda: at.shop.counts.sheet(made.id).state, lambda: at.shop.counts.cancel(made, reason="not today")


@leaving("expected_receipt", ReceiptState.EXPECTED)
def goods_that_are_to_come(at):
    made = at.shop.expected.announce("KOPI-250", 3, on=date(2030, 1, 1))
    return lambda: at.shop.expected.get(made.id).state, lambda: at.shop.expected.cancel(made, reason="sold out")


@leaving("expected_receipt", ReceiptState.RECEIVING)
def goods_of_which_some_have_come(at):
    made = at.shop.expected.announce("KOPI-250", 3, on=date(2030, 1, 1))
    at.shop.expected.receive(made, 1)
    return lambda: at.shop.expected.get(made.id).state, lambda: at.shop.expected.receive(made)


@leaving("offer", OfferState.DRAFT)
def an_offer_that_was_not_sent(at):
    made = at.shop.offers.draft(at.shop.carts.quote(at.shop.carts.start({"KOPI-250": 1})))
    return lambda: at.shop.offers.get(made.id).state, lambda: at.shop.offers.withdraw(made, reason="too cheap")


@leaving("offer", OfferState.SENT)
def an_offer_that_waits(at):
    made = at.shop.offers.draft(at.shop.carts.quote(at.shop.carts.start({"KOPI-250": 1})))
    at.shop.offers.send(made, to="Siti", until=at.clock.now() + timedelta(days=7))
    return lambda: at.shop.offers.get(made.id).state, lambda: at.shop.offers.decline(made)


@leaving("gift_card", GiftCardState.ACTIVE)
def a_gift_card(at):
    sold = at.shop.gift_cards.sell(IDR(50_000), method="cash", key="c-1").card
    return lambda: at.shop.gift_cards.get(sold.id).state, lambda: at.shop.gift_cards.block(sold, reason="stolen")


@leaving("gift_card", GiftCardState.BLOCKED)
def a_blocked_gift_card(at):
    sold = at.shop.gift_cards.sell(IDR(50_000), method="cash", key="c-1").card
    at.shop.gift_cards.block(sold, reason="stolen")
    return lambda: at.shop.gift_cards.get(sold.id).state, lambda: at.shop.gift_cards.unblock(sold, reason="found")
