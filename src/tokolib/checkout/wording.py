"""The sentences of checkout, joined with those of the rooms that it quotes from."""

from collections.abc import Mapping

from tokolib.conditions import WORDING as CONDITIONS
from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said
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


def explained(reason: Reason, locale: str) -> str:
    """*reason* in words of *locale*, `id` or `en`.

    Raises:
        UnknownLocale: it is neither.
    """
    return said(reason, locale, CONDITIONS, TAX, SHIPPING, PRICING, OWN)
