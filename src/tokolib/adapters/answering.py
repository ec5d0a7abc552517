"""One question at a time, by the method that it stands for: for adapters that gain nothing by asking several."""

from typing import Any

from tokolib.kernel.asks import Ask, Find, Get, GetMany, History, Holds, Ledger, Levels, Recall, Value
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.kernel.storage import UnitOfWork


def answer(unit: UnitOfWork, ask: Ask[Any]) -> MaybeAwaitable[Any]:
    """What *unit* says to *ask*."""
    match ask:
        case Get(collection, id):
            return unit.get(collection, id)
        case GetMany(collection, ids):
            return unit.get_many(collection, ids)
        case Find():
            return unit.find(
                ask.collection,
                ask.index,
                equals=ask.equals,
                since=ask.since,
                until=ask.until,
                after=ask.after,
                limit=ask.limit,
                descending=ask.descending,
            )
        case History(stream, after, limit):
            return unit.history(stream, after=after, limit=limit)
        case Ledger():
            return unit.ledger(ask.name, account=ask.account, refers_to=ask.refers_to, after=ask.after, limit=ask.limit)
        case Levels(resources, now):
            return unit.levels(resources, now=now)
        case Holds(ids):
            return unit.holds(ids)
        case Recall(scope, key, fingerprint):
            return unit.seen(scope, key, fingerprint)
        case Value(counter):
            return unit.value(counter)
        case _:
            raise TypeError(f"no question of the port: {ask!r}")
