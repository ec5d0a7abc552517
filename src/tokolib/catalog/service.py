"""The catalogue's door: put, publish, archive, look up, import, export."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

import attrs

from tokolib.catalog import steps
from tokolib.catalog.attributes import AttributeDef, Given, ProductType, type_id
from tokolib.catalog.categories import Category, CategoryTree
from tokolib.catalog.drafts import Amount, ProductDraft
from tokolib.catalog.errors import UnknownSku
from tokolib.catalog.exporting import export
from tokolib.catalog.finding import product_at, products_page
from tokolib.catalog.importing import Importing, ImportReport, OnFault, OnProgress
from tokolib.catalog.model import Dimensions, Product, ProductStatus, Sellable
from tokolib.catalog.periods import period
from tokolib.catalog.ports import PRODUCTS, TYPES, Moved, always_moved
from tokolib.catalog.quick import quick_wish
from tokolib.catalog.sheet import Sheet, Source, checked_delimiter
from tokolib.catalog.shelf import tree
from tokolib.catalog.sku import key
from tokolib.catalog.steps import Outcome, ProductWish, wish_of
from tokolib.kernel.errors import NotFound
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import ProductId
from tokolib.kernel.lists import texts
from tokolib.kernel.quantity import UnitOfMeasure
from tokolib.kernel.rows import Page
from tokolib.kernel.storage_errors import AlreadyExists
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

T = TypeVar("T")


@attrs.frozen
class CatalogService(Service[Colour]):
    """Products and everything that describes them."""

    work: Work
    blocking: bool
    moved: Moved = always_moved
    """Whether stock has moved; the inventory's answer, without which no unit of measure can change."""

    @command
    async def put(
        self,
        sku: str,
        name: str,
        *,
        weight: str | int | None = None,
        dimensions: str | Dimensions | None = None,
        gtin: str | None = None,
        unit: str | UnitOfMeasure | None = None,
        tax_class: str | None = None,
        categories: Iterable[str] | None = None,
        tags: Iterable[str] | None = None,
        description: str | None = None,
        type: str | None = None,
        attributes: Mapping[str, Given] | None = None,
        components: Mapping[str, Amount] | None = None,
        price_weights: Mapping[str, Amount] | None = None,
        purchase_limit: Amount | None = None,
        external_id: str | None = None,
        digital: bool | None = None,
    ) -> Product:
        """The product of the one variant *sku*, made or changed; new ones are for sale at once.

        What isn't given stays as it is, the first spelling of the SKU and an archived status too. The same twice
        is the same. *components* (units by SKU) make it a bundle, whose price is spread over them by what each
        costs, or by *price_weights* (whole numbers by SKU). A *digital* good has no body: it is sold from a pool of
        licences, and nothing of it is weighed or sent.

        Raises:
            InvalidProduct: with every fault. Nothing was stored; nor with any of the others.
            NotSimple: the product has several variants, options, or another SKU; use `put_product`.
            SkuTaken, ComponentInUse, UnitFixed: it would harm another product, or its own stock.
        """
        given = {
            "name": name, "weight": weight, "dimensions": dimensions, "gtin": gtin, "unit": unit,
            "tax_class": tax_class, "categories": categories, "tags": tags, "description": description,
            "type": type, "components": components, "price_weights": price_weights,
            "purchase_limit": purchase_limit, "external_id": external_id, "digital": digital,
        }  # fmt: skip
        wish = quick_wish(sku, {field: value for field, value in given.items() if value is not None}, attributes)
        return await self._write("catalog.put", lambda unit: steps.put(unit, wish, self.moved))

    @command
    async def put_product(
        self, draft: ProductDraft, *, id: ProductId | None = None, expected: int | None = None
    ) -> Product:
        """The product that *draft* states whole, made or changed: the one with *id*, or else the draft's external
        id, or else the one that owns one of its SKUs. Variants that the draft leaves out are gone.

        Raises:
            InvalidProduct: with every fault. Nothing was stored; nor with any of the others.
            SkuTaken, ComponentInUse, UnitFixed: it would harm another product, or its own stock.
            NotFound, VersionMismatch: there is no such product, or it isn't at version *expected*.
        """
        wish = wish_of(draft, id, expected)

        async def step(unit: Unit) -> Product:
            if id is not None:
                await unit[PRODUCTS].get(id)
            return await steps.put(unit, wish, self.moved)

        return await self._write("catalog.put", step)

    @command
    async def put_products(self, drafts: Sequence[ProductDraft]) -> list[Outcome]:
        """What became of each of *drafts*, all in one unit: the good ones stored, the others with their error.

        For many small products in one go: a hundred cost one commit.
        """
        wishes = [wish_of(draft, None, None) for draft in drafts]
        return await self._write("catalog.put", lambda unit: steps.put_all(unit, wishes, self.moved))

    @command
    async def put_type(self, code: str, *attributes: AttributeDef, name: str = "") -> ProductType:
        """The product type *code* with those attributes. Its products are checked when they are next put.

        Raises:
            InvalidType: with every fault. Nothing was stored.
        """
        return await self._write("catalog.put", lambda unit: steps.put_type(unit, code, name, attributes))

    @command
    async def put_category(self, code: str, name: str, *, parent: str | None = None) -> Category:
        """The category *code*, made, renamed, or moved with everything below it.

        Raises:
            InvalidCategory, UnknownCategory, CategoryCycle: nothing was stored.
        """
        return await self._write("catalog.put", lambda unit: steps.put_category(unit, code, name, parent))

    @command
    async def publish(
        self,
        product: Product | ProductId,
        *,
        since: str | date | datetime | None = None,
        until: str | date | datetime | None = None,
        expected: int | None = None,
    ) -> Product:
        """The product, for sale from *since* (now) until *until* (for ever).

        Raises:
            NotFound, VersionMismatch: there is no such product, or it isn't at version *expected*.
            InvalidProduct: an instant that can't be read or has no zone, or a period without length.
        """

        async def step(unit: Unit) -> Product:
            zone = (await unit.settings()).zone
            found = await product_at(unit, product, expected)
            return await steps.publish(unit, found, *period(since, until, found.name, zone))

        return await self._write("catalog.publish", step)

    @command
    async def archive(self, product: Product | ProductId, *, expected: int | None = None) -> Product:
        """The product, no longer for sale, and kept for the records.

        Raises:
            NotFound, VersionMismatch: there is no such product, or it isn't at version *expected*.
        """

        async def step(unit: Unit) -> Product:
            return await steps.archive(unit, await product_at(unit, product, expected))

        return await self._write("catalog.archive", step)

    @command
    async def get(self, sku: str) -> Product:
        """The product that owns *sku*, however it is written, for sale or not.

        Raises:
            UnknownSku: no product does.
        """

        async def step(unit: Unit) -> Product:
            found = await steps.owned(unit, [sku])
            if not found:
                raise UnknownSku((sku,))
            return found[key(sku)]

        return await self.work.read(step)

    @command
    async def product(self, id: ProductId) -> Product:
        """The product with that id.

        Raises:
            NotFound: there is none.
        """
        return await self.work.read(lambda unit: unit[PRODUCTS].get(id))

    @command
    async def page(
        self, *, status: ProductStatus | None = None, after: str | None = None, limit: int = 100
    ) -> Page[Product]:
        """Products in the order of their first SKU's key, some at a time; at most `Limits.page`.

        Raises:
            InvalidInput: a *limit* below 1.
        """
        return await self.work.read(lambda unit: products_page(unit, status, after, limit))

    @command
    async def product_type(self, code: str) -> ProductType:
        """The product type with that code.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> ProductType:
            found = await unit[TYPES].find(type_id(code))
            if found is None:
                raise NotFound("product type", code)
            return found

        return await self.work.read(step)

    @command
    async def categories(self) -> CategoryTree:
        """The category tree."""
        return await self.work.read(tree)

    @command
    async def sellables(self, skus: Iterable[str]) -> dict[str, Sellable]:
        """What is for sale of *skus*, by key.

        Raises:
            UnknownSku, NotForSale: listing all of them.
        """
        asked = texts("skus", skus)
        return await self.work.read(lambda unit: steps.sellables(unit, asked))

    @command
    async def import_csv(
        self,
        source: Source,
        *,
        columns: Mapping[str, str] | None = None,
        also: Iterable[str] = (),
        delimiter: str = ",",
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
        on_fault: OnFault | None = None,
    ) -> ImportReport:
        """What became of the products in *source*: UTF-8 bytes, text, an open file, or lines.

        *columns* maps our fields to the file's names where they differ; *also* names columns that are somebody
        else's, and any other is refused. Products are stored in batches, so what was stored stays when a later
        batch fails; doing it again changes nothing that is already as the file says.

        The report lists the first faults and counts them all; *on_fault* is called with each of them as it is found,
        batch by batch, in a dry run too, outside any unit of work.

        Raises:
            ImportRefused: encoding or header make the file unreadable. Nothing was stored.
            InvalidInput: the delimiter can't be one, a name in *also* is no text, or the source is nothing that can be
                read.
        """
        others = texts("also", also)
        limits = (await self.work.read(lambda unit: unit.settings())).limits
        sheet = Sheet(source, delimiter=delimiter, limits=limits)
        importing = Importing(sheet, limits, dry_run=dry_run, on_progress=on_progress, on_fault=on_fault)

        async def store(wishes: Sequence[ProductWish]) -> list[Outcome]:
            def step(unit: Unit) -> Awaitable[list[Outcome]]:
                return steps.put_all(unit, wishes, self.moved, importing.planned)

            return await (self.work.read(step) if dry_run else self._write("catalog.import", step))

        return await importing.run(columns or {}, others, store)

    @command
    async def export_csv(
        self, write: Callable[[str], object], *, status: ProductStatus | None = None, delimiter: str = ","
    ) -> int:
        """Every product as CSV text, handed to *write* (a file's, say) piece by piece; answers how many products.

        Importing the text makes the same products, where their types and categories are known. Cells are guarded
        against formulas.

        Raises:
            InvalidInput: the delimiter can't be one. Nothing was written.
        """
        return await export(self.work, write, status=status, delimiter=checked_delimiter(delimiter))

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        """Write; and decide once more when another unit took the same SKU at the same time."""
        try:
            return await self.work.write(permission, step)
        except AlreadyExists:
            return await self.work.write(permission, step)
