"""Whether a product is for sale at a moment, and the flat snapshot that later rooms get of a SKU."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from tokolib.catalog.attributes import attribute_text
from tokolib.catalog.categories import CategoryTree
from tokolib.catalog.model import AttributeValue, PricePart, Product, ProductStatus, Sellable, Variant


@attrs.frozen
class Offer:
    """What became of the SKUs that somebody wants to sell; each is in one of the three."""

    sellables: dict[str, Sellable]
    """By key."""
    unknown: tuple[str, ...]
    """As they were asked for."""
    not_for_sale: tuple[tuple[str, str], ...]
    """As they were asked for, with the reason code: `draft`, `archived`, `not_yet`, `no_longer`."""


def why_not(product: Product, now: datetime) -> str:
    """Why *product* isn't for sale at *now*: a reason code, or empty when it is.

    A publication begins at `published_from` and has ended at `published_until`.
    """
    if product.status is not ProductStatus.ACTIVE:
        return product.status.value
    if product.published_from is not None and now < product.published_from:
        return "not_yet"
    if product.published_until is not None and now >= product.published_until:
        return "no_longer"
    return ""


def sellable(product: Product, variant: Variant, tree: CategoryTree | None) -> Sellable:
    """What later rooms know of *variant*."""
    return Sellable(
        key=variant.key,
        sku=variant.sku,
        product_id=product.id,
        name=f"{product.name}, {variant.label}" if variant.options else product.name,
        unit=product.unit,
        tax_class=product.tax_class,
        categories=tree.with_ancestors(product.categories) if tree else product.categories,
        tags=product.tags,
        weight_grams=variant.weight_grams,
        dimensions=variant.dimensions,
        components=product.components,
        purchase_limit=product.purchase_limit,
        attributes=_told((*product.attributes, *variant.attributes)),
        digital=product.digital,
    )


def price_parts(product: Product, owners: Mapping[str, Product]) -> tuple[PricePart, ...]:
    """What the price of *product*, a bundle, is spread over; *owners* are the products of its components, by key."""
    weights = dict(product.price_weights)
    return tuple(
        PricePart(part.sku, part.quantity, owner.unit.per_step, owner.tax_class, weights.get(part.sku))
        for part in product.components
        if (owner := owners.get(part.sku)) is not None
    )


def _told(attributes: Iterable[tuple[str, AttributeValue]]) -> tuple[str, ...]:
    """Attributes as conditions ask for them, the variant's over the product's."""
    return tuple(sorted(f"{name}={attribute_text(value)}" for name, value in dict(attributes).items()))
