"""Answers from the tables in memory. Whoever asks holds the storage's lock."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from tokolib.adapters.memory.backlog import Parcel, place_of
from tokolib.adapters.memory.documents import Key, key_part
from tokolib.adapters.memory.tables import Tables, row_of
from tokolib.adapters.units.cursors import ID, PLACES, from_cursor, to_cursor
from tokolib.adapters.units.ranges import Range
from tokolib.adapters.units.shapes import Shape, Shapes
from tokolib.kernel.rows import CounterRow, Doc, Entry, KeyRow, Kind, Level, OutboxRow, Page, Scalar, ScanRow, StockRow
from tokolib.kernel.storage_errors import Misuse

R = TypeVar("R")


def find(tables: Tables, shape: Shape, asked: Range) -> Page[Doc]:
    """One page of documents in the order of an index."""
    documents = tables.of(shape)
    order = documents.order(asked.index.name)
    low, high = _stretch(order, asked)
    numbers = range(high - 1, low - 1, -1) if asked.descending else range(low, high)
    keys = [order[number] for number in numbers[: asked.limit]]
    more = len(numbers) > asked.limit
    after = to_cursor([_value(part) for part in keys[-1][len(asked.fixed) :]]) if more else None
    return Page(tuple(documents.kept[key[-1][1]].doc for key in keys), after)


def _stretch(order: list[Key], asked: Range) -> tuple[int, int]:
    """The half-open stretch of places; (2,) sorts behind every value, (1,) before every value but null."""
    prefix: Key = tuple(key_part(value) for value in asked.fixed)
    bounded = asked.since is not None or asked.until is not None
    first: Key = ((1,) if asked.since is None else (1, asked.since),) if bounded else ()
    last: Key = ((2,) if asked.until is None else (1, asked.until),)
    low, high = bisect_left(order, prefix + first), bisect_left(order, prefix + last)
    if asked.position is not None:
        behind = prefix + tuple(key_part(value) for value in asked.position)
        if asked.descending:
            high = min(high, bisect_left(order, behind))
        else:
            low = max(low, bisect_right(order, behind))
    return low, max(low, high)


def _value(part: tuple[Any, ...]) -> Scalar:
    value: Scalar = part[1] if len(part) > 1 else None
    return value


def ledger(
    tables: Tables, name: str, account: str | None, refers_to: str | None, after: str | None, limit: int
) -> Page[Entry]:
    """One page of a ledger in the order of its ids."""
    kept = tables.ledger(name)
    by, value = ("account", account) if account is not None else ("refers_to", refers_to or "")
    if account is None and refers_to is None:
        by = "id"
    order = kept.order(by, value)
    start = 0 if after is None else bisect_right(order, str(from_cursor(after, (ID,))[0]))
    wanted = (
        entry
        for place in range(start, len(order))
        if (entry := kept.entries[order[place]]).refers_to == refers_to or refers_to is None
    )
    return _page(list(islice(wanted, limit + 1)), limit, lambda entry: (entry.id,))


def level(tables: Tables, resource: str, now: datetime) -> Level:
    """The level of one resource at *now*."""
    on_hand, held = tables.stock.get(resource, (0, 0))
    held -= sum(hold.quantity for hold in tables.run_out(resource, now))
    return Level(on_hand, held, on_hand - held)


def scan(tables: Tables, shapes: Shapes, kind: Kind, name: str, after: str | None, limit: int) -> Page[ScanRow]:
    """One page of a group, in the order of its primary key."""
    if kind is Kind.DOCUMENTS:
        if name not in shapes:
            raise Misuse(f"no collection {name!r} was declared")
        kept = tables.of(shapes[name]).kept
        return _walk(kind, kept, lambda id: row_of(shapes[name], kept[id]), after, limit)
    if kind is Kind.LEDGER:
        page = ledger(tables, name, None, None, after, limit)
        return Page(page.items, page.after)
    if kind is Kind.HISTORY:
        events = {(event.stream, event.seq): event for rows in tables.histories.values() for event in rows}
        return _walk(kind, events, events.__getitem__, after, limit)
    if kind is Kind.STOCK:
        return _walk(kind, tables.stock, lambda id: StockRow(id, *tables.stock[id]), after, limit)
    if kind is Kind.HOLDS:
        return _walk(kind, tables.holds, tables.holds.__getitem__, after, limit)
    if kind is Kind.COUNTERS:
        return _walk(kind, tables.counters, lambda id: CounterRow(id, tables.counters[id]), after, limit)
    if kind is Kind.KEYS:
        return _walk(kind, tables.keys, lambda id: KeyRow(id[0], id[1], tables.keys[id][0]), after, limit)
    parcels = {place_of(parcel.event): parcel for parcel in tables.outbox.parcels.values()}
    return _walk(kind, parcels, lambda place: _outbox_row(parcels[place]), after, limit)


def _outbox_row(parcel: Parcel) -> OutboxRow:
    event = parcel.event
    done, buried = parcel.done is not None, parcel.buried is not None
    return OutboxRow(event.id, event.stream, event.seq, done, parcel.tries, buried)


def _walk(
    kind: Kind, ids: Iterable[Any], row: Callable[[Any], ScanRow], after: str | None, limit: int
) -> Page[ScanRow]:
    order: list[Any] = sorted(ids)
    start = 0
    if after is not None:
        position = from_cursor(after, PLACES[kind])
        start = bisect_right(order, position if len(position) > 1 else position[0])
    chosen = order[start : start + limit + 1]
    cursor = None
    if len(chosen) > limit:
        last = chosen[limit - 1]
        cursor = to_cursor(last if isinstance(last, tuple) else (last,))
    return Page(tuple(row(id) for id in chosen[:limit]), cursor)


def _page(rows: Sequence[R], limit: int, position: Callable[[R], tuple[Scalar, ...]]) -> Page[R]:
    after = to_cursor(position(rows[limit - 1])) if len(rows) > limit else None
    return Page(tuple(rows[:limit]), after)
