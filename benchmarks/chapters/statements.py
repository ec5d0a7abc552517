"""How often each use case speaks to its database. A test holds the checkout's figures; here they stand side by side."""

from collections.abc import Iterator
from typing import Final

from benchmarks.compare import Plan
from benchmarks.counting import round_trips, sqlite_calls
from benchmarks.results import Row
from benchmarks.stores.sqlite import BareSqlite
from benchmarks.stores.tokolib_shop import PostgresShop, SqliteShop

MOST_CALLS: Final = 12
MOST_TRIPS: Final = 4


def run(plan: Plan) -> Iterator[Row]:
    """The rows of statements and round trips."""
    folder = str(plan.folder)
    yield from _rows("calls, SQLite", sqlite_calls(SqliteShop(folder)), sqlite_calls(BareSqlite(folder)), MOST_CALLS)
    server = plan.postgres()
    from benchmarks.stores.postgres import BarePostgres

    ours, bare = round_trips(PostgresShop(server)), round_trips(BarePostgres(server))
    yield from _rows("round trips, PostgreSQL", ours, bare, MOST_TRIPS)


def _rows(unit: str, ours: dict[str, int], bare: dict[str, int], most: int) -> Iterator[Row]:
    for phase, count in ours.items():
        held = phase == "checkout"
        yield Row(
            f"{unit}: {phase} ÷ bare SQL",
            count,
            bare[phase],
            count / bare[phase],
            "calls" if "calls" in unit else "trips",
            1,
            f"at most {most}:" if held else "",
            count <= most if held else None,
        )
