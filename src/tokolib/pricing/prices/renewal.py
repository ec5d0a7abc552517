"""Renewing the exchange rates that lists convert by: which are needed, and what becomes of what a source answers.

A source is asked before any unit of work opens, and what it answers stands on the lists, with its source and its day.
A rate goes forward only: one of an earlier day than the one that stands is left alone.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.ids import PriceListId
from tokolib.pricing.exchange.model import Rate, RateKind
from tokolib.pricing.prices.events import PriceListPut
from tokolib.pricing.prices.model import PriceList

Pair: TypeAlias = tuple[str, str, RateKind]
"""A base, a quote, and the kind of rate between them."""


@attrs.frozen
class RenewedRate:
    """A list that converts by a new rate from now on."""

    list_id: PriceListId
    before: Rate
    rate: Rate


@attrs.frozen
class RateNotRenewed:
    """A list that goes on with the rate that it has, as long as that is not too old."""

    list_id: PriceListId
    rate: Rate
    """The one that stands."""
    code: str
    """The code of the error, such as `pricing.rate_not_found`."""
    because: str


@attrs.frozen
class RatesRenewed:
    """What became of the rates of all lists that convert; each list is in one of the three."""

    renewed: tuple[RenewedRate, ...]
    kept: tuple[PriceListId, ...]
    """Lists whose rate is the newest that there is already."""
    failed: tuple[RateNotRenewed, ...]

    def __bool__(self) -> bool:
        """Whether no rate failed."""
        return not self.failed


Answers: TypeAlias = Mapping[Pair, Rate | TokolibError]
"""What a source said of each pair: a rate, or why there is none."""


def pairs(lists: Iterable[PriceList]) -> tuple[Pair, ...]:
    """The rates that *lists* convert by, each once."""
    return tuple(sorted({_pair(rate) for each in lists if (rate := standing(each)) is not None}))


def standing(price_list: PriceList) -> Rate | None:
    """The rate that a list converts by; None where it doesn't convert."""
    return None if price_list.derived is None else price_list.derived.rate


def renewal(
    price_list: PriceList, answers: Answers, today: date
) -> tuple[RenewedRate, PriceListPut] | RateNotRenewed | None:
    """What becomes of a list that converts; None: it stays as it is."""
    by = price_list.derived
    if by is None or (held := by.rate) is None or (found := answers.get(_pair(held))) is None:
        return None
    if isinstance(found, TokolibError):
        return RateNotRenewed(price_list.id, held, found.code, str(found))
    if _pair(found) != _pair(held) or found.value <= 0 or found.as_of > today:
        told = f"{found.kind} rate {found.value} from {found.base} to {found.quote} of {found.as_of}"
        wanted = f"asked for a {held.kind} rate from {held.base} to {held.quote} on {today}, the source said: {told}"
        return RateNotRenewed(price_list.id, held, "pricing.bad_rate", wanted)
    if found == held or found.as_of < held.as_of:
        return None
    event = attrs.evolve(PriceListPut.of(price_list), derived=attrs.evolve(by, rate=found))
    return RenewedRate(price_list.id, held, found), event


def _pair(rate: Rate) -> Pair:
    return rate.base, rate.quote, rate.kind
