"""Fees that come with a delivery: cash on delivery and insurance, each a charge of its own kind.

Whether the customer or the shop bears them differs from shop to shop, so they are never folded into the rate.
"""

from decimal import Decimal
from enum import StrEnum

import attrs

from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.numbers import exact
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.shipping.errors import InvalidMethod
from tokolib.shipping.figures import check_whole


class FeeKind(StrEnum):
    """What a fee is for."""

    COD = "cod_fee"
    INSURANCE = "insurance"


def _percent(value: object) -> Decimal:
    percent = exact(value, "percent")
    if not 0 <= percent <= 100:
        raise InvalidMethod("percent", str(percent), "is between 0 and 100")
    return percent


@attrs.frozen
class FeeRule:
    """A fee of max(minimum, percent of the amount rounded up) + fixed, in minor units of the method's currency."""

    percent: Decimal = attrs.field(converter=_percent)
    """`Decimal("0.2")` is 0.2 %."""
    minimum: int = 0
    fixed: int = 0
    least: int | None = None
    """The smallest amount that it is offered for."""
    most: int | None = None
    source: str = ""

    def __attrs_post_init__(self) -> None:
        check_whole("minimum", self.minimum)
        check_whole("fixed", self.fixed)
        for name, bound in (("least", self.least), ("most", self.most)):
            if bound is not None:
                check_whole(name, bound)
        if self.least is not None and self.most is not None and self.least > self.most:
            raise InvalidMethod("most", str(self.most), f"is below least, {self.least}: it is offered for nothing")

    def takes(self, amount: int) -> bool:
        """Whether it is offered for *amount*."""
        return (self.least is None or amount >= self.least) and (self.most is None or amount <= self.most)

    def on(self, amount: int) -> int:
        """The fee on *amount*, both in minor units."""
        numerator, denominator = self.percent.as_integer_ratio()
        return max(self.minimum, divide(amount * numerator, 100 * denominator, RoundingMode.UP)) + self.fixed


@attrs.frozen
class Fee:
    """A fee as it is charged."""

    kind: FeeKind
    method: str
    amount: Money
    reason: Reason


def fee(kind: FeeKind, method: str, rule: FeeRule, amount: int, currency: Currency) -> Fee:
    """The fee by *rule* on *amount* minor units, with its reason."""
    charged, told = Money(rule.on(amount), currency), []
    if rule.minimum:
        told.append(reason("shipping.fee_minimum", None, minimum=Money(rule.minimum, currency)))
    if rule.fixed:
        told.append(reason("shipping.fee_fixed", None, fixed=Money(rule.fixed, currency)))
    if rule.source:
        told.append(reason("shipping.fee_source", None, source=rule.source))
    base = Money(amount, currency)
    why = reason(f"shipping.{kind.value}", charged, *told, method=method, percent=rule.percent, base=base)
    return Fee(kind, method, charged, why)
