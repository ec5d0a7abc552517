"""Questions to a unit of work as values, so that several are answered in one trip: `unit.read(Get(...), Value(...))`.

Each stands for the method of the same purpose, with its arguments; `of` asks it of a unit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from tokolib.kernel.rows import Collection, Doc, Entry, Level, Page, Row, Scalar, Seen, StoredEvent, StoredHold

if TYPE_CHECKING:
    from tokolib.kernel.hosting import MaybeAwaitable
    from tokolib.kernel.storage import UnitOfWork

T = TypeVar("T")


class Ask(Generic[T]):
    """A question that a unit of work answers with a T."""

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[T]":
        """The unit's answer, by the method that this question stands for."""
        raise NotImplementedError


@attrs.frozen
class Get(Ask[Doc | None]):
    """`get`."""

    collection: Collection
    id: str

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[Doc | None]":
        """The document, or None."""
        return unit.get(self.collection, self.id)


@attrs.frozen
class GetMany(Ask[dict[str, Doc]]):
    """`get_many`."""

    collection: Collection
    ids: Sequence[str]

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[dict[str, Doc]]":
        """The documents that exist, by id."""
        return unit.get_many(self.collection, self.ids)


@attrs.frozen
class Find(Ask[Page[Doc]]):
    """`find`."""

    collection: Collection
    index: str
    equals: Row | None = None
    since: Scalar = None
    until: Scalar = None
    after: str | None = None
    limit: int = 100
    descending: bool = False

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[Page[Doc]]":
        """One page of documents."""
        return unit.find(
            self.collection,
            self.index,
            equals=self.equals,
            since=self.since,
            until=self.until,
            after=self.after,
            limit=self.limit,
            descending=self.descending,
        )


@attrs.frozen
class History(Ask[Sequence[StoredEvent]]):
    """`history`."""

    stream: str
    after: int = 0
    limit: int = 1000

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[Sequence[StoredEvent]]":
        """The events of a stream."""
        return unit.history(self.stream, after=self.after, limit=self.limit)


@attrs.frozen
class Ledger(Ask[Page[Entry]]):
    """`ledger`."""

    name: str
    account: str | None = None
    refers_to: str | None = None
    after: str | None = None
    limit: int = 1000

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[Page[Entry]]":
        """One page of a ledger."""
        return unit.ledger(
            self.name, account=self.account, refers_to=self.refers_to, after=self.after, limit=self.limit
        )


@attrs.frozen
class Levels(Ask[dict[str, Level]]):
    """`levels`."""

    resources: Sequence[str]
    now: datetime

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[dict[str, Level]]":
        """The level of each resource."""
        return unit.levels(self.resources, now=self.now)


@attrs.frozen
class Holds(Ask[dict[str, StoredHold]]):
    """`holds`."""

    ids: Sequence[str]

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[dict[str, StoredHold]]":
        """The holds that exist."""
        return unit.holds(self.ids)


@attrs.frozen
class Recall(Ask[Seen | None]):
    """`seen`."""

    scope: str
    key: str
    fingerprint: str

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[Seen | None]":
        """What the key answered the first time."""
        return unit.seen(self.scope, self.key, self.fingerprint)


@attrs.frozen
class Value(Ask[int]):
    """`value`."""

    counter: str

    def of(self, unit: "UnitOfWork") -> "MaybeAwaitable[int]":
        """The value of a counter."""
        return unit.value(self.counter)
