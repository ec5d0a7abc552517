"""Which tier a line reaches: whose units are counted, and what those of a graduated price cost band by band."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.numbers import EXACT
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.unit_price import PRICE_SCALE, UnitPrice
from tokolib.pricing.facts import units
from tokolib.pricing.model import PriceLine
from tokolib.pricing.prices.derive import told
from tokolib.pricing.prices.model import Price, TiersOver

NONE: Final = Decimal(0)


@attrs.frozen
class Band:
    """Units of a line that cost the same, by a graduated price."""

    from_quantity: Decimal
    """The quantity beyond which this band begins; zero for the plain price."""
    units: Decimal
    """In units of measure."""
    price: UnitPrice

    @property
    def reason(self) -> Reason:
        """The band, in an explanation."""
        return reason("pricing.band", None, quantity=self.units, price=told(self.price), beyond=self.from_quantity)


@attrs.frozen
class Reach:
    """How far the units that are counted together come: before a line, and with all lines."""

    before: Decimal = NONE
    total: Decimal = NONE


NOWHERE: Final = Reach()


def reaches(lines: Sequence[PriceLine], price_of: Callable[[PriceLine], Price | None]) -> dict[str, Reach]:
    """How far each line comes by its own price's way of counting, by line id; lines in the order of their ids.

    Every line that pays a list's price counts, one without tiers of its own too: two lines of a SKU cost what one
    line of both would.
    """
    pools: defaultdict[tuple[TiersOver, str], Decimal] = defaultdict(lambda: NONE)
    own: dict[str, tuple[tuple[TiersOver, str], Decimal]] = {}
    for line in lines:
        if line.stated is not None or line.gift or (price := price_of(line)) is None:
            continue
        counted = {
            TiersOver.SKU: (TiersOver.SKU, line.key),
            TiersOver.PRODUCT: (TiersOver.PRODUCT, line.product_id or f"sku:{line.key}"),
            TiersOver.LIST: (TiersOver.LIST, price.list_id),
        }
        if price.tiers:
            place = counted[price.tiers_over]
            own[line.id] = (place, pools[place])
        bought = units(line)
        for place in counted.values():
            pools[place] = EXACT.add(pools[place], bought)
    return {id: Reach(before, pools[place]) for id, (place, before) in own.items()}


def tier_of(price: Price, bought: Decimal) -> tuple[UnitPrice, Decimal | None]:
    """The unit price at a quantity, with the tier that gives it: volume."""
    for tier in reversed(price.tiers):
        if bought >= tier.from_quantity:
            return tier.price, tier.from_quantity
    return price.price, None


def bands_of(price: Price, before: Decimal, bought: Decimal) -> tuple[Band, ...]:
    """What each of *bought* units costs that come after *before* others, band by band: graduated."""
    start, stop = before, EXACT.add(before, bought)
    return tuple(_bands(price, start, stop))


def _bands(price: Price, start: Decimal, stop: Decimal) -> Iterator[Band]:
    floors = [(NONE, price.price), *((tier.from_quantity, tier.price) for tier in price.tiers)]
    ceilings = [*(tier.from_quantity for tier in price.tiers), stop]
    for (floor, each), ceiling in zip(floors, ceilings, strict=True):
        low, high = max(start, floor), min(stop, ceiling)
        if low < high:
            yield Band(floor, EXACT.subtract(high, low), each)


def amount_of(bands: Sequence[Band], mode: RoundingMode) -> int:
    """What all bands come to, in minor units: the exact sum, rounded once."""
    total = sum((band.price.scaled * Fraction(band.units) for band in bands), Fraction(0)) / PRICE_SCALE
    return divide(total.numerator, total.denominator, mode)
