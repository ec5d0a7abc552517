"""Eight buyers of one SKU on PostgreSQL: beside the same orders without a reservation, and exactly 100 of 100 sold."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from benchmarks.compare import Contender, Plan, Threads, Workers, in_turns, rates
from benchmarks.job import JOB
from benchmarks.processes import Task, measure
from benchmarks.results import Row
from benchmarks.server import Server
from benchmarks.stores.hot_postgres import HotPostgres
from benchmarks.stores.hot_shop import HotShop
from benchmarks.stores.postgres import BarePostgres
from benchmarks.stores.tokolib_shop import PostgresShop

SALE: Final = JOB["flash_sale"]
AT_LEAST: Final = 0.55
BUCKETS_AT_LEAST: Final = 0.70
GROUPS_AT_LEAST: Final = {8: 1.2, 64: 3.0}
"""By the number of callers, who are threads of one process."""


def run(plan: Plan) -> Iterator[Row]:
    """The rows of the hot SKU, ours and (for scale) those of bare SQL."""
    server: Server = plan.postgres()
    bare, shop = BarePostgres(server), PostgresShop(server)
    hot = {way: Workers(HotPostgres(bare, way), server.pid) for way in ("first", "last", "never")}
    ours, control = Workers(HotShop(shop), server.pid), Workers(HotShop(shop, reserved=False), server.pid)
    spread = Workers(HotShop(PostgresShop(server, "tokolib, PostgreSQL, 16 buckets", "buckets=16")), server.pid)
    grouped = HotShop(PostgresShop(server, "tokolib, PostgreSQL, group commit", "group_commit=1&timeout=60"))
    groups = {callers: Threads(grouped, callers, server.pid) for callers in GROUPS_AT_LEAST}
    contenders: tuple[Contender, ...] = (ours, control, spread, *groups.values(), *hot.values())
    found = in_turns(plan, contenders, workers=SALE["buyers"])
    yield rates("one hot SKU, PostgreSQL, 8 at once", found, ours.name, control.name, at_least=AT_LEAST)
    yield rates("one hot SKU, PostgreSQL, 8 at once", found, ours.name, hot["first"].name)
    yield rates("one hot SKU, 16 buckets, 8 at once", found, spread.name, control.name, at_least=BUCKETS_AT_LEAST)
    for callers, group in groups.items():
        title = f"one hot SKU, group commit, {callers} threads"
        yield rates(title, found, group.name, control.name, at_least=GROUPS_AT_LEAST[callers])
    for way in ("first", "last"):
        yield rates(f"bare SQL reserving {way}", found, hot[way].name, hot["never"].name)
    for store in (ours.store, spread.store, grouped, hot["last"].store):
        yield _sold(store, server)


def _sold(store: Any, server: Server) -> Row:
    """How many of a hundred units were sold, when all buyers together ask for four times as many."""
    small = replace(store, units=SALE["units"])
    small.reset()
    task = Task(jobs=SALE["attempts"], warm=False)
    figures = measure(small, SALE["buyers"], task, server=server.pid)
    sold = figures.jobs - figures.refused
    return Row(
        f"sold of {SALE['units']}: {store.name}",
        sold,
        SALE["units"],
        sold / SALE["units"],
        "units",
        1,
        f"exactly {SALE['units']}:",
        sold == SALE["units"],
    )
