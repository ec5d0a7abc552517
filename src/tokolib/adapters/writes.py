"""The writes that a unit records, and the order in which they are sent.

Keys first, so that a lost race costs nothing; then documents, histories, ledgers, counters by name and stock by
resource, so that two units that want the same rows ask for them in the same order.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby

import attrs

from tokolib.adapters.shapes import Shape
from tokolib.kernel.rows import Demand, Entry, Scalar, StoredEvent

FactRows = Mapping[str, Sequence[tuple[Scalar, ...]]]


@attrs.frozen(eq=False)
class KeyWrite:
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


@attrs.frozen(eq=False)
class DocWrite:
    """`insert`, `replace` or `delete`; *facts* None leaves them as they are."""

    op: Op
    shape: Shape
    id: str
    body: bytes
    columns: tuple[Scalar, ...]
    facts: FactRows | None
    expected: int


@attrs.frozen(eq=False)
class Append:
    """`append`; the events follow *expected* without a gap."""

    stream: str
    events: Sequence[StoredEvent]
    expected: int


@attrs.frozen(eq=False)
class Post:
    """`post`."""

    name: str
    entries: Sequence[Entry]


@attrs.frozen(eq=False)
class Count:
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


@attrs.frozen(eq=False)
class Hold:
    """One demand of `hold`."""

    demand: Demand
    until: datetime | None
    now: datetime


@attrs.frozen(eq=False)
class Keep:
    """One id of `keep`."""

    hold_id: str
    now: datetime


@attrs.frozen(eq=False)
class Take:
    """One id of `take`."""

    hold_id: str
    now: datetime


@attrs.frozen(eq=False)
class Release:
    """One id of `release`."""

    hold_id: str


@attrs.frozen(eq=False)
class Adjust:
    """`adjust`."""

    resource: str
    delta: int


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
        ordered = sorted(self.documents, key=lambda write: write.shape.collection.name)
        return [list(run) for _, run in groupby(ordered, key=lambda write: (id(write.shape), write.op))]

    def ordered_counts(self) -> list[Count]:
        """Counters by name, in recording order within one."""
        return sorted(self.counts, key=lambda write: write.name)

    def hold_ids(self) -> list[str]:
        """Every hold that a stock write speaks of."""
        return list(dict.fromkeys(hold_id_of(write) for write in self.stock if not isinstance(write, Adjust)))

    def ordered_stock(self, resource_of: Callable[[str], str]) -> list[StockWrite]:
        """Stock by resource, in recording order within one. *resource_of* tells where a stored hold lies."""
        wished = {write.demand.hold_id: write.demand.resource for write in self.stock if isinstance(write, Hold)}

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
