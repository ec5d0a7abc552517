"""The shop that the stories happen in."""

from typing import Any, Final

from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import IDR
from tokolib.kernel.storage import Storage
from tokolib.shop.opening import aopen, open
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_broker import AsyncFakeBroker, FakeBroker

SKU: Final = "KOPI-250"
PRICE: Final = 75_000
STOCK: Final = 20
COUPON: Final = "HEMAT10"


async def furnish(storage: Storage) -> None:
    """Make the shop of the stories in an empty *storage*: one product, a flat delivery, a coupon for one use."""
    broker, clock = FakeBroker(), ManualClock()
    shop: Any
    if storage.capabilities.asynchronous:
        shop = await aopen(storage, country="ID", broker=AsyncFakeBroker(broker), clock=clock)
    else:
        shop = open(storage, country="ID", broker=broker, clock=clock)
    await resolved(shop.catalog.put(SKU, "Kopi Gayo 250 g", weight="300 g"))
    money = IDR(PRICE)
    await resolved(shop.prices.put(SKU, money))
    await resolved(shop.delivery.flat("jne:reg", IDR(18_000)))
    await resolved(shop.stock.receive(SKU, STOCK, key="opening"))
    await resolved(shop.promotions.percent("hemat", 10, coupon=COUPON, usage_limit=1))
    await resolved(shop.outbox.relay(limit=1_000))
