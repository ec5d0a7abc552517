"""Idempotency keys: X2. Each key leads to what it made, and each order knows its key."""

from collections.abc import Mapping
from typing import Final

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.walk import Findings, rows
from tokolib.effects.keys import intent_of
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import KeyRow, Kind
from tokolib.kernel.storage_errors import KeyMismatch
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.payments.model import Intent

SCOPE: Final = "orders.place"
_RESTORE: Final = "restore the key's row from a backup"
_HOMES: Final[Mapping[str, str]] = {
    "ord": "orders",
    "shp": "shipments",
    "ret": "returns",
    "int": "intents",
    "inv": "invoices",
}


async def check_keys(unit: Unit, books: Books, found: Findings) -> None:
    """Every key leads to something that is there; those of placements to an order that knows them."""
    async for row in rows(unit, Kind.KEYS, KeyRow):
        found.saw("keys")
        seen = await resolved(unit.work.seen(row.scope, row.key, row.fingerprint))
        for id in (seen.result if seen else b"").decode("utf-8", "replace").split(","):
            if row.scope == SCOPE:
                order = await books.find("orders", id, Order)
                fits = order is not None and order.key == row.key
                found.expect(fits, "X2", f"key {row.key}", f"leads to {id}, which does not know it", _RESTORE)
            elif not await _is_there(books, id):
                found.broken("X2", f"key {row.key}", f"leads to {id}, which is not there", _RESTORE)


async def _is_there(books: Books, id: str) -> bool:
    home = _HOMES.get(id.partition("_")[0]) if "_" in id else None
    if home is None:
        return True  # a word about a message, or a batch of movements
    if home == "intents" and "." in id:
        intent = await books.find("intents", intent_of(id), Intent)
        return intent is not None and intent.operation(id) is not None
    return await books.has(home, id)


async def check_key_of(unit: Unit, order: Order, found: Findings) -> None:
    """The key of an order is stored, belongs to its very request, and leads to it."""
    row = f"order {order.id}"
    try:
        request = fingerprint((order.quote_id or order.basket_hash, order.tender))
        seen = await resolved(unit.work.seen(SCOPE, order.key, request))
    except KeyMismatch:
        found.broken("X2", row, "its key belongs to another request", _RESTORE)
        return
    found.expect(seen is not None, "X2", row, "its key is gone", _RESTORE)
    if seen is not None:
        found.expect(seen.result == order.id.encode(), "X2", row, "its key leads elsewhere", _RESTORE)
