"""What pricing answers: every line and charge with its discounts and taxes, what won, what lost, and what is wrong.

Amounts are whole minor units. The law: lines and charges add up to the total, net and tax to each total, and no
discount exceeds what it is taken from. Reasons are worked out from these figures when somebody asks.
"""

import attrs

from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Money, currency
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing import explain
from tokolib.pricing.facts import units
from tokolib.pricing.kits import KitBy, KitShare
from tokolib.pricing.lost import Problem
from tokolib.pricing.model import ChargeLine, PriceLine
from tokolib.pricing.parts import ChargePart, taxes_of
from tokolib.pricing.prices.book import Choice
from tokolib.pricing.promotions.giving.candidates import Granted, LostPromotion
from tokolib.pricing.promotions.giving.search import Search
from tokolib.pricing.promotions.model import AppliedDiscount, PromotionUse
from tokolib.tax.estimates import RequestLine
from tokolib.tax.model import TaxAmount


@attrs.frozen
class PricedLine:
    """A line with everything that belongs to it."""

    line: PriceLine
    choice: Choice
    listed: int
    """Price × quantity, rounded once, as the price list states it."""
    base: int
    """What discounts are taken off: `listed`, unless a policy takes them off the price with or without tax."""
    includes_tax: bool
    """Whether `base` and the discounts contain tax."""
    discounts: tuple[AppliedDiscount, ...]
    taxes: tuple[TaxAmount, ...]
    tax_reason: Reason
    """The rule that taxes are charged by, or not."""
    net: int
    """Without tax, after all discounts."""
    total: int
    """What the customer pays."""
    shares: tuple[KitShare, ...] = ()
    """Of a kit: what each of its components bears."""
    share_reasons: tuple[Reason, ...] = ()
    """The rule that each of these is taxed by, or not."""
    kit_by: KitBy | None = None
    """What the shares go by."""

    @property
    def unit_price(self) -> UnitPrice:
        """What one unit of measure costs, before discounts."""
        return self.choice.price

    @property
    def reason(self) -> Reason:
        """Where the line's total comes from."""
        money = self.unit_price.currency
        return reason(
            "pricing.line",
            Money(self.total, money),
            explain.choice_reason(self.choice, self.line, Money(self.base, money)),
            *explain.discount_reasons(self.discounts, money),
            *self._tax_reasons(),
            sku=self.line.sku or self.line.key,
            name=self.line.name,
            quantity=units(self.line),
        )

    def _tax_reasons(self) -> tuple[Reason, ...]:
        money, with_tax = self.unit_price.currency, self.includes_tax
        if self.kit_by is None:
            return explain.tax_reasons(self.taxes, (self.tax_reason,), money, includes_tax=with_tax)
        kit = explain.kit_reason(self.kit_by, self.shares, self.share_reasons, money, includes_tax=with_tax)
        return (*explain.tax_reasons(self.taxes, (), money, includes_tax=with_tax), kit)


@attrs.frozen
class PricedCharge:
    """A charge with everything that belongs to it."""

    charge: ChargeLine
    currency: str
    base: int
    """What discounts are taken off: its amount, unless home's tax is taken out of it across a border."""
    includes_tax: bool
    """Whether `base` and the discounts contain tax."""
    discounts: tuple[AppliedDiscount, ...]
    parts: tuple[ChargePart, ...]
    """By the classes that it is taxed by; more than one where shipping is taxed by the goods' mix."""
    tax_reasons: tuple[Reason, ...]
    """The rule of each of these classes, that taxes are charged by or not."""
    net: int
    total: int

    @property
    def taxes(self) -> tuple[TaxAmount, ...]:
        """The taxes of all parts."""
        return taxes_of(self.parts)

    @property
    def reason(self) -> Reason:
        """Where the charge's total comes from."""
        money = currency(self.currency)
        return reason(
            "pricing.charge",
            Money(self.total, money),
            explain.charge_reason(self.charge, money),
            *explain.home_tax_reasons(self.charge, self.base, money),
            *explain.discount_reasons(self.discounts, money),
            *explain.tax_reasons(self.taxes, self.tax_reasons, money, includes_tax=self.includes_tax),
            label=self.charge.label,
        )


@attrs.frozen
class Priced:
    """All lines and charges priced; `lines` and `charges` in the order in which they were given."""

    currency: str
    includes_tax: bool
    """Whether the shop's prices contain tax; a line of another price list may differ."""
    lines: tuple[PricedLine, ...]
    charges: tuple[PricedCharge, ...]
    uses: tuple[PromotionUse, ...]
    """The uses to reserve at placement, one for each promotion that gave something."""
    total: int
    granted: tuple[Granted, ...]
    lost: tuple[LostPromotion, ...]
    problems: tuple[Problem, ...]
    evaluations: int = 0
    """Comparisons of conditions with facts that it took."""
    search: Search | None = None
    """How the best combination was looked for, where it was."""
    asked: tuple[RequestLine, ...] = ()
    """What the taxes answer, where somebody outside works them out."""

    @property
    def gifts(self) -> tuple[Granted, ...]:
        """The promotions that propose a gift: checkout makes the lines."""
        return tuple(granted for granted in self.granted if granted.gift is not None)

    @property
    def discount(self) -> int:
        """All discounts together."""
        return sum(granted.amount for granted in self.granted)

    @property
    def tax(self) -> int:
        """All taxes together."""
        of_goods = sum(line.total - line.net for line in self.lines)
        return of_goods + sum(charge.total - charge.net for charge in self.charges)

    @property
    def reason(self) -> Reason:
        """Where the total comes from, down to the last figure."""
        money = currency(self.currency)
        return reason(
            "pricing.total",
            Money(self.total, money),
            *(line.reason for line in self.lines),
            *(charge.reason for charge in self.charges),
            *explain.promotion_reasons(self.granted, self.lost, money),
            *(explain.problem_reason(each) for each in self.problems if each.coupon == ""),
        )
