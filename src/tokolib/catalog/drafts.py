"""Drafts: a product as a caller writes it, mostly text, before it is checked; and a product written back as one.

A draft is the one form between the catalogue and the world: `put`, forms and files all make drafts, and
`draft_of` gives the draft that `validate` would make the same product of.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final, TypeVar

import attrs

from tokolib.catalog.attributes import Given, attribute_text
from tokolib.catalog.measures import size_text, weight_text
from tokolib.catalog.model import STANDARD, Dimensions, Part, Product, Variant
from tokolib.catalog.units import amount_text, unit_text
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.quantity import UnitOfMeasure

Amount = str | int | Decimal
Draft = TypeVar("Draft", bound="ProductDraft | VariantDraft | ComponentDraft")


@attrs.frozen
class VariantDraft:
    """A variant before it is checked."""

    reads_texts: ClassVar[bool] = True
    sku: str
    options: Mapping[str, str] = attrs.field(factory=dict)
    attributes: Mapping[str, Given] = attrs.field(factory=dict)
    gtin: str = ""
    weight: str | int | None = None
    """`300 g`, `1,2 kg`, or whole grams."""
    dimensions: str | Dimensions | None = None
    """`30 x 20 x 10 cm`."""
    external_id: str = ""


@attrs.frozen
class ComponentDraft:
    """A part of a bundle before it is checked: how many units of *sku* one bundle takes."""

    reads_texts: ClassVar[bool] = True
    sku: str
    quantity: Amount = 1


def _several(field: str, given: object) -> tuple[Any, ...]:
    """What *given* has, whatever that is: the door that takes the draft looks at each."""
    if isinstance(given, Iterable):
        return tuple(given)
    raise InvalidInput((Fault(field, "kernel.wrong_type", "must be a list", shown(given)),))


def _categories(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else _several("categories", given)  # one text is one entry, no letters


def _tags(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else _several("tags", given)


def _variants(given: str | VariantDraft | Iterable[VariantDraft]) -> tuple[VariantDraft, ...]:
    match given:
        case str():
            return (VariantDraft(given),)
        case VariantDraft():
            return (given,)
        case _:
            return _several("variants", given)


def _components(given: Mapping[str, Amount] | Iterable[ComponentDraft]) -> tuple[ComponentDraft, ...]:
    if isinstance(given, Mapping):
        return tuple(ComponentDraft(sku, quantity) for sku, quantity in given.items())
    return _several("components", given)


YES: Final = "yes"
"""What a file says of a product that is digital; of any other it says `no`, or nothing."""


@attrs.frozen
class ProductDraft:
    """A product before it is checked. It states the whole product: what is left out is empty."""

    reads_texts: ClassVar[bool] = True
    name: str
    variants: tuple[VariantDraft, ...] = attrs.field(converter=_variants)
    external_id: str = ""
    """Left empty it stays what it was."""
    type: str = ""
    description: str = ""
    unit: str | UnitOfMeasure = "pcs"
    tax_class: str = STANDARD
    categories: tuple[str, ...] = attrs.field(default=(), converter=_categories)
    tags: tuple[str, ...] = attrs.field(default=(), converter=_tags)
    attributes: Mapping[str, Given] = attrs.field(factory=dict)
    options: Mapping[str, Sequence[str]] = attrs.field(factory=dict)
    """Axes and their values; left empty they are read off the variants."""
    components: tuple[ComponentDraft, ...] = attrs.field(default=(), converter=_components)
    status: str = ""
    """`draft`, `active` or `archived`; empty keeps it, and makes a new product active."""
    published_from: str | date | datetime | None = None
    """ISO 8601 with a zone, an aware datetime, or a date, which begins in the shop's zone."""
    published_until: str | date | datetime | None = None
    purchase_limit: Amount | None = None
    price_weights: Mapping[str, Amount] = attrs.field(factory=dict)
    """Of a bundle: how its price is spread over its components, as whole weights by SKU; empty: by what each costs."""
    digital: bool | str = False
    """Whether it has no body: `True`, or `yes` in a file."""


def draft_of(product: Product, parts: Mapping[str, Part]) -> ProductDraft:
    """*product* as the draft that it could be made of; *parts* tells the units of its components."""
    return ProductDraft(
        product.name,
        tuple(_variant_draft(variant) for variant in product.variants),
        external_id=product.external_id or "",
        type=product.type,
        description=product.description,
        unit=product.unit,
        tax_class=product.tax_class,
        categories=product.categories,
        tags=product.tags,
        attributes=dict(product.attributes),
        options={option.name: option.values for option in product.options},
        components=tuple(
            ComponentDraft(each.sku, amount_text(each.quantity, parts[each.sku].unit)) for each in product.components
        ),
        status=product.status,
        published_from=product.published_from,
        published_until=product.published_until,
        purchase_limit=product.purchase_limit and amount_text(product.purchase_limit, product.unit),
        price_weights=dict(product.price_weights),
        digital=product.digital,
    )


def _variant_draft(variant: Variant) -> VariantDraft:
    return VariantDraft(
        variant.sku,
        options=dict(variant.options),
        attributes=dict(variant.attributes),
        gtin=variant.gtin or "",
        weight=variant.weight_grams,
        dimensions=variant.dimensions,
        external_id=variant.external_id or "",
    )


