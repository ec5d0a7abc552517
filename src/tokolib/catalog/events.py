"""What happens in the catalogue."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.catalog.attributes import AttributeDef
from tokolib.catalog.categories import Category
from tokolib.catalog.model import Product
from tokolib.kernel.events import Event
from tokolib.kernel.ids import ProductId


@attrs.frozen
class ProductAdded(Event):
    """A product came into the catalogue."""

    topic: ClassVar[str] = "catalog.product_added"
    product: Product


@attrs.frozen
class ProductChanged(Event):
    """A product is described anew, whole; its status stays."""

    topic: ClassVar[str] = "catalog.product_changed"
    product: Product


@attrs.frozen
class ProductPublished(Event):
    """A product is offered, from and until those instants if they are given."""

    topic: ClassVar[str] = "catalog.product_published"
    product_id: ProductId
    published_from: datetime | None
    published_until: datetime | None


@attrs.frozen
class ProductArchived(Event):
    """A product is no longer offered, and kept for the records."""

    topic: ClassVar[str] = "catalog.product_archived"
    product_id: ProductId


@attrs.frozen
class SkuClaimed(Event):
    """A SKU belongs to a product from now on."""

    topic: ClassVar[str] = "catalog.sku_claimed"
    key: str
    product_id: ProductId


@attrs.frozen
class SkuFreed(Event):
    """A SKU belongs to nobody any more."""

    topic: ClassVar[str] = "catalog.sku_freed"
    key: str


@attrs.frozen
class ComponentAdded(Event):
    """A bundle is made of this SKU, among others."""

    topic: ClassVar[str] = "catalog.component_added"
    key: str
    bundle: ProductId


@attrs.frozen
class ComponentDropped(Event):
    """A bundle is no longer made of this SKU."""

    topic: ClassVar[str] = "catalog.component_dropped"
    key: str
    bundle: ProductId


@attrs.frozen
class TypePut(Event):
    """A product type has these attributes from now on."""

    topic: ClassVar[str] = "catalog.type_put"
    type: str
    name: str
    attributes: tuple[AttributeDef, ...]


@attrs.frozen
class CategoryPut(Event):
    """A category is new, renamed or moved."""

    topic: ClassVar[str] = "catalog.category_put"
    category: Category
