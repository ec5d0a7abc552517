"""Applies a batch to the tables in memory, through a journal that can take it back."""

from tokolib.adapters.memory.documents import Kept
from tokolib.adapters.memory.journal import Journal
from tokolib.adapters.memory.stock import apply_stock
from tokolib.adapters.memory.tables import Tables
from tokolib.adapters.units.writes import Append, Batch, Count, DocWrite, KeyWrite, Op, Post
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
    name, id, documents = write.shape.collection.name, write.id, tables.of(write.shape)
    before = documents.kept.get(id)
    if write.op is Op.INSERT:
        if before is not None:
            raise AlreadyExists(name, id, "id")
    elif before is None or before.doc.version != write.expected:
        raise VersionConflict(name, id, write.expected)
    after = None
    if write.op is not Op.DELETE:
        if (index := documents.collides(id, write.columns)) is not None:
            raise AlreadyExists(name, id, index)
        facts = write.facts if write.facts is not None else before.facts if before else {}
        after = Kept(Doc(id, write.expected + 1, write.body), write.columns, facts)
    journal.will(documents.change, id, before)
    documents.change(id, after)


def _append(write: Append, tables: Tables, journal: Journal) -> None:
    history = tables.histories.setdefault(write.stream, [])
    if len(history) != write.expected:
        raise VersionConflict("history", write.stream, write.expected)
    journal.extend(history, list(write.events))
    tables.outbox.append(write.stream, write.events, journal)


def _post(write: Post, tables: Tables, journal: Journal) -> None:
    ledger = tables.ledger(write.name)
    for entry in write.entries:
        if entry.id in ledger.entries:
            raise AlreadyExists(write.name, entry.id, "id")
        journal.will(ledger.remove, entry)
        ledger.add(entry)


def _count(write: Count, tables: Tables, journal: Journal) -> None:
    value = tables.counters.get(write.name, 0)
    if not write.lowest <= value <= write.highest:
        raise Refused("count", write.name, write.delta, write.available(value))
    journal.put(tables.counters, write.name, value + write.delta)
