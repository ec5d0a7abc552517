"""Gifts that promotions propose: put in by checkout, held in stock, refusable, and never in the way of a sale."""

from collections.abc import Iterator

import attrs
import pytest

import tokolib
from tokolib import IDR, Basket, Shop
from tokolib.kernel.policies import PlacementPolicy, Policies
from tokolib.pricing.lost import Why
from tokolib.pricing.promotions.benefits import Gift


@pytest.fixture
def shop() -> Iterator[Shop]:
    with tokolib.open("memory://", country="ID") as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g", weight="300 g")
        shop.catalog.put("TAS", "Tas belanja", weight="50 g")
        shop.prices.put("KOPI-250", IDR(75_000))
        shop.stock.receive("KOPI-250", 20)
        shop.stock.receive("TAS", 2)
        shop.promotions.gift("tas", "TAS", at_least=IDR(100_000))
        yield shop


def gifts(quote):
    return [(line.sku, line.steps, line.total) for line in quote.lines if line.gift_of]


def test_a_gift_comes_with_the_order_and_costs_nothing(shop):
    """Its stock is held with the rest, and leaves with it."""
    cart = shop.carts.start({"KOPI-250": 2})
    quote = shop.carts.quote(cart)
    order = shop.orders.place(quote, tender="cod", key="1")

    assert [("TAS", 1, 0)] == gifts(quote)
    assert IDR(150_000) == quote.total == order.total
    assert 1 == shop.stock.available("TAS").steps
    shop.shipments.hand_over(order)
    assert 1 == shop.stock.available("TAS").steps
    assert shop.verify().ok


def test_below_the_threshold_there_is_none(shop):
    """What the goods cost decides, and the gift itself doesn't count."""
    cart = shop.carts.start({"KOPI-250": 1})

    assert [] == gifts(shop.carts.quote(cart))


def test_a_refused_gift_is_not_sent(shop):
    """The customer says so on the cart; welcomed again, it comes."""
    cart = shop.carts.start({"KOPI-250": 2})
    refused = shop.carts.quote(shop.carts.refuse_gift(cart, "tas"))
    welcomed = shop.carts.quote(shop.carts.welcome_gift(cart, "TAS"))

    assert ([], [("TAS", 1, 0)]) == (gifts(refused), gifts(welcomed))
    assert [Why.GIFT_REFUSED] == [each.lost.why for each in refused.grounds.lost]


def test_a_gift_that_is_sold_out_stands_in_nobodys_way(shop):
    """The sale goes on without it, and the explanation says why."""
    for n in range(2):
        shop.orders.place(Basket({"KOPI-250": 2}), tender="cash", key=f"{n}")

    order = shop.orders.place(Basket({"KOPI-250": 2}), tender="cash", key="3")

    assert ["KOPI-250"] == [line.line.sku for line in order.lines]
    quote = shop.carts.quote(shop.carts.start({"KOPI-250": 2}))
    assert "gift TAS is sold out" in quote.explain("en")
    assert shop.verify().ok


def test_goods_that_are_bought_have_the_first_claim_on_stock(shop):
    """Both bags are bought, so that none is left to be given."""
    shop.prices.put("TAS", IDR(10_000))

    quote = shop.carts.quote(shop.carts.start({"KOPI-250": 2, "TAS": 2}))

    assert [] == gifts(quote)


def test_a_quote_with_a_gift_can_be_placed_frozen(shop):
    """The gift is no wish of the cart's, so that nothing has changed."""
    shop.settings.change(policies=Policies(placement=PlacementPolicy.FROZEN))
    quote = shop.carts.quote(shop.carts.start({"KOPI-250": 2}))

    order = shop.orders.place(quote, tender="cash", key="1")

    assert ["KOPI-250", "TAS"] == [line.line.sku for line in order.lines]
    assert 1 == shop.stock.available("TAS").steps


def test_a_gift_that_the_shop_does_not_sell_is_told(shop):
    """A SKU that went out of the catalogue, or never was in it."""
    shop.promotions.gift("lain", "TIDAK-ADA")

    quote = shop.carts.quote(shop.carts.start({"KOPI-250": 1}))

    assert [] == gifts(quote)
    assert "the gift TIDAK-ADA is not sold in this shop" in quote.explain("en")


def test_two_promotions_that_give_the_same_are_told_apart(shop):
    """Two bags are there, for one of the two: it is granted and its use counted, the other is told to be sold out."""
    for code in ("pertama", "kedua"):
        shop.promotions.gift(code, "TAS", quantity=2, usage_limit=1, lane=code)
    shop.promotions.stop("tas")

    order = shop.orders.place(Basket({"KOPI-250": 1}), tender="cash", key="1")
    again = shop.promotions.what_if()

    [given] = [line.line for line in order.lines if line.line.gift_of]
    assert ("TAS", 2, [given.gift_of]) == (given.sku, given.steps, [use.promotion_id for use in order.uses])
    assert 1 == shop.orders.explain(order).count("sold out")
    assert (0, 2) == (again.changed, again.by_gift["tas"].would)
    shop.stock.receive("TAS", 4, key="more")
    assert 1 == len(gifts(shop.carts.quote(shop.carts.start({"KOPI-250": 1}))))
    assert shop.verify().ok


def test_a_gift_is_told_by_the_sku_that_the_shop_wrote(shop):
    """However it is put, it is found as goods are compared, and shown as it was written."""
    terms = shop.promotions.gift("tas", "TAS", at_least=IDR(100_000)).terms
    shop.promotions.put("tas", attrs.evolve(terms, benefit=Gift("Tas")))

    quote = shop.carts.quote(shop.carts.start({"KOPI-250": 2}))

    assert [("TAS", 1)] == [(line.sku, line.steps) for line in quote.lines if line.gift_of]
    assert "promotion tas: a gift of 1 × Tas" in quote.explain("en")
