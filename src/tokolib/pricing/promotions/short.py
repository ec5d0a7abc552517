"""The short forms in which promotions are put: what each argument makes of a benefit, and how a fault names it.

A fault of a benefit has a path within it (`benefit.parts[0].quantity`); who called `buy_get` wrote `buy`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import attrs

from tokolib.catalog.naming import by_sku_key
from tokolib.catalog.sku import spelling
from tokolib.conditions import Predicate, equal
from tokolib.kernel.errors import Fault, shown
from tokolib.kernel.money import Money
from tokolib.kernel.numbers import exact
from tokolib.pricing.faults import refuse
from tokolib.pricing.model import TierMode
from tokolib.pricing.promotions.benefits import (
    AmountOff,
    Benefit,
    Combination,
    FixedPrice,
    Gift,
    Measure,
    Off,
    Part,
    Percent,
    Pick,
    Scope,
    Step,
    Tiered,
    Value,
)

Number = int | str | Decimal


@attrs.frozen
class Short:
    """A benefit as a caller wrote it."""

    benefit: Benefit
    arguments: Mapping[str, str]
    """The argument that each path within the benefit was written in; see `faults.by_argument`."""


_TARGET: Final = {"benefit.target": "target"}
_TIMES: Final = {"benefit.times": "times"}


def percent_off(percent: Number, on: Scope, target: Predicate) -> Short:
    """A percentage of what *target* says."""
    return Short(Off(Percent(exact(percent, "percent")), on, target), {"benefit.value.percent": "percent", **_TARGET})


def amount_off(amount: Money, on: Scope, target: Predicate) -> Short:
    """An amount off what *target* says."""
    return Short(Off(AmountOff(amount), on, target), {"benefit.value.amount": "amount", **_TARGET})


def for_price(price: Money, on: Scope, target: Predicate) -> Short:
    """What *target* says, for a price."""
    return Short(Off(FixedPrice(price), on, target), {"benefit.value.price": "price", **_TARGET})


def free_shipping() -> Short:
    """All of the shipping."""
    return Short(Off(Percent(Decimal(100)), Scope.SHIPPING), {})


def tiers(steps: Mapping[Money, Value] | Mapping[int, Value], mode: TierMode, target: Predicate) -> Short:
    """By what the goods come to where steps begin at money, by units where they begin at numbers.

    Raises:
        InvalidInput: there are both.
    """
    begins = [start for start in steps if isinstance(start, Money)]
    if begins and len(begins) < len(steps):
        refuse([Fault("steps", "pricing.one_of", "must all begin at money, or all at a number of units", shown(steps))])
    rows = {start: start.minor_units if isinstance(start, Money) else start for start in steps}
    names = {
        f"benefit.steps[{at}]": f"steps[{shown(start, str)}]"
        for at, start in enumerate(sorted(rows, key=rows.__getitem__))
    }
    made = tuple([Step(rows[start], value) for start, value in steps.items()])
    by = Measure.SUBTOTAL if begins else Measure.QUANTITY
    return Short(Tiered(made, by, mode, target), {"benefit.steps": "steps", **names, **_TARGET})


def buy_get(buy: int, get: int, of: Predicate, getting: Predicate | None, percent: Number, times: int | None) -> Short:
    """So many, and so many more of *getting* for a part of their price."""
    bought = Part(buy, of)
    got = Part(get, of if getting is None else getting, Percent(exact(percent, "percent")), Pick.CHEAPEST)
    names = {
        "benefit.parts[0].quantity": "buy",
        "benefit.parts[0].which": "of",
        "benefit.parts[1].quantity": "get",
        "benefit.parts[1].which": "of" if getting is None else "getting",
        "benefit.parts[1].value.percent": "percent",
        **_TIMES,
    }
    return Short(Combination((bought, got), None, times), names)


def any_for(quantity: int, price: Money, of: Predicate, times: int | None) -> Short:
    """Any so many for a price."""
    names = {
        "benefit.parts[0].quantity": "quantity",
        "benefit.parts[0].which": "of",
        "benefit.value.price": "price",
        **_TIMES,
    }
    return Short(Combination((Part(quantity, of),), FixedPrice(price), times), names)


def together(skus: Mapping[str, int], value: Value, times: int | None) -> Short:
    """So many of each SKU, with a value off each such set.

    Raises:
        InvalidSku: one can name nothing. InvalidInput: two spellings of one SKU.
    """
    parts = [Part(quantity, equal("sku", key)) for key, quantity in by_sku_key("skus", skus).items()]
    names = {f"benefit.parts[{at}].quantity": f"skus[{shown(sku, str)}]" for at, sku in enumerate(skus)}
    return Short(
        Combination(tuple(parts), value, times),
        {"benefit.parts": "skus", "benefit.value": "value", **names, **_TIMES},
    )


def gift(sku: str, quantity: int) -> Short:
    """Goods for nothing.

    Raises:
        InvalidSku: the SKU can name nothing.
    """
    return Short(Gift(spelling(sku), quantity), {"benefit.quantity": "quantity"})
