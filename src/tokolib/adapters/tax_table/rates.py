"""Dated rates of a state and its parts, and which of them a sale bears.

A sale bears one rate of every jurisdiction that its destination lies in: the state's, the county's, the city's, and
those of special districts. Of several rates of one jurisdiction the latest that has begun holds, and one for the
class of the goods wins over one for all classes: so a state says what it doesn't tax by a rate of 0 for that class.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

import attrs

from tokolib.kernel.numbers import exact
from tokolib.tax.errors import InvalidTaxRule
from tokolib.tax.model import Component, Treatment
from tokolib.tax.situation import Place

WHOLE: Final = Fraction(1)


class Level(StrEnum):
    """Whose rate it is, from the largest to the smallest."""

    STATE = "state"
    COUNTY = "county"
    CITY = "city"
    DISTRICT = "district"


def _rate(value: object) -> Decimal:
    rate = exact(value, "rate")
    if not 0 <= rate <= 100:
        raise InvalidTaxRule("rate", str(rate), "a sales tax is between 0 and 100 percent")
    return rate


@attrs.frozen(kw_only=True)
class TaxRate:
    """What one jurisdiction takes of one class, or of all, from a day on."""

    state: str
    """ISO 3166-2 without the country: `CA`."""
    level: Level = attrs.field(converter=Level)
    name: str
    """What the jurisdiction is called; its rates are those with the same level and name in the state."""
    rate: Decimal = attrs.field(converter=_rate)
    """In percent."""
    since: date
    source: str
    """The text of law, or the authority's table."""
    country: str = "US"
    county: str = ""
    """Where it holds: any of these three that is empty holds everywhere in what is larger."""
    city: str = ""
    postal_codes: str = ""
    """One (`94601`), or the first and the last (`94601-94621`)."""
    tax_class: str = ""
    """Empty for all classes that have no rate of their own."""

    @property
    def jurisdiction(self) -> str:
        """`US-CA`, `US-CA/Alameda`."""
        state = f"{self.country}-{self.state}"
        return state if self.level is Level.STATE else f"{state}/{self.name}"

    def covers(self, place: Place) -> bool:
        """Whether *place*, which lies in its state, is within it."""
        if self.county and _folded(self.county) != _folded(place.county):
            return False
        if self.city and _folded(self.city) != _folded(place.city):
            return False
        first, _, last = self.postal_codes.partition("-")
        code = place.postal_code[: len(first)]  # a US code may have four more digits behind a hyphen
        return not first or first <= code <= (last or first)

    def component(self) -> Component:
        """The tax as the rest of the library knows it; what is taxed at nothing is exempt by its source."""
        treatment = Treatment.TAXED if self.rate else Treatment.EXEMPT
        return Component(
            code=self.jurisdiction,
            name=f"{self.name} {self.level}",
            rate=self.rate,
            base_fraction=WHOLE,
            category=treatment.category,
            source=self.source,
            jurisdiction=self.jurisdiction,
        )


@attrs.frozen(eq=False)
class TaxTable:
    """Rates by their states."""

    rates: tuple[TaxRate, ...]
    source: str = "table"
    """Which table it is, for the evidence: its name and its date."""
    _by_state: dict[tuple[str, str], list[TaxRate]] = attrs.field(init=False, factory=dict, repr=False)

    def __attrs_post_init__(self) -> None:
        for rate in self.rates:
            self._by_state.setdefault((rate.country, rate.state), []).append(rate)

    @property
    def countries(self) -> frozenset[str]:
        """The countries that it has rates of."""
        return frozenset(rate.country for rate in self.rates)

    def knows(self, place: Place) -> bool:
        """Whether it has any rate of that state."""
        return (place.country, place.region) in self._by_state

    def needs_county(self, place: Place) -> bool:
        """Whether some county takes a tax in that state, and neither the county nor the postal code says which."""
        by_county = [each for each in self._of(place) if each.level is Level.COUNTY]
        return bool(by_county) and not place.county and not any(each.covers(place) for each in by_county)

    def rates_in(self, place: Place, tax_class: str, on: date) -> tuple[TaxRate, ...]:
        """The rate of each jurisdiction that *place* lies in, from the state down; as it was on that day."""
        found: dict[tuple[Level, str], TaxRate] = {}
        for rate in self._of(place):
            if rate.since > on or rate.tax_class not in ("", tax_class) or not rate.covers(place):
                continue
            best = found.get((rate.level, rate.name))
            if best is None or (bool(rate.tax_class), rate.since) >= (bool(best.tax_class), best.since):
                found[rate.level, rate.name] = rate
        return tuple(sorted(found.values(), key=lambda each: (tuple(Level).index(each.level), each.name)))

    def next_change(self, places: Iterable[Place], on: date) -> date | None:
        """The first day after *on* from which any rate in one of these states differs; None when none is known."""
        days = (rate.since for place in places for rate in self._of(place) if rate.since > on)
        return min(days, default=None)

    def classes(self) -> Iterator[str]:
        """The classes that have rates of their own."""
        yield from sorted({rate.tax_class for rate in self.rates if rate.tax_class})

    def _of(self, place: Place) -> list[TaxRate]:
        return self._by_state.get((place.country, place.region), [])


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
