"""What one unit of work has read of the catalogue to check drafts against, kept up to date as it records.

Everything that a batch of wishes names is read in five round trips at most, however many wishes there are; an
external id that is new to the shop costs one look at its index.
"""

from collections.abc import Iterable, Mapping

from tokolib.catalog.attributes import ProductType, type_id
from tokolib.catalog.categories import EMPTY, TREE_ID, CategoryTree
from tokolib.catalog.events import ComponentAdded, ComponentDropped, SkuClaimed, SkuFreed
from tokolib.catalog.model import Part, Product, SkuOwner, owner_id
from tokolib.catalog.ports import CATEGORIES, PRODUCTS, SKUS, TYPES
from tokolib.kernel.events import Event
from tokolib.kernel.ids import ProductId
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit


class Shelf:
    """The part of the catalogue that a unit of work looks at."""

    def __init__(self, unit: Unit, settings: Settings, planned: Mapping[str, Part]) -> None:
        self.unit = unit
        self.settings = settings
        self.planned = planned
        """SKUs as a dry run has accepted them before: new ones, and those that the storage knows otherwise."""
        self.tree = EMPTY
        self._owners: dict[str, SkuOwner | None] = {}
        self._products: dict[ProductId, Product] = {}
        self._external: dict[str, ProductId | None] = {}
        self._types: dict[str, ProductType] = {}

    async def load(self, keys: Iterable[str], ids: Iterable[ProductId], external_ids: Iterable[str]) -> None:
        """Read the owners of *keys* and their products, and the products by *ids* and *external_ids*."""
        await self.owners(keys)
        owned = [owner.product_id for owner in self._owners.values() if owner and owner.product_id]
        for product in (await self.unit[PRODUCTS].get_many([*owned, *ids])).values():
            self.put(product)
        for external_id in external_ids:
            if external_id not in self._external:
                await self._find(external_id)

    async def _find(self, external_id: str) -> None:
        page = await self.unit[PRODUCTS].where("external_id", equals={"external_id": external_id}, limit=1)
        self._external[external_id] = None
        for product in page.items:
            self.put(product)

    async def load_types(self, codes: Iterable[str]) -> None:
        """Read product types, and the category tree."""
        ids = [type_id(code) for code in dict.fromkeys(codes) if code]
        if ids:
            self._types |= {found.code: found for found in (await self.unit[TYPES].get_many(ids)).values()}
        self.tree = await tree(self.unit)

    def put(self, product: Product) -> None:
        """Keep what a product is now."""
        self._products[product.id] = product
        if product.external_id:
            self._external[product.external_id] = product.id

    def product(self, id: ProductId | None) -> Product | None:
        """A product that was loaded."""
        return self._products.get(id) if id else None

    def by_external_id(self, external_id: str) -> Product | None:
        """The product that another system calls so."""
        return self.product(self._external.get(external_id))

    def by_key(self, key: str) -> Product | None:
        """The product to which a SKU's key belongs."""
        owner = self._owners.get(key)
        return self.product(owner.product_id) if owner else None

    def type(self, code: str) -> ProductType | None:
        """A product type that was loaded."""
        return self._types.get(code)

    def parts(self, keys: Iterable[str]) -> dict[str, Part]:
        """What a bundle needs to know of its components, by key; unknown ones are missing."""
        found: dict[str, Part] = {}
        for key in keys:
            product = self.by_key(key)
            if key in self.planned:
                found[key] = self.planned[key]
            elif product is not None:
                found[key] = Part(product.unit, product.is_bundle, product.digital)
        return found

    async def owners(self, keys: Iterable[str]) -> dict[str, SkuOwner | None]:
        """To whom *keys* belong, read once."""
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if key not in self._owners]
        if missing:
            found = await self.unit[SKUS].get_many([owner_id(key) for key in missing])
            self._owners |= {key: found.get(owner_id(key)) for key in missing}
        return {key: self._owners[key] for key in wanted}

    async def settle(self, old: Product | None, new: Product) -> None:
        """Record that *new*'s SKUs are its own, that the ones it gave up are free, and what a bundle is made of."""
        before, now = (set(product.keys) if product else set() for product in (old, new))
        parts_before, parts_now = (
            {each.sku for each in product.components} if product else set() for product in (old, new)
        )
        for key in sorted(before - now):
            await self._record(key, SkuFreed(key))
        for key in sorted(now - before):
            await self._record(key, SkuClaimed(key, new.id))
        for key in sorted(parts_before - parts_now):
            await self._record(key, ComponentDropped(key, new.id))
        for key in sorted((parts_now - parts_before) - self.planned.keys()):
            await self._record(key, ComponentAdded(key, new.id))

    async def _record(self, key: str, event: Event) -> None:
        owner = (await self.owners([key]))[key]
        self._owners[key] = self.unit[SKUS].record(owner, event)


async def tree(unit: Unit) -> CategoryTree:
    """The category tree, read once in a unit."""
    return await unit[CATEGORIES].find(TREE_ID) or EMPTY
