"""The problems of a cart in words."""

from collections.abc import Mapping
from typing import Final

WORDING: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "cart.unknown_sku": "{sku} no longer exists",
        "cart.not_for_sale": "{sku} is not for sale now ({reason})",
        "cart.over_limit": "{sku}: {wanted} wanted, {most} may be bought at once",
        "cart.exceeds_stock": "{sku}: {wanted} wanted, {most} in stock",
    },
    "id": {
        "cart.unknown_sku": "{sku} sudah tidak ada",
        "cart.not_for_sale": "{sku} sedang tidak dijual ({reason})",
        "cart.over_limit": "{sku}: diminta {wanted}, paling banyak {most} sekali beli",
        "cart.exceeds_stock": "{sku}: diminta {wanted}, stok tinggal {most}",
    },
}
