"""The draft that the rows of a file make of a product: what they say, over what the catalogue knows."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from tokolib.catalog.attributes import Given, ProductType
from tokolib.catalog.drafts import ComponentDraft, ProductDraft, VariantDraft, draft_of
from tokolib.catalog.errors import InvalidProduct, RowFault, SkuTaken
from tokolib.catalog.model import STANDARD, Part, Product
from tokolib.catalog.rows import ATTRIBUTE, OPTION, PARTS, PRODUCT_FIELDS, VARIANT_FIELDS, Group, Plan, Row
from tokolib.catalog.sku import key
from tokolib.catalog.steps import ProductWish
from tokolib.kernel.errors import Fault, TokolibError
from tokolib.kernel.quantity import PIECE

_DEFAULTS: Final[Mapping[str, str]] = {"unit": PIECE.code, "tax_class": STANDARD}
_DRAFT_FIELDS: Final[Mapping[str, str]] = {"product_id": "external_id", "variant_id": "external_id"}
_COLUMNS: Final[Mapping[str, str]] = {"external_id": "product_id", "options": "sku", "variants": "sku"}


def several(cell: str) -> tuple[str, ...]:
    """The values of a cell that may hold several."""
    return tuple(part for each in cell.split(PARTS) if (part := each.strip()))


def components(cell: str) -> tuple[ComponentDraft, ...]:
    """The parts of a bundle: `KOPI-250=2|GULA-1KG=0.5`; without a quantity, one."""
    return tuple(_component(each) for each in several(cell))


def price_weights(cell: str) -> dict[str, str]:
    """How a bundle's price is spread over its parts: `KOPI-250=70|CANGKIR=30`."""
    pairs = (each.rpartition("=") for each in several(cell))
    return {(sku or weight).strip(): weight.strip() if sku else "" for sku, _, weight in pairs}


def _component(text: str) -> ComponentDraft:
    sku, _, quantity = text.rpartition("=")
    return ComponentDraft(sku.strip(), quantity.strip()) if sku else ComponentDraft(text)


def wish(plan: Plan, group: Group) -> ProductWish:
    """What the rows of *group* want; with faults in its rows, only the search for more of them."""

    def draft(old: Product | None, type_: ProductType | None, parts: Mapping[str, Part]) -> ProductDraft:
        return _overlay(plan, group, draft_of(old, parts) if old else None, type_)

    return ProductWish(
        tuple(row.cells["sku"] for row in group.readable),
        draft,
        external_id=group.cell("product_id"),
        type=group.cell("type") if "type" in plan.present else None,
        components=tuple(each.sku for each in components(group.cell("components"))),
        check_only=bool(group.faults),
    )


def _overlay(plan: Plan, group: Group, base: ProductDraft | None, type_: ProductType | None) -> ProductDraft:
    first = group.readable[0].cells
    start = base or ProductDraft("", ())
    given: dict[str, Any] = {
        _DRAFT_FIELDS.get(field, field): _READERS.get(field, str)(first[field] or _DEFAULTS.get(field, ""))
        for field in plan.present & first.keys()
        if field in PRODUCT_FIELDS
    }
    variants = _variants(start, group, type_)
    return attrs.evolve(
        start,
        **given,
        attributes=_attributes(first, start.attributes, type_, per_variant=False),
        variants=variants,
        options=_axes(start, variants),
    )


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "categories": several,
    "tags": several,
    "components": components,
    "price_weights": price_weights,
}


