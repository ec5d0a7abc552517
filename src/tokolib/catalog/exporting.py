"""Exporting products as the rows that an import reads back to the very same products."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from tokolib.catalog.drafts import ProductDraft, VariantDraft, draft_of, texts
from tokolib.catalog.model import Part, Product
from tokolib.catalog.rows import ATTRIBUTE, FIELDS, OPTION, PARTS, guarded


def header(products: Iterable[Product]) -> tuple[str, ...]:
    """The columns that *products* need: all common ones, and those of their options and attributes."""
    options: dict[str, None] = {}
    attributes: dict[str, None] = {}
    for product in products:
        options |= dict.fromkeys(option.name for option in product.options)
        attributes |= dict.fromkeys(code for code, _ in product.attributes)
        attributes |= dict.fromkeys(code for variant in product.variants for code, _ in variant.attributes)
    return (*FIELDS, *(OPTION + name for name in options), *(ATTRIBUTE + code for code in attributes))


def rows(product: Product, parts: Mapping[str, Part], columns: Iterable[str]) -> list[list[str]]:
    """The rows of *product*: one for each variant, the product's own cells in the first."""
    names = list(columns)
    draft = texts(draft_of(product, parts))
    cells = [_cells(draft, variant, first=place == 0) for place, variant in enumerate(draft.variants)]
    return [[guarded(row.get(name, "")) for name in names] for row in cells]


def _cells(draft: ProductDraft, variant: VariantDraft, *, first: bool) -> dict[str, str]:
    own: dict[str, Any] = {
        "sku": variant.sku,
        "variant_id": variant.external_id,
        "gtin": variant.gtin,
        "weight": variant.weight,
        "dimensions": variant.dimensions,
        "product_id": draft.external_id,
        **{OPTION + name: value for name, value in variant.options.items()},
        **{ATTRIBUTE + code: value for code, value in variant.attributes.items()},
    }
    return own | (_product_cells(draft) if first else {})


def _product_cells(draft: ProductDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "type": draft.type,
        "description": draft.description,
        "unit": draft.unit,
        "tax_class": draft.tax_class,
        "categories": PARTS.join(draft.categories),
        "tags": PARTS.join(draft.tags),
        "status": draft.status,
        "published_from": draft.published_from,
        "published_until": draft.published_until,
        "purchase_limit": draft.purchase_limit,
        "components": PARTS.join(f"{each.sku}={each.quantity}" for each in draft.components),
        "price_weights": PARTS.join(f"{sku}={weight}" for sku, weight in draft.price_weights.items()),
        **{ATTRIBUTE + code: value for code, value in draft.attributes.items()},
    }


def text(lines: Iterable[Iterable[str]], delimiter: str) -> str:
    """*lines* as CSV text with CRLF line ends (RFC 4180, October 2005)."""
    into = io.StringIO()
    csv.writer(into, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return into.getvalue()
