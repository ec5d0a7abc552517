"""A key that anybody might send by mistake is none: it is refused at every door, and nothing happens."""

import pytest

import tokolib
from tokolib import IDR, Basket, InvalidInput
from tokolib.pricing import Off, Percent, Terms
from tokolib.testing import ManualClock


@pytest.mark.parametrize("key", ["", " ", "   ", "\u2003", "\t"])
def test_a_blank_key_is_refused_at_every_door(key):
    """Two callers who send it would be taken for one: the second delivery was dropped, the second payment too."""
    with tokolib.open("memory://", country="ID", clock=ManualClock()) as shop:
        shop.catalog.put("A", "A")
        shop.prices.put("A", IDR(10_000))
        shop.stock.receive("A", 100, key="opening")
        shop.promotions.put("k", Terms("k", Off(Percent(10)), by_coupon=True))
        order = shop.orders.place(Basket({"A": 2}), tender="bank_transfer", key="1")
        paid = shop.orders.place(Basket({"A": 1}), tender="cash", key="2")
        calls = {
            "place": lambda: shop.orders.place(Basket({"A": 1}), tender="cash", key=key),
            "receive": lambda: shop.stock.receive("A", 5, key=key),
            "receive_all": lambda: shop.stock.receive_all({"A": 5}, key=key),
            "received": lambda: shop.payments.received(order, order.total, reference="x", key=key),
            "hand_over": lambda: shop.shipments.hand_over(paid, tracking="1", key=key),
            "refund": lambda: shop.payments.refund(paid, IDR(1), reason="x", key=key),
            "generate": lambda: shop.promotions.generate("k", 2, key=key),
        }
        for name, call in calls.items():
            with pytest.raises(InvalidInput) as refused:
                call()
            assert [("key", "kernel.bad_key")] == [(each.path, each.code) for each in refused.value.faults], name

        assert (2, 97) == (len(shop.orders.page().items), shop.stock.available("A").steps)
        assert () == shop.promotions.coupons("k").items
