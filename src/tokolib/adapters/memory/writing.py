"""Applies a batch to the tables in memory, through a journal that can take it back."""

from bisect import bisect_left

from tokolib.adapters.memory.journal import Journal
from tokolib.adapters.memory.stock import apply_stock
from tokolib.adapters.memory.tables import Kept, Key, Tables, key_of
from tokolib.adapters.writes import Append, Batch, Count, DocWrite, KeyWrite, Op, Post
from tokolib.kernel.rows import Doc
from tokolib.kernel.storage_errors import AlreadyExists, KeyTaken, Refused, VersionConflict


def apply(batch: Batch, tables: Tables, journal: Journal) -> None:
    """Apply every write of *batch*, in the order of the port.

    Raises:
        StorageError: a write was refused; the caller undoes the journal.
    """
    for key in batch.keys:
        _remember(key, tables, journal)
    for run in batch.document_runs():
        for document in run:
            _document(document, tables, journal)
    for append in batch.appends:
        _append(append, tables, journal)
    for post in batch.posts:
        _post(post, tables, journal)
    for count in batch.ordered_counts():
        _count(count, tables, journal)
    apply_stock(batch, tables, journal)


def _remember(write: KeyWrite, tables: Tables, journal: Journal) -> None:
    name = (write.scope, write.key)
    if name in tables.keys:
        raise KeyTaken(write.scope, write.key)
    journal.put(tables.keys, name, (write.fingerprint, write.result))


def _document(write: DocWrite, tables: Tables, journal: Journal) -> None:
    name = write.shape.collection.name
    kept = tables.of(name)
    before = kept.get(write.id)
    if write.op is Op.INSERT:
        if before is not None:
            raise AlreadyExists(name, write.id, "id")
    elif before is None or before.doc.version != write.expected:
        raise VersionConflict(name, write.id, write.expected)
    if before is not None:
        for index in write.shape.collection.indexes:
            journal.displace(tables.order(name, index.name), key_of(write.shape, index.columns, before))
    if write.op is Op.DELETE:
        journal.drop(kept, write.id)
        return
    facts = write.facts if write.facts is not None else before.facts if before else {}
    after = Kept(Doc(write.id, write.expected + 1, write.body), write.columns, facts)
    for index in write.shape.collection.indexes:
        order = tables.order(name, index.name)
        key = key_of(write.shape, index.columns, after)
        if index.unique and _is_taken(order, key[:-1]):
            raise AlreadyExists(name, write.id, index.name)
        journal.place(order, key)
    journal.put(kept, write.id, after)


def _is_taken(order: list[Key], columns: Key) -> bool:
    if (0,) in columns:  # null never collides
        return False
    place = bisect_left(order, columns)
    return place < len(order) and order[place][:-1] == columns


def _append(write: Append, tables: Tables, journal: Journal) -> None:
    history = tables.histories.setdefault(write.stream, [])
    if len(history) != write.expected:
        raise VersionConflict("history", write.stream, write.expected)
    journal.extend(history, list(write.events))
    for event in write.events:
        tables.outbox.append(event, journal)


def _post(write: Post, tables: Tables, journal: Journal) -> None:
    ledger = tables.ledgers.setdefault(write.name, {})
    for entry in write.entries:
        if entry.id in ledger:
            raise AlreadyExists(write.name, entry.id, "id")
        journal.put(ledger, entry.id, entry)
        for by, value in (("id", ""), ("account", entry.account), ("refers_to", entry.refers_to)):
            journal.place(tables.ledger_order(write.name, by, value), entry.id)


def _count(write: Count, tables: Tables, journal: Journal) -> None:
    value = tables.counters.get(write.name, 0)
    if not write.lowest <= value <= write.highest:
        raise Refused("count", write.name, write.delta, write.available(value))
    journal.put(tables.counters, write.name, value + write.delta)
