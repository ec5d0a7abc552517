"""Idempotency keys: X2. Each key of a placement leads to its one order, and each order knows its key."""

from tokolib.desk.verify.walk import Findings, rows
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import resolved
from tokolib.kernel.storage import KeyRow, Kind
from tokolib.kernel.unit import Unit
from tokolib.orders.ports import ORDERS

SCOPE = "orders.place"
_RESTORE = "restore the key's row from a backup"


async def check_keys(unit: Unit, found: Findings) -> None:
    """Keys lead to orders, and orders to keys."""
    placed: dict[str, str] = {}
    async for row in rows(unit, Kind.KEYS, KeyRow):
        found.saw("keys")
        if row.scope != SCOPE:
            continue
        seen = await resolved(unit.work.seen(row.scope, row.key, row.fingerprint))
        id = seen.result.decode() if seen else ""
        placed[id] = row.key
        try:
            order = await unit[ORDERS].find(id)
        except TokolibError:
            continue
        fits = order is not None and order.key == row.key
        found.expect(fits, "X2", f"key {row.key}", f"leads to {id}, which does not know it", _RESTORE)
    after: str | None = None
    while True:
        page = await unit[ORDERS].where("by_time", after=after, limit=500)
        for order in page.items:
            found.expect(placed.get(order.id) == order.key, "X2", f"order {order.id}", "its key is gone", _RESTORE)
        if page.after is None:
            return
        after = page.after
