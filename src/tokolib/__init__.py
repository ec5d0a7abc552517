"""tokolib: the commerce engine that you import.

```python
import tokolib
from tokolib import IDR

with tokolib.open("memory://", country="ID") as shop:
    shop.catalog.put("KOPI-250", "Kopi Gayo 250 g", weight="300 g")
    shop.prices.put("KOPI-250", IDR(75_000))
```

Names are loaded when they are first used, so that importing tokolib costs next to nothing.
"""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.cart.model import Cart, LineWish
    from tokolib.checkout.basket import Basket
    from tokolib.checkout.model import ChargeWish, Quote
    from tokolib.conversion import json_converter
    from tokolib.documents.model import Invoice
    from tokolib.fulfilment.model import Shipment
    from tokolib.kernel.address import Address
    from tokolib.kernel.ctx import Ctx, Customer, Guest, Staff, System
    from tokolib.kernel.errors import Fault, InvalidInput, NotFound, TokolibError
    from tokolib.kernel.limits import Limits
    from tokolib.kernel.money import EUR, GBP, IDR, USD, Currency, Money, currency
    from tokolib.kernel.policies import Policies
    from tokolib.kernel.quantity import Quantity, UnitOfMeasure
    from tokolib.kernel.settings import Settings
    from tokolib.kernel.unit_price import UnitPrice
    from tokolib.orders.model import Order, OrderState
    from tokolib.returns.model import Disposition, Return
    from tokolib.shop import AsyncShop, Shop, aopen, open, upgrade_schema

_HOMES = {
    "Cart": "cart.model",
    "LineWish": "cart.model",
    "Basket": "checkout.basket",
    "ChargeWish": "checkout.model",
    "Quote": "checkout.model",
    "json_converter": "conversion",
    "Invoice": "documents.model",
    "Shipment": "fulfilment.model",
    "Address": "kernel.address",
    "Ctx": "kernel.ctx",
    "Customer": "kernel.ctx",
    "Guest": "kernel.ctx",
    "Staff": "kernel.ctx",
    "System": "kernel.ctx",
    "Fault": "kernel.errors",
    "InvalidInput": "kernel.errors",
    "NotFound": "kernel.errors",
    "TokolibError": "kernel.errors",
    "EUR": "kernel.money",
    "GBP": "kernel.money",
    "IDR": "kernel.money",
    "USD": "kernel.money",
    "Currency": "kernel.money",
    "Money": "kernel.money",
    "UnitPrice": "kernel.unit_price",
    "currency": "kernel.money",
    "Quantity": "kernel.quantity",
    "UnitOfMeasure": "kernel.quantity",
    "Limits": "kernel.limits",
    "Policies": "kernel.policies",
    "Settings": "kernel.settings",
    "Order": "orders.model",
    "OrderState": "orders.model",
    "Disposition": "returns.model",
    "Return": "returns.model",
    "AsyncShop": "shop",
    "Shop": "shop",
    "aopen": "shop",
    "open": "shop",
    "upgrade_schema": "shop",
}

__all__ = [
    "EUR",
    "GBP",
    "IDR",
    "USD",
    "Address",
    "AsyncShop",
    "Basket",
    "Cart",
    "ChargeWish",
    "Ctx",
    "Currency",
    "Customer",
    "Disposition",
    "Fault",
    "Guest",
    "InvalidInput",
    "Invoice",
    "Limits",
    "LineWish",
    "Money",
    "NotFound",
    "Order",
    "OrderState",
    "Policies",
    "Quantity",
    "Quote",
    "Return",
    "Settings",
    "Shipment",
    "Shop",
    "Staff",
    "System",
    "TokolibError",
    "UnitOfMeasure",
    "UnitPrice",
    "aopen",
    "currency",
    "json_converter",
    "open",
    "upgrade_schema",
]


__getattr__ = exports(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted(__all__)
