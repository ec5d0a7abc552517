"""How products, SKUs, types and the category tree become what they are, event by event."""

from collections.abc import Mapping
from typing import Final

import attrs

from tokolib.catalog.attributes import ProductType, type_id
from tokolib.catalog.categories import EMPTY, CategoryTree
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

S = ProductStatus

TRANSITIONS: Final[Mapping[ProductStatus, Mapping[type[Event], ProductStatus]]] = {
    S.DRAFT: {ProductPublished: S.ACTIVE, ProductArchived: S.ARCHIVED},
    S.ACTIVE: {ProductPublished: S.ACTIVE, ProductArchived: S.ARCHIVED},  # published again: other dates
    S.ARCHIVED: {ProductPublished: S.ACTIVE},
}
"""A product starts in any status, and never becomes a draft again: orders may know it."""


def reachable(status: ProductStatus) -> frozenset[ProductStatus]:
    """The statuses that a product may have next, its own among them."""
    return frozenset({status, *TRANSITIONS[status].values()})


def evolve_product(state: Product | None, event: Event) -> Product:
    """The product after *event*."""
    match event, state:
        case ProductAdded(product=product), None:
            return attrs.evolve(product, version=1)
        case ProductChanged(product=product), Product():
            return attrs.evolve(product, version=state.version + 1, status=state.status)
        case ProductPublished(published_from=since, published_until=until), Product():
            status = TRANSITIONS[state.status][type(event)]
            version = state.version + 1
            return attrs.evolve(state, version=version, status=status, published_from=since, published_until=until)
        case ProductArchived(), Product():
            return attrs.evolve(state, version=state.version + 1, status=TRANSITIONS[state.status][type(event)])
        case _:
            raise TypeError(f"a product in state {state!r:.80} doesn't know {type(event).__name__}")


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
