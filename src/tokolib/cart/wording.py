"""The sentences of a cart's problems, joined with those of the rooms that find them."""

from collections.abc import Mapping
from functools import partial

from tokolib.catalog.wording import WORDING as CATALOG
from tokolib.conditions import WORDING as CONDITIONS
from tokolib.kernel.explain import Reason, render
from tokolib.kernel.formats import show
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
    """*reason* in words of *locale*: `id`, or `en` for any other."""
    language = "id" if locale.split("_")[0] == "id" else "en"
    words = {**CONDITIONS[language], **CATALOG[language], **PRICING[language], **OWN[language]}
    return render(reason, words, partial(show, locale=language))
