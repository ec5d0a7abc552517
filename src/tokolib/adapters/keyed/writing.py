"""Applies a batch to the rows of a partition, in the order of the port."""

from tokolib.adapters.keyed.forms import columns_of, told
from tokolib.adapters.keyed.packing import Part, number
from tokolib.adapters.keyed.rows import Place, Shelf
from tokolib.adapters.keyed.stock import apply_stock
from tokolib.adapters.units.instants import to_micros
from tokolib.adapters.units.shapes import Shape
from tokolib.adapters.units.writes import Append, Batch, Count, DocWrite, KeyWrite, Op, Post
from tokolib.kernel.rows import Index, Scalar
from tokolib.kernel.storage_errors import AlreadyExists, KeyTaken, Refused, VersionConflict


def apply(batch: Batch, shelf: Shelf) -> None:
    """Apply every write of *batch*.

    Raises:
        StorageError: a write was refused; the caller rolls back.
    """
    for key in batch.keys:
        _remember(key, shelf)
    for run in batch.document_runs():
        for document in run:
            _document(document, shelf)
    for append in batch.appends:
        _append(append, shelf)
    for post in batch.posts:
        _post(post, shelf)
    for count in batch.ordered_counts():
        _count(count, shelf)
    apply_stock(batch, shelf)


def _remember(write: KeyWrite, shelf: Shelf) -> None:
    place = ("key", write.scope, write.key)
    if shelf.get(*place) is not None:
        raise KeyTaken(write.scope, write.key)
    shelf.put(place, write.fingerprint, write.result)


def _document(write: DocWrite, shelf: Shelf) -> None:
    name = write.shape.collection.name
    place = ("doc", name, write.id)
    before = shelf.get(*place)
    if write.op is Op.INSERT:
        if before is not None:
            raise AlreadyExists(name, write.id, "id")
    elif before is None or before[0] != write.expected:
        raise VersionConflict(name, write.id, write.expected)
    if before is not None:
        for index in write.shape.collection.indexes:
            place_before = _index_place(write.shape, index, columns_of(before), write.id)
            if _leads(index, place_before):
                shelf.drop(*place_before)
    if write.op is Op.DELETE:
        shelf.drop(*place)
        return
    kept = before[3] if before is not None and write.facts is None else told(write.facts or {})
    for index in write.shape.collection.indexes:
        put_index(write.shape, index, write.columns, write.id, shelf)
    shelf.put(place, write.expected + 1, write.body, told(write.columns), kept)


def put_index(shape: Shape, index: Index, columns: tuple[Scalar, ...], id: str, shelf: Shelf) -> None:
    """Let an index lead to a document, if it does: a sparse one leads to none that has a null.

    Raises:
        AlreadyExists: it is unique, and leads to another one. Null never collides.
    """
    place = _index_place(shape, index, columns, id)
    if not _leads(index, place):
        return
    if index.unique and None not in place and any(shelf.walk(*place[:-1])):
        raise AlreadyExists(shape.collection.name, id, index.name)
    shelf.put(place)


def _leads(index: Index, place: Place) -> bool:
    return not index.sparse or None not in place


def _index_place(shape: Shape, index: Index, columns: tuple[Scalar, ...], id: str) -> Place:
    values = dict(zip((column.name for column in shape.collection.columns), columns, strict=True))
    parts: list[Part] = [values[column] for column in index.columns]
    return ("index", shape.collection.name, index.name, *parts, id)


def _append(write: Append, shelf: Shelf) -> None:
    last = shelf.get("event", write.stream, write.expected) if write.expected > 0 else ()
    if last is None or write.expected < 0 or shelf.get("event", write.stream, write.expected + 1) is not None:
        raise VersionConflict("history", write.stream, write.expected)
    for event in write.events:
        if shelf.get("event_id", event.id) is not None:
            raise AlreadyExists("history", event.id, "id")
        at = to_micros(event.at, "at")
        shelf.put(("event", event.stream, event.seq), event.id, event.topic, event.payload, at)
        shelf.put(("event_id", event.id), event.stream, event.seq)
        shelf.put(("outbox", event.stream, event.seq, event.id), at, None, None, 0, "")
        shelf.put(("open", event.stream, event.seq, event.id))


def _post(write: Post, shelf: Shelf) -> None:
    for entry in write.entries:
        place = ("entry", write.name, entry.id)
        if shelf.get(*place) is not None:
            raise AlreadyExists(write.name, entry.id, "id")
        start: Place = (entry.batch, entry.account, entry.amount, entry.unit)
        shelf.put(place, *start, entry.kind, entry.refers_to, to_micros(entry.at, "at"))
        shelf.put(("by_account", write.name, entry.account, entry.id))
        shelf.put(("by_reference", write.name, entry.refers_to, entry.id))


def _count(write: Count, shelf: Shelf) -> None:
    found = shelf.get("counter", write.name)
    value = 0 if found is None else number(found[0])
    if not write.lowest <= value <= write.highest:
        raise Refused("count", write.name, write.delta, write.available(value))
    shelf.put(("counter", write.name), value + write.delta)
