"""Products and what they are made of, as the other rooms see them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Final

import attrs

from tokolib.catalog.sku import key as key_of
from tokolib.kernel.ids import ProductId
from tokolib.kernel.quantity import UnitOfMeasure

AttributeValue = str | int | Decimal | bool
"""What an attribute holds; a date is held as ISO 8601 text."""

STANDARD: Final = "standard"
"""The tax class of goods that have no special rule."""


class ProductStatus(StrEnum):
    """Whether a product is offered: being prepared, for sale, or kept for the records only."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


@attrs.frozen
class Dimensions:
    """The size of a packed piece, in whole millimetres."""

    length_mm: int
    width_mm: int
    height_mm: int


@attrs.frozen
class Option:
    """An axis on which variants differ, and its values in the order in which they are offered."""

    name: str
    values: tuple[str, ...]


@attrs.frozen
class Component:
    """A part of a bundle: how many steps of *sku* (a key) one unit of the bundle takes."""

    sku: str
    quantity: int


@attrs.frozen
class Variant:
    """What is put on a shelf and sold: one SKU."""

    sku: str
    """As written; compare `key`."""
    options: tuple[tuple[str, str], ...] = ()
    attributes: tuple[tuple[str, AttributeValue], ...] = ()
    gtin: str | None = None
    weight_grams: int | None = None
    dimensions: Dimensions | None = None
    external_id: str | None = None

    @cached_property
    def key(self) -> str:
        """What the SKU is compared by."""
        return key_of(self.sku)

    @property
    def label(self) -> str:
        """Its options' values, such as `Merah / L`; empty for an only variant."""
        return " / ".join(value for _, value in self.options)


@attrs.frozen
class Product:
    """What a shop describes once and offers in one or more variants."""

    id: ProductId
    version: int
    name: str
    external_id: str | None
    """What another system calls it; unique in the shop."""
    type: str
    """The code of its product type; empty when it has none, and so no attributes."""
    description: str
    unit: UnitOfMeasure
    tax_class: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    attributes: tuple[tuple[str, AttributeValue], ...]
    options: tuple[Option, ...]
    variants: tuple[Variant, ...]
    components: tuple[Component, ...]
    """Not empty makes it a bundle, whose stock is its components'."""
    status: ProductStatus
    published_from: datetime | None
    published_until: datetime | None
    purchase_limit: int | None
    """The most that one cart may hold of each variant, in steps."""
    price_weights: tuple[tuple[str, int], ...] = ()
    """How a bundle's price is spread over its components, as weights by SKU key; empty: by what each costs."""
    digital: bool = False
    """Whether it has no body: nothing of it is packed, weighed or sent."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its SKUs, in the order of its variants."""
        return tuple(variant.key for variant in self.variants)

    @property
    def is_bundle(self) -> bool:
        """Whether it is made of other products."""
        return bool(self.components)

    def variant(self, sku: str) -> Variant | None:
        """The variant with that SKU, however it is written."""
        wanted = key_of(sku)
        return next((variant for variant in self.variants if variant.key == wanted), None)


@attrs.frozen
class SkuOwner:
    """To whom a SKU belongs: the one place that keeps it from belonging to two."""

    id: str
    """`sku:` and the SKU's key."""
    version: int
    product_id: ProductId | None
    """None once it was given up; it may be taken again."""
    used_in: tuple[ProductId, ...] = ()
    """The bundles that it is a component of."""


def owner_id(key: str) -> str:
    """The id under which the owner of a SKU's key is kept."""
    return f"sku:{key}"


@attrs.frozen
class Part:
    """What a bundle needs to know of its component."""

    unit: UnitOfMeasure
    is_bundle: bool
    digital: bool = False


@attrs.frozen
class PricePart:
    """What pricing needs to know of a bundle's component."""

    sku: str
    """The key."""
    quantity: int
    """Steps in one bundle."""
    per_step: Fraction
    tax_class: str
    weight: int | None
    """Its stated share of the bundle's price."""


@attrs.frozen
class Sellable:
    """All that later rooms know of one SKU: a flat snapshot of its product and variant."""

    key: str
    sku: str
    product_id: ProductId
    name: str
    """The product's name, and the variant's options if it has any."""
    unit: UnitOfMeasure
    tax_class: str
    categories: tuple[str, ...]
    """Its own and all above them."""
    tags: tuple[str, ...]
    weight_grams: int | None
    dimensions: Dimensions | None
    components: tuple[Component, ...]
    purchase_limit: int | None
    attributes: tuple[str, ...] = ()
    """Of the product and the variant, as `name=value`."""
    parts: tuple[PricePart, ...] = ()
    """Of a bundle: what its price is spread over."""
    digital: bool = False
    """Whether it has no body: nothing of it is packed, weighed or sent."""

    def consumption(self, steps: int) -> Mapping[str, int]:
        """What *steps* of it take from the stock, in steps by SKU key: its own, or its components'."""
        if not self.components:
            return {self.key: steps}
        units = steps * int(self.unit.step)  # a bundle is counted in whole units
        return {part.sku: part.quantity * units for part in self.components}
