"""The sentences of checkout, joined with those of the rooms that it quotes from."""

from collections.abc import Mapping
from typing import Final

from tokolib.conditions import WORDING as CONDITIONS
from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said, shown_as_html
from tokolib.pricing.wording import WORDING as PRICING
from tokolib.shipping.wording import WORDING as SHIPPING
from tokolib.tax.wording import WORDING as TAX

OWN: Mapping[str, Mapping[str, str]] = {
    "en": {
        "checkout.quote": "Total for {goods} lines",
        "checkout.delivery": "Delivery {method}",
        "checkout.no_delivery": "Collected by the customer",
    },
    "id": {
        "checkout.quote": "Total untuk {goods} baris",
        "checkout.delivery": "Pengiriman {method}",
        "checkout.no_delivery": "Diambil sendiri oleh pelanggan",
    },
}


ROOMS: Final = (CONDITIONS, TAX, SHIPPING, PRICING, OWN)


def explained(reason: Reason, locale: str) -> str:
    """*reason* in words of *locale*, `id` or `en`.

    Raises:
        UnknownLocale: it is neither.
    """
    return said(reason, locale, *ROOMS)


def explained_as_html(reason: Reason, locale: str) -> str:
    """*reason* as HTML of *locale*, `id` or `en`, for notebooks and pages.

    Raises:
        UnknownLocale: it is neither.
    """
    return shown_as_html(reason, locale, *ROOMS)
