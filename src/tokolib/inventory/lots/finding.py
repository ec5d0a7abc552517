"""Where lots are, and where they went: a recall asks both ways."""

from collections.abc import Iterable, Sequence

from tokolib.inventory.lots.model import LEDGER, Lot, LotLevel, LotMovement, lot_resource, split
from tokolib.inventory.lots.ports import LOTS
from tokolib.inventory.model import MAIN, MovementKind, StockItem, StockState, item_id, place, resource, state_of
from tokolib.inventory.ports import LOCATIONS, STOCK_ITEMS
from tokolib.kernel.hosting import resolved
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.rows import Entry
from tokolib.kernel.unit import Unit, every


async def levels(unit: Unit, item: StockItem) -> tuple[LotLevel, ...]:
    """All lots of a SKU that are somewhere, the first to expire first."""
    found = await every(unit[LOTS], "by_expiry", {"key": item.key, "stocked": 1})
    names = [lot_resource(where, lot.code) for lot in found for where in lot.places]
    there = await unit.levels(names) if names else {}
    return tuple(
        LotLevel(item.sku, lot.code, lot.expires_on, place(where)[0], _state(where), steps, lot.blocked)
        for lot in found
        for where in lot.places
        if (steps := Quantity(there[lot_resource(where, lot.code)].on_hand, item.unit)).steps
    )


async def movements(unit: Unit, item: StockItem, lot: Lot) -> tuple[LotMovement, ...]:
    """Everything that ever moved of a lot, the oldest first."""
    codes = [MAIN, *(each.code for each in await every(unit[LOCATIONS], "by_id", {}))]
    accounts = (
        lot_resource(resource(location, item.key, state), lot.code)
        for location in dict.fromkeys(codes)
        for state in StockState
    )
    entries = [entry for account in accounts for entry in await _entries(unit, account=account)]
    return tuple(_movement(entry, item) for entry in sorted(entries, key=lambda each: (each.at, each.id)))


async def of_references(unit: Unit, references: Iterable[str]) -> tuple[LotMovement, ...]:
    """Everything that moved of any lot for these orders, shipments, returns or transfers."""
    entries = [entry for each in references for entry in await _entries(unit, refers_to=each)]
    keys = {place(entry.account)[1] for entry in entries}
    items = await unit[STOCK_ITEMS].get_many([item_id(key) for key in keys])
    return tuple(_movement(entry, items[item_id(place(entry.account)[1])]) for entry in entries)


async def _entries(unit: Unit, *, account: str | None = None, refers_to: str | None = None) -> Sequence[Entry]:
    found: list[Entry] = []
    after: str | None = None
    while True:
        page = await resolved(unit.work.ledger(LEDGER, account=account, refers_to=refers_to, after=after))
        found.extend(page.items)
        if (after := page.after) is None:
            return found


def _movement(entry: Entry, item: StockItem) -> LotMovement:
    where, code = split(entry.account)
    kind = MovementKind(entry.kind)
    order = entry.batch.partition(":")[0] if kind is MovementKind.SHIP else ""
    quantity = Quantity(entry.amount, item.unit)
    return LotMovement(item.sku, code, place(where)[0], _state(where), kind, quantity, entry.refers_to, order, entry.at)


def _state(where: str) -> StockState:
    return StockState(state_of(where))
