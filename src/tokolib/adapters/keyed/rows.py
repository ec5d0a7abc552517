"""What an adapter gives: an ordered map of bytes, in transactions. And how a partition's rows lie in it."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from tokolib.adapters.keyed.packing import END, Part, pack, unpack

Place = tuple[Part, ...]
"""Where a row lies in its partition: its group, and what names it there."""


class Rows(Protocol):
    """One transaction on an ordered map from bytes to bytes. It sees its own changes; nobody else does before commit.

    Either others wait until it ends, or `commit` refuses when they changed what it has read.
    """

    def get(self, key: bytes) -> bytes | None:
        """The value, or None."""
        ...

    def put(self, key: bytes, value: bytes) -> None:
        """Set a value."""
        ...

    def drop(self, key: bytes) -> None:
        """Remove a key that is there."""
        ...

    def walk(self, low: bytes, high: bytes, *, backwards: bool = False) -> Iterable[tuple[bytes, bytes]]:
        """Keys from *low* on and before *high* with their values, in the order of their bytes, or backwards.

        Nothing is changed meanwhile. There is nothing when *low* isn't before *high*.
        """
        ...

    def commit(self) -> None:
        """Make all changes last, or none of them.

        Raises:
            StorageError: none was made.
            CommitUnknown: nobody can say.
        """
        ...

    def rollback(self) -> None:
        """Take all changes back; harmless when it is over."""
        ...


class Shelf:
    """The rows of one partition in a transaction, as values; those of None are no shop's."""

    def __init__(self, rows: Rows, partition: str | None) -> None:
        self.rows = rows
        self._start = pack((partition,))

    def get(self, *place: Part) -> Place | None:
        """The values at a place, or None."""
        value = self.rows.get(self._start + pack(place))
        return None if value is None else unpack(value)

    def put(self, place: Place, *values: Part) -> None:
        """Set the values at a place."""
        self.rows.put(self._start + pack(place), pack(values))

    def drop(self, *place: Part) -> None:
        """Remove what is at a place, if there is anything."""
        key = self._start + pack(place)
        if self.rows.get(key) is not None:
            self.rows.drop(key)

    def walk(
        self, *prefix: Part, low: bytes = b"", high: bytes = END, backwards: bool = False
    ) -> Iterator[tuple[Place, Place]]:
        """Rows whose place begins with *prefix*: the rest of each place, packed in [*low*, *high*), and its values."""
        start = self._start + pack(prefix)
        for key, value in self.rows.walk(start + low, start + high, backwards=backwards):
            yield unpack(key[len(start) :]), unpack(value)
