"""Rates, as published and as worked out. A rate is what one unit of the base costs in the quote: 1 USD = 16,250 IDR."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

import attrs

from tokolib.kernel.book_rates import BookRate


class RateKind(StrEnum):
    """What a rate is for."""

    MID = "mid"
    """The middle, or a central bank's reference rate."""
    BUY = "buy"
    """What the publisher pays for the base."""
    SELL = "sell"
    """What the publisher asks for the base."""
    TAX = "tax"
    """What an authority orders for tax and customs, such as Indonesia's weekly KMK rates."""

    @property
    def inverse(self) -> "RateKind":
        """The kind of the rate the other way round: whoever buys dollars for rupiah sells rupiah for dollars."""
        return _INVERSE.get(self, self)


_INVERSE = {RateKind.BUY: RateKind.SELL, RateKind.SELL: RateKind.BUY}


@attrs.frozen
class Quotation:
    """One figure as it was published."""

    on: date
    """The day that it is for, in the publisher's calendar."""
    base: str
    quote: str
    kind: RateKind
    value: Fraction
    """What one unit of the base costs, in major units of the quote; above zero."""
    source: str
    """Who published it."""


@attrs.frozen
class Rate:
    """What one unit of `base` costs in `quote`, in major units, with where it comes from."""

    base: str
    quote: str
    value: Fraction
    source: str
    """Who published it; where it was worked out of two, both."""
    as_of: date
    """The day of the figure that it rests on, of two the earlier one; never after the day that was asked for."""
    kind: RateKind = RateKind.MID
    legs: tuple[Quotation, ...] = ()
    """The published figures that it was worked out of, where it is no published one itself."""

    def for_books(self, *, days: int | None = None) -> BookRate:
        """The same for the books: orders in `base` are stated in `quote`, until it is more than *days* old.

        Raises:
            InvalidInput: an age that is no whole number of days, or a rate that no money can be worth.
        """
        return BookRate(self.base, self.quote, self.value, self.source, self.as_of, days)
