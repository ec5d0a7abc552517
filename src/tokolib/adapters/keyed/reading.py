"""Answers from the rows of a partition."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar

from tokolib.adapters.keyed.forms import doc_of, doc_row, entry_of, event_of, hold_of
from tokolib.adapters.keyed.packing import BEHIND_NULL, END, number, pack, words
from tokolib.adapters.keyed.rows import Place, Shelf
from tokolib.adapters.keyed.stock import level_of, run_out
from tokolib.adapters.units.cursors import ID, PLACES, from_cursor, to_cursor
from tokolib.adapters.units.instants import to_micros
from tokolib.adapters.units.ranges import Range
from tokolib.adapters.units.shapes import Shape, Shapes
from tokolib.kernel.rows import CounterRow, Doc, Entry, KeyRow, Kind, Level, OutboxRow, Page, Scalar, ScanRow, StockRow
from tokolib.kernel.storage_errors import Misuse

T = TypeVar("T")
Found = tuple[tuple[Scalar, ...], T]
"""A row, and its position for a cursor."""


def page(found: Iterable[Found[T]], limit: int) -> Page[T]:
    """The first *limit* of *found*, and a cursor if there are more."""
    rows = list(islice(found, limit + 1))
    after = to_cursor(rows[limit - 1][0]) if len(rows) > limit else None
    return Page(tuple(row for _, row in rows[:limit]), after)


def behind(position: Iterable[Scalar]) -> bytes:
    """Where the rows behind a position begin."""
    return pack(position) + b"\0"


def find(shelf: Shelf, shape: Shape, asked: Range) -> Page[Doc]:
    """One page of documents in the order of an index."""
    name = shape.collection.name
    bounded = asked.since is not None or asked.until is not None
    low = pack((asked.since,)) if asked.since is not None else BEHIND_NULL if bounded else b""
    high = pack((asked.until,)) if asked.until is not None else END
    if asked.position is not None and asked.descending:
        high = min(high, pack(asked.position))
    elif asked.position is not None:
        low = max(low, behind(asked.position))
    prefix = ("index", name, asked.index.name, *asked.fixed)
    places = (place for place, _ in shelf.walk(*prefix, low=low, high=high, backwards=asked.descending))
    return page(((_scalars(place), doc(shelf, name, words(place[-1]))) for place in places), asked.limit)


def doc(shelf: Shelf, name: str, id: str) -> Doc:
    """A document that is there."""
    return doc_of(id, shelf.get("doc", name, id) or ())


def ledger(
    shelf: Shelf, name: str, account: str | None, refers_to: str | None, after: str | None, limit: int
) -> Page[Entry]:
    """One page of a ledger in the order of its ids."""
    low = b"" if after is None else behind(from_cursor(after, (ID,)))
    if account is not None:
        prefix: Place = ("by_account", name, account)
    elif refers_to is not None:
        prefix = ("by_reference", name, refers_to)
    else:
        prefix = ("entry", name)
    ids = (place[0] for place, _ in shelf.walk(*prefix, low=low))
    entries = (entry_of(id, shelf.get("entry", name, id) or ()) for id in ids)
    wanted = (entry for entry in entries if refers_to is None or entry.refers_to == refers_to)
    return page((((entry.id,), entry) for entry in wanted), limit)


def level(shelf: Shelf, resource: str, now: datetime) -> Level:
    """The level of one resource at *now*."""
    on_hand, held = level_of(shelf, resource)
    held -= sum(hold.quantity for hold in run_out(shelf, resource, to_micros(now, "now")))
    return Level(on_hand, held, on_hand - held)


GROUPS: Final[dict[Kind, tuple[str, Callable[[Any, Any], ScanRow]]]] = {
    Kind.HISTORY: ("event", event_of),
    Kind.STOCK: ("stock", lambda place, values: StockRow(*place, *values)),
    Kind.HOLDS: ("hold", lambda place, values: hold_of(place[0], values)),
    Kind.COUNTERS: ("counter", lambda place, values: CounterRow(*place, *values)),
    Kind.KEYS: ("key", lambda place, values: KeyRow(place[0], place[1], values[0])),
    Kind.OUTBOX: (
        "outbox",
        lambda place, values: OutboxRow(
            place[2], place[0], place[1], values[1] is not None, number(values[3]), values[2] is not None
        ),
    ),
}


def scan(shelf: Shelf, shapes: Shapes, kind: Kind, name: str, after: str | None, limit: int) -> Page[ScanRow]:
    """One page of a group, in the order of its primary key."""
    if kind is Kind.LEDGER:
        entries = ledger(shelf, name, None, None, after, limit)
        return Page(entries.items, entries.after)
    low = b"" if after is None else behind(from_cursor(after, PLACES[kind]))
    if kind is Kind.DOCUMENTS:
        if name not in shapes:
            raise Misuse(f"no collection {name!r} was declared")
        docs = shelf.walk("doc", name, low=low)
        return page(((_scalars(place), doc_row(shapes[name], place[0], values)) for place, values in docs), limit)
    group, row = GROUPS[kind]
    rows = shelf.walk(group, low=low)
    return page(((_scalars(place), row(place, values)) for place, values in rows), limit)


def _scalars(place: Place) -> tuple[Scalar, ...]:
    return tuple(part for part in place if not isinstance(part, bytes))
