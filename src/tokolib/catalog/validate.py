"""From a draft to a product: every fault at once, each with its path, or the product."""

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from tokolib.catalog.attributes import CODE, AttributeDef, Given, ProductType, attribute_value
from tokolib.catalog.bundles import components_of, price_weights
from tokolib.catalog.categories import CategoryTree
from tokolib.catalog.drafts import YES, ProductDraft, VariantDraft
from tokolib.catalog.errors import InvalidProduct
from tokolib.catalog.faults import Faults
from tokolib.catalog.gtin import gtin, gtin14
from tokolib.catalog.lifecycle import reachable
from tokolib.catalog.measures import dimensions, grams
from tokolib.catalog.model import AttributeValue, Component, Option, Part, Product, ProductStatus, Variant
from tokolib.catalog.periods import publication
from tokolib.catalog.sku import key, spelling
from tokolib.catalog.units import unit_of
from tokolib.kernel.ids import ProductId
from tokolib.kernel.limits import Limits
from tokolib.kernel.quantity import PIECE, UnitOfMeasure

LONGEST_LABEL: Final = 100
"""Characters of a tag, an option's name or value, or another system's id."""

Pairs = tuple[tuple[str, AttributeValue], ...]


@attrs.frozen
class Known:
    """What a draft is checked against."""

    id: ProductId
    existing: Product | None
    type: ProductType | None
    """The type that the draft names, if there is one."""
    tree: CategoryTree
    parts: Mapping[str, Part]
    """By SKU key: what exists of what the draft names as components."""
    limits: Limits
    zone: str


def validate(draft: ProductDraft, known: Known) -> Product:
    """The product that *draft* describes, at the version that it has now (0 when new).

    Raises:
        InvalidProduct: with every fault of the draft. Nothing was stored.
    """
    faults = Faults()
    unit = faults.attempt("unit", lambda: unit_of(draft.unit)) or PIECE
    since, until = publication(draft.published_from, draft.published_until, known.zone, faults)
    old = known.existing
    options = _options(draft, known.limits, faults)
    components = components_of(draft, unit, known.parts, faults)
    product = Product(
        known.id,
        old.version if old else 0,
        name=faults.text("name", draft.name, known.limits.name_length, required=True),
        external_id=_external_id("external_id", draft.external_id, faults) or (old.external_id if old else None),
        type=_type(draft, known, faults),
        description=faults.text("description", draft.description, known.limits.import_cell, lines=True),
        unit=unit,
        tax_class=_tax_class(draft.tax_class, faults),
        categories=_categories(draft.categories, known.tree, faults),
        tags=_tags(draft.tags, faults),
        attributes=_attributes("attributes", draft.attributes, known.type, False, faults),
        options=options,
        variants=_variants(draft.variants, options, known, faults),
        components=components,
        status=_status(draft.status, old, faults),
        published_from=since,
        published_until=until,
        purchase_limit=_purchase_limit(draft, unit, faults),
        price_weights=price_weights(draft.price_weights, components, faults),
        digital=_digital(draft, components, known.parts, faults),
    )
    if faults.found:
        raise InvalidProduct(f"{draft.name!s:.80}", tuple(faults.found))
    return product


def _external_id(path: str, given: str, faults: Faults) -> str | None:
    return faults.text(path, given, LONGEST_LABEL) or None


def _type(draft: ProductDraft, known: Known, faults: Faults) -> str:
    code = faults.text("type", draft.type, LONGEST_LABEL)
    if code and known.type is None:
        faults.add("type", "catalog.unknown_type", "no such product type; put it first with put_type()", code)
    return code


