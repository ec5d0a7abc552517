"""The first and the nth order of a customer: counted by the shop, and settled by the counter where two race."""

from collections.abc import Iterator

import pytest

import tokolib
from tokolib import IDR, Basket, Shop
from tokolib.checkout import QuoteChanged
from tokolib.conditions import equal


@pytest.fixture
def shop() -> Iterator[Shop]:
    with tokolib.open("memory://", country="ID") as shop:
        shop.catalog.put("KOPI-250", "Kopi Gayo 250 g", weight="300 g")
        shop.prices.put("KOPI-250", IDR(75_000))
        shop.stock.receive("KOPI-250", 20)
        yield shop


def basket(customer="cus_siti"):
    return Basket({"KOPI-250": 1}, customer=customer)


def test_the_first_order_of_a_customer_is_known(shop):
    """Without the host telling it; a guest's is not."""
    shop.promotions.percent("perdana", 10, conditions=equal("first_order", value=True))

    totals = [shop.orders.place(basket(), tender="cash", key=str(n)).total for n in range(2)]
    guest = shop.orders.place(Basket({"KOPI-250": 1}), tender="cash", key="guest")

    assert [IDR(67_500), IDR(75_000)] == totals
    assert IDR(75_000) == guest.total
    assert shop.verify().ok


def test_every_third_order(shop):
    """The number of the order is a fact like any other."""
    shop.promotions.fixed("ketiga", IDR(5_000), conditions=equal("order_number", 3))

    totals = [shop.orders.place(basket(), tender="cash", key=str(n)).total for n in range(4)]

    assert [IDR(75_000), IDR(75_000), IDR(70_000), IDR(75_000)] == totals


def test_two_first_orders_are_not_both_first(shop):
    """Two quotes promise it; the second to be placed is told what changed."""
    shop.promotions.percent("perdana", 10, conditions=equal("first_order", value=True))
    first, second = (shop.carts.quote(shop.carts.start({"KOPI-250": 1}, customer="cus_siti")) for _ in range(2))

    shop.orders.place(first, tender="cash", key="1")

    with pytest.raises(QuoteChanged):
        shop.orders.place(second, tender="cash", key="2")


def test_an_order_that_dies_gives_its_number_back(shop):
    """A cancelled first order leaves the customer's first order to come."""
    shop.promotions.percent("perdana", 10, conditions=equal("first_order", value=True))
    order = shop.orders.place(basket(), tender="bank_transfer", key="1")

    shop.orders.cancel(order, reason="changed mind")

    assert IDR(67_500) == shop.orders.place(basket(), tender="cash", key="2").total
    assert shop.verify().ok


def test_a_host_that_knows_older_orders_says_so(shop):
    """What was bought elsewhere counts when the host tells it, over the shop's own count."""
    shop.promotions.fixed("ketiga", IDR(5_000), conditions=equal("order_number", 3))

    order = shop.orders.place(
        Basket({"KOPI-250": 1}, customer="cus_siti", facts={"order_number": 3}), tender="cash", key="1"
    )

    assert IDR(70_000) == order.total
