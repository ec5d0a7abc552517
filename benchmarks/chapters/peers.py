"""Other shops doing the same job, where `make bench-peers` has installed them."""

from collections.abc import Iterator
from typing import Final

from benchmarks.compare import LeftOut, Plan, Workers, in_turns, rates
from benchmarks.peers.contenders import Peer, installed
from benchmarks.results import Row
from benchmarks.stores.tokolib_shop import PostgresShop, SqliteShop

AT_LEAST: Final = {
    "django-oscar, SQLite FULL": 60,
    "Vendure, SQLite FULL": 90,
    "django-oscar, PostgreSQL": 60,
}


def run(plan: Plan) -> Iterator[Row]:
    """The rows of the peers, on SQLite and on PostgreSQL."""
    peers = installed()
    if not peers:
        raise LeftOut("no other shop is installed; run make bench-peers")
    yield from _beside(plan, Workers(SqliteShop(str(plan.folder))), peers)
    server = plan.postgres()
    yield from _beside(plan, Workers(PostgresShop(server), server.pid), installed(server))


def _beside(plan: Plan, ours: Workers, peers: list[Peer]) -> Iterator[Row]:
    ours.store.reset()
    for each in peers:
        each.fill(plan)
    for phase in ("checkout", "ship", "refund"):
        found = in_turns(plan, (ours, *peers), phase=phase)
        for each in peers:
            least = AT_LEAST.get(each.name) if phase == "checkout" else None
            yield rates(f"{phase}, 1 at once", found, ours.name, each.name, at_least=least)
