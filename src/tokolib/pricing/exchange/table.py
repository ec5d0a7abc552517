"""Finding a rate among published ones: as it was published, the other way round, or through a third currency."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

import attrs

from tokolib.kernel.money import currency
from tokolib.pricing.exchange.errors import RateNotFound
from tokolib.pricing.exchange.model import Quotation, Rate, RateKind

SAME: Final = "the same currency"
"""The source of a currency's rate in itself."""

Pair = tuple[str, str, RateKind]


@attrs.frozen
class RateTable:
    """Published rates by currencies and kind, each in the order of days."""

    by_pair: Mapping[Pair, Sequence[Quotation]]
    through: tuple[str, ...]
    """The currencies that a rate is worked out through, the first that serves."""
    max_age: timedelta

    @classmethod
    def of(cls, rows: Iterable[Quotation], *, through: Sequence[str], max_age_days: int) -> "RateTable":
        """A table of *rows*, which may come in any order."""
        found: defaultdict[Pair, list[Quotation]] = defaultdict(list)
        for row in rows:
            found[row.base, row.quote, row.kind].append(row)
        ordered = {pair: sorted(each, key=lambda row: row.on) for pair, each in found.items()}
        return cls(ordered, tuple(through), timedelta(days=max_age_days))

    def rate(self, base: str, quote: str, on: date, kind: RateKind) -> Rate:
        """What one unit of *base* costs in *quote* on a day; see the port.

        Raises:
            UnknownCurrency: no such code. RateNotFound: there is none that is not too old.
        """
        base, quote = currency(base).code, currency(quote).code
        if base == quote:
            return Rate(base, quote, Fraction(1), SAME, on, kind)
        known = self._single(base, quote, on, kind)
        if known is not None and known.as_of >= on - self.max_age:
            return known
        for middle in self.through:
            if middle not in (base, quote) and (found := self._through(middle, base, quote, on, kind)) is not None:
                return found
        latest = None if known is None else known.as_of
        raise RateNotFound(base, quote, on, kind.value, self.max_age.days, latest)

    def _single(self, base: str, quote: str, on: date, kind: RateKind) -> Rate | None:
        """The most recent rate of that day or before that rests on one figure; of one day, the one as published."""
        direct = self._latest((base, quote, kind), on)
        other = self._latest((quote, base, kind.inverse), on)
        if other is None or (direct is not None and direct.on >= other.on):
            return None if direct is None else Rate(base, quote, direct.value, direct.source, direct.on, kind)
        return Rate(base, quote, 1 / other.value, other.source, other.on, kind, (other,))

    def _latest(self, pair: Pair, on: date) -> Quotation | None:
        rows = self.by_pair.get(pair, ())
        at = bisect_right(rows, on, key=lambda row: row.on)
        return rows[at - 1] if at else None

    def _through(self, middle: str, base: str, quote: str, on: date, kind: RateKind) -> Rate | None:
        first, second = self._single(base, middle, on, kind), self._single(middle, quote, on, kind)
        if first is None or second is None:
            return None
        as_of = min(first.as_of, second.as_of)
        if as_of < on - self.max_age:
            return None
        sources = " × ".join(dict.fromkeys((first.source, second.source)))
        legs = (*_legs(first), *_legs(second))
        return Rate(base, quote, first.value * second.value, sources, as_of, kind, legs)


def _legs(rate: Rate) -> tuple[Quotation, ...]:
    """The figure that a rate of one figure rests on."""
    return rate.legs or (Quotation(rate.as_of, rate.base, rate.quote, rate.kind, rate.value, rate.source),)
