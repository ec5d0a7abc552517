"""What pricing refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import Money


@attrs.frozen
class NoPrice(TokolibError):
    """No price list that applies has a price for these SKUs; all of them are named."""

    code: ClassVar[str] = "pricing.no_price"
    status: ClassVar[int] = 409
    currency: str
    skus: tuple[str, ...]
    lines: tuple[str, ...]
    outdated: str = ""
    """The name of a list that has a price for the first of them, and whose exchange rate is too old; empty for none."""
    as_of: str = ""
    """The day of that rate, as in 2026-03-14."""

    def __str__(self) -> str:
        lacking = f"no price in {self.currency} for {', '.join(self.skus)}"
        if self.outdated:
            return f"{lacking}: the exchange rate of list {self.outdated}, of {self.as_of}, is too old"
        return lacking

    @property
    def hint(self) -> str:
        if self.outdated:
            return "shop.prices.renew_rates() asks for new rates; put_list(rate_days=) says how old one may be"
        return f"shop.prices.put(sku, price) with a price in {self.currency}, or state a price on the cart line"


@attrs.frozen
class TooManyEvaluations(TokolibError):
    """Pricing one cart would take more comparisons than the shop allows; nothing was priced."""

    code: ClassVar[str] = "pricing.too_many_evaluations"
    most: int
    lines: int
    rules: int

    def __str__(self) -> str:
        return f"pricing {self.lines} lines under {self.rules} promotions takes more than {self.most} comparisons"

    @property
    def hint(self) -> str:
        return (
            "let promotions name what they are for (a SKU, category, tag, channel or group), so that they can be "
            "looked up; or raise settings limits.evaluations"
        )


class LimitReached(TokolibError):
    """The root of what ran out before an order could have it: uses, units, a budget, a place in a row of orders.

    Nothing was reserved.
    """

    status: ClassVar[int] = 409

    @property
    def hint(self) -> str:
        return "quote the cart again: it is priced without it; an order that dies unpaid gives back what it had"


@attrs.frozen
class PromotionExhausted(LimitReached):
    """As many orders as may have the promotion have it already: in all, or of this customer."""

    code: ClassVar[str] = "pricing.promotion_exhausted"
    promotion: str
    limit: int
    per_customer: bool

    def __str__(self) -> str:
        whose = "of each customer" if self.per_customer else "in all"
        orders = "1 order" if self.limit == 1 else f"{self.limit} orders"
        return f"promotion {self.promotion} is for {orders} {whose}, and none is left"


@attrs.frozen
class PromotionUnitsExhausted(LimitReached):
    """Fewer units may still be had for the promotion than the order needs: in all, or by this customer."""

    code: ClassVar[str] = "pricing.promotion_units_exhausted"
    promotion: str
    limit: int
    left: int
    needed: int
    per_customer: bool

    def __str__(self) -> str:
        whose = "for each customer" if self.per_customer else "in all"
        units = "1 unit" if self.limit == 1 else f"{self.limit} units"
        left = f"{self.left or 'none'} {'is' if self.left < 2 else 'are'} left"
        return f"promotion {self.promotion} is for {units} {whose}: {left}, and this order needs {self.needed}"


@attrs.frozen
class CampaignBudgetSpent(LimitReached):
    """Less is left of a campaign's budget than the order needs; `funder` names whose part of it, empty: the whole."""

    code: ClassVar[str] = "pricing.campaign_budget_spent"
    campaign: str
    funder: str
    limit: Money
    left: Money
    needed: Money

    def __str__(self) -> str:
        whose = f", as far as {self.funder} bears it," if self.funder else ""
        return (
            f"the budget of campaign {self.campaign}{whose} is {self.limit}: "
            f"{self.left} is left, and this order needs {self.needed}"
        )


@attrs.frozen
class OrderNumberTaken(LimitReached):
    """The prices were those of the customer's order *number*, and they have made that one meanwhile."""

    code: ClassVar[str] = "pricing.order_number_taken"
    customer: str
    number: int
    made: int

    def __str__(self) -> str:
        orders = "1 order" if self.made == 1 else f"{self.made} orders"
        return f"this was priced as order {self.number} of customer {self.customer}, who has {orders} already"

    @property
    def hint(self) -> str:
        return "quote the cart again: some promotion asks which order of the customer it is"
