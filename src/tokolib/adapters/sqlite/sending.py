"""Sends a batch of writes, and reads every row count: zero rows is a refusal."""

from tokolib.adapters.instants import to_micros
from tokolib.adapters.sql.statements import CollectionStatements, Statements
from tokolib.adapters.sqlite.session import Rows, Session
from tokolib.adapters.sqlite.stock import StockSender
from tokolib.adapters.sqlite.translation import Collision
from tokolib.adapters.writes import Append, Batch, Count, DocWrite, KeyWrite, Op, Post
from tokolib.kernel.storage_errors import AlreadyExists, KeyTaken, Refused, VersionConflict


class Sender:
    """Sends batches of one unit."""

    def __init__(self, session: Session, statements: Statements, collections: dict[str, CollectionStatements]) -> None:
        self._session = session
        self._text = statements
        self._collections = collections

    def send(self, batch: Batch) -> None:
        """Everything that was recorded, in the order of the port.

        Raises:
            StorageError: a write was refused, or the file can't be written; the caller rolls back.
        """
        if batch.keys:
            self._remember(batch.keys)
        for run in batch.document_runs():
            self._documents(run)
        if batch.appends:
            self._append(batch.appends)
        if batch.posts:
            self._post(batch.posts)
        for count in batch.ordered_counts():
            self._count(count)
        if batch.stock:
            StockSender(self._session, self._text).send(batch)

    def _remember(self, keys: list[KeyWrite]) -> None:
        rows = [(self._session.partition, key.scope, key.key, key.fingerprint, key.result) for key in keys]
        try:
            self._session.change_each(self._text.remember, rows)
        except Collision as taken:
            key = keys[taken.position]
            raise KeyTaken(key.scope, key.key) from taken

    def _documents(self, run: list[DocWrite]) -> None:
        text = self._collections[run[0].shape.collection.name]
        partition = self._session.partition
        match run[0].op:
            case Op.INSERT:
                rows = [(partition, write.id, write.body, *write.columns) for write in run]
                self._unless_taken(text.insert, rows, run)
            case Op.REPLACE:
                for write in run:
                    row = (write.body, *write.columns, partition, write.id, write.expected)
                    self._at_version(text.replace, row, write)
            case Op.DELETE:
                for write in run:
                    self._at_version(text.delete, (partition, write.id, write.expected), write)
        if text.facts:
            self._facts(text, run)

    def _at_version(self, text: str, row: tuple[object, ...], write: DocWrite) -> None:
        if self._unless_taken(text, [row], [write]) != 1:
            raise VersionConflict(write.shape.collection.name, write.id, write.expected)

    def _unless_taken(self, text: str, rows: Rows, run: list[DocWrite]) -> int:
        try:
            return self._session.change_each(text, rows)
        except Collision as taken:
            write = run[taken.position]
            index = _index_name(write, taken.columns)
            raise AlreadyExists(write.shape.collection.name, write.id, index) from taken

    def _facts(self, text: CollectionStatements, run: list[DocWrite]) -> None:
        partition = self._session.partition
        for name, table in text.facts.items():
            if run[0].op is not Op.INSERT:
                stale = [(partition, write.id) for write in run if write.facts is not None]
                self._session.change_each(table.clear, stale)
            rows = [
                (partition, write.id, number, *row)
                for write in run
                for number, row in enumerate((write.facts or {}).get(name, ()))
            ]
            if rows:
                self._session.change_each(table.insert, rows)

    def _append(self, appends: list[Append]) -> None:
        partition = self._session.partition
        events = [event for append in appends for event in append.events]
        instants = [to_micros(event.at, "at") for event in events]
        rows = [
            (partition, e.id, e.stream, e.seq, e.topic, e.payload, at, e.seq - 1, partition, e.stream, e.seq - 1)
            for e, at in zip(events, instants, strict=True)
        ]
        try:
            appended = self._session.change_each(self._text.append, rows)
        except Collision as taken:
            event = events[taken.position]
            late = next(append for append in appends if event in append.events)
            raise VersionConflict("history", late.stream, late.expected) from taken
        if appended != len(rows):
            raise self._gap(appends)
        parcels = [(partition, e.id, e.stream, e.seq, at) for e, at in zip(events, instants, strict=True)]
        try:
            self._session.change_each(self._text.send, parcels)
        except Collision as taken:
            raise AlreadyExists("history", events[taken.position].id, "id") from taken

    def _gap(self, appends: list[Append]) -> VersionConflict:
        for append in appends:
            row = self._session.row(self._text.last_seq, (self._session.partition, append.stream))
            if row is None or (row[0] or 0) < append.expected + len(append.events):
                break
        return VersionConflict("history", append.stream, append.expected)

    def _post(self, posts: list[Post]) -> None:
        entries = [(post.name, entry) for post in posts for entry in post.entries]
        rows = [
            (
                self._session.partition,
                name,
                entry.id,
                entry.batch,
                entry.account,
                entry.amount,
                entry.unit,
                entry.kind,
                entry.refers_to,
                to_micros(entry.at, "at"),
            )
            for name, entry in entries
        ]
        try:
            self._session.change_each(self._text.post, rows)
        except Collision as taken:
            name, entry = entries[taken.position]
            raise AlreadyExists(name, entry.id, "id") from taken

    def _count(self, write: Count) -> None:
        session, partition = self._session, self._session.partition
        row = (write.delta, partition, write.name, write.lowest, write.highest)
        if write.lowest <= write.highest and session.change(self._text.count, row) == 1:
            return
        first = (partition, write.name, write.delta)
        if write.lowest <= 0 <= write.highest and session.change(self._text.count_first, first) == 1:
            return
        found = session.row(self._text.value, (partition, write.name))
        raise Refused("count", write.name, write.delta, write.available(found[0] if found else 0))


def _index_name(write: DocWrite, columns: tuple[str, ...]) -> str:
    """The index that *columns*, which begin with the partition, belong to."""
    named = {index.columns: index.name for index in write.shape.collection.indexes if index.unique}
    return named.get(columns[1:], "id")
