"""What `price` took for one order of the past, by value, and what came of it: nothing else is needed to price it again.

A price list, a tax rule or a product may have changed since, or be gone. Rules are not kept with each order: which
promotions ran when is told once for all orders, by `rules.RulesOverTime`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property

import attrs

from tokolib.conditions.facts import FactValue
from tokolib.kernel.money import Currency
from tokolib.kernel.personal import PERSONAL
from tokolib.kernel.policies import Policies
from tokolib.kernel.rounding import RoundingProfile
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.lost import Withheld
from tokolib.pricing.model import ChargeLine, PriceLine
from tokolib.pricing.prices.tiers import Band
from tokolib.pricing.promotions.giving.search import LARGEST_SEARCH
from tokolib.pricing.promotions.model import Coupon
from tokolib.pricing.what_if.figures import Figures, total_of
from tokolib.tax.kept import AnsweredLine
from tokolib.tax.model import Assessment


@attrs.frozen
class PastLine:
    """Goods that were sold: what was priced, the price that was chosen for it, and what came of both."""

    line: PriceLine
    price: UnitPrice
    """Of one unit of measure, as listed; of the line's first one, where they cost differently by `bands`."""
    includes_tax: bool
    """Whether that price contains tax."""
    sold: Figures
    minimum: UnitPrice | None = None
    """The floor that no discount pierced."""
    bands: tuple[Band, ...] = ()
    """Of a graduated price: which of the line's units cost what."""


@attrs.frozen
class PastCharge:
    """A charge that was made, and what came of it."""

    charge: ChargeLine
    sold: Figures


@attrs.frozen
class PastTax:
    """What the law made of one tax class, on the day and at the place of the sale."""

    tax_class: str
    assessment: Assessment


@attrs.frozen
class PricingFacts:
    """One order of the past as `price` saw it."""

    order_id: str
    day: date
    """The calendar day of the sale, in the shop's zone."""
    currency: Currency
    lines: tuple[PastLine, ...]
    charges: tuple[PastCharge, ...]
    """As they were: a delivery rate that goes by the goods' value is not asked for again."""
    facts: tuple[tuple[str, FactValue], ...] = attrs.field(metadata=PERSONAL)
    """What the caller of `price` told it: when, where, who; by name."""
    taxes: tuple[PastTax, ...]
    prices_include_tax: bool
    policies: Policies
    combinations: int = LARGEST_SEARCH
    """How many sets of promotions could be tried at most."""
    tax_rounding: RoundingProfile | None = None
    home_taxes: tuple[PastTax, ...] = ()
    """What prices with tax were made for, where what the seller keeps is the same everywhere."""
    coupons: tuple[Coupon, ...] = ()
    """Those that were given, with the limits that they had."""
    used: tuple[tuple[str, int], ...] = ()
    """How often limited promotions had been used by then, by counter; one that isn't here counts zero."""
    versions: tuple[tuple[str, int], ...] | None = None
    """Which version of the promotions that won or lost it was, by id: a promotion may have been changed in the very
    instant of the order, before it or after. None: not known; then it was changed before."""
    withheld: tuple[Withheld, ...] = ()
    """Gifts that could not be given: refused by the customer, sold out, or not sold."""
    answered: tuple[AnsweredLine, ...] = ()
    """What somebody outside answered about the taxes; empty where the rules of `taxes` say them."""

    @cached_property
    def known(self) -> Mapping[str, FactValue]:
        """The facts by name."""
        return dict(self.facts)

    @property
    def now(self) -> datetime | None:
        """When it was priced."""
        found = self.known.get("now")
        return found if isinstance(found, datetime) else None

    @property
    def sold(self) -> Figures:
        """What the whole order came to."""
        return total_of([*(line.sold for line in self.lines), *(charge.sold for charge in self.charges)])
