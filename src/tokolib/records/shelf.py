"""What a shop remembers of its reference data between units, and how it knows that it is still true.

A shelf belongs to one partition and to one value of its mark (kernel.unit.MARK). Whoever changes reference data raises
the mark in the same unit, by a random step; so a shelf is right for every unit whose mark is the shelf's own, in
whichever thread or process the change was made, and wrong for no other: a mark that was rolled back, or that a backup
took with it, never comes again.
"""

from typing import Any, Final, Generic, TypeVar

import attrs

A = TypeVar("A")

SHELVED: Final = 16_384
"""How many answers a shop remembers of one partition, at least; up to twice as many for a while."""
PARTITIONS: Final = 256
"""Of how many partitions it remembers any."""
UNKNOWN: Final[Any] = object()
"""What a shelf says when it can't say: None is an answer too."""


@attrs.frozen(eq=False)
class Stored(Generic[A]):
    """An aggregate as it is stored."""

    state: A
    version: int
    """The document's."""
    seq: int
    """Events in its history."""


class Shelf:
    """The answers of one partition at one mark.

    Two generations: what is asked for again moves to the younger one, and when that is full, the older one goes. Each
    step is one operation on a dict, so threads need no lock: at worst an answer is asked for once more.
    """

    def __init__(self, mark: int) -> None:
        self.mark = mark
        self._young: dict[Any, Any] = {}
        self._old: dict[Any, Any] = {}

    def get(self, question: Any) -> Any:
        """The answer to *question*, or `UNKNOWN`."""
        answer = self._young.get(question, UNKNOWN)
        if answer is UNKNOWN and (answer := self._old.get(question, UNKNOWN)) is not UNKNOWN:
            self.put(question, answer)
        return answer

    def put(self, question: Any, answer: Any) -> None:
        """Remember an answer."""
        if len(self._young) >= SHELVED:
            self._old, self._young = self._young, {}
        self._young[question] = answer


class Shelves:
    """The shelves of one shop, by partition."""

    def __init__(self) -> None:
        self._shelves: dict[str, Shelf] = {}

    def of(self, partition: str, mark: int) -> Shelf:
        """The shelf for *mark*; one for another mark is thrown away."""
        shelf = self._shelves.get(partition)
        if shelf is None or shelf.mark != mark:
            if shelf is None and len(self._shelves) >= PARTITIONS:
                self._shelves = {}
            shelf = self._shelves[partition] = Shelf(mark)
        return shelf
