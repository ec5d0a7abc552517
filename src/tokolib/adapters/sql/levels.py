"""One resource's stock: what its rows say together, and what is done under their locks when one of them refuses."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from tokolib.adapters.sql.session import Session, Step, rows
from tokolib.adapters.sql.spreading import Stocked, free_in, levelled
from tokolib.adapters.sql.statements import Declared, StockStatements
from tokolib.adapters.units.instants import to_micros
from tokolib.kernel.rows import LARGEST_INTEGER
from tokolib.kernel.storage_errors import Serialization


def changed_meanwhile(place: int) -> Serialization:
    """What it means that a row which was just read is another one now."""
    return Serialization("a hold was changed by another unit meanwhile")


async def level(session: Session, text: StockStatements, resource: str) -> tuple[int, int]:
    """On hand and held of a resource, as stored."""
    found = await rows(session, text.level, (session.partition, resource))
    return (found[0][0], found[0][1]) if found else (0, 0)


async def locked(session: Session, text: StockStatements, resource: str) -> dict[int, tuple[int, int]]:
    """On hand and held in each bucket of a resource, which nobody changes from now on."""
    found = await rows(session, text.lock, (session.partition, resource))
    return {bucket: (on_hand, held) for bucket, on_hand, held in found}


async def gather(
    session: Session, declared: Declared, resource: str, bucket: int, quantity: int, *, leave: int
) -> tuple[int, bool]:
    """Hold *quantity* in a bucket that may lack some of it, of what is free in all, where *leave* stay free after it;
    what was free, and whether it was held.

    When it wasn't, nothing was changed; and when a look shows it, nothing was locked either.
    """
    text, count = declared.statements.stock, declared.layout.buckets(resource)
    on_hand, held = await level(session, text, resource)
    if on_hand - held - quantity < leave:
        return on_hand - held, False
    stocked = await locked(session, text, resource)
    free = sum(free_in(stocked, each) for each in stocked)
    if free - quantity < leave:
        return free, False
    await changed(session, text, resource, stocked, levelled(stocked, count, bucket=bucket, wanted=quantity))
    row = (session.partition, resource, bucket, quantity, 0)  # what stays is free in all, under locks: in none alone
    await session.send([Step(text.reserve, [row], changed_meanwhile)])
    return free, True


async def changed(
    session: Session, text: StockStatements, resource: str, stocked: Stocked, changes: Mapping[int, int]
) -> None:
    """Add *changes* to what is on hand in the buckets of a resource, which are locked."""
    partition, steps = session.partition, []
    there = [(partition, resource, bucket, change) for bucket, change in changes.items() if bucket in stocked]
    if there:
        steps.append(Step(text.adjust, [(*row, LARGEST_INTEGER) for row in there], changed_meanwhile))
    new = [(partition, resource, bucket, change, 0) for bucket, change in changes.items() if bucket not in stocked]
    if new:
        steps.append(Step(text.adjust_first, new, changed_meanwhile))
    await session.send(steps)


async def reap(session: Session, text: StockStatements, resource: str, now: datetime) -> frozenset[str]:
    """End the leases of a resource that have run out, and free what they held; the ids of those holds."""
    query = (text.run_out, (session.partition, resource, to_micros(now, "now")))
    if not await rows(session, *query):
        return frozenset()
    await locked(session, text, resource)
    ended = await rows(session, *query)  # seen anew: whoever had the lock before may have reaped them
    if not ended:
        return frozenset()
    freed: Counter[int] = Counter()
    for _, quantity, bucket in ended:
        freed[bucket] += quantity
    amounts = [(session.partition, resource, bucket, quantity) for bucket, quantity in sorted(freed.items())]
    await session.send(
        [
            Step(text.expire, [(session.partition, id) for id, _, _ in ended], changed_meanwhile),
            Step(text.unreserve, amounts, changed_meanwhile),
        ]
    )
    return frozenset(id for id, _, _ in ended)