def _digital(draft: ProductDraft, components: tuple[Component, ...], parts: Mapping[str, Part], faults: Faults) -> bool:
    """Whether it has no body; what is sold in one has a body whose parts all have one."""
    given = draft.digital.strip().lower() if isinstance(draft.digital, str) else draft.digital
    if given not in (True, False, YES, "no", ""):
        faults.add("digital", "catalog.not_yes_or_no", "is True or False; in a file yes or no", draft.digital)
    digital = given is True or given == YES
    if digital and components:
        faults.add("digital", "catalog.digital_bundle", "a bundle is sent, so it can't be digital: sell its parts")
    if several := [each.sku for each in components if parts[each.sku].digital]:
        told = "a digital good can't be part of a bundle: sell it beside"
        faults.add("components", "catalog.digital_in_bundle", told, ", ".join(several))
    return digital


def _tax_class(given: str, faults: Faults) -> str:
    code = faults.text("tax_class", given, LONGEST_LABEL)
    if not CODE.fullmatch(code):
        faults.add("tax_class", "catalog.invalid_code", "a code is 1 to 64 of a-z, 0-9, '_' and '-'", code)
    return code


def _categories(given: Iterable[str], tree: CategoryTree, faults: Faults) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(faults.text(f"categories[{n}]", code, LONGEST_LABEL) for n, code in enumerate(given)))
    known = {each.code for each in tree.categories} if codes else set()
    for n, code in enumerate(codes):
        if code not in known:
            hint = "no such category; put it first with put_category()"
            faults.add(f"categories[{n}]", "catalog.unknown_category", hint, code)
    faults.few("categories", codes)
    return codes


def _tags(given: Iterable[str], faults: Faults) -> tuple[str, ...]:
    """Tags compare like SKUs, so they are kept as keys: a promotion for `Sale` means `sale`."""
    tags = tuple(
        dict.fromkeys(key(faults.text(f"tags[{n}]", tag, LONGEST_LABEL, required=True)) for n, tag in enumerate(given))
    )
    if any("|" in tag for tag in tags):
        faults.add("tags", "catalog.reserved", "'|' is reserved", "|")
    faults.few("tags", tags)
    return tags


def _status(given: str, old: Product | None, faults: Faults) -> ProductStatus:
    kept = old.status if old else ProductStatus.ACTIVE
    if not given:
        return kept
    if given not in set(ProductStatus):
        faults.add("status", "catalog.unknown_status", f"is one of {', '.join(ProductStatus)}", given)
        return kept
    if old and ProductStatus(given) not in reachable(old.status):
        faults.add("status", "catalog.illegal_status", f"{old.status} can't become {given}", given)
    return ProductStatus(given)


def _purchase_limit(draft: ProductDraft, unit: UnitOfMeasure, faults: Faults) -> int | None:
    given = draft.purchase_limit
    return None if given is None or given == "" else faults.attempt("purchase_limit", lambda: unit.steps(given))


def _attributes(
    path: str, given: Mapping[str, Given], type_: ProductType | None, per_variant: bool, faults: Faults
) -> Pairs:
    definitions = {each.code: each for each in type_.attributes} if type_ else {}
    for code in given:
        if code not in definitions or definitions[code].per_variant is not per_variant:
            faults.add(f"{path}.{code}", *_stray(code, definitions.get(code)), given[code])
    values: list[tuple[str, AttributeValue]] = []
    for each in definitions.values():
        if each.per_variant is per_variant:
            _take(path, each, given.get(each.code), values, faults)
    return tuple(values)


def _stray(code: str, definition: AttributeDef | None) -> tuple[str, str]:
    if definition is None:
        return "catalog.unknown_attribute", f"the product's type has no attribute {code!r}"
    where = "each variant" if definition.per_variant else "the product, not its variants"
    return "catalog.misplaced_attribute", f"attribute {code!r} belongs to {where}"


def _take(
    path: str,
    definition: AttributeDef,
    given: Given | None,
    values: list[tuple[str, AttributeValue]],
    faults: Faults,
) -> None:
    if given is None or given == "":
        if definition.required:
            faults.add(f"{path}.{definition.code}", "catalog.required", "is required")
        return
    value = faults.attempt(f"{path}.{definition.code}", lambda: attribute_value(definition, given))
    if value is not None:
        values.append((definition.code, value))


