"""The sentences of a cart's problems, joined with those of the rooms that find them."""

from collections.abc import Mapping

from tokolib.catalog.wording import WORDING as CATALOG
from tokolib.conditions import WORDING as CONDITIONS
from tokolib.kernel.explain import Reason
from tokolib.kernel.formats import said
from tokolib.pricing.wording import WORDING as PRICING

OWN: Mapping[str, Mapping[str, str]] = {
    "en": {
        "cart.unknown_sku": "{sku} no longer exists",
        "cart.not_for_sale": "{sku} is not for sale now",
        "cart.over_limit": "{sku}: {wanted} {unit} wanted, {most} {unit} may be bought at once",
        "cart.exceeds_stock": "{sku}: {wanted} {unit} wanted, {most} {unit} in stock",
    },
    "id": {
        "cart.unknown_sku": "{sku} sudah tidak ada",
        "cart.not_for_sale": "{sku} sedang tidak dijual",
        "cart.over_limit": "{sku}: diminta {wanted} {unit}, paling banyak {most} {unit} sekali beli",
        "cart.exceeds_stock": "{sku}: diminta {wanted} {unit}, stok tinggal {most} {unit}",
    },
}


def explained(reason: Reason, locale: str) -> str:
    """*reason* in words of *locale*, `id` or `en`.

    Raises:
        UnknownLocale: it is neither.
    """
    return said(reason, locale, CONDITIONS, CATALOG, PRICING, OWN)
