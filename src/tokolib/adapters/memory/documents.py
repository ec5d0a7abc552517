"""The documents of one collection in memory, and the orders that they are read in.

Most documents are written and never looked for by an index: what is written waits, and gets its places when somebody
reads in an order. What is unique is known at once.
"""

from bisect import insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from tokolib.adapters.memory.journal import take_out
from tokolib.adapters.units.shapes import Shape
from tokolib.kernel.rows import Doc, Index, Scalar

Key = tuple[Any, ...]
"""A place in an order: one pair per column, (0,) for null and (1, value) for a value, so that null comes first."""


class Kept(NamedTuple):
    """A document with what was declared about it."""

    doc: Doc
    columns: tuple[Scalar, ...]
    facts: Mapping[str, Sequence[tuple[Scalar, ...]]]


class Documents:
    """The documents of one collection."""

    def __init__(self, shape: Shape) -> None:
        self.kept: dict[str, Kept] = {}
        self._waiting: dict[str, Kept] = {}
        """What has no place in the orders yet."""
        self._values = {index.name: _values_of(shape, index) for index in shape.collection.indexes}
        self._orders: dict[str, list[Key]] = {index.name: [] for index in shape.collection.indexes}
        self._sparse = {index.name for index in shape.collection.indexes if index.sparse}
        self._taken: dict[str, dict[tuple[Scalar, ...], str]] = {
            index.name: {} for index in shape.collection.indexes if index.unique
        }

    def change(self, id: str, after: Kept | None) -> None:
        """Keep *after* by *id* in the place of what was there; None keeps nothing. Its own inverse."""
        before = self.kept.get(id)
        if before is not None:
            self._forget(id, before)
        if after is None:
            self.kept.pop(id, None)
            return
        self.kept[id] = self._waiting[id] = after
        for name, taken in self._taken.items():
            values = self._values[name](after.columns)
            if None not in values:  # null never collides
                taken[values] = id

    def collides(self, id: str, columns: tuple[Scalar, ...]) -> str | None:
        """The unique index by which *columns* of *id* are another's, if there is one."""
        for name, taken in self._taken.items():
            if taken.get(self._values[name](columns), id) != id:
                return name
        return None

    def order(self, index: str) -> list[Key]:
        """The keys of an index, sorted."""
        if self._waiting:
            for kept in self._waiting.values():
                for order, key in self._places(kept):
                    insort(order, key)
            self._waiting.clear()
        return self._orders[index]

    def _forget(self, id: str, before: Kept) -> None:
        for name, taken in self._taken.items():
            taken.pop(self._values[name](before.columns), None)
        if self._waiting.pop(id, None) is None:
            for order, key in self._places(before):
                take_out(order, key)

    def _places(self, kept: Kept) -> Iterator[tuple[list[Key], Key]]:
        """Each order that a document stands in, and its place there."""
        for name, values_of in self._values.items():
            values = values_of(kept.columns)
            if name not in self._sparse or None not in values:
                yield self._orders[name], key_of(values, kept)


def _values_of(shape: Shape, index: Index) -> Callable[[tuple[Scalar, ...]], tuple[Scalar, ...]]:
    """What takes an index's values out of a document's columns."""
    names = [column.name for column in shape.fit.columns]
    places = [names.index(name) for name in index.columns]
    if len(places) > 1:
        return itemgetter(*places)
    return lambda columns: tuple([columns[place] for place in places])


def key_part(value: Scalar) -> tuple[Any, ...]:
    """*value* as a part of a key."""
    return (0,) if value is None else (1, value)


def key_of(values: tuple[Scalar, ...], kept: Kept) -> Key:
    """The place of a document in the order of *values*, then of its id."""
    return (*map(key_part, values), (1, kept.doc.id))