def _options(draft: ProductDraft, limits: Limits, faults: Faults) -> tuple[Option, ...]:
    axes: dict[str, dict[str, None]] = {}
    given = [*draft.options.items()]
    if not given:  # not declared: read them off the variants
        given = [(name, [value]) for each in draft.variants[: limits.variants] for name, value in each.options.items()]
    for name, values in given:
        path = f"options.{name!s:.40}"
        axis = axes.setdefault(faults.text(path, name, LONGEST_LABEL, required=True), {})
        if not values:
            faults.add(path, "catalog.required", "an option has at least one value")
        axis |= dict.fromkeys(faults.text(path, value, LONGEST_LABEL, required=True) for value in values)
    return tuple(Option(name, tuple(values)) for name, values in axes.items())


def _variants(
    given: tuple[VariantDraft, ...], options: tuple[Option, ...], known: Known, faults: Faults
) -> tuple[Variant, ...]:
    if not given:
        faults.add("variants", "catalog.required", "a product has at least one variant, which has the SKU")
    if len(given) > known.limits.variants:
        most = known.limits.variants
        faults.add("variants", "catalog.too_many", f"has {len(given)} variants; at most {most} are kept")
        return ()
    variants = [_variant(f"variants[{n}]", each, options, known, faults) for n, each in enumerate(given)]
    _distinct(variants, faults)
    return tuple(variants)


def _variant(path: str, draft: VariantDraft, options: tuple[Option, ...], known: Known, faults: Faults) -> Variant:
    weight, size = draft.weight, draft.dimensions
    return Variant(
        faults.attempt(f"{path}.sku", lambda: spelling(draft.sku)) or "",
        options=_choice(path, draft, options, faults),
        attributes=_attributes(f"{path}.attributes", draft.attributes, known.type, True, faults),
        gtin=faults.attempt(f"{path}.gtin", lambda: gtin(draft.gtin)) if draft.gtin else None,
        weight_grams=None
        if weight is None or weight == ""
        else faults.attempt(f"{path}.weight", lambda: grams(weight)),
        dimensions=None
        if size is None or size == ""
        else faults.attempt(f"{path}.dimensions", lambda: dimensions(size)),
        external_id=_external_id(f"{path}.external_id", draft.external_id, faults),
    )


def _choice(path: str, draft: VariantDraft, options: tuple[Option, ...], faults: Faults) -> tuple[tuple[str, str], ...]:
    given = {str(name).strip(): str(value).strip() for name, value in draft.options.items()}
    for option in options:
        value = given.get(option.name)
        if value is None:
            faults.add(f"{path}.options.{option.name}", "catalog.required", f"a value of {option.name!r} is required")
        elif option.values and value not in option.values:
            known = ", ".join(option.values)
            faults.add(f"{path}.options.{option.name}", "catalog.unknown_option", f"is none of {known}", value)
    names = {option.name for option in options}
    for name in given.keys() - names:
        faults.add(f"{path}.options.{name}", "catalog.unknown_option", f"the product has no option {name!r}", name)
    return tuple((option.name, given[option.name]) for option in options if option.name in given)


def _distinct(variants: list[Variant], faults: Faults) -> None:
    """No two variants share a SKU, a choice of options, a GTIN, or another system's id."""
    seen: dict[tuple[str, object], int] = {}
    for place, each in enumerate(variants):
        gtin_ = gtin14(each.gtin) if each.gtin else None
        marks = {"sku": each.sku and each.key, "options": each.options, "gtin": gtin_, "external_id": each.external_id}
        for name, mark in marks.items():
            first = seen.setdefault((name, mark), place)
            if first != place and (mark or name == "options"):
                message = f"is the same as that of variants[{first}]"
                faults.add(f"variants[{place}].{name}", "catalog.duplicate", message, each.sku)
