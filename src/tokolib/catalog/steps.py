"""What the catalogue does inside an open unit of work."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import attrs

from tokolib.catalog.attributes import AttributeDef, ProductType, checked_type, type_id
from tokolib.catalog.categories import TREE_ID, Category, checked_category
from tokolib.catalog.drafts import ProductDraft
from tokolib.catalog.errors import ComponentInUse, NotForSale, SkuTaken, UnknownSku
from tokolib.catalog.events import CategoryPut, ProductAdded, ProductArchived, ProductChanged, ProductPublished, TypePut
from tokolib.catalog.lifecycle import target
from tokolib.catalog.model import Part, Product, ProductStatus, Sellable, owner_id
from tokolib.catalog.ports import CATEGORIES, PRODUCTS, SKUS, TYPES, Moved
from tokolib.catalog.sale import Offer, price_parts, sellable, why_not
from tokolib.catalog.shelf import Shelf, tree
from tokolib.catalog.sku import key
from tokolib.catalog.units import unit_change
from tokolib.catalog.validate import Known, validate
from tokolib.kernel.errors import TokolibError, VersionMismatch
from tokolib.kernel.events import Event
from tokolib.kernel.ids import ProductId
from tokolib.kernel.unit import Unit


class Change(StrEnum):
    """What a wish did to its product."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@attrs.frozen
class ProductWish:
    """A product as somebody wants it, still without what the catalogue already knows of it.

    The product is the one with that id, or else that external id, or else the one that owns one of the SKUs.
    """

    skus: tuple[str, ...]
    draft: Callable[[Product | None, ProductType | None, Mapping[str, Part]], ProductDraft]
    """Makes the whole draft of the product that is there, if any, its type, and the parts of its bundle."""
    id: ProductId | None = None
    external_id: str = ""
    type: str | None = None
    """The type's code; None keeps the one it has."""
    components: tuple[str, ...] = ()
    expected: int | None = None
    check_only: bool = False
    """Only look for faults: record nothing."""


def wish_of(draft: ProductDraft, id: ProductId | None, expected: int | None) -> ProductWish:
    """That the product is as *draft* states it, whole."""
    return ProductWish(
        tuple(variant.sku for variant in draft.variants),
        lambda old, type_, parts: draft,
        id=id,
        external_id=draft.external_id,
        type=draft.type,
        components=tuple(each.sku for each in draft.components),
        expected=expected,
    )


@attrs.frozen
class Outcome:
    """What became of a wish: the product as it is now, or the error for which nothing was recorded."""

    change: Change
    product: Product | None = None
    draft: ProductDraft | None = None
    error: TokolibError | None = None


NOTHING_PLANNED: Mapping[str, Part] = {}


async def put(unit: Unit, wish: ProductWish, moved: Moved) -> Product:
    """The product after *wish*; when nothing changes, nothing is recorded.

    Raises:
        InvalidProduct, SkuTaken, ComponentInUse, UnitFixed, VersionMismatch: nothing was recorded.
    """
    (outcome,) = await put_all(unit, [wish], moved)
    if outcome.product is None:
        raise outcome.error or TypeError("a wish that only checks puts no product")
    return outcome.product


async def put_all(
    unit: Unit, wishes: Sequence[ProductWish], moved: Moved, planned: Mapping[str, Part] = NOTHING_PLANNED
) -> list[Outcome]:
    """What became of each of *wishes*, one after the other; the refused ones recorded nothing.

    *planned* are SKUs that an earlier batch of a dry run has accepted.
    """
    shelf = Shelf(unit, await unit.settings(), planned)
    named = [key(sku) for wish in wishes for sku in (*wish.skus, *wish.components)]
    await shelf.load(named, [wish.id for wish in wishes if wish.id], [w.external_id for w in wishes if w.external_id])
    existing = [_existing(shelf, wish) for wish in wishes]
    if components := [each.sku for product in existing if product for each in product.components]:
        await shelf.load(components, [], [])
    await shelf.load_types(
        (product.type if product else "") if wish.type is None else wish.type
        for wish, product in zip(wishes, existing, strict=True)
    )
    return [await _outcome(shelf, wish, moved) for wish in wishes]


