"""Charges by rule: cash on delivery, gift wrap, small orders, insurance, packing, service.

A rule says how much (a *figure*), when (conditions, or a wish of the customer's), and how it is taxed and given back.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

import attrs

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.kernel.choices import settle_choices
from tokolib.kernel.fields import exact_percent, is_money, is_money_or_none
from tokolib.kernel.money import Money
from tokolib.pricing.model import ChargeKind
from tokolib.tax.model import STANDARD

NEVER_BY_RULE: Final = frozenset({ChargeKind.SHIPPING, ChargeKind.ADJUSTMENT, ChargeKind.DIFFERENCE})
"""Kinds that no rule makes: delivery has rates of its own, an adjustment is somebody's decision, and a difference is
that of an order from elsewhere."""
ONE_EACH: Final = frozenset({ChargeKind.COD_FEE, ChargeKind.INSURANCE, ChargeKind.GIFT_WRAP, ChargeKind.SMALL_ORDER})
"""Kinds of which a bill has one charge at most, so that two rules never ask for the same thing twice."""
WISHED: Final = frozenset({ChargeKind.GIFT_WRAP, ChargeKind.INSURANCE})
"""Kinds that a customer wishes for, unless their rule says otherwise."""
BY_COURIER: Final = frozenset({ChargeKind.COD_FEE, ChargeKind.INSURANCE})
"""Kinds that couriers have figures for."""
COD: Final = "cod"
"""The tender that a `cod_fee` is charged for."""


class Per(StrEnum):
    """For each of what an amount is asked."""

    ORDER = "order"
    LINE = "line"
    """Each line; of a gift wrap, each line that is to be wrapped."""
    UNIT = "unit"
    """Each unit of measure of these lines; what is sold by measure (kg, m) counts as one for each line."""


class PercentOf(StrEnum):
    """Which value of the goods a percentage is taken of; what a customer pays, as prices state it."""

    BEFORE_DISCOUNTS = "before_discounts"
    AFTER_DISCOUNTS = "after_discounts"


@attrs.frozen
class FixedCharge:
    """An amount, for the order or for each line or unit of it."""

    amount: Money = attrs.field(validator=is_money)
    per: Per = Per.ORDER

    def __attrs_post_init__(self) -> None:
        """For each of what may be given by its word."""
        settle_choices("", self, {"per": Per})


@attrs.frozen
class PercentCharge:
    """A percentage of the goods, rounded up to a whole minor unit, within bounds."""

    percent: Decimal = attrs.field(converter=exact_percent)
    """`Decimal("0.2")` is 0.2 %; above 0 and at most 100."""
    of: PercentOf = PercentOf.AFTER_DISCOUNTS
    minimum: Money | None = attrs.field(default=None, validator=is_money_or_none)
    maximum: Money | None = attrs.field(default=None, validator=is_money_or_none)

    def __attrs_post_init__(self) -> None:
        """What it is taken of may be given by its word."""
        settle_choices("", self, {"of": PercentOf})


@attrs.frozen
class CourierCharge:
    """What the courier of the chosen delivery asks for it, passed on to the customer; none where there is no courier.

    A courier's own fees stand with its delivery method. They cost the customer nothing until a rule passes them on.
    """


Figure: TypeAlias = FixedCharge | PercentCharge | CourierCharge


@attrs.frozen
class ChargeTerms:
    """What a charge is for, how much it is, and when it is asked for."""

    kind: ChargeKind
    """Of cash on delivery, insurance, gift wrap and small order a bill has one each: that of the largest priority."""
    name: str
    """As customers read it."""
    figure: Figure
    conditions: Predicate = ALWAYS
    """Over the facts of the whole order; a `cod_fee` is only asked of who pays by the tender `cod`."""
    by_wish: bool = False
    """Only where the customer wishes: `quote(wrap=True)`, `insured=True`, or `extras=[code]` for the other kinds."""
    priority: int = 0
    """Of rules of one kind the larger decides; of equals the smaller code."""
    tax_class: str = STANDARD
    refundable: bool = True
    """Whether returned goods bring their share of it back, where the shop's policy gives charges back at all."""
    currency: str = ""
    """The currency of its amounts, and of bare minor units in its conditions: only carts in it are asked for it.

    Empty for a rule that names no amount, and so is for every currency; filled in when the rule is put.
    """

    @property
    def amounts(self) -> Mapping[str, Money]:
        """The amounts that its figure names, by their paths."""
        match self.figure:
            case FixedCharge(amount=amount):
                return {"figure.amount": amount}
            case PercentCharge(minimum=minimum, maximum=maximum):
                named = {"figure.minimum": minimum, "figure.maximum": maximum}
                return {path: each for path, each in named.items() if each is not None}
            case CourierCharge():
                return {}

    def __attrs_post_init__(self) -> None:
        """A kind may be given by its word."""
        settle_choices("", self, {"kind": ChargeKind})


@attrs.frozen
class ChargeRule:
    """A charge by rule, and whether the shop lets it be asked for."""

    id: str
    """Its code, in lower case."""
    version: int
    terms: ChargeTerms
    active: bool = True
