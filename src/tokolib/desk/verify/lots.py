"""S8: each movement of a tracked SKU carries its lots, and what is here of them is what is here of the SKU."""

from collections.abc import Sequence

from tokolib.desk.verify.movements import RESTORE, Movements
from tokolib.desk.verify.walk import Findings, rows
from tokolib.inventory.backorder import BACKORDER
from tokolib.inventory.lots.model import LEDGER, Lot, is_lot, lot_resource, split
from tokolib.inventory.model import Tracked, place, state_of
from tokolib.kernel.rows import Entry, Kind, StockRow
from tokolib.kernel.unit import Unit


def say_lot(lot: Lot, movements: Movements) -> None:
    """Where a lot says that some of it may be."""
    movements.findable.update(lot_resource(where, lot.code) for where in lot.places)


async def check_lots(unit: Unit, movements: Movements, found: Findings) -> None:
    """Every row of the ledger of lots, and every level of a lot and of a tracked SKU."""
    moved: dict[str, int] = {}
    async for entry in rows(unit, Kind.LEDGER, Entry, found, name=LEDGER):
        found.saw("lot movements")
        where, _ = split(entry.account)
        moved[entry.account] = moved.get(entry.account, 0) + entry.amount
        counted = movements.units.get(place(where)[1])
        name = f"lot movement {entry.id}"
        found.expect(entry.unit == counted, "S8", name, f"is counted in {entry.unit}, its SKU in {counted}", RESTORE)
        details = (entry.batch, entry.kind, entry.refers_to)
        movements.lots.found(f"lots of {where}", *details, amount=entry.amount)
    await _check_levels(unit, movements, moved, found)


async def _check_levels(unit: Unit, movements: Movements, moved: dict[str, int], found: Findings) -> None:
    here: dict[str, int] = {}
    in_lots: dict[str, int] = {}
    serials: dict[str, int] = {}
    async for row in rows(unit, Kind.STOCK, StockRow, found):
        key = place(row.resource)[1]
        tracked = movements.tracked.get(key, Tracked.NONE)
        if not is_lot(row.resource):
            if tracked is not Tracked.NONE and state_of(row.resource) != BACKORDER:
                here[row.resource] = row.on_hand
            continue
        where, code = split(row.resource)
        in_lots[where] = in_lots.get(where, 0) + row.on_hand
        if tracked in (Tracked.SERIAL, Tracked.LICENCE):
            serials[f"{key}|{code}"] = serials.get(f"{key}|{code}", 0) + row.on_hand
        name, says = f"stock {row.resource}", moved.pop(row.resource, 0)
        found.expect(row.on_hand == says, "S8", name, f"on hand {row.on_hand}, movements say {says}", RESTORE)
        found.expect(row.held == 0, "S8", name, f"{row.held} held of a lot", RESTORE)
        lost = row.on_hand > 0 and row.resource not in movements.findable
        found.expect(not lost, "S8", name, "its lot doesn't know that it is there", RESTORE)
    for name in sorted(here.keys() | in_lots.keys()):
        there, of_lots = here.get(name, 0), in_lots.get(name, 0)
        found.expect(there == of_lots, "S8", f"stock {name}", f"on hand {there}, its lots say {of_lots}", RESTORE)
    _check_rest(moved, serials, found)


def _check_rest(moved: dict[str, int], serials: dict[str, int], found: Findings) -> None:
    missing: Sequence[str] = sorted(moved)
    for name in missing:
        found.broken("S8", f"stock {name}", "movements of a lot without a level", RESTORE)
    for name, count in sorted(serials.items()):
        found.expect(0 <= count <= 1, "S8", f"lot_{name}", f"a serial is here {count} times", RESTORE)
