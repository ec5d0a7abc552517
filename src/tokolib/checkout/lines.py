"""The lines and charges that a customer agrees to: every figure with its owner, frozen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from tokolib.catalog.model import Component, Sellable
from tokolib.kernel.ids import LineId, LocationId
from tokolib.kernel.quantity import Quantity, UnitOfMeasure
from tokolib.kernel.unit_price import UnitPrice
from tokolib.kernel.unit_set import UnitSet
from tokolib.pricing.kits import KitShare
from tokolib.pricing.model import ChargeKind, StatedCharge, StatedPrice
from tokolib.pricing.parts import ChargePart, taxes_of
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.tax.model import TaxAmount


@attrs.frozen
class Source:
    """Units of a line that leave from one place."""

    location: LocationId
    units: UnitSet


@attrs.frozen
class Awaited:
    """Units of a line that are promised before they are there, and the day for which they are."""

    on: date
    units: UnitSet


def without(awaited: Sequence[Awaited], units: UnitSet) -> tuple[Awaited, ...]:
    """What is *awaited* but for *units*."""
    left = (Awaited(each.on, each.units - units) for each in awaited)
    return tuple(each for each in left if each.units)


@attrs.frozen
class QuoteLine:
    """One line of a bargain; all amounts are minor units of the bargain's currency."""

    id: LineId
    key: str
    """The SKU, case-folded: what stock and returns go by."""
    sku: str
    """The SKU as the catalogue spells it."""
    name: str
    product_id: str
    steps: int
    """The quantity, in whole steps of `unit`."""
    unit: UnitOfMeasure
    unit_price: UnitPrice
    base: int
    """Price × quantity, rounded once."""
    net: int
    """Without tax, after all discounts."""
    total: int
    """What the customer pays for the line, tax included."""
    tax_class: str
    includes_tax: bool
    """Whether `base` and the discounts contain tax."""
    discounts: tuple[AppliedDiscount, ...] = ()
    taxes: tuple[TaxAmount, ...] = ()
    components: tuple[Component, ...] = ()
    """What a bundle takes from stock, per unit; empty for a product with stock of its own."""
    stated: StatedPrice | None = None
    weight_grams: int | None = None
    gift_of: str = ""
    """The id of the promotion that gives it; empty for what the customer asked for."""
    shares: tuple[KitShare, ...] = ()
    """Of a kit: what each of its components bears of the line, taxed by its own class."""
    sources: tuple[Source, ...] = ()
    """Where its units leave from, each unit from one place; empty where all leave from the bargain's own location."""
    awaited: tuple[Awaited, ...] = ()
    """Its units that are not there yet, by the day for which they are promised; empty where all of them are there."""
    digital: bool = False
    """Whether it has no body, so that nothing of it is sent."""

    @property
    def quantity(self) -> Quantity:
        """The quantity with its unit of measure."""
        return Quantity(self.steps, self.unit)

    def consumption(self, steps: int) -> Mapping[str, int]:
        """What *steps* of it take from stock, in steps by SKU key: its own, or its components'."""
        if not self.components:
            return {self.key: steps}
        units = steps * int(self.unit.step)  # a bundle is counted in whole units
        return {part.sku: part.quantity * units for part in self.components}


@attrs.frozen
class QuoteCharge:
    """A charge beside the goods: shipping, a fee. `shares` is its total spread over the lines, in their order."""

    id: str
    kind: ChargeKind
    label: str
    amount: int
    """As it was asked for."""
    base: int
    """What discounts are taken off: that amount, unless home's tax is taken out of it across a border."""
    includes_tax: bool
    """Whether `base` and the discounts contain tax."""
    net: int
    total: int
    tax_class: str
    refundable: bool
    shares: tuple[int, ...]
    parts: tuple[ChargePart, ...]
    """By the classes that it is taxed by: its own, or those of the goods where shipping is taxed by their mix."""
    discounts: tuple[AppliedDiscount, ...] = ()
    stated: StatedCharge | None = None

    @property
    def taxes(self) -> tuple[TaxAmount, ...]:
        """The taxes of all parts, one part after the other."""
        return taxes_of(self.parts)


def consumed(wanted: Iterable[tuple[QuoteLine | Sellable, int]]) -> dict[str, int]:
    """Steps by SKU key, in the order of the keys, that so many steps of each line take from stock."""
    goods: dict[str, int] = {}
    for line, steps in wanted:
        for key, needed in line.consumption(steps).items():
            goods[key] = goods.get(key, 0) + needed
    return {key: goods[key] for key in sorted(goods) if goods[key]}