def texts(draft: ProductDraft) -> ProductDraft:
    """*draft* with text in every place: the form that goes into a file."""
    limit = draft.purchase_limit
    return attrs.evolve(
        draft,
        unit=draft.unit if isinstance(draft.unit, str) else unit_text(draft.unit),
        attributes=_attribute_texts(draft.attributes),
        variants=tuple(_variant_texts(variant) for variant in draft.variants),
        published_from=_instant_text(draft.published_from),
        published_until=_instant_text(draft.published_until),
        purchase_limit="" if limit is None else str(limit),
        digital=YES if draft.digital is True else "" if draft.digital is False else draft.digital,
    )


def _variant_texts(variant: VariantDraft) -> VariantDraft:
    weight, size = variant.weight, variant.dimensions
    return attrs.evolve(
        variant,
        attributes=_attribute_texts(variant.attributes),
        weight=weight_text(weight) if isinstance(weight, int) else weight or "",
        dimensions=size_text(size) if isinstance(size, Dimensions) else size or "",
    )


def _attribute_texts(values: Mapping[str, Given]) -> dict[str, Given]:
    return {code: str(value) if isinstance(value, date) else attribute_text(value) for code, value in values.items()}


def _instant_text(value: str | date | datetime | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


# A closed reading of mappings: JSON bodies and forms. What isn't known is an error, never dropped.

_TEXT: Final = (str,)
_AMOUNT: Final = (str, int, Decimal)
_KINDS: Final[Mapping[type, Mapping[str, tuple[type, ...]]]] = {
    ProductDraft: {
        **dict.fromkeys(("name", "external_id", "type", "description", "tax_class", "status"), _TEXT),
        "unit": (str, UnitOfMeasure),
        **dict.fromkeys(("published_from", "published_until"), (str, date, datetime, type(None))),
        "purchase_limit": (*_AMOUNT, type(None)),
        "digital": (bool, str),
    },
    VariantDraft: {
        **dict.fromkeys(("sku", "gtin", "external_id"), _TEXT),
        "weight": (str, int, type(None)),
        "dimensions": (str, Dimensions, type(None)),
    },
    ComponentDraft: {"sku": _TEXT, "quantity": _AMOUNT},
}
_MEMBERS: Final[Mapping[type, Mapping[str, type[VariantDraft] | type[ComponentDraft]]]] = {
    ProductDraft: {"variants": VariantDraft, "components": ComponentDraft},
}
_LISTS: Final = frozenset({"categories", "tags"})


def draft_from(data: Mapping[str, object]) -> ProductDraft:
    """The draft that *data* (a decoded JSON object, say) describes.

    Raises:
        InvalidInput: unknown fields, missing ones, or values of a wrong type, all with their paths.
    """
    faults: list[Fault] = []
    draft = _read(ProductDraft, data, "", faults)
    if draft is None:
        raise InvalidInput(tuple(faults))
    return draft


def _read(cls: type[Draft], data: object, path: str, faults: list[Fault]) -> Draft | None:
    """The draft of that class; None when *faults* has any, from here or from before."""
    if not isinstance(data, Mapping):
        faults.append(_wrong(path, "an object", data))
        return None
    fields = {field.name: field for field in attrs.fields(cls)}
    for name in data:
        if name not in fields:
            known = ", ".join(fields)
            faults.append(Fault(_join(path, str(name)), "catalog.unknown_field", f"unknown field; known: {known}"))
    for name, field in fields.items():
        if field.default is attrs.NOTHING and name not in data:
            faults.append(Fault(_join(path, name), "catalog.required", "required field missing"))
    values: dict[str, Any] = {
        name: _field(cls, name, data[name], _join(path, name), faults) for name in fields if name in data
    }
    return None if faults else cls(**values)


def _field(cls: type, name: str, value: object, path: str, faults: list[Fault]) -> object:
    member = _MEMBERS.get(cls, {}).get(name)
    if member is not None:
        return tuple(_read(member, each, f"{path}[{n}]", faults) for n, each in enumerate(_items(value, path, faults)))
    if name in _LISTS:
        return _strings(value, path, faults)
    if name == "options" and cls is ProductDraft:
        return {k: _strings(v, _join(path, k), faults) for k, v in _pairs(value, path, faults)}
    kinds = _KINDS[cls].get(name)
    if kinds is None:
        allowed = {"options": _TEXT, "price_weights": _AMOUNT}.get(name, (str, int, Decimal, bool, date))
        return {k: _scalar(v, allowed, _join(path, k), faults) for k, v in _pairs(value, path, faults)}
    return _scalar(value, kinds, path, faults)


def _scalar(value: object, kinds: tuple[type, ...], path: str, faults: list[Fault]) -> object:
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        faults.append(_wrong(path, " or ".join(kind.__name__ for kind in kinds), value))
    return value


def _strings(value: object, path: str, faults: list[Fault]) -> tuple[object, ...]:
    return tuple(_scalar(each, _TEXT, f"{path}[{n}]", faults) for n, each in enumerate(_items(value, path, faults)))


def _items(value: object, path: str, faults: list[Fault]) -> Iterable[object]:
    if isinstance(value, list | tuple):
        return value
    faults.append(_wrong(path, "a list", value))
    return ()


def _pairs(value: object, path: str, faults: list[Fault]) -> Iterable[tuple[str, object]]:
    if isinstance(value, Mapping):
        return [(str(name), each) for name, each in value.items()]
    faults.append(_wrong(path, "an object", value))
    return ()


def _wrong(path: str, expected: str, value: object) -> Fault:
    return Fault(path, "catalog.wrong_type", f"expected {expected}, got {type(value).__name__}", shown(value))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
