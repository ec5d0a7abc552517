"""Which of some amounts add up to a total: searched exactly, in a fixed order, and never longer than was allowed."""

from collections.abc import Iterator, Sequence

import attrs


@attrs.frozen
class Sums:
    """The ways that were found, two at most: one is an answer, two are none."""

    ways: tuple[tuple[int, ...], ...]
    """Each the places of its parts, in rising order."""
    complete: bool
    """Whether the search came to its end, or to a second way."""

    @property
    def only(self) -> tuple[int, ...] | None:
        """The one way, if it is known to be the only one."""
        return self.ways[0] if self.complete and len(self.ways) == 1 else None

    @property
    def touched(self) -> frozenset[int]:
        """Every place that stands in a way."""
        return frozenset(place for way in self.ways for place in way)


def sums_to(total: int, amounts: Sequence[int], *, most_parts: int, most_tries: int) -> Sums:
    """The ways in which at most *most_parts* of *amounts* add up to *total*, of which the first two are enough."""
    search = _Search(total, amounts, most_parts, most_tries)
    ways: list[tuple[int, ...]] = []
    for way in search.ways(0, total, ()):
        ways.append(tuple(sorted(way)))
        if len(ways) == 2:
            return Sums(tuple(ways), complete=True)
    return Sums(tuple(ways), complete=search.tries > 0)


class _Search:
    """Depth first, the largest amounts first, without the branches that can't reach the total any more."""

    def __init__(self, total: int, amounts: Sequence[int], most_parts: int, most_tries: int) -> None:
        self.tries = most_tries + 1
        self._most = most_parts
        order = sorted(range(len(amounts)), key=lambda at: (-abs(amounts[at]), amounts[at], at))
        self._places = [at for at in order if amounts[at]]
        self._amounts = [amounts[at] for at in self._places]
        self._up, self._down = [0], [0]
        for amount in reversed(self._amounts):
            self._up.append(self._up[-1] + max(0, amount))
            self._down.append(self._down[-1] + min(0, amount))
        self._up.reverse()
        self._down.reverse()

    def ways(self, start: int, missing: int, taken: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if not missing and taken:
            yield taken
        if len(taken) == self._most:
            return
        for at in range(start, len(self._amounts)):
            if not self._down[at] <= missing <= self._up[at]:
                return
            self.tries -= 1
            if self.tries <= 0:
                return
            yield from self.ways(at + 1, missing - self._amounts[at], (*taken, self._places[at]))
