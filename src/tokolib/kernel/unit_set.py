"""Sets of numbered units: which units of a line were shipped, which came back.

A line's units are numbered from 0, and every unit has one story. A set of them is kept as runs, so that ten thousand
units that went the same way cost no more than one.
"""

from collections.abc import Iterable, Iterator

import attrs

Span = tuple[int, int]
"""The units from the first number to the second, the latter excluded."""


def _is_tidy(instance: object, attribute: "attrs.Attribute[tuple[Span, ...]]", spans: tuple[Span, ...]) -> None:
    last = -1
    for first, beyond in spans:
        if not 0 <= first < beyond:
            raise ValueError(f"each run of units has a first and a later end, from 0 up: {spans}")
        if first <= last:
            raise ValueError(f"runs of units are sorted and do not touch: {spans}")
        last = beyond


@attrs.frozen
class UnitSet:
    """Some of the numbered units of a line. `|`, `&` and `-` are those of sets, `len` counts units."""

    spans: tuple[Span, ...] = attrs.field(default=(), validator=_is_tidy)
    """Sorted, and neither overlapping nor touching, so that equal sets are equal values."""

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "UnitSet":
        """The set of all units of *spans*, which may overlap, touch, be empty, and come in any order."""
        made: list[Span] = []
        for first, beyond in sorted(spans):
            if first >= beyond:
                continue
            if made and first <= made[-1][1]:
                made[-1] = (made[-1][0], max(made[-1][1], beyond))
            else:
                made.append((first, beyond))
        return cls(tuple(made))

    @classmethod
    def whole(cls, units: int) -> "UnitSet":
        """The first *units* units: a whole line's."""
        return cls(((0, units),)) if units else cls()

    def __len__(self) -> int:
        return sum([beyond - first for first, beyond in self.spans])

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __contains__(self, unit: int) -> bool:
        return any(first <= unit < beyond for first, beyond in self.spans)

    def __or__(self, other: "UnitSet") -> "UnitSet":
        if not (self.spans and other.spans):
            return self if self.spans else other
        return UnitSet.of((*self.spans, *other.spans))

    def __and__(self, other: "UnitSet") -> "UnitSet":
        if not (self.spans and other.spans):
            return NO_UNITS
        return UnitSet.of(
            (max(first, start), min(beyond, end)) for first, beyond in self.spans for start, end in other.spans
        )

    def __sub__(self, other: "UnitSet") -> "UnitSet":
        if not (self.spans and other.spans):
            return self
        return UnitSet.of(piece for span in self.spans for piece in _without(span, other.spans))

    def __le__(self, other: "UnitSet") -> bool:
        """Whether every unit of it is one of *other*."""
        return not self - other

    def first(self, units: int) -> "UnitSet":
        """The lowest *units* of them.

        Raises:
            ValueError: there are fewer.
        """
        return UnitSet.of(self._lowest(units))

    def last(self, units: int) -> "UnitSet":
        """The highest *units* of them.

        Raises:
            ValueError: there are fewer.
        """
        return self - self.first(len(self) - self._at_most(units))

    def _lowest(self, units: int) -> Iterator[Span]:
        left = self._at_most(units)
        for first, beyond in self.spans:
            taken = min(left, beyond - first)
            yield first, first + taken
            left -= taken

    def _at_most(self, units: int) -> int:
        if not 0 <= units <= len(self):
            raise ValueError(f"{units} of {len(self)} units")
        return units


def _without(span: Span, others: Iterable[Span]) -> Iterator[Span]:
    """The pieces of *span* that none of *others* (sorted and disjoint) covers."""
    at, beyond = span
    for first, end in others:
        if at < first:
            yield at, min(first, beyond)
        at = max(at, end)
    yield at, beyond


NO_UNITS = UnitSet()
"""None of them."""
