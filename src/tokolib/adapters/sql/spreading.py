"""How the stock of a resource is laid out in rows: in one, or in several, of which each buyer locks another.

The rows of a resource add up to its level. A hold lies in one of them, and remembers which. What a row lacks is moved
to it from the others, under the locks of all, so that nothing is refused that is there in all. The number of buckets
may change at any time: what lies in more of them than there are now is still found.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol
from zlib import crc32

import attrs

from tokolib.kernel.adapter_errors import AdapterConfig

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


def levelled(stocked: Stocked, count: int, *, change: int = 0, bucket: int = FIRST, wanted: int = 0) -> dict[int, int]:
    """What to add to the on hand of each bucket so that *wanted* are free in *bucket* and the rest is spread evenly.

    All that is free is shared out among *count* buckets, with *change* more or fewer; there must be as many as are
    wanted. So whoever pays for a move by locking all rows spares the next ones that.
    """
    free = {each: free_in(stocked, each) for each in {*stocked, *range(count)}}
    share, rest = divmod(sum(free.values()) + change - wanted, count)
    aims = {each: share + (each < rest) + (wanted if each == bucket else 0) for each in range(count)}
    changes = {each: aims.get(each, 0) - free[each] for each in sorted(free)}
    return {each: added for each, added in changes.items() if added or each not in stocked}


def free_in(stocked: Stocked, bucket: int) -> int:
    """What may be held in a bucket."""
    on_hand, held = stocked.get(bucket, (0, 0))
    return on_hand - held
