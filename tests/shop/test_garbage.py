"""What a command has read is freed when it ends: nothing of it waits for the garbage collector."""

import gc
from contextlib import suppress

import pytest

import tokolib
from tokolib import IDR
from tokolib.kernel.errors import TokolibError
from tokolib.testing.builders import Given


def sell(shop, key):
    """An order, placed and handed over."""
    quote = shop.carts.quote(shop.carts.start({"KOPI-250": 2}))
    shop.shipments.hand_over(shop.orders.place(quote, tender="cash", key=key))


def be_refused(shop, key):
    """More is to be paid back than ever came in."""
    with suppress(TokolibError):
        shop.payments.refund(shop.orders.page().items[0], IDR(10**9), reason="too much", key=key)


def look(shop, key):
    """Orders are read."""
    assert shop.orders.page().items


@pytest.mark.parametrize("act", [sell, be_refused, look])
def test_a_command_leaves_nothing_to_the_garbage_collector(act):
    """What a sale, a refusal and a page of orders have read is gone with the last reference to what they answer."""
    with tokolib.open("memory://", country="ID") as shop:
        Given(shop).goods({"KOPI-250": 75_000})
        sell(shop, "before")
        act(shop, "loads what it needs")
        gc.collect()
        gc.disable()
        try:
            act(shop, "counted")
            left = gc.collect()
        finally:
            gc.enable()

    assert left == 0
