"""Two accounts of the same rows, compared in bounded memory: what one side says, the other must have.

Orders tell which holds, movements, postings and uses there must be; the rows themselves lie elsewhere, in another
order. Keeping either side until the other is read would need memory for every sale. So each row is added to one of a
few thousand sums, as a digest of its key times its amount: plus where it is told, minus where it is found. Sums of
zero mean that both sides agree, but for one chance in 2^63. Where one isn't, the whole check is made once more, and
keeps only the keys of the uneven sums: by then it is known that there is something to tell.
"""

from array import array
from hashlib import blake2b
from itertools import compress, islice
from typing import Final

import attrs

from tokolib.desk.verify.walk import LISTED, Findings

SUMS: Final = 1 << 14
_WORD: Final = (1 << 64) - 1
_DETAIL: Final = "\n"
_ZEROS: Final = bytes(8 * SUMS)


@attrs.define
class Tally:
    """The sums of one kind of row. A key is the row's name, and may go on after a line's end with what it must be."""

    promise: str
    repair: str
    _sums: "array[int] | None" = None
    """None until a row is told of: of most kinds a small shop has none."""
    _uneven: frozenset[int] | None = None
    """Which sums to look into; None while it isn't known yet."""
    _near: dict[str, list[int]] = attrs.field(factory=dict)

    def said(self, row: str, *details: object, amount: int = 1) -> None:
        """One side says that there is such a row, or *amount* of it."""
        self._add(row, details, amount, 0)

    def found(self, row: str, *details: object, amount: int = 1) -> None:
        """The other side has it."""
        self._add(row, details, amount, 1)

    def _add(self, row: str, details: tuple[object, ...], amount: int, side: int) -> None:
        key = _DETAIL.join([row, *map(str, details)]) if details else row
        digest = int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") | 1
        place = digest >> 1 & SUMS - 1
        if self._uneven is None:
            if (sums := self._sums) is None:
                sums = self._sums = array("Q", _ZEROS)
            sums[place] = sums[place] + (-digest if side else digest) * amount & _WORD
        elif place in self._uneven:
            self._near.setdefault(key, [0, 0])[side] += amount

    @property
    def is_even(self) -> bool:
        """Whether both sides agree."""
        return self._sums is None or self._sums.tobytes() == _ZEROS

    def closer(self) -> "Tally":
        """A tally for a second look, which keeps the keys of the sums that are uneven: of the first thousand."""
        uneven = () if self.is_even else islice(compress(range(SUMS), self._sums or ()), LISTED)
        return Tally(self.promise, self.repair, self._sums, frozenset(uneven))

    def tell(self, found: Findings) -> None:
        """Name each row on which the two sides differ, after a second look."""
        differing: dict[str, list[tuple[str, int, int]]] = {}
        for key, (said, had) in self._near.items():
            if said != had:
                row, _, detail = key.partition(_DETAIL)
                differing.setdefault(row, []).append((detail, said, had))
        for row, each in sorted(differing.items()):
            found.broken(self.promise, row, _told(each), self.repair)


def _told(differing: list[tuple[str, int, int]]) -> str:
    if len(differing) == 1 and not differing[0][0] and all(differing[0][1:]):
        return f"is {differing[0][2]}, not {differing[0][1]}"
    wanted = [_words(detail, said - had) for detail, said, had in differing if said > had]
    extra = [_words(detail, had - said) for detail, said, had in differing if had > said]
    if wanted and extra:
        return f"is {' and '.join(extra)}, not {' and '.join(wanted)}"
    if wanted:
        return f"is gone: {' and '.join(wanted)}"
    return f"nothing tells of it: {' and '.join(extra)}"


def _words(detail: str, amount: int) -> str:
    said = detail.replace(_DETAIL, " ")
    return f"{amount} × {said}" if said and amount != 1 else said or str(amount)
