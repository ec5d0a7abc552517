"""A cart with every fact known, made into one immutable, hashed quote."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.checkout.agreement import Difference
    from tokolib.checkout.basket import Basket
    from tokolib.checkout.errors import (
        AddressNeeded,
        EmptyCart,
        QuoteChanged,
        QuoteExpired,
        TaxNeverSettled,
        WishNotOffered,
    )
    from tokolib.checkout.lines import QuoteCharge, QuoteLine
    from tokolib.checkout.model import Bargain, ChargeWish, Delivery, Quote
    from tokolib.checkout.options import CartOptions, DeliveryOption, TenderOption

__all__ = [
    "AddressNeeded",
    "Bargain",
    "Basket",
    "CartOptions",
    "ChargeWish",
    "Delivery",
    "DeliveryOption",
    "Difference",
    "EmptyCart",
    "Quote",
    "QuoteChanged",
    "QuoteCharge",
    "QuoteExpired",
    "QuoteLine",
    "TaxNeverSettled",
    "TenderOption",
    "WishNotOffered",
]

__getattr__ = exports(
    __name__,
    {
        "AddressNeeded": "errors",
        "Bargain": "model",
        "Basket": "basket",
        "CartOptions": "options",
        "ChargeWish": "model",
        "Delivery": "model",
        "DeliveryOption": "options",
        "Difference": "agreement",
        "EmptyCart": "errors",
        "Quote": "model",
        "QuoteChanged": "errors",
        "QuoteCharge": "lines",
        "QuoteExpired": "errors",
        "QuoteLine": "lines",
        "TaxNeverSettled": "errors",
        "TenderOption": "options",
        "WishNotOffered": "errors",
    },
)