def _existing(shelf: Shelf, wish: ProductWish) -> Product | None:
    if wish.id is not None:
        return shelf.product(wish.id)
    named = shelf.by_external_id(wish.external_id) if wish.external_id else None
    if named is not None:
        return named
    for sku in wish.skus:
        owner = shelf.by_key(key(sku))
        if owner is not None and not (wish.external_id and owner.external_id):  # else it is another system's
            return owner
    return None


async def _outcome(shelf: Shelf, wish: ProductWish, moved: Moved) -> Outcome:
    old = _existing(shelf, wish)
    draft: ProductDraft | None = None
    try:
        if wish.expected is not None:
            check_version(old, wish.expected, wish.id or "")
        type_ = shelf.type((old.type if old else "") if wish.type is None else wish.type)
        parts = shelf.parts([*map(key, wish.components), *(each.sku for each in (old.components if old else ()))])
        draft = wish.draft(old, type_, parts)
        id = old.id if old else ProductId(wish.id or shelf.unit.new_id("prd"))
        limits, zone = shelf.settings.limits, shelf.settings.zone
        new = validate(draft, Known(id, old, type_, shelf.tree, parts, limits, zone))
        await _permit(shelf, old, new, moved)
    except TokolibError as error:
        return Outcome(Change.REFUSED, draft=draft, error=error)
    if wish.check_only:
        return Outcome(Change.REFUSED, draft=draft)
    return Outcome(await _record(shelf, old, new), shelf.product(id), draft)


def check_version(product: Product | None, expected: int, id: str) -> None:
    """Pass when *product* is at the version that the caller has seen.

    Raises:
        VersionMismatch: it isn't.
    """
    actual = product.version if product else 0
    if actual != expected:
        raise VersionMismatch("product", product.id if product else id, expected, actual)


async def _permit(shelf: Shelf, old: Product | None, new: Product, moved: Moved) -> None:
    """Pass when *new* takes no SKU of another product, and leaves the bundles whole that it is part of."""
    owners = await shelf.owners([*new.keys, *(old.keys if old else ())])
    for variant in new.variants:
        owner = owners[variant.key]
        if owner and owner.product_id not in (None, new.id):
            raise SkuTaken(variant.sku, str(owner.product_id))
    used = {name: owner.used_in for name, owner in owners.items() if owner and owner.used_in}
    for name, bundles in used.items():
        if new.is_bundle:
            raise ComponentInUse(name, bundles, "bundled")
        if name not in new.keys:
            raise ComponentInUse(name, bundles, "removed")
    if old and old.unit != new.unit:
        has_moved = await moved(shelf.unit, old.keys)
        unit_change(old, new.unit, moved=has_moved, bundled=bool(used))


async def _record(shelf: Shelf, old: Product | None, new: Product) -> Change:
    products = shelf.unit[PRODUCTS]
    if old is None:
        shelf.put(products.record(None, ProductAdded(new)))
        await shelf.settle(None, new)
        return Change.CREATED
    if new == old:
        return Change.UNCHANGED
    shelf.put(products.record(old, *_changes(old, new)))
    await shelf.settle(old, new)
    return Change.CHANGED


def _changes(old: Product, new: Product) -> list[Event]:
    """The events that make *new* of *old*: its description, then its status."""
    events: list[Event] = []
    if attrs.evolve(new, status=old.status) != old:
        events.append(ProductChanged(attrs.evolve(new, status=old.status)))
    if new.status is not old.status and new.status is ProductStatus.ARCHIVED:
        events.append(ProductArchived(new.id))
    elif new.status is not old.status:
        events.append(ProductPublished(new.id, new.published_from, new.published_until))
    return events


