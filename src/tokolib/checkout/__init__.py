"""A cart with every fact known, made into one immutable, hashed quote."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.checkout.basket import Basket
    from tokolib.checkout.errors import AddressNeeded, EmptyCart, QuoteChanged, QuoteExpired
    from tokolib.checkout.lines import QuoteCharge, QuoteLine
    from tokolib.checkout.model import Bargain, ChargeWish, Delivery, Difference, Quote

__all__ = [
    "AddressNeeded",
    "Bargain",
    "Basket",
    "ChargeWish",
    "Delivery",
    "Difference",
    "EmptyCart",
    "Quote",
    "QuoteChanged",
    "QuoteCharge",
    "QuoteExpired",
    "QuoteLine",
]

__getattr__ = exports(
    __name__,
    {
        "AddressNeeded": "errors",
        "Bargain": "model",
        "Basket": "basket",
        "ChargeWish": "model",
        "Delivery": "model",
        "Difference": "model",
        "EmptyCart": "errors",
        "Quote": "model",
        "QuoteChanged": "errors",
        "QuoteCharge": "lines",
        "QuoteExpired": "errors",
        "QuoteLine": "lines",
    },
)
