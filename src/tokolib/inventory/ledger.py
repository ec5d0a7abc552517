"""The ledger of movements: rows that are only ever added, in the unit of measure of their SKU."""

from collections.abc import Mapping

from tokolib.catalog.model import Sellable
from tokolib.inventory.events import StockAdded, StockCorrected, StockMoved
from tokolib.inventory.model import (
    LEDGER,
    Movement,
    MovementKind,
    StockItem,
    StockState,
    item_id,
    place,
    resource,
    state_of,
)
from tokolib.inventory.ports import STOCK_ITEMS
from tokolib.kernel.hosting import resolved
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.rows import Entry, Page
from tokolib.kernel.unit import Unit


def post(
    unit: Unit, kind: MovementKind, item: StockItem, where: str, change: int, refers_to: str, *, batch: str = ""
) -> str:
    """Add a movement of *change* steps at the resource *where*; its id.

    Ids rise with time, so that a page of movements reads like a diary. Of a shipment, `batch` is the hold that was
    taken: the storage takes a hold once, so there is one shipment movement for each.
    """
    id = unit.new_id("mov")
    unit.post(LEDGER, [Entry(id, batch or id, where, change, item.unit.code, kind.value, refers_to, unit.now)])
    return id


async def movements(
    unit: Unit, sold: Sellable, location: str, state: StockState, *, after: str | None = None, limit: int
) -> Page[Movement]:
    """The movements of a SKU at a location, in one state, oldest first, with who made them and why, where that is told
    here.
    """
    account = resource(location, sold.key, state)
    page = await resolved(unit.work.ledger(LEDGER, account=account, after=after, limit=limit))
    told = await _told(unit, sold.key) if any(entry.kind != MovementKind.SHIP for entry in page.items) else {}
    return Page(tuple(_movement(entry, sold, told) for entry in page.items), page.after)


async def _told(unit: Unit, key: str) -> dict[str, tuple[str, str]]:
    """Why, and by whom, for each movement that no hold led to."""
    told: dict[str, tuple[str, str]] = {}
    for recorded in await unit[STOCK_ITEMS].history(item_id(key)):
        match recorded.event:
            case StockAdded(movement_id=id):
                told[id] = ("", recorded.by)
            case StockCorrected(movement_id=id, reason=reason):
                told[id] = (reason, recorded.by)
            case StockMoved(out_id=out, in_id=into, reason=reason):
                told[out] = told[into] = (reason, recorded.by)
            case _:
                pass
    return told


def _movement(entry: Entry, sold: Sellable, told: Mapping[str, tuple[str, str]]) -> Movement:
    kind = MovementKind(entry.kind)
    reason, by = told.get(entry.id, ("", ""))
    return Movement(
        id=entry.id,
        sku=sold.sku,
        location=place(entry.account)[0],
        state=StockState(state_of(entry.account)),
        kind=kind,
        quantity=Quantity(entry.amount, sold.unit),
        refers_to=entry.refers_to,
        hold_id=entry.batch if kind is MovementKind.SHIP else "",
        reason=reason,
        by=by,
        at=entry.at,
    )
