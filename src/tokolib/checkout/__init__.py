"""A cart with every fact known, made into one immutable, hashed quote."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.checkout.errors import AddressNeeded, EmptyCart, QuoteChanged, QuoteExpired
    from tokolib.checkout.model import ChargeWish, Delivery, Difference, Quote, QuoteCharge, QuoteLine

__all__ = [
    "AddressNeeded",
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
        "ChargeWish": "model",
        "Delivery": "model",
        "Difference": "model",
        "EmptyCart": "errors",
        "Quote": "model",
        "QuoteChanged": "errors",
        "QuoteCharge": "model",
        "QuoteExpired": "errors",
        "QuoteLine": "model",
    },
)
