"""The catalogue's reasons in words."""

from collections.abc import Mapping
from typing import Final

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "id": {
        "catalog.draft": "{sku} masih draf dan belum dijual",
        "catalog.archived": "{sku} tidak dijual lagi",
        "catalog.not_yet": "{sku} belum mulai dijual",
        "catalog.no_longer": "masa penjualan {sku} sudah berakhir",
        "catalog.unknown_sku": "SKU {sku} tidak ada di katalog",
    },
    "en": {
        "catalog.draft": "{sku} is a draft and not for sale yet",
        "catalog.archived": "{sku} is no longer sold",
        "catalog.not_yet": "{sku} is not on sale yet",
        "catalog.no_longer": "the sale of {sku} has ended",
        "catalog.unknown_sku": "the catalogue has no SKU {sku}",
    },
}
"""By locale and code. `catalog.` and a reason code of `Offer.not_for_sale` make a code here."""
