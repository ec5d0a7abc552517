"""Offers: what staff promises a customer, version by version, until a day; accepted, it is an order."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.orders.offers.errors import (
        IllegalOfferTransition,
        NothingToSend,
        NotTheNewestVersion,
        OfferChanged,
        OfferLapsed,
        OfferNeedsTender,
        OfferTaken,
        OfferTermTooLong,
        OtherCart,
    )
    from tokolib.orders.offers.model import Offer, OfferState, OfferVersion

__all__ = [
    "IllegalOfferTransition",
    "NotTheNewestVersion",
    "NothingToSend",
    "Offer",
    "OfferChanged",
    "OfferLapsed",
    "OfferNeedsTender",
    "OfferState",
    "OfferTaken",
    "OfferTermTooLong",
    "OfferVersion",
    "OtherCart",
]

__getattr__ = exports(
    __name__,
    {
        "IllegalOfferTransition": "errors",
        "NotTheNewestVersion": "errors",
        "NothingToSend": "errors",
        "Offer": "model",
        "OfferChanged": "errors",
        "OfferLapsed": "errors",
        "OfferNeedsTender": "errors",
        "OfferState": "model",
        "OfferTaken": "errors",
        "OfferTermTooLong": "errors",
        "OfferVersion": "model",
        "OtherCart": "errors",
    },
)
