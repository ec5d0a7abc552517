"""The writes that a unit records, and the order in which they are sent.

Keys first, so that a lost race costs nothing; then documents, histories, ledgers, counters by name and stock by
resource, so that two units that want the same rows ask for them in the same order.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

import attrs

from tokolib.adapters.units.shapes import FactRows, Shape
from tokolib.kernel.rows import Demand, Entry, Scalar, StoredEvent


class KeyWrite(NamedTuple):
    """`remember`."""

    scope: str
    key: str
    fingerprint: str
    result: bytes


class Op(StrEnum):
    """What happens to a document."""

    INSERT = "insert"
    REPLACE = "replace"
    DELETE = "delete"


class DocWrite(NamedTuple):
    """`insert`, `replace` or `delete`; *facts* None leaves them as they are."""

    op: Op
    shape: Shape
    id: str
    body: bytes
    columns: tuple[Scalar, ...]
    facts: FactRows | None
    expected: int


class Append(NamedTuple):
    """`append`; the events follow *expected* without a gap."""

    stream: str
    events: Sequence[StoredEvent]
    expected: int


class Post(NamedTuple):
    """`post`."""

    name: str
    entries: Sequence[Entry]


class Count(NamedTuple):
    """`count`; the value before it must lie in [lowest, highest], which takes the bounds and 64 bits in."""

    name: str
    delta: int
    floor: int | None
    ceiling: int | None
    lowest: int
    highest: int

    def available(self, value: int) -> int:
        """How far the counter may still go in the direction that was asked for."""
        return self.highest + self.delta - value if self.delta > 0 else value - self.lowest - self.delta


class Hold(NamedTuple):
    """One demand of `hold`."""

    demand: Demand
    until: datetime | None
    now: datetime


class Keep(NamedTuple):
    """One id of `keep`."""

    hold_id: str
    now: datetime


class Take(NamedTuple):
    """One id of `take`."""

    hold_id: str
    now: datetime


class Release(NamedTuple):
    """One id of `release`."""

    hold_id: str


class Adjust(NamedTuple):
    """`adjust`."""

    resource: str
    delta: int


_RESOURCE: Final = attrgetter("demand.resource")
_NAME: Final = attrgetter("name")
_COLLECTION: Final = attrgetter("shape.collection.name")

StockWrite = Hold | Keep | Take | Release | Adjust


@attrs.define(eq=False)
class Batch:
    """Everything that a unit has recorded and not sent yet."""

    keys: list[KeyWrite] = attrs.Factory(list)
    documents: list[DocWrite] = attrs.Factory(list)
    appends: list[Append] = attrs.Factory(list)
    posts: list[Post] = attrs.Factory(list)
    counts: list[Count] = attrs.Factory(list)
    stock: list[StockWrite] = attrs.Factory(list)

    def __bool__(self) -> bool:
        return bool(self.documents or self.appends or self.stock or self.keys or self.posts or self.counts)

    def document_runs(self) -> list[list[DocWrite]]:
        """Documents by collection, in recording order, cut where the kind of write changes."""
        ordered = sorted(self.documents, key=_COLLECTION)
        return [list(run) for _, run in groupby(ordered, key=lambda write: (id(write.shape), write.op))]

    def ordered_counts(self) -> list[Count]:
        """Counters by name, in recording order within one."""
        return sorted(self.counts, key=_NAME)

    def hold_ids(self) -> list[str]:
        """Every hold that a stock write speaks of."""
        return list(dict.fromkeys(hold_id_of(write) for write in self.stock if not isinstance(write, Adjust)))

    def ordered_stock(self, resource_of: Callable[[str], str]) -> list[StockWrite]:
        """Stock by resource, in recording order within one. *resource_of* tells where a stored hold lies."""
        holds = [write for write in self.stock if isinstance(write, Hold)]
        if len(holds) == len(self.stock):
            return sorted(self.stock, key=_RESOURCE)
        wished = {write.demand.hold_id: write.demand.resource for write in holds}

        def resource(write: StockWrite) -> str:
            match write:
                case Adjust():
                    return write.resource
                case Hold():
                    return write.demand.resource
                case _:
                    return resource_of(write.hold_id) or wished.get(write.hold_id, "")

        return sorted(self.stock, key=resource)


def hold_id_of(write: Hold | Keep | Take | Release) -> str:
    """The hold that *write* speaks of."""
    return write.demand.hold_id if isinstance(write, Hold) else write.hold_id
