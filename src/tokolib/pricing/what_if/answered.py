"""Taxes that somebody outside worked out for a past sale, told again: nobody is asked a second time."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.tax.estimates import RequestLine
from tokolib.tax.kept import AnsweredLine
from tokolib.tax.model import TaxAmount

_HALF_UP: Final = RoundingMode.HALF_UP


class Answered(Mapping[RequestLine, tuple[TaxAmount, ...]]):
    """What was told of each line and charge; where its amount is another one now, each tax in the same proportion.

    What wasn't sold then, or was free, bears none.
    """

    def __init__(self, lines: Iterable[AnsweredLine]) -> None:
        self._lines: Final = {each.asked.id: each for each in lines}

    def __getitem__(self, asked: RequestLine) -> tuple[TaxAmount, ...]:
        was = self._lines[asked.id]
        if asked.amount == was.asked.amount:
            return was.taxes
        return tuple([_in_proportion(tax, asked.amount, was.asked.amount) for tax in was.taxes])

    def __iter__(self) -> Iterator[RequestLine]:
        return (each.asked for each in self._lines.values())

    def __len__(self) -> int:
        return len(self._lines)


def _in_proportion(tax: TaxAmount, now: int, was: int) -> TaxAmount:
    def scaled(figure: int) -> int:
        return divide(figure * now, was, _HALF_UP) if was else 0

    return attrs.evolve(tax, base=scaled(tax.base), amount=scaled(tax.amount), waived=scaled(tax.waived))
