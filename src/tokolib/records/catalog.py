"""How products, SKUs, product types and categories are stored."""

from typing import Final

from tokolib.catalog import events as catalog
from tokolib.catalog.attributes import ProductType
from tokolib.catalog.categories import CategoryTree
from tokolib.catalog.lifecycle import evolve_categories, evolve_product, evolve_sku, evolve_type
from tokolib.catalog.model import Product, SkuOwner
from tokolib.records import collections
from tokolib.records.record import Record

PRODUCTS: Final = Record(
    collection=collections.PRODUCTS,
    noun="product",
    cls=Product,
    evolve=evolve_product,
    reference=True,
    events=(
        catalog.ProductAdded,
        catalog.ProductChanged,
        catalog.ProductPublished,
        catalog.ProductArchived,
    ),
    row=lambda product: {
        "sku": product.keys[0],
        "status": product.status.value,
        "external_id": product.external_id,
    },
)

SKUS: Final = Record(
    collection=collections.SKUS,
    noun="SKU",
    cls=SkuOwner,
    evolve=evolve_sku,
    reference=True,
    events=(catalog.SkuClaimed, catalog.SkuFreed, catalog.ComponentAdded, catalog.ComponentDropped),
)

TYPES: Final = Record(
    collection=collections.TYPES,
    noun="product type",
    cls=ProductType,
    evolve=evolve_type,
    reference=True,
    events=(catalog.TypePut,),
    row=lambda kind: {"code": kind.code},
)

CATEGORIES: Final = Record(
    collection=collections.CATEGORIES,
    noun="category tree",
    cls=CategoryTree,
    evolve=evolve_categories,
    reference=True,
    events=(catalog.CategoryPut,),
)
