"""**Port** of exchange rates: where they come from, and what every source of them promises."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final, Protocol, cast

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.pricing.exchange.model import Rate, RateKind


class ExchangeCan(StrEnum):
    """What a source of rates may lack, if it says why."""

    HISTORY = "history"
    """Rates of past days; without, only those of the day on which it is asked."""
    INVERT = "invert"
    """A rate from what was published the other way round."""
    TRIANGULATE = "triangulate"
    """A rate from two others, through a currency that both have."""


MOST_AGE_DAYS: Final = 36_500
"""A century: whoever takes any rate at all means that."""


@attrs.frozen(kw_only=True)
class ExchangeCapabilities:
    """What a source of rates can do; honest in both directions.

    Raises:
        InvalidInput: an age that is no whole number of days, or something lacking that no source needs, or that has
            no reason.
    """

    max_age_days: int
    """How many days before the day that is asked for a rate may be of: over weekends and holidays none is published."""
    lacks: Mapping[ExchangeCan, str] = attrs.field(factory=dict)
    """What it can't do, each with the reason."""

    def __attrs_post_init__(self) -> None:
        faults, lacks = [], cast(object, self.lacks)
        code = "pricing.bad_capabilities"
        if type(self.max_age_days) is not int or not 0 <= self.max_age_days <= MOST_AGE_DAYS:
            wanted = f"must be a whole number of days, from 0 to {MOST_AGE_DAYS}"
            faults.append(Fault("max_age_days", code, wanted, shown(self.max_age_days)))
        if not isinstance(lacks, Mapping):
            faults.append(Fault("lacks", code, "must be a mapping from ExchangeCan to reasons", shown(lacks)))
            lacks = {}
        for can, reason in lacks.items():
            if can not in tuple(ExchangeCan):
                faults.append(Fault("lacks", code, f"must be of {', '.join(ExchangeCan)}", shown(can)))
            elif not isinstance(reason, str) or not reason.strip():
                faults.append(Fault(f"lacks[{can}]", code, "must have a reason", shown(reason)))
        if faults:
            raise InvalidInput(tuple(faults))


class ExchangeRates(Protocol):
    """**Port.** What currencies are worth in each other, day by day.

    A rate is asked for before a unit of work opens, and stands as a fact, with its source, on what rests on it. May be
    called from several threads, or tasks, at once.
    """

    @property
    def capabilities(self) -> ExchangeCapabilities:
        """What it can do, and how old a rate may be."""
        ...

    def rate(self, base: str, quote: str, on: date, kind: RateKind = RateKind.MID) -> MaybeAwaitable[Rate]:
        """What one unit of *base* costs in *quote* on a day, by ISO 4217 codes.

        The most recent one of that day or before, at most `max_age_days` before: never one of a later day. A currency
        in itself is exactly 1. Kinds are never mixed. The other way round is its inverse: exactly, where it is worked
        out; within a thousandth of it, where both were published. Of two rates through a third currency, both sources
        are told in `legs`.

        Raises:
            UnknownCurrency: ISO 4217 has no such code.
            RateNotFound: there is none that is not too old; none is made up.
            OutsideError: a source elsewhere could not be asked.
        """
        ...
