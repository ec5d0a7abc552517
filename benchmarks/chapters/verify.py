"""Whether a proof of the books costs more for a full shop: its CPU for each order, and its memory in all.

A few hundred orders of five lines are sold through the public doors: paid in cash, brought cash on delivery, waiting to
be packed, on a coupon. They are copied until the shop has its orders, and each copy proves true (`sound_copies`). Each
proof runs in a process of its own.
"""

import multiprocessing
import shutil
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

import tokolib
from benchmarks.compare import LeftOut, Plan
from benchmarks.machine import peak_memory, wait_for_quiet
from benchmarks.results import Row
from benchmarks.sound_copies import multiply
from benchmarks.stores.tokolib_shop import sqlite_url
from tokolib.adapters.system import SystemIds

LIVED: Final = 200
"""Orders of the life that is copied."""
LINES: Final = 5
PRODUCTS: Final = 50
ROUNDS: Final = 2
TIMES: Final = 10
"""How many times as many orders the full shop has."""
MEMORY_AT_MOST: Final = 1.5
CPU_AT_MOST: Final = 12


class Proof(NamedTuple):
    """What one proof took: seconds of CPU and of the clock on the wall, MB of 10^6 bytes."""

    cpu: float
    wall: float
    memory: float


def run(plan: Plan) -> Iterator[Row]:
    """The rows of the proof; the two shops take turns."""
    before, lived = plan.folder / "verify-before.db", plan.folder / "verify-lived.db"
    open_shop(before)
    shutil.copyfile(before, lived)
    live(lived, LIVED)
    files = {}
    for orders in (plan.orders // TIMES, plan.orders):
        files[orders] = Path(shutil.copyfile(lived, plan.folder / f"verify-{orders}.db"))
        added = multiply(files[orders], before, max(orders // LIVED - 1, 0))
        plan.say(f"  {orders:,} orders: added {added:,} rows, {files[orders].stat().st_size / 1e6:,.0f} MB")
    rounds: dict[int, list[Proof]] = {orders: [] for orders in files}
    for _ in range(min(plan.rounds, ROUNDS)):
        for orders, file in files.items():
            wait_for_quiet(plan.patience)
            rounds[orders].append(_in_a_process(file, orders))
            plan.say(f"  {orders:,} orders: {rounds[orders][-1]}")
    few, many = rounds
    yield _row("memory", rounds[many], rounds[few], (many, few), MEMORY_AT_MOST)
    yield _row("cpu", rounds[many], rounds[few], (many, few), CPU_AT_MOST)
    yield _row("wall", rounds[many], rounds[few], (many, few), None)
    for file in (before, lived, *files.values()):
        file.unlink()


def _row(figure: str, many: list[Proof], few: list[Proof], orders: tuple[int, int], at_most: float | None) -> Row:
    mine, theirs = ([float(getattr(each, figure)) for each in each_round] for each_round in (many, few))
    ratio = statistics.median(a / b for a, b in zip(mine, theirs, strict=True))
    told = {"memory": "peak memory", "cpu": "CPU", "wall": "time"}[figure]
    return Row(
        f"{told} of verify: {orders[0]:,} orders of {LINES} lines ÷ {orders[1]:,}",
        statistics.median(mine),
        statistics.median(theirs),
        ratio,
        "MB" if figure == "memory" else "s",
        len(mine),
        f"at most {at_most:g}:" if at_most else "",
        ratio <= at_most if at_most else None,
    )


def open_shop(file: Path) -> None:
    with tokolib.open(f"{sqlite_url(file)}&durable=0", country="ID") as shop:
        skus = [f"SKU-{i:02}" for i in range(PRODUCTS)]
        shop.catalog.import_csv("\n".join(["sku,name", *(f"{sku},Product {sku}" for sku in skus)]))
        shop.prices.put_many({sku: tokolib.IDR(10_000 + 500 * i) for i, sku in enumerate(skus)})
        shop.stock.receive_all(dict.fromkeys(skus, 10**9))
        shop.promotions.percent("ten", 10, coupon="SEPULUH")


def live(file: Path, orders: int) -> None:
    """Sell so many orders of five lines, some of every kind that stands for itself."""
    ids = SystemIds()
    with tokolib.open(f"{sqlite_url(file)}&durable=0") as shop:
        for k in range(orders):
            wished = {f"SKU-{(k * 7 + i * 11) % PRODUCTS:02}": 1 + i % 3 for i in range(LINES)}
            basket = tokolib.Basket(wished, ["SEPULUH"] if k % 4 == 0 else [])
            order = shop.orders.place(basket, tender="cod" if k % 5 == 4 else "cash", key=ids.new("key"))
            if k % 10 != 8:
                shop.shipments.hand_over(order)
            if k % 10 == 9:
                shop.payments.received(order, order.total)


def _in_a_process(file: Path, orders: int) -> Proof:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(prove, str(file), orders).result()


def prove(file: str, orders: int) -> Proof:
    """Verify a shop, which must be sound and have so many orders."""
    with tokolib.open(sqlite_url(Path(file))) as shop:
        cpu, wall = time.process_time(), time.monotonic()
        report = shop.verify()
        used = Proof(time.process_time() - cpu, time.monotonic() - wall, peak_memory() or 0.0)
    assert report.ok, report.violations[:3]
    assert dict(report.checked)["orders"] == orders
    if not used.memory:
        raise LeftOut("this machine doesn't tell how much memory a process had")
    return used
