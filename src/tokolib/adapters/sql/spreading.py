"""How the stock of a resource is laid out in rows: in one, or in several, of which each buyer locks another.

The rows of a resource add up to its level. A hold lies in one of them, and remembers which. What a row lacks is moved
to it from the others, under the locks of all, so that nothing is refused that is there in all.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol
from zlib import crc32

import attrs

from tokolib.kernel.errors import AdapterConfig

FIRST: Final = 0
"""The row that every resource has."""
MOST_BUCKETS: Final = 256

Stocked = Mapping[int, tuple[int, int]]
"""What is on hand and held, by bucket."""


class Layout(Protocol):
    """**Strategy.** Which rows a resource has, and which of them a hold takes from."""

    def buckets(self, resource: str) -> int:
        """How many rows; 1 or more."""
        ...

    def bucket(self, resource: str, hold_id: str) -> int:
        """Where a new hold looks first, from 0 to one less than there are."""
        ...


class OneRow:
    """Each resource in one row."""

    def buckets(self, resource: str) -> int:
        """One."""
        return 1

    def bucket(self, resource: str, hold_id: str) -> int:
        """The only one."""
        return FIRST


def every(resource: str) -> bool:
    """All resources."""
    return True


def _check_count(layout: "Buckets", field: "attrs.Attribute[int]", count: int) -> None:
    if type(count) is not int or not 2 <= count <= MOST_BUCKETS:
        raise AdapterConfig("sql", f"stock is kept in 2 to {MOST_BUCKETS} buckets, not {count!r:.40}")


@attrs.frozen
class Buckets:
    """*count* rows for each resource that is among the *chosen*, one row for the others."""

    count: int = attrs.field(validator=_check_count)
    chosen: Callable[[str], bool] = every

    def buckets(self, resource: str) -> int:
        """How many rows."""
        return self.count if self.chosen(resource) else 1

    def bucket(self, resource: str, hold_id: str) -> int:
        """By the id of the hold, which is luck enough."""
        return crc32(hold_id.encode()) % self.count if self.chosen(resource) else FIRST


def gathered(stocked: Stocked, bucket: int | None, wanted: int) -> dict[int, int]:
    """What to add to the on hand of each bucket so that *wanted* are free in *bucket*; the fullest give first.

    There must be as many in all. With no bucket, they are gone from all.
    """
    missing = wanted if bucket is None else wanted - free_in(stocked, bucket)
    changes: dict[int, int] = {}
    for other in sorted(stocked, key=lambda other: free_in(stocked, other), reverse=True):
        given = 0 if other == bucket else min(missing, free_in(stocked, other))
        if given > 0:
            changes[other] = -given
            missing -= given
    if bucket is not None and changes:
        changes[bucket] = -sum(changes.values())
    return changes


def poured(stocked: Stocked, count: int, quantity: int) -> dict[int, int]:
    """What to add to the on hand of each of *count* buckets when *quantity* come: as much to each, and one more to the
    emptiest, as far as they go.
    """
    each, rest = divmod(quantity, count)
    emptiest = sorted(range(count), key=lambda bucket: free_in(stocked, bucket))
    changes = {bucket: each + (place < rest) for place, bucket in enumerate(emptiest)}
    return {bucket: change for bucket, change in changes.items() if change or bucket == FIRST}


def free_in(stocked: Stocked, bucket: int) -> int:
    """What may be held in a bucket."""
    on_hand, held = stocked.get(bucket, (0, 0))
    return on_hand - held
