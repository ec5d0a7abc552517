"""Exporting products, page by page, as the rows that an import reads back to the very same products."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from tokolib.catalog import steps
from tokolib.catalog.drafts import ProductDraft, VariantDraft, draft_of, texts
from tokolib.catalog.finding import products_page
from tokolib.catalog.model import Part, Product, ProductStatus
from tokolib.catalog.rows import ATTRIBUTE, FIELDS, OPTION, PARTS, guarded
from tokolib.catalog.shelf import Shelf
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

EXPORT_PAGE: Final = 200


async def export(work: Work, write: Callable[[str], object], *, status: ProductStatus | None, delimiter: str) -> int:
    """Hand all products of that *status* (None: any) to *write*, the header first; answers how many they were."""
    columns = await _columns(work, status)
    write(text([map(guarded, columns)], delimiter))
    count = 0
    after: str | None = None
    while True:
        page, lines = await work.read(partial(_page_of_rows, status=status, after=after, columns=columns))
        write(text(lines, delimiter))
        count, after = count + len(page.items), page.after
        if after is None:
            return count


async def _columns(work: Work, status: ProductStatus | None) -> tuple[str, ...]:
    """A file's header: the common columns, then the options and attributes that any product has."""
    columns: dict[str, None] = {}
    after: str | None = None
    while True:
        page = await work.read(partial(products_page, status=status, after=after, limit=EXPORT_PAGE))
        columns |= dict.fromkeys(header(page.items))
        after = page.after
        if after is None:
            return tuple(columns)


async def _page_of_rows(
    unit: Unit, status: ProductStatus | None, after: str | None, columns: Iterable[str]
) -> tuple[Page[Product], list[list[str]]]:
    page = await products_page(unit, status, after, EXPORT_PAGE)
    shelf = Shelf(unit, await unit.settings(), steps.NOTHING_PLANNED)
    keys = [each.sku for product in page.items for each in product.components]
    await shelf.load(keys, [], [])
    parts = shelf.parts(keys)
    return page, [row for product in page.items for row in rows(product, parts, columns)]


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
        "digital": draft.digital,
        **{ATTRIBUTE + code: value for code, value in draft.attributes.items()},
    }


def text(lines: Iterable[Iterable[str]], delimiter: str) -> str:
    """*lines* as CSV text with CRLF line ends (RFC 4180, October 2005)."""
    into = io.StringIO()
    csv.writer(into, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return into.getvalue()
