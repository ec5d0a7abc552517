"""One worker on SQLite, looked at closely: the memory that it holds, and where the steps of a checkout go."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from benchmarks.compare import Plan
from benchmarks.job import COUPON, baskets
from benchmarks.opcodes import opcodes
from benchmarks.processes import WARM
from benchmarks.results import Row
from benchmarks.stores.protocol import Store
from benchmarks.stores.sqlite import BareSqlite
from benchmarks.stores.tokolib_shop import SqliteShop

MOST_MEGABYTES: Final = 40
SOLD: Final = 1_000
TRACED: Final = 10
SMALL: Final = 0.02
"""Rooms with a smaller share are told together."""
OURS: Final = """
import json, sys, tokolib
shop = tokolib.open(sys.argv[1])
for key, line in enumerate(sys.stdin):
    basket = tokolib.Basket(json.loads(line), [sys.argv[2]])
    shop.orders.place(basket, tender="cash", key=str(key))
"""
BARE: Final = """
import sys
from benchmarks.stores.sqlite import BareSqlite
till = BareSqlite(sys.argv[1]).open()
for k, _ in enumerate(sys.stdin):
    till.checkout(k)
"""
PEAK: Final = """
from benchmarks.machine import peak_memory
print(peak_memory())
"""


def run(plan: Plan) -> Iterator[Row]:
    """The rows of one worker."""
    ours, bare = SqliteShop(str(plan.folder)), BareSqlite(str(plan.folder))
    ours.reset()
    bare.reset()
    mine, theirs = _memory(OURS, ours.url, COUPON["code"]), _memory(BARE, bare.folder)
    if mine is not None and theirs is not None:
        yield Row(
            f"memory of a process that has sold {SOLD:,} baskets ÷ {bare.name}",
            mine,
            theirs,
            mine / theirs,
            "MB",
            1,
            f"at most {MOST_MEGABYTES} MB:",
            mine <= MOST_MEGABYTES,
        )
    rooms = _rooms(ours)
    total = sum(rooms.values())
    big = {room: count for room, count in rooms.items() if count >= SMALL * total}
    for room, count in {**big, "the other rooms": total - sum(big.values())}.items():
        yield Row(f"a checkout's steps in {room} ÷ all", count, total, count / total, "opcodes", TRACED)


def _memory(code: str, *given: str) -> float | None:
    """The most memory of a process that does nothing but sell; None where the system doesn't tell."""
    wished = "\n".join(json.dumps(lines) for lines, _ in baskets()[:SOLD])
    asked = [sys.executable, "-c", code + PEAK, *given]
    told = subprocess.run(asked, input=wished, check=True, capture_output=True, text=True).stdout.strip()
    return None if told == "None" else float(told)


def _rooms(store: Store) -> dict[str, float]:
    store.reset()
    till = store.open()
    try:
        for k in range(WARM):
            till.checkout(k)
        return opcodes(till.checkout, TRACED)
    finally:
        till.close()
