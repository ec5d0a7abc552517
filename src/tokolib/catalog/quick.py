"""`put`: a product of one variant in one line. What isn't given stays as it is."""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from tokolib.catalog.attributes import Given, ProductType
from tokolib.catalog.drafts import ProductDraft, VariantDraft, draft_of
from tokolib.catalog.errors import NotSimple
from tokolib.catalog.model import Part, Product
from tokolib.catalog.overlay import fitting
from tokolib.catalog.sku import key
from tokolib.catalog.steps import ProductWish

_OF_VARIANT: Final = frozenset({"gtin", "weight", "dimensions"})


def quick_wish(sku: str, fields: Mapping[str, Any], attributes: Mapping[str, Given] | None) -> ProductWish:
    """The wish for a product of the one variant *sku*, with those *fields* of its draft."""
    own = {name: value for name, value in fields.items() if name not in _OF_VARIANT}
    of_variant = {name: value for name, value in fields.items() if name in _OF_VARIANT}

    def draft(old: Product | None, type_: ProductType | None, parts: Mapping[str, Part]) -> ProductDraft:
        if old is not None and (len(old.variants) > 1 or old.options or key(sku) not in old.keys):
            raise NotSimple(sku, old.id, len(old.variants), tuple(option.name for option in old.options))
        start = draft_of(old, parts) if old else ProductDraft("", (VariantDraft(sku),))
        variant = start.variants[0]
        product_values, variant_values = _attributes(start, variant, attributes, type_)
        variant = attrs.evolve(variant, **of_variant, attributes=variant_values)
        return attrs.evolve(start, **own, variants=(variant,), attributes=product_values)

    components = ProductDraft("", (), components=fields.get("components", ())).components
    return ProductWish(
        (sku,),
        draft,
        external_id=fields.get("external_id", ""),
        type=fields.get("type"),
        components=tuple(each.sku for each in components),
    )


def _attributes(
    start: ProductDraft, variant: VariantDraft, given: Mapping[str, Given] | None, type_: ProductType | None
) -> tuple[dict[str, Given], dict[str, Given]]:
    """Values for the product and for its variant; one that no type knows stays with the product, to be refused."""
    if given is None:
        return fitting(start.attributes, type_, per_variant=False), fitting(variant.attributes, type_, per_variant=True)
    of_variant = fitting(given, type_, per_variant=True)
    return {code: value for code, value in given.items() if code not in of_variant}, of_variant
