"""What the catalogue refuses, and how to go on."""

from collections.abc import Iterable
from typing import ClassVar

import attrs

from tokolib.kernel.errors import Fault, TokolibError, named
from tokolib.kernel.transitions import IllegalTransition


def _all_named(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(named(text) for text in texts)


class CatalogError(TokolibError):
    """The root of the catalogue's errors."""


@attrs.frozen
class InvalidSku(CatalogError):
    """A text that can't be a SKU."""

    code: ClassVar[str] = "catalog.invalid_sku"
    sku: str
    reason: str

    def __str__(self) -> str:
        return f"SKU {self.sku!r}: {self.reason}"


@attrs.frozen
class InvalidGtin(CatalogError):
    """A number that is no GTIN."""

    code: ClassVar[str] = "catalog.invalid_gtin"
    gtin: str
    reason: str

    def __str__(self) -> str:
        return f"GTIN {self.gtin!r}: {self.reason}"


@attrs.frozen
class InvalidMeasure(CatalogError):
    """A weight, a size or a unit that can't be read without guessing."""

    code: ClassVar[str] = "catalog.invalid_measure"
    measure: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.measure} {self.value!r}: {self.reason}"

    @property
    def hint(self) -> str:
        match self.measure:
            case "weight":
                return "write '300 g' or '1,2 kg', or give whole grams as an int"
            case "dimensions":
                return "write length x width x height with a unit: '30 x 20 x 10 cm'"
            case _:
                return "write a short code such as 'pcs' or 'kg', with the smallest step after a colon: 'kg:0.05'"


@attrs.frozen
class InvalidAttribute(CatalogError):
    """A value that is not of its attribute's kind, or not among the allowed ones."""

    code: ClassVar[str] = "catalog.invalid_attribute"
    attribute: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"attribute {self.attribute}: {self.value!r} {self.reason}"


@attrs.frozen
class InvalidProduct(CatalogError):
    """A product has faults; all of them are named, and nothing was stored."""

    code: ClassVar[str] = "catalog.invalid_product"
    name: str
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return f"product {self.name!r}: " + "; ".join(str(fault) for fault in self.faults)


@attrs.frozen
class InvalidType(CatalogError):
    """A product type has faults; all of them are named, and nothing was stored."""

    code: ClassVar[str] = "catalog.invalid_type"
    type: str = attrs.field(converter=named)
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return f"product type {self.type!r}: " + "; ".join(str(fault) for fault in self.faults)


@attrs.frozen
class InvalidOptions(CatalogError):
    """Options of which no variants can be made."""

    code: ClassVar[str] = "catalog.invalid_options"
    sku: str
    reason: str

    def __str__(self) -> str:
        return f"variants of {self.sku!r}: {self.reason}"


@attrs.frozen
class SkuTaken(CatalogError):
    """The SKU belongs to another product; nothing was stored."""

    code: ClassVar[str] = "catalog.sku_taken"
    status: ClassVar[int] = 409
    sku: str
    product_id: str

    def __str__(self) -> str:
        return f"SKU {self.sku!r} belongs to product {self.product_id}"

    @property
    def hint(self) -> str:
        return "SKUs compare without case; take another one, or remove the variant from that product first"


@attrs.frozen
class NotSimple(CatalogError):
    """`put` states a product that is one variant without options, and this one isn't; nothing was stored."""

    code: ClassVar[str] = "catalog.not_simple"
    status: ClassVar[int] = 409
    sku: str
    product_id: str
    variants: int
    options: tuple[str, ...] = ()
    """The names of the product's options."""

    def __str__(self) -> str:
        if self.variants > 1:
            return f"SKU {self.sku!r} is one of {self.variants} variants of product {self.product_id}"
        if self.options:
            return (
                f"SKU {self.sku!r} belongs to product {self.product_id}, which has {', '.join(self.options)} to choose"
            )
        return f"product {self.product_id}, which has that external id, has another SKU than {self.sku!r}"

    @property
    def hint(self) -> str:
        return "state the whole product with put_product()"


