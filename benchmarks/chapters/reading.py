"""An order of ten lines read back from what is stored, beside `json.loads` of the same bytes."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final

from benchmarks.compare import Plan
from benchmarks.job import ON_SALE
from benchmarks.results import Row
from benchmarks.stores.tokolib_shop import open_filled, place
from tokolib.adapters.urls import storage_from_url
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.storage import Storage
from tokolib.records.collections import COLLECTIONS
from tokolib.records.orders import ORDERS

LINES: Final = 10
SLICE: Final = 0.05
"""Seconds that each of the two is repeated before the other has its turn."""
AT_MOST: Final = 4.0


def run(plan: Plan) -> Iterator[Row]:
    """The row of reading; CPU time, in one process, in turns of a twentieth of a second."""
    storage = storage_from_url("memory://", COLLECTIONS)
    shop = open_filled(storage)
    order = place(shop, {product.sku: 2 for product in ON_SALE[:LINES]}, "ten lines")
    body = _stored(storage, order.id)
    assert ORDERS.read(order.id, body)[0] == order
    rounds = [(_micros(lambda: ORDERS.read(order.id, body)), _micros(lambda: json.loads(body))) for _ in range(40)]
    shop.close()
    mine, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(a / b for a, b in rounds)
    name = f"an order of {LINES} lines read back ÷ json.loads of its {len(body):,} bytes"
    yield Row(name, mine, theirs, ratio, "µs of CPU", len(rounds), f"at most {AT_MOST:g}:", ratio <= AT_MOST)


def _stored(storage: Storage, id: str) -> bytes:
    async def read() -> bytes:
        unit = await resolved(storage.begin("default", read_only=True))
        found = await resolved(unit.get(ORDERS.collection, id))
        await resolved(unit.rollback())
        assert found is not None
        return found.body

    return drive(read(), "reading a body")


def _micros(step: Callable[[], object]) -> float:
    """The CPU time of one call, in µs."""
    calls, start = 0, time.process_time()
    while (used := time.process_time() - start) < SLICE:
        for _ in range(10):
            step()
        calls += 10
    return used / calls * 1e6
