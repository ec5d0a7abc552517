"""Uses of promotions and coupons: X4. A counter is the sum of the uses that orders have made."""

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.walk import Findings, rows
from tokolib.kernel.rows import CounterRow, Entry, Kind
from tokolib.kernel.unit import Unit
from tokolib.pricing.uses import COUNTED, LEDGER

_RESTORE = "set the counter to the sum of its uses"


async def check_uses(unit: Unit, books: Books, found: Findings) -> None:
    """Every use belongs to an order, none is given back that was not made, and the counters are their sums."""
    uses: dict[tuple[str, str], int] = {}
    counted: dict[str, int] = {}
    async for entry in rows(unit, Kind.LEDGER, Entry, name=LEDGER):
        found.saw("uses")
        known = await books.has("orders", entry.refers_to)
        found.expect(known, "X4", f"use {entry.id}", f"its order {entry.refers_to} is gone", _RESTORE)
        sound = entry.id == f"{entry.batch}.{entry.account}" and entry.batch.startswith(f"{entry.refers_to}.")
        found.expect(sound, "X4", f"use {entry.id}", "was changed", _RESTORE)
        place = (entry.account, entry.refers_to)
        uses[place] = uses.get(place, 0) + entry.amount
        if entry.kind == COUNTED:
            counted[entry.account] = counted.get(entry.account, 0) + entry.amount
    for (account, order), made in uses.items():
        found.expect(made in (0, 1), "X4", f"use {account}", f"order {order} has it {made} times", _RESTORE)
    async for row in rows(unit, Kind.COUNTERS, CounterRow):
        found.saw("counters")
        if row.name.startswith(("promo:", "coupon:")):
            said = counted.pop(row.name, 0)
            found.expect(row.value == said, "X4", f"counter {row.name}", f"is {row.value}, uses say {said}", _RESTORE)
    for name, value in sorted(counted.items()):
        found.expect(value == 0, "X4", f"counter {name}", f"is gone, uses say {value}", _RESTORE)
