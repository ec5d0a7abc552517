"""What the pytest plugin gives to users' tests."""

from datetime import UTC, datetime, timedelta

import pytest

from tokolib import IDR, TokolibError
from tokolib.testing import ManualClock
from tokolib.testing.clock import START


def test_the_clock_stands_still_until_it_is_moved():
    """forward() moves it and tells where it is now."""
    clock = ManualClock()

    before = (clock.now(), clock.now())
    after = clock.forward(days=1, hours=2, minutes=3, seconds=4)

    assert (START, START) == before
    assert START + timedelta(days=1, hours=2, minutes=3, seconds=4) == after == clock.now()


def test_the_clock_jumps_to_any_aware_instant():
    """An instant without a zone is refused, at the start and later."""
    clock = ManualClock()

    clock.instant = datetime(2025, 1, 1, tzinfo=UTC)

    assert datetime(2025, 1, 1, tzinfo=UTC) == clock.now()
    with pytest.raises(TokolibError):
        clock.instant = datetime(2025, 1, 1)  # noqa: DTZ001 - the point
    with pytest.raises(TokolibError):
        ManualClock(datetime(2025, 1, 1))  # noqa: DTZ001 - the point


@pytest.mark.parametrize("fixture", ["toko", "toko_sqlite"])
def test_the_shop_goes_by_the_clock_and_the_gateway_of_its_fixtures(fixture, request, toko_clock, toko_gateway):
    """An unpaid charge of the fake gateway expires when the test says that an hour has passed."""
    shop = request.getfixturevalue(fixture)
    shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
    shop.prices.put("KOPI-250", IDR(75_000))
    shop.stock.receive("KOPI-250", 1, key="opening")

    order = shop.orders.place(shop.carts.quote(shop.carts.start({"KOPI-250": 1})), tender="fake", key="web-1")
    charge = toko_gateway.world.charges[0]
    toko_gateway.world.expire(charge.reference)
    toko_clock.forward(hours=2)
    shop.tick()

    assert order.requested_at == START
    assert shop.orders.get(order.id).ending
    assert 1 == shop.stock.available("KOPI-250").steps
    assert shop.verify()
