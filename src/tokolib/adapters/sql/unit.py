"""A unit of work in a database: writes are recorded and sent together, questions are answered together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from tokolib.adapters.sql.asking import questions
from tokolib.adapters.sql.scanning import scan_documents, scan_table
from tokolib.adapters.sql.sending import send
from tokolib.adapters.sql.session import Session
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.units.ranges import positive
from tokolib.adapters.units.recording import RecordingUnit
from tokolib.kernel.asks import Ask, Find, Get, GetMany, History, Holds, Ledger, Levels, Recall, Value
from tokolib.kernel.rows import (
    Collection,
    Doc,
    Entry,
    Kind,
    Level,
    Page,
    Row,
    Scalar,
    ScanRow,
    Seen,
    StoredEvent,
    StoredHold,
)

T = TypeVar("T")


class SqlUnit(RecordingUnit):
    """One transaction, or a savepoint in the host's. In a blocking storage its answers never have to be waited for."""

    def __init__(self, declared: Declared, session: Session, *, read_only: bool) -> None:
        super().__init__(declared.shapes, max_body=declared.max_body, read_only=read_only)
        self._declared = declared
        self._session = session

    async def _sent(self) -> Session:
        """The session, after everything recorded was sent."""
        self._must_be_open()
        self._session.check()
        if self._batch:
            try:
                await send(self._recorded(), self._session, self._declared)
            except BaseException:
                await self.rollback()
                raise
        return self._session

    async def flush(self) -> None:
        """Send what was recorded; a refusal closes the unit."""
        await self._sent()

    async def commit(self) -> None:
        """Send what was recorded, and let it last."""
        session = await self._sent()
        self._closed = True
        await session.commit()

    async def rollback(self) -> None:
        """Leave no trace."""
        if not self._closed:
            self._closed = True
            await self._session.rollback()

    async def read(self, *asks: Ask[Any]) -> tuple[Any, ...]:
        """The answers to several questions, in one trip."""
        session = await self._sent()
        asked = questions(asks, self._declared, session.partition)
        found = await session.answers(*[one.query for one in asked])
        return tuple([answer for one, rows in zip(asked, found, strict=True) for answer in one.answers(rows)])

    async def _one(self, ask: Ask[T]) -> T:
        answer: T = (await self.read(ask))[0]
        return answer

    async def get(self, collection: Collection, id: str) -> Doc | None:
        """The document, or None."""
        return await self._one(Get(collection, id))

    async def get_many(self, collection: Collection, ids: Sequence[str]) -> dict[str, Doc]:
        """The documents that exist, by id."""
        return await self._one(GetMany(collection, ids))

    async def find(
        self,
        collection: Collection,
        index: str,
        *,
        equals: Row | None = None,
        since: Scalar = None,
        until: Scalar = None,
        after: str | None = None,
        limit: int = 100,
        descending: bool = False,
    ) -> Page[Doc]:
        """One page of documents by a declared index."""
        return await self._one(Find(collection, index, equals, since, until, after, limit, descending))

    async def history(self, stream: str, *, after: int = 0, limit: int = 1000) -> Sequence[StoredEvent]:
        """The events of a stream."""
        return await self._one(History(stream, after, limit))

    async def ledger(
        self,
        name: str,
        *,
        account: str | None = None,
        refers_to: str | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> Page[Entry]:
        """One page of a ledger."""
        return await self._one(Ledger(name, account, refers_to, after, limit))

    async def levels(self, resources: Sequence[str], *, now: datetime) -> dict[str, Level]:
        """The level of each resource."""
        return await self._one(Levels(resources, now))

    async def holds(self, ids: Sequence[str]) -> dict[str, StoredHold]:
        """The holds that exist."""
        return await self._one(Holds(ids))

    async def seen(self, scope: str, key: str, fingerprint: str) -> Seen | None:
        """What a key answered the first time."""
        return await self._one(Recall(scope, key, fingerprint))

    async def value(self, counter: str) -> int:
        """The value of a counter."""
        return await self._one(Value(counter))

    async def scan(self, kind: Kind, *, name: str = "", after: str | None = None, limit: int = 1000) -> Page[ScanRow]:
        """One page of a group."""
        if kind is Kind.LEDGER:
            page = await self.ledger(name, after=after, limit=limit)
            return Page(page.items, page.after)
        session = await self._sent()
        if kind is Kind.DOCUMENTS:
            return await scan_documents(session, self._declared, name, after, positive(limit))
        return await scan_table(session, self._declared, kind, after, positive(limit))
