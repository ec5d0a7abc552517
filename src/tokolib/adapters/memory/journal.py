"""The undo log of one unit: every change of the tables, with its way back."""

from bisect import bisect_left, insort
from collections.abc import Callable
from typing import Any, Final, TypeVar

K = TypeVar("K")
V = TypeVar("V")
MISSING: Final = object()


class Journal:
    """Changes the tables, and can take all of it back. The cost is that of the changes, never of the store."""

    def __init__(self) -> None:
        self._back: list[tuple[Any, ...]] = []

    def put(self, table: dict[K, V], key: K, value: V) -> None:
        """Set one entry."""
        self._back.append((_put_back, table, key, table.get(key, MISSING)))
        table[key] = value

    def extend(self, rows: list[V], more: list[V]) -> None:
        """Add rows at the end."""
        self._back.append((rows.__delitem__, slice(len(rows), None)))
        rows += more

    def place(self, order: list[Any], key: Any) -> None:
        """Put *key* where it belongs in a sorted list."""
        insort(order, key)
        self._back.append((take_out, order, key))

    def displace(self, order: list[Any], key: Any) -> None:
        """Take *key* out of a sorted list that has it."""
        take_out(order, key)
        self._back.append((insort, order, key))

    def will(self, back: Callable[..., Any], *arguments: Any) -> None:
        """Take a change back that is made now by *back* with *arguments*."""
        self._back.append((back, *arguments))

    def undo(self) -> None:
        """Take everything back, the last change first."""
        while self._back:
            back, *arguments = self._back.pop()
            back(*arguments)


def _put_back(table: dict[K, Any], key: K, before: Any) -> None:
    if before is MISSING:
        del table[key]
    else:
        table[key] = before


def take_out(order: list[Any], key: Any) -> None:
    """Remove *key* from a sorted list that has it."""
    del order[bisect_left(order, key)]
