"""The faults that a price, its tiers, its dates and a derivation can have, each with its path."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.sku import spelling
from tokolib.kernel.countries import COUNTRIES
from tokolib.kernel.errors import Fault, TokolibError, shown
from tokolib.kernel.money import LARGEST, Money
from tokolib.kernel.numbers import NotExact, exact
from tokolib.kernel.unit_price import PRICE_SCALE, UnitPrice
from tokolib.pricing.prices.model import Derivation, Ending, Tier

Amount = Money | UnitPrice

Quantities = Mapping[int, Amount] | Mapping[str, Amount] | Mapping[Decimal, Amount]

LEAST_PERCENT: Final = -100
MOST_RATE_DAYS: Final = 3_660
"""Days, ten years, that an exchange rate may be old."""
MOST_PERCENT: Final = 10_000
FIRST_RATE: Final = date(1900, 1, 1)
LAST_RATE: Final = date(2900, 12, 31)
"""Days that an exchange rate may be of: its last day is one that can be told, however old it may be."""
MOST_MINOR_UNITS: Final = LARGEST // PRICE_SCALE
"""Minor units of a price, which is kept so much finer."""


def price_faults(prices: Mapping[str, Amount]) -> list[Fault]:
    """Every SKU that can't name anything or comes twice, and every negative price."""
    faults: list[Fault] = []
    seen: set[str] = set()
    for sku, price in prices.items():
        path = f"prices[{sku[:80]}]"
        faults += amount_faults(price, price.currency.code, path)
        try:
            key = sku_key(spelling(sku))
        except TokolibError as error:
            faults.append(Fault(path, error.code, str(error), sku[:80]))
            continue
        if key in seen:
            faults.append(Fault(path, "pricing.repeated", "names the same SKU as another row", sku))
        seen.add(key)
    return faults


def amount_faults(value: Amount | None, code: str, path: str) -> Iterator[Fault]:
    """What is wrong with an amount of a list in the currency *code*; with none, nothing is."""
    if value is None:
        return
    if value.currency.code != code:
        yield Fault(path, "pricing.currency", f"must be in {code}", str(value))
    if isinstance(value, Money) and value.minor_units < 0:
        yield Fault(path, "pricing.negative", "a price is never negative", str(value))
    if isinstance(value, Money) and value.minor_units > MOST_MINOR_UNITS:
        most = Money(MOST_MINOR_UNITS, value.currency)
        yield Fault(path, "pricing.out_of_range", f"must be at most {most}", str(value))


def tier_faults(tiers: Quantities, code: str) -> Iterator[Fault]:
    """What is wrong with tiers as they were given: amounts and quantities. They may rise in price."""
    for quantity, price in tiers.items():
        path = f"tiers[{shown(quantity, str)}]"
        yield from amount_faults(price, code, path)
        try:
            if exact(quantity, "quantity") <= 0:
                yield Fault(path, "pricing.not_positive", "a tier starts above zero", str(quantity))
        except NotExact as error:
            yield Fault(path, "pricing.not_exact", str(error), shown(quantity))


def row_faults(price: UnitPrice, tiers: Sequence[Tier], minimum: UnitPrice | None) -> Iterator[Fault]:
    """Tiers from the same quantity twice, and prices below the minimum beside them."""
    seen: set[Decimal] = set()
    for tier in tiers:
        if tier.from_quantity in seen:
            path = f"tiers[{tier.from_quantity}]"
            yield Fault(path, "pricing.repeated", "another tier starts at this quantity", str(tier.from_quantity))
        seen.add(tier.from_quantity)
    named = [("price", price), *((f"tiers[{tier.from_quantity}]", tier.price) for tier in tiers)]
    for path, each in named:
        if minimum is not None and each.scaled < minimum.scaled:
            yield Fault(path, "pricing.below_minimum", f"is below the minimum price {minimum}", str(each))


def country_faults(codes: Sequence[str]) -> Iterator[Fault]:
    """Every code that is no country's, or comes twice."""
    for at, code in enumerate(codes):
        if code not in COUNTRIES:
            yield Fault(f"countries[{at}]", "pricing.unknown", "must be an ISO 3166 alpha-2 code, as ID", code[:40])
        elif code in codes[:at]:
            yield Fault(f"countries[{at}]", "pricing.repeated", "the country was named before", code)


def derivation_faults(by: Derivation, code: str, parent: str | None) -> Iterator[Fault]:
    """What is wrong with deriving a list in the currency *code* from one in the currency *parent*, None for unknown."""
    if not LEAST_PERCENT <= by.percent <= MOST_PERCENT:
        wanted = f"must be from {LEAST_PERCENT} to {MOST_PERCENT}"
        yield Fault("percent", "pricing.out_of_range", wanted, str(by.percent))
    if by.rate is not None and by.rate.value <= 0:
        yield Fault("rate", "pricing.not_positive", "a rate is above zero", str(by.rate.value))
    if by.rate is not None and not FIRST_RATE <= by.rate.as_of <= LAST_RATE:
        wanted = f"must be a day from {FIRST_RATE.year} to {LAST_RATE.year}"
        yield Fault("rate.as_of", "pricing.out_of_range", wanted, by.rate.as_of.isoformat())
    yield from _age_faults(by)
    if parent is not None:
        pair = None if by.rate is None else (by.rate.base, by.rate.quote)
        if pair is None and parent != code:
            yield Fault("rate", "pricing.currency", f"prices in {code} follow from {parent} by a rate between them", "")
        if pair is not None and (parent == code or pair != (parent, code)):
            wanted = "no rate is needed" if parent == code else f"must be from {parent} to {code}"
            yield Fault("rate", "pricing.currency", wanted, " to ".join(pair))
    if by.ending is not None:
        yield from _ending_faults(by.ending, code)


def _age_faults(by: Derivation) -> Iterator[Fault]:
    days: object = by.rate_days
    if days is None:
        return
    if type(days) is not int or not 0 <= days <= MOST_RATE_DAYS:
        wanted = f"must be a whole number of days, from 0 to {MOST_RATE_DAYS}"
        yield Fault("rate_days", "pricing.out_of_range", wanted, shown(days))
    if by.rate is None:
        yield Fault("rate_days", "pricing.no_rate", "is about an exchange rate, and the list has none", shown(days))


def _ending_faults(ending: Ending, code: str) -> Iterator[Fault]:
    tail = ending.tail
    yield from amount_faults(ending.step, code, "ending.step")
    yield from amount_faults(tail, code, "ending.tail")
    if ending.step.minor_units == 0:
        yield Fault("ending.step", "pricing.not_positive", "must be more than nothing", str(ending.step))
    elif tail is not None and 0 < ending.step.minor_units <= tail.minor_units:
        yield Fault("ending.tail", "pricing.out_of_range", f"must be less than {ending.step}", str(tail))
