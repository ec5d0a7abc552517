"""Questions to a unit of work as values, so that several are answered in one trip: `unit.read(Get(...), Value(...))`.

Each stands for the method of the same purpose, with its arguments.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import attrs

from tokolib.kernel.rows import Collection, Doc, Entry, Level, Page, Row, Scalar, Seen, StoredEvent, StoredHold

T = TypeVar("T")


class Ask(Generic[T]):
    """A question that a unit of work answers with a T."""


@attrs.frozen
class Get(Ask[Doc | None]):
    """`get`."""

    collection: Collection
    id: str


@attrs.frozen
class GetMany(Ask[dict[str, Doc]]):
    """`get_many`."""

    collection: Collection
    ids: Sequence[str]


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


@attrs.frozen
class History(Ask[Sequence[StoredEvent]]):
    """`history`."""

    stream: str
    after: int = 0
    limit: int = 1000


@attrs.frozen
class Ledger(Ask[Page[Entry]]):
    """`ledger`."""

    name: str
    account: str | None = None
    refers_to: str | None = None
    after: str | None = None
    limit: int = 1000


@attrs.frozen
class Levels(Ask[dict[str, Level]]):
    """`levels`."""

    resources: Sequence[str]
    now: datetime


@attrs.frozen
class Holds(Ask[dict[str, StoredHold]]):
    """`holds`."""

    ids: Sequence[str]


@attrs.frozen
class Recall(Ask[Seen | None]):
    """`seen`."""

    scope: str
    key: str
    fingerprint: str


@attrs.frozen
class Value(Ask[int]):
    """`value`."""

    counter: str


@attrs.frozen
class Fetch:
    """A question of a repository that goes along with others, and who takes its answer."""

    ask: Ask[Any]
    remembered: bool
    """Whether it is about reference data."""
    take: Callable[[Any, bool], None]
    """Takes the answer, and whether it may be remembered."""
