"""Shops, quotes and orders to test with, in one line each, for both colours of shop.

```python
given = Given(shop)
given.goods({"KOPI-250": 75_000}, stock=20)
order = given.order({"KOPI-250": 2}, tender="cash")
```

With an `AsyncShop` the same methods are awaited.
"""

from collections.abc import Mapping
from typing import Any, Final

from tokolib.checkout.model import Quote
from tokolib.kernel.address import Address
from tokolib.kernel.hosting import Colour, Service, command, resolved
from tokolib.kernel.money import Money, currency
from tokolib.orders.model import Order
from tokolib.shop import Doors

BUYER: Final = Address("Siti Aminah", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")
"""Somebody who buys."""
ABROAD: Final = Address(
    "Ann Lee", "1 Pine St", city="Oakland", district="Alameda", province="CA", postal_code="94601", country="US"
)
"""Somebody who buys in the county that `FakeTaxProvider` knows the rates of."""

Amounts = Mapping[str, int]
"""Prices by SKU, in major units of the shop's currency."""


class Given(Service[Colour]):
    """Puts a shop into the state that a test begins with."""

    def __init__(self, shop: Doors[Colour]) -> None:
        self.blocking = shop.blocking
        self._shop: Any = shop  # whose commands answer, or are awaited: `resolved` takes both
        self._orders = 0

    @command
    async def goods(self, prices: Amounts, /, *, stock: int | str = 20, weight: str = "300 g", **more: Any) -> None:
        """Products for sale, each with its price and its stock, if any; *more* goes to `catalog.put`."""
        for sku, price in prices.items():
            await resolved(self._shop.catalog.put(sku, sku.capitalize(), weight=weight, **more))
            await resolved(self._shop.prices.put(sku, await self._money(price)))
            if stock and not more.get("components"):
                await resolved(self._shop.stock.receive(sku, stock, key=f"opening-{sku}"))

    @command
    async def delivery(self, prices: Amounts, *, cod: bool = True) -> None:
        """Delivery methods at flat prices."""
        for code, price in prices.items():
            await resolved(self._shop.delivery.flat(code, await self._money(price), cod=cod))

    @command
    async def quote(self, lines: Any, /, *, delivery: str = "", ship_to: Address | None = None, **cart: Any) -> Quote:
        """A quote for a new cart with *lines*; with a *delivery* it goes to `BUYER` unless told otherwise."""
        started = await resolved(self._shop.carts.start(lines, **cart))
        to = ship_to or (BUYER if delivery else None)
        made: Quote = await resolved(self._shop.carts.quote(started, delivery=delivery, ship_to=to))
        return made

    @command
    async def order(self, lines: Any, /, *, tender: str = "cash", key: str | None = None, **quote: Any) -> Order:
        """An order for *lines*, placed; what else it takes is what `quote` takes."""
        self._orders += 1
        me: Any = self  # of either colour
        agreed: Quote = await resolved(me.quote(lines, **quote))
        placed: Order = await resolved(
            self._shop.orders.place(agreed, tender=tender, key=key or f"given-{self._orders}-{agreed.id}")
        )
        return placed

    async def _money(self, major: int) -> Money:
        settings = await resolved(self._shop.settings.get())
        return currency(settings.currency)(major)