@attrs.frozen
class UnknownSku(CatalogError):
    """No product has these SKUs."""

    code: ClassVar[str] = "catalog.unknown_sku"
    status: ClassVar[int] = 404
    skus: tuple[str, ...] = attrs.field(converter=_all_named)

    def __str__(self) -> str:
        return f"no product has the SKU {', '.join(repr(sku) for sku in self.skus)}"

    @property
    def hint(self) -> str:
        return "look at the spelling, or put it: shop.catalog.put(sku, name)"


@attrs.frozen
class NotForSale(CatalogError):
    """These SKUs exist, and can't be sold now: drafts, archived, or outside their publication dates."""

    code: ClassVar[str] = "catalog.not_for_sale"
    status: ClassVar[int] = 409
    skus: tuple[str, ...]
    reasons: tuple[str, ...]
    """One reason code for each SKU: `draft`, `archived`, `not_yet`, `no_longer`."""

    def __str__(self) -> str:
        pairs = zip(self.skus, self.reasons, strict=False)
        return "not for sale: " + ", ".join(f"{sku!r} ({why.replace('_', ' ')})" for sku, why in pairs)

    @property
    def hint(self) -> str:
        return "publish the product: shop.catalog.publish(product)"


@attrs.frozen
class UnknownCategory(CatalogError):
    """The category tree has no such code."""

    code: ClassVar[str] = "catalog.unknown_category"
    status: ClassVar[int] = 404
    category: str = attrs.field(converter=named)

    def __str__(self) -> str:
        return f"no category {self.category!r}"

    @property
    def hint(self) -> str:
        return "put it first: shop.catalog.put_category(code, name, parent=)"


@attrs.frozen
class CategoryCycle(CatalogError):
    """A category would become its own ancestor; nothing was stored."""

    code: ClassVar[str] = "catalog.category_cycle"
    category: str
    parent: str

    def __str__(self) -> str:
        return f"category {self.category!r} can't stand below {self.parent!r}, which stands below it"


@attrs.frozen
class InvalidCategory(CatalogError):
    """A category's code or name can't be used, or the tree is full; nothing was stored."""

    code: ClassVar[str] = "catalog.invalid_category"
    category: str
    reason: str

    def __str__(self) -> str:
        return f"category {self.category!r}: {self.reason}"


@attrs.frozen
class UnitFixed(CatalogError):
    """The unit of measure can't change any more: stock or a bundle already counts in it. Nothing was stored."""

    code: ClassVar[str] = "catalog.unit_fixed"
    status: ClassVar[int] = 409
    product_id: str
    unit: str
    wanted: str
    reason: str

    def __str__(self) -> str:
        return f"product {self.product_id} is counted in {self.unit}, not {self.wanted}: {self.reason}"

    @property
    def hint(self) -> str:
        return "make a new product with the new unit, and move the stock over"


@attrs.frozen
class ComponentInUse(CatalogError):
    """A bundle needs this SKU, so it can't go away or become a bundle itself; nothing was stored."""

    code: ClassVar[str] = "catalog.component_in_use"
    status: ClassVar[int] = 409
    sku: str
    bundles: tuple[str, ...]
    wish: str
    """`removed` or `bundled`."""

    def __str__(self) -> str:
        wish = "be removed" if self.wish == "removed" else "be a bundle itself"
        return f"SKU {self.sku!r} can't {wish}: it is a component of {', '.join(self.bundles)}"


@attrs.frozen
class IllegalProductTransition(CatalogError, IllegalTransition):
    """A product can't go from this status to that one; nothing was stored."""

    code: ClassVar[str] = "catalog.illegal_transition"
    thing: ClassVar[str] = "product"


@attrs.frozen
class RowFault:
    """One thing that is wrong in a file: the line it begins on, the column by its own name, and what would be right."""

    line: int
    column: str
    code: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.message}"


@attrs.frozen
class ImportRefused(CatalogError):
    """The file can't be imported at all: its encoding or its header. Nothing of it was stored."""

    code: ClassVar[str] = "catalog.import_refused"
    faults: tuple[RowFault, ...]

    def __str__(self) -> str:
        return "; ".join(str(fault) for fault in self.faults)
