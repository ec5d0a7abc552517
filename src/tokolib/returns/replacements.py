"""What replaces goods that come back: which SKUs, how much of them, and at what price."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import attrs

from tokolib.cart.model import LineWish
from tokolib.catalog.sku import key as sku_key
from tokolib.inventory.register import counted
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.lines import given_reason
from tokolib.kernel.quantity import Counted, Quantity, UnitOfMeasure
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_price import UnitPrice


class ReplacementPricing(StrEnum):
    """What goods cost that replace others."""

    EVEN = "even"
    """What the units cost that they replace, unit by unit: their stored shares of price, discounts and taxes."""
    NOW = "now"
    """Today's price when it is completed, or a stated one."""


@attrs.frozen
class Replacement:
    """So much of one SKU that replaces something."""

    sku: str
    steps: int
    unit: UnitOfMeasure
    price: UnitPrice | None = None
    """A price that somebody stated for one unit of measure."""
    reason: str = ""
    """Why it was stated."""

    @property
    def quantity(self) -> Quantity:
        """The quantity with its unit of measure."""
        return Quantity(self.steps, self.unit)


@attrs.frozen
class SetAside:
    """So much of one SKU at one place that is held for a replacement."""

    resource: str
    """The storage's name for it."""
    steps: int


Replacements = Mapping[str, Counted] | Sequence[LineWish]
"""Quantities by SKU, or one `LineWish` for each line, which may state a price."""


def wishes_of(goods: Replacements, pricing: ReplacementPricing) -> tuple[LineWish, ...]:
    """*goods* as one wish a line.

    Raises:
        InvalidInput: there are none, or one states a price where the replacement is even.
    """
    lines = [LineWish(sku, units) for sku, units in goods.items()] if isinstance(goods, Mapping) else list(goods)
    if not lines:
        message = "name what replaces the goods, such as {'KAOS-L': 1}"
        raise InvalidInput((Fault("replacement", "returns.no_replacement", message),))
    stated = [number for number, each in enumerate(lines) if each.price is not None]
    if stated and pricing is ReplacementPricing.EVEN:
        message = "an even replacement costs what it replaces, and no stated price"
        raise InvalidInput(tuple(Fault(f"replacement[{n}].price", "returns.priced_twice", message) for n in stated))
    for number in stated:
        given_reason(lines[number].reason, path=f"replacement[{number}].reason")
    return tuple(lines)


def pricing_of(value: ReplacementPricing | str) -> ReplacementPricing:
    """The policy of that name.

    Raises:
        InvalidInput: there is none.
    """
    try:
        return ReplacementPricing(value)
    except ValueError:
        known = ", ".join(ReplacementPricing)
        fault = Fault("pricing", "returns.unknown_pricing", f"must be one of {known}", shown(value))
        raise InvalidInput((fault,)) from None


async def replacements_of(unit: Unit, wishes: Sequence[LineWish]) -> tuple[Replacement, ...]:
    """*wishes* counted in whole steps of their SKUs.

    Raises:
        UnknownSku: no product has some of them. InvalidQuantity, NotExact: a quantity that can't be counted.
    """
    known = await counted(unit, [each.sku for each in wishes])
    found = []
    for each in wishes:
        sold = known[sku_key(each.sku)]
        price = None if each.price is None else UnitPrice.of(each.price)
        found.append(Replacement(sold.sku, sold.unit.steps(each.quantity), sold.unit, price, each.reason.strip()))
    return tuple(found)
