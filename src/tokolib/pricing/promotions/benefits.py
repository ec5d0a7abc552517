"""What a promotion gives: a value off units, lines, the order or charges; by tiers; for a combination; or a gift.

A *value* says how much (`Percent`, `AmountOff`, `FixedPrice`), a *benefit* on what. Both refuse nonsense that needs
no shop to see it; what depends on the other terms, such as the currency, is checked when a promotion is put.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeAlias

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.choices import settle_choices
from tokolib.kernel.fields import exact_percent, is_money
from tokolib.kernel.money import Money
from tokolib.pricing.model import ChargeKind, TierMode

MOST_PARTS: Final = 6
"""Parts of one combination; which units serve which part is decided over all sets of parts."""
MOST_STEPS: Final = 50
"""Steps of one tiered benefit."""


class Scope(StrEnum):
    """What a benefit makes cheaper; promotions apply in this order, each scope on what the ones before left."""

    UNIT = "unit"
    """Every single unit of the targeted lines: 10 % of a unit's price, Rp 5,000 off each, each for Rp 50,000."""
    LINE = "line"
    """Each targeted line: a percentage of it, an amount off every one of them, or each for one price."""
    ORDER = "order"
    """The targeted lines together: a percentage of their sum, one amount off, or all of them for one price."""
    SHIPPING = "shipping"
    """The shipping charges together."""
    FEES = "fees"
    """The other charges that a rule made, together: cash on delivery, gift wrap, small order, insurance."""


@attrs.frozen
class Percent:
    """A percentage off, above 0 and at most 100."""

    percent: Decimal = attrs.field(converter=exact_percent)


@attrs.frozen
class AmountOff:
    """An amount off, never more than there is."""

    amount: Money = attrs.field(validator=is_money)


@attrs.frozen
class FixedPrice:
    """For this price, however dear it was; what was cheaper already stays so."""

    price: Money = attrs.field(validator=is_money)


Value: TypeAlias = Percent | AmountOff | FixedPrice


@attrs.frozen
class Off:
    """A value off the units, lines or charges that are targeted."""

    value: Value
    scope: Scope = Scope.ORDER
    target: Predicate = ALWAYS
    """Which lines: over `sku`, `product`, `categories`, `tags`, `attributes`, `quantity`, `unit_price` of each."""
    charges: tuple[ChargeKind, ...] = ()
    """Of the scope `fees`: only charges of these kinds; empty for all."""

    def __attrs_post_init__(self) -> None:
        """A scope may be given by its word."""
        settle_choices("", self, {"scope": Scope})


class Measure(StrEnum):
    """What the steps of a tiered benefit are measured by."""

    SUBTOTAL = "subtotal"
    """What the targeted lines cost at this point, in minor units."""
    QUANTITY = "quantity"
    """Units of the targeted lines; graduated, they are counted from the dearest."""


@attrs.frozen
class Step:
    """From this much on (minor units, or units of measure), this value."""

    reached: int
    value: Value


def _steps(given: Iterable[Step]) -> tuple[Step, ...]:
    rows: Any = tuple(given)
    return tuple(sorted(rows, key=lambda step: step.reached)) if all(isinstance(row, Step) for row in rows) else rows


@attrs.frozen
class Tiered:
    """Spend more, save more: the value depends on how much the targeted lines come to."""

    steps: tuple[Step, ...] = attrs.field(converter=_steps)
    """Rising."""
    by: Measure = Measure.SUBTOTAL
    mode: TierMode = TierMode.VOLUME
    target: Predicate = ALWAYS

    def __attrs_post_init__(self) -> None:
        """A measure and a mode may be given by their words."""
        settle_choices("", self, {"by": Measure, "mode": TierMode})


class Pick(StrEnum):
    """Which of the units that fit are taken."""

    CHEAPEST = "cheapest"
    DEAREST = "dearest"


@attrs.frozen
class Part:
    """So many units of what fits; with a value, these are the units that get it."""

    quantity: int
    which: Predicate = ALWAYS
    """Over the facts of a line."""
    value: Value | None = None
    """Off each of these units; None for those that only have to be bought."""
    pick: Pick = Pick.DEAREST

    def __attrs_post_init__(self) -> None:
        """Which ones are picked may be given by its word."""
        settle_choices("", self, {"pick": Pick})


def _parts(given: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(given)


@attrs.frozen
class Combination:
    """Units that belong together: buy X get Y, three for the price of two, any three for a price, a set.

    As many combinations are made as the cart has units for, at most *times*; a unit serves in one, and in no other
    promotion's. Goods that are sold by measure (kg, m) take no part.
    """

    parts: tuple[Part, ...] = attrs.field(converter=_parts)
    value: Value | None = None
    """Off each combination as a whole; None where the parts have values."""
    times: int | None = None


@attrs.frozen
class Gift:
    """Goods for nothing: pricing proposes them, and checkout puts them in unless the customer refuses."""

    sku: str
    """As it is written; goods are compared by `key`."""
    quantity: int = 1
    """Units of measure."""

    @property
    def key(self) -> str:
        """The SKU as it is compared."""
        return sku_key(self.sku)


Benefit: TypeAlias = Off | Tiered | Combination | Gift


class How(StrEnum):
    """In which way something was given."""

    PERCENTAGE = "percentage"
    FIXED = "fixed"
    PRICE = "price"
    TIERS = "tiers"
    COMBINATION = "combination"
    GIFT = "gift"


def how(benefit: Benefit) -> How:
    """In which way *benefit* gives."""
    match benefit:
        case Off(value=Percent()):
            return How.PERCENTAGE
        case Off(value=AmountOff()):
            return How.FIXED
        case Off():
            return How.PRICE
        case Tiered():
            return How.TIERS
        case Combination():
            return How.COMBINATION
        case Gift():
            return How.GIFT
