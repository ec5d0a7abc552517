"""On PostgreSQL, beside bare SQL in eleven round trips: 1, 2, 4 and 8 clients, then ship and refund."""

from collections.abc import Iterator
from typing import Final

from benchmarks.compare import Plan, Workers, in_turns, rates
from benchmarks.results import Row
from benchmarks.server import Server
from benchmarks.stores.postgres import BarePostgres
from benchmarks.stores.tokolib_shop import PostgresShop

AT_LEAST: Final = {1: 1.2, 8: 1.5}


def run(plan: Plan) -> Iterator[Row]:
    """The rows of PostgreSQL."""
    server: Server = plan.postgres()
    ours, bare = Workers(PostgresShop(server), server.pid), Workers(BarePostgres(server), server.pid)
    for workers in (1, 2, 4, 8):
        found = in_turns(plan, (ours, bare), workers=workers)
        name = f"checkout, PostgreSQL, {workers} at once"
        yield rates(name, found, ours.name, bare.name, at_least=AT_LEAST.get(workers))
    for phase in ("ship", "refund"):
        found = in_turns(plan, (ours, bare), phase=phase)
        yield rates(f"{phase}, PostgreSQL, 1 at once", found, ours.name, bare.name)
