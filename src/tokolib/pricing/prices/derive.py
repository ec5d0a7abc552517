"""The price of a list that follows from another one's: converted, changed by a percentage, rounded, and explained."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.moments import moment
from tokolib.kernel.money import Currency, Money, currency
from tokolib.kernel.numbers import EXACT
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.unit_price import PRICE_SCALE, UnitPrice
from tokolib.pricing.exchange.model import Rate
from tokolib.pricing.prices.model import Derivation, Ending, Price, PriceList

ALL: Final = Fraction(100)


def derived(price: Price, into: PriceList, by: Derivation) -> Price:
    """What a SKU costs in the list *into*, by its *price* in the parent.

    The plain price, the tiers and the crossed-out price follow all of *by*. The minimum and the cost are converted,
    and no more: a percentage makes goods no cheaper to buy, and lowers no floor. Where a price would come out below
    the minimum, it is the minimum.

    Raises:
        AmountOutOfRange: the price is beyond all bounds.
    """
    money = currency(into.currency)
    minimum = None if price.minimum is None else _converted(price.minimum, money, by, RoundingMode.UP)

    def followed(amount: UnitPrice) -> UnitPrice:
        changed = _changed(amount, money, by)
        return changed if minimum is None or changed.scaled >= minimum.scaled else minimum

    return attrs.evolve(
        price,
        id=f"prc_{into.id}|{price.key}",
        list_id=into.id,
        price=followed(price.price),
        tiers=tuple(attrs.evolve(tier, price=followed(tier.price)) for tier in price.tiers),
        compare_at=None if price.compare_at is None else _changed(price.compare_at, money, by),
        minimum=minimum,
        cost=None if price.cost is None else _converted(price.cost, money, by, RoundingMode.HALF_UP),
    )


def outdated_from(by: Derivation | None, zone: str) -> datetime | None:
    """The instant from which on the rate of a derivation is too old, by the days of *zone*; None: it never is."""
    if by is None or by.rate is None or by.rate_days is None:
        return None
    return moment(by.rate.as_of + timedelta(days=by.rate_days), zone, "rate_days", whole_day=True)


def reasons(
    price: Price, into: PriceList, by: Derivation, parent: PriceList, how: tuple[Reason, ...] = ()
) -> tuple[Reason, ...]:
    """How the price in *into* follows from the parent's, step by step, and below the first, *how* that came about."""
    was, found = price.price, derived(price, into, by)
    steps = [reason("pricing.derived_price", None, *how, list=parent.name, price=told(was), percent=by.percent)]
    if by.rate is not None:
        steps.append(_rate_reason(by.rate))
    if by.ending is not None:
        step, tail = by.ending.step, by.ending.tail
        if tail is None or not tail.minor_units:
            steps.append(reason("pricing.derived_step", None, step=step))
        else:
            steps.append(reason("pricing.derived_ending", None, step=step, tail=tail))
    if found.minimum is not None and _changed(was, currency(into.currency), by).scaled < found.minimum.scaled:
        steps.append(reason("pricing.derived_minimum", None, minimum=told(found.minimum)))
    return tuple(steps)


def _rate_reason(rate: Rate) -> Reason:
    return reason(
        "pricing.derived_rate",
        None,
        base=rate.base,
        quote=rate.quote,
        rate=_plain(rate.value),
        source=rate.source,
        as_of=rate.as_of,
    )


def _plain(value: Fraction) -> Decimal:
    """Digits to read; the figure itself stays exact."""
    digits = divide(value.numerator * 10**8, value.denominator, RoundingMode.HALF_EVEN)
    return EXACT.normalize(Decimal(f"{digits}e-8"))


def told(price: UnitPrice) -> Money | UnitPrice:
    """A price as money, or as it is where it is finer than money can be."""
    whole, finer = divmod(price.scaled, PRICE_SCALE)
    return price if finer else Money(whole, price.currency)


def _exact(price: UnitPrice, into: Currency, by: Derivation) -> Fraction:
    """The price in the list's currency, in ten-thousandths of its minor unit."""
    if by.rate is None:
        return Fraction(price.scaled)
    return price.scaled * by.rate.value * Fraction(10) ** (into.digits - price.currency.digits)


def _converted(price: UnitPrice, into: Currency, by: Derivation, mode: RoundingMode) -> UnitPrice:
    value = _exact(price, into, by)
    return UnitPrice(divide(value.numerator, value.denominator, mode), into)


def _changed(price: UnitPrice, into: Currency, by: Derivation) -> UnitPrice:
    value = _exact(price, into, by) * (ALL + Fraction(by.percent)) / ALL
    if by.ending is None or not value:
        return UnitPrice(divide(value.numerator, value.denominator, RoundingMode.HALF_UP), into)
    return UnitPrice(_ended(value, by.ending), into)


def _ended(value: Fraction, ending: Ending) -> int:
    """The nearest amount with that ending: at least the tail itself, and never nothing."""
    step = ending.step.minor_units * PRICE_SCALE
    tail = 0 if ending.tail is None else ending.tail.minor_units * PRICE_SCALE
    steps = (value - tail) / step
    return max(divide(steps.numerator, steps.denominator, ending.mode), 0) * step + tail or step
