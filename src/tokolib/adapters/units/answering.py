"""One question at a time, by the method that it stands for: for adapters that gain nothing by asking several."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tokolib.kernel.asks import Ask, Find, Get, GetMany, History, Holds, Ledger, Levels, Recall, Value
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.kernel.storage import UnitOfWork


def answer(unit: UnitOfWork, ask: Ask[Any]) -> MaybeAwaitable[Any]:
    """What *unit* says to *ask*."""
    answering = _ANSWERING.get(type(ask))
    if answering is None:
        raise TypeError(f"no question of the port: {ask!r}")
    return answering(unit, ask)


def _find(unit: UnitOfWork, ask: Find) -> Any:
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


def _ledger(unit: UnitOfWork, ask: Ledger) -> Any:
    return unit.ledger(ask.name, account=ask.account, refers_to=ask.refers_to, after=ask.after, limit=ask.limit)


_ANSWERING: Final[Mapping[type[Ask[Any]], Callable[[UnitOfWork, Any], Any]]] = {
    Get: lambda unit, ask: unit.get(ask.collection, ask.id),
    GetMany: lambda unit, ask: unit.get_many(ask.collection, ask.ids),
    Find: _find,
    History: lambda unit, ask: unit.history(ask.stream, after=ask.after, limit=ask.limit),
    Ledger: _ledger,
    Levels: lambda unit, ask: unit.levels(ask.resources, now=ask.now),
    Holds: lambda unit, ask: unit.holds(ask.ids),
    Recall: lambda unit, ask: unit.seen(ask.scope, ask.key, ask.fingerprint),
    Value: lambda unit, ask: unit.value(ask.counter),
}
