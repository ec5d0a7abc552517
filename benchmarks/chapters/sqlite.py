"""On SQLite, beside bare SQL: checkout, ship and refund, durable and less so, in one process and in four."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from benchmarks.compare import Plan, Workers, in_turns, rates
from benchmarks.figures import Figures, middle
from benchmarks.results import Row
from benchmarks.stores.sqlite import BareSqlite
from benchmarks.stores.tokolib_shop import SqliteShop

AT_LEAST: Final = {("FULL", 1): 0.65, ("NORMAL", 1): 0.50}
MOST_LIBRARY_MICROS: Final = 120
MOST_MEGABYTES: Final = 40


def run(plan: Plan) -> Iterator[Row]:
    """The rows of SQLite."""
    for synchronous in ("FULL", "NORMAL"):
        ours, bare = _pair(plan, synchronous)
        for workers in (1, 4):
            found = in_turns(plan, (ours, bare), workers=workers)
            name = f"checkout, SQLite {synchronous}, {workers} at once"
            yield rates(name, found, ours.name, bare.name, at_least=AT_LEAST.get((synchronous, workers)))
            if (synchronous, workers) == ("FULL", 1):
                yield from _of_a_worker(found, ours.name, bare.name)
    ours, bare = _pair(plan, "FULL")
    for phase in ("ship", "refund"):
        found = in_turns(plan, (ours, bare), phase=phase)
        yield rates(f"{phase}, SQLite FULL, 1 at once", found, ours.name, bare.name)


def _pair(plan: Plan, synchronous: str) -> tuple[Workers, Workers]:
    folder = str(plan.folder)
    return Workers(SqliteShop(folder, synchronous)), Workers(BareSqlite(folder, synchronous))


def _of_a_worker(found: Mapping[str, Sequence[Figures]], ours: str, bare: str) -> Iterator[Row]:
    """What a worker costs: CPU that is the library's own, and memory."""
    mine, theirs = middle(found[ours]), middle(found[bare])
    runs = len(found[ours])
    beyond = (mine.cpu_ms - theirs.cpu_ms) * 1e3
    yield Row(
        f"CPU of a checkout, SQLite FULL ÷ {bare}",
        mine.cpu_ms * 1e3,
        theirs.cpu_ms * 1e3,
        mine.cpu_ms / theirs.cpu_ms,
        "µs",
        runs,
        f"at most {MOST_LIBRARY_MICROS} µs beyond ({beyond:,.0f}):",
        beyond <= MOST_LIBRARY_MICROS,
    )
    if mine.rss_mb is not None and theirs.rss_mb is not None:
        yield Row(
            f"memory of a worker, SQLite ÷ {bare}",
            mine.rss_mb,
            theirs.rss_mb,
            mine.rss_mb / theirs.rss_mb,
            "MB",
            runs,
            f"at most {MOST_MEGABYTES} MB:",
            mine.rss_mb <= MOST_MEGABYTES,
        )
