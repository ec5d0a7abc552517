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


def run(plan: Plan) -> Iterator[Row]:
    """The rows of SQLite."""
    for synchronous in ("FULL", "NORMAL"):
        ours, bare = _pair(plan, synchronous)
        for workers in (1, 4):
            found = in_turns(plan, (ours, bare), workers=workers)
            name = f"checkout, SQLite {synchronous}, {workers} at once"
            yield rates(name, found, ours.name, bare.name, at_least=AT_LEAST.get((synchronous, workers)))
            if (synchronous, workers) == ("FULL", 1):
                yield _of_the_library(found, ours.name, bare.name)
    ours, bare = _pair(plan, "FULL")
    for phase in ("ship", "refund"):
        found = in_turns(plan, (ours, bare), phase=phase)
        yield rates(f"{phase}, SQLite FULL, 1 at once", found, ours.name, bare.name)


def _pair(plan: Plan, synchronous: str) -> tuple[Workers, Workers]:
    folder = str(plan.folder)
    return Workers(SqliteShop(folder, synchronous)), Workers(BareSqlite(folder, synchronous))


def _of_the_library(found: Mapping[str, Sequence[Figures]], ours: str, bare: str) -> Row:
    """What a worker's CPU does beyond the bare statements."""
    mine, theirs = middle(found[ours]), middle(found[bare])
    beyond = (mine.cpu_ms - theirs.cpu_ms) * 1e3
    return Row(
        f"CPU of a checkout, SQLite FULL ÷ {bare}",
        mine.cpu_ms * 1e3,
        theirs.cpu_ms * 1e3,
        mine.cpu_ms / theirs.cpu_ms,
        "µs",
        len(found[ours]),
        f"at most {MOST_LIBRARY_MICROS} µs beyond ({beyond:,.0f}):",
        beyond <= MOST_LIBRARY_MICROS,
    )
