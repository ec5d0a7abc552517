"""What the catalogue needs from outside itself: its repositories, and one question to the stock."""

from collections.abc import Sequence
from typing import Protocol

from tokolib.catalog.attributes import ProductType
from tokolib.catalog.categories import CategoryTree
from tokolib.catalog.model import Product, SkuOwner
from tokolib.kernel.unit import Port, Repository, Unit


class Products(Repository[Product], Protocol):
    """Products, with the indexes `sku` (first SKU's key), `status` (status, first SKU's key) and `external_id`."""


class Skus(Repository[SkuOwner], Protocol):
    """To whom SKUs belong."""


class Types(Repository[ProductType], Protocol):
    """Product types, with the index `code`."""


class Categories(Repository[CategoryTree], Protocol):
    """The one category tree."""


class Moved(Protocol):
    """**Port.** Knows whether stock has moved; the inventory implements it, and the shop hands it over."""

    async def __call__(self, unit: Unit, keys: Sequence[str]) -> bool:
        """Whether there was ever a movement or a hold of one of these SKU keys, at any location."""
        ...


async def always_moved(unit: Unit, keys: Sequence[str]) -> bool:
    """The answer of a catalogue that has nobody to ask: a unit of measure, once given, stays."""
    return True


PRODUCTS: Port[Products] = Port("products")
SKUS: Port[Skus] = Port("skus")
TYPES: Port[Types] = Port("product_types")
CATEGORIES: Port[Categories] = Port("categories")
