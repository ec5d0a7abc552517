"""One resource's stock row: what it says, and the leases that are reaped under its lock when it refuses."""

from datetime import datetime

from tokolib.adapters.instants import to_micros
from tokolib.adapters.sql.session import Session, Step, rows
from tokolib.adapters.sql.statements import StockStatements
from tokolib.kernel.storage_errors import Serialization


def changed_meanwhile(place: int) -> Serialization:
    """What it means that a row which was just read is another one now."""
    return Serialization("a hold was changed by another unit meanwhile")


async def level(session: Session, text: StockStatements, resource: str) -> tuple[int, int]:
    """On hand and held of a resource, as stored."""
    found = await rows(session, text.level, (session.partition, resource))
    return (found[0][0], found[0][1]) if found else (0, 0)


async def reserved(session: Session, text: StockStatements, resource: str, quantity: int) -> bool:
    """Whether *quantity* of a resource is held now that was free before."""
    effects = await session.send([Step(text.reserve, [(session.partition, resource, quantity)])])
    return bool(effects[0])


async def reap(session: Session, text: StockStatements, resource: str, now: datetime) -> frozenset[str]:
    """End the leases of a resource that have run out, and free what they held; the ids of those holds."""
    query = (text.run_out, (session.partition, resource, to_micros(now, "now")))
    if not await rows(session, *query):
        return frozenset()
    await rows(session, text.lock, (session.partition, resource))
    ended = await rows(session, *query)  # seen anew: whoever had the lock before may have reaped them
    if not ended:
        return frozenset()
    freed = sum(quantity for _, quantity in ended)
    await session.send(
        [
            Step(text.expire, [(session.partition, id) for id, _ in ended], changed_meanwhile),
            Step(text.unreserve, [(session.partition, resource, freed)], changed_meanwhile),
        ]
    )
    return frozenset(id for id, _ in ended)
