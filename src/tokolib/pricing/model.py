"""What pricing is asked about: lines of goods and charges beside them.

Amounts inside lines are whole minor units of one currency; a price is a `UnitPrice`, finer by 10,000.
"""

from enum import StrEnum
from fractions import Fraction

import attrs

from tokolib.kernel.explain import Reason
from tokolib.kernel.quantity import ONE
from tokolib.kernel.unit_price import UnitPrice
from tokolib.tax.model import STANDARD


class TierMode(StrEnum):
    """How the tiers of a price, or the steps of a promotion, count."""

    VOLUME = "volume"
    """The highest one that is reached counts for everything."""
    GRADUATED = "graduated"
    """Each counts for its own part: what lies between it and the next."""


@attrs.frozen
class StatedPrice:
    """A price that a person or a program set by hand for one line; it takes precedence over every list."""

    price: UnitPrice
    actor: str
    reason: str


@attrs.frozen
class KitPart:
    """A component of a kit: it bears a share of the kit's price, and is taxed there. `quantity` counts steps."""

    key: str
    quantity: int
    """In one kit."""
    per_step: Fraction = Fraction(1)
    tax_class: str = STANDARD
    weight: int | None = None
    """Its share, as the kit's product states it; None: by what it costs."""


@attrs.frozen
class PriceLine:
    """Goods to be priced. `quantity` counts steps; one step is `per_step` units of measure."""

    id: str
    key: str
    name: str
    quantity: int
    per_step: Fraction = ONE
    tax_class: str = STANDARD
    product_id: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    """As `name=value`."""
    weight_grams: int | None = None
    """What one unit of measure weighs."""
    stated: StatedPrice | None = None
    sku: str = ""
    """As the catalogue spells it, for display."""
    gift: bool = False
    """Costs nothing, needs no price, and takes no part in promotions."""
    parts: tuple[KitPart, ...] = ()
    """Of a kit: what it is made of. Its own tax class counts for nothing then."""


class ChargeKind(StrEnum):
    """What a charge beside the goods is for."""

    SHIPPING = "shipping"
    FEE = "fee"
    INSURANCE = "insurance"
    COD_FEE = "cod_fee"
    PACKAGING = "packaging"
    GIFT_WRAP = "gift_wrap"
    SMALL_ORDER = "small_order"
    ADJUSTMENT = "adjustment"
    DIFFERENCE = "difference"
    """What the total of an order from elsewhere has beside its own parts; below zero where it has less."""


@attrs.frozen
class StatedCharge:
    """A charge, in minor units, that a person or a program put on one quote by hand; promotions leave it alone."""

    kind: ChargeKind
    label: str
    amount: int
    actor: str
    reason: str
    tax_class: str = STANDARD
    refundable: bool = True


@attrs.frozen
class ChargeLine:
    """A charge beside the goods, in minor units, never negative; a deduction is a promotion or a posting."""

    id: str
    kind: ChargeKind
    label: str
    amount: int
    tax_class: str = STANDARD
    refundable: bool = True
    stated: StatedCharge | None = None
    """Who put it there and why, when no rule did."""
    because: Reason | None = None
    """Where its amount comes from, when a rule of the shop made it."""
    weights: tuple[tuple[str, int], ...] = ()
    """The ids of the lines that it is for, each with its weight; empty: all, by what they cost."""

    @classmethod
    def of(cls, id: str, stated: StatedCharge) -> "ChargeLine":
        """A stated charge as one to be priced."""
        return cls(id, stated.kind, stated.label, stated.amount, stated.tax_class, stated.refundable, stated)


# Prices
