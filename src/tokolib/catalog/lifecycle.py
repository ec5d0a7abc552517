"""How products, SKUs, types and the category tree become what they are, event by event."""

from typing import Final

import attrs

from tokolib.catalog.attributes import ProductType, type_id
from tokolib.catalog.categories import EMPTY, CategoryTree
from tokolib.catalog.errors import IllegalProductTransition
from tokolib.catalog.events import (
    CategoryPut,
    ComponentAdded,
    ComponentDropped,
    ProductAdded,
    ProductArchived,
    ProductChanged,
    ProductPublished,
    SkuClaimed,
    SkuFreed,
    TypePut,
)
from tokolib.catalog.model import Product, ProductStatus, SkuOwner, owner_id
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.transitions import led

S = ProductStatus

_PUBLISHED_BY: Final = ("catalog.publish", "catalog.put_product", "catalog.put_products", "catalog.import_csv")
_ARCHIVED_BY: Final = ("catalog.archive", *_PUBLISHED_BY[1:])
_CHANGED_BY: Final = ("catalog.put", *_PUBLISHED_BY[1:])

PRODUCT: Final = Machine(
    name="product",
    about="What the shop sells, sold, or is about to sell. It never becomes a draft again: orders may know it.",
    states={
        S.DRAFT: "it is being written, and nobody can buy it",
        S.ACTIVE: "it is for sale, within its period if it has one",
        S.ARCHIVED: "it is no longer for sale, and kept for the orders that know it",
    },
    begins={ProductAdded: (S.ACTIVE, S.DRAFT, S.ARCHIVED)},
    begun_by=_CHANGED_BY,
    edges={
        S.DRAFT: {
            ProductPublished: Edge(S.ACTIVE, _PUBLISHED_BY),
            ProductArchived: Edge(S.ARCHIVED, _ARCHIVED_BY),
            ProductChanged: Edge(S.DRAFT, _CHANGED_BY),
        },
        S.ACTIVE: {
            ProductPublished: Edge(S.ACTIVE, _PUBLISHED_BY),  # published again: other dates
            ProductArchived: Edge(S.ARCHIVED, _ARCHIVED_BY),
            ProductChanged: Edge(S.ACTIVE, _CHANGED_BY),
        },
        S.ARCHIVED: {
            ProductPublished: Edge(S.ACTIVE, _PUBLISHED_BY),
            ProductChanged: Edge(S.ARCHIVED, _CHANGED_BY),
        },
    },
    ends=frozenset({S.ARCHIVED}),
)
"""The life of a product."""


def reachable(status: ProductStatus) -> frozenset[ProductStatus]:
    """The statuses that a product may have next, its own among them."""
    return frozenset({status, *PRODUCT.moves[status]})


def evolve_product(state: Product | None, event: Event) -> Product:
    """The product after *event*.

    Raises:
        IllegalProductTransition: the table does not allow it.
    """
    if state is None and isinstance(event, ProductAdded):
        return attrs.evolve(event.product, version=1)
    if state is None or type(event) not in PRODUCT.kinds:
        raise TypeError(f"a product in state {state!r:.80} doesn't know {type(event).__name__}")
    status, version = target(state, event), state.version + 1
    match event:
        case ProductChanged(product=product):
            return attrs.evolve(product, version=version, status=status)
        case ProductPublished(published_from=since, published_until=until):
            return attrs.evolve(state, version=version, status=status, published_from=since, published_until=until)
        case _:
            return attrs.evolve(state, version=version, status=status)


def target(product: Product, event: Event) -> ProductStatus:
    """The status that *event* leads to.

    Raises:
        IllegalProductTransition: the table has no such way from where the product is.
    """
    return led(PRODUCT, IllegalProductTransition, product, product.status, type(event))


def evolve_sku(state: SkuOwner | None, event: Event) -> SkuOwner:
    """Whose a SKU is after *event*."""
    match event, state:
        case SkuClaimed(key=key, product_id=product_id), None:
            return SkuOwner(owner_id(key), 1, product_id)
        case SkuClaimed(product_id=product_id), SkuOwner():
            return attrs.evolve(state, version=state.version + 1, product_id=product_id)
        case SkuFreed(), SkuOwner():
            return attrs.evolve(state, version=state.version + 1, product_id=None)
        case ComponentAdded(bundle=bundle), SkuOwner():
            return attrs.evolve(state, version=state.version + 1, used_in=(*state.used_in, bundle))
        case ComponentDropped(bundle=bundle), SkuOwner():
            left = tuple(each for each in state.used_in if each != bundle)
            return attrs.evolve(state, version=state.version + 1, used_in=left)
        case _:
            raise TypeError(f"a SKU in state {state!r:.80} doesn't know {type(event).__name__}")


def evolve_type(state: ProductType | None, event: Event) -> ProductType:
    """The product type after *event*."""
    match event:
        case TypePut(type=code, name=name, attributes=attributes):
            return ProductType(type_id(code), state.version + 1 if state else 1, code, name, attributes)
        case _:
            raise TypeError(f"a product type doesn't know {type(event).__name__}")


def evolve_categories(state: CategoryTree | None, event: Event) -> CategoryTree:
    """The category tree after *event*."""
    tree = state or EMPTY
    match event:
        case CategoryPut(category=category) if tree.find(category.code) is None:
            categories = (*tree.categories, category)
        case CategoryPut(category=category):
            categories = tuple(category if each.code == category.code else each for each in tree.categories)
        case _:
            raise TypeError(f"the category tree doesn't know {type(event).__name__}")
    return attrs.evolve(tree, version=tree.version + 1, categories=categories)