def _variants(start: ProductDraft, group: Group, type_: ProductType | None) -> tuple[VariantDraft, ...]:
    """The variants there are, each as its row says, and then the new ones; those without a row stay.

    A row's `variant_id` says which variant it is, whatever SKU that had; without one its SKU does. A second row for
    one variant is a variant more, so that no row is lost, and validation finds what the two share.
    """
    found = list(start.variants)
    ids = {variant.external_id: place for place, variant in enumerate(found) if variant.external_id}
    rows = group.readable
    named = [ids.get(row.cells.get("variant_id", "")) for row in rows]
    others = {key(variant.sku): place for place, variant in enumerate(found) if place not in named}
    taken: set[int] = set()
    for row, by_id in zip(rows, named, strict=True):
        place = others.get(key(row.cells["sku"])) if by_id is None else by_id
        if place is None or place in taken:
            found.append(_variant(row, VariantDraft(""), type_))
        else:
            found[place] = _variant(row, found[place], type_)
            taken.add(place)
    return tuple(found)


def _variant(row: Row, base: VariantDraft, type_: ProductType | None) -> VariantDraft:
    given = {_DRAFT_FIELDS.get(field, field): row.cells[field] for field in VARIANT_FIELDS if field in row.cells}
    chosen = {field[len(OPTION) :]: cell for field, cell in row.cells.items() if field.startswith(OPTION)}
    options = {name: value for name, value in {**base.options, **chosen}.items() if value}
    attributes = _attributes(row.cells, base.attributes, type_, per_variant=True)
    return attrs.evolve(base, **given, options=options, attributes=attributes)


def _attributes(
    cells: Mapping[str, str], base: Mapping[str, Given], type_: ProductType | None, *, per_variant: bool
) -> dict[str, Given]:
    """The attribute cells that belong here; one that no type knows stays with the product, to be refused there."""
    given = {field[len(ATTRIBUTE) :]: cell for field, cell in cells.items() if field.startswith(ATTRIBUTE)}
    found = fitting(base, type_, per_variant=per_variant)
    for code, cell in given.items():
        definition = type_.attribute(code) if type_ else None
        if (definition is not None and definition.per_variant) is not per_variant:
            continue
        if cell:
            found[code] = cell
        else:
            found.pop(code, None)
    return found


def fitting(base: Mapping[str, Given], type_: ProductType | None, *, per_variant: bool) -> dict[str, Given]:
    """Those of *base* that the type, which may have changed, still has in that place."""
    codes = {each.code for each in type_.attributes if each.per_variant is per_variant} if type_ else set()
    return {code: value for code, value in base.items() if code in codes}


def _axes(start: ProductDraft, variants: tuple[VariantDraft, ...]) -> dict[str, tuple[str, ...]]:
    """The options and values there are, and then the new ones."""
    axes = {name: dict.fromkeys(values) for name, values in start.options.items()}
    for variant in variants:
        for name, value in variant.options.items():
            axes.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in axes.items()}


def located(plan: Plan, group: Group, draft: ProductDraft | None, error: TokolibError) -> list[RowFault]:
    """The faults of *error*, each on the line and column that it comes from."""
    if isinstance(error, InvalidProduct):
        return [_located(plan, group, draft, fault) for fault in error.faults]
    sku = error.sku if isinstance(error, SkuTaken) else ""
    row = _row(group, sku)
    return [RowFault(row.line, plan.header("sku"), error.code, str(error), sku or row.cells.get("sku", ""))]


def _located(plan: Plan, group: Group, draft: ProductDraft | None, fault: Fault) -> RowFault:
    head, _, rest = fault.path.partition(".")
    name, _, index = head.rstrip("]").partition("[")
    row = group.readable[0]
    if name == "variants" and index and draft is not None:
        row = _row(group, draft.variants[int(index)].sku)
        name, _, rest = rest.partition(".")
        name = {"external_id": "variant_id", "options": rest and OPTION + rest, "attributes": ATTRIBUTE + rest}.get(
            name, name
        )
    elif name == "attributes":
        name = ATTRIBUTE + rest
    column = plan.header(name) or plan.header(_COLUMNS.get(name, name)) or name
    return RowFault(row.line, column, fault.code, fault.message, fault.value)


def _row(group: Group, sku: str) -> Row:
    return next((row for row in group.readable if key(row.cells["sku"]) == key(sku)), group.readable[0])