async def publish(unit: Unit, product: Product, since: datetime | None, until: datetime | None) -> Product:
    """*product* offered in that period; no event when it already is."""
    if (product.status, product.published_from, product.published_until) == (ProductStatus.ACTIVE, since, until):
        return product
    return _move(unit, product, ProductPublished(product.id, since, until))


async def archive(unit: Unit, product: Product) -> Product:
    """*product* no longer offered; no event when it already isn't."""
    return product if product.status is ProductStatus.ARCHIVED else _move(unit, product, ProductArchived(product.id))


def _move(unit: Unit, product: Product, event: Event) -> Product:
    target(product, event)
    return unit[PRODUCTS].record(product, event)


async def put_type(unit: Unit, code: str, name: str, attributes: Iterable[AttributeDef]) -> ProductType:
    """A product type with those attributes; no event when it already has them."""
    definitions = checked_type(code, name, attributes)
    types = unit[TYPES]
    old = await types.find(type_id(code))
    if old is not None and (old.name, old.attributes) == (name, definitions):
        return old
    return types.record(old, TypePut(code, name, definitions))


async def put_category(unit: Unit, code: str, name: str, parent: str | None) -> Category:
    """A category in the tree; no event when it already stands so."""
    known = await tree(unit)
    category = checked_category(known, code, name, parent)
    if known.find(code) != category:
        categories = unit[CATEGORIES]
        categories.record(await categories.find(TREE_ID), CategoryPut(category))
    return category


async def owned(unit: Unit, skus: Iterable[str]) -> dict[str, Product]:
    """The products that own *skus*, by SKU key, in two reads; unknown SKUs are missing."""
    names = {each: owner_id(each) for each in map(key, skus)}
    owners = await unit[SKUS].get_many(list(names.values()))
    ids = {each: owner.product_id for each, name in names.items() if (owner := owners.get(name)) and owner.product_id}
    products = await unit[PRODUCTS].get_many(list(dict.fromkeys(ids.values())))
    return {each: products[id] for each, id in ids.items() if id in products}


async def offer(unit: Unit, skus: Iterable[str]) -> Offer:
    """Which of *skus* can be sold now, which can't, and why: at most three reads, and two more for bundles."""
    asked = {sku: key(sku) for sku in skus}
    products = await owned(unit, asked.values())
    known = await tree(unit) if any(product.categories for product in products.values()) else None
    sold: dict[str, Sellable] = {}
    unknown: list[str] = []
    barred: list[tuple[str, str]] = []
    for sku, sku_key in asked.items():
        if (product := products.get(sku_key)) is None:
            unknown.append(sku)
        elif (variant := product.variant(sku_key)) is None:
            continue
        elif why := why_not(product, unit.now):
            barred.append((sku, why))
        else:
            sold[sku_key] = sellable(product, variant, known)
    bundles = {name: products[name] for name in sold if products[name].is_bundle}
    if bundles:
        owners = await owned(unit, sorted({part.sku for each in bundles.values() for part in each.components}))
        for name, product in bundles.items():
            sold[name] = attrs.evolve(sold[name], parts=price_parts(product, owners))
    return Offer(sold, tuple(unknown), tuple(barred))


async def sellables(unit: Unit, skus: Iterable[str], *, problems: bool = False) -> dict[str, Sellable]:
    """What is for sale of *skus*, by key, in at most three reads.

    With *problems*, the SKUs that aren't known or aren't for sale are left out; `offer` tells which and why.

    Raises:
        UnknownSku: no product has some of them; all of those are listed.
        NotForSale: some can't be sold now; all of those are listed.
    """
    found = await offer(unit, skus)
    if problems:
        return found.sellables
    if found.unknown:
        raise UnknownSku(found.unknown)
    if found.not_for_sale:
        raise NotForSale(tuple(sku for sku, _ in found.not_for_sale), tuple(why for _, why in found.not_for_sale))
    return found.sellables


StoreAll = Callable[[Sequence[ProductWish]], Awaitable[list[Outcome]]]
"""Opens a unit, and answers `put_all` in it."""
