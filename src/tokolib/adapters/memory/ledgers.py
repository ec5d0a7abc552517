"""A ledger in memory: its entries by id, and the orders that they are read in, made when somebody reads."""

from bisect import insort
from collections.abc import Iterable, Sequence

from tokolib.adapters.memory.journal import take_out
from tokolib.kernel.rows import Entry


class Ledger:
    """The entries of one ledger."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._waiting: dict[str, Entry] = {}
        """What has no place in the orders yet."""
        self._orders: dict[tuple[str, str], list[str]] = {}

    def add(self, entry: Entry) -> None:
        """Take in an entry that is new."""
        self.entries[entry.id] = self._waiting[entry.id] = entry

    def remove(self, entry: Entry) -> None:
        """The inverse of `add`."""
        del self.entries[entry.id]
        if self._waiting.pop(entry.id, None) is None:
            for place in _places(entry):
                take_out(self._orders[place], entry.id)

    def order(self, by: str, value: str) -> Sequence[str]:
        """The ids of entries, sorted: `by` is `id` (all of them), `account` or `refers_to`."""
        for entry in self._waiting.values():
            for place in _places(entry):
                insort(self._orders.setdefault(place, []), entry.id)
        self._waiting.clear()
        return self._orders.get((by, value), ())


def _places(entry: Entry) -> Iterable[tuple[str, str]]:
    return ("id", ""), ("account", entry.account), ("refers_to", entry.refers_to)
