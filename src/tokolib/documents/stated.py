"""What a document states of one line: amounts without tax, what was taken off them, and the taxes they bear.

The words are those of EN 16931-1:2017: an amount has its business term (BT) beside it. All amounts are minor units
of the document's currency; a credit note states what goes back, positive.
"""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Final

import attrs

from tokolib.tax.model import TaxAmount

CHARGED: Final = frozenset({"S", "L", "M", "B"})
"""Category letters under which tax is charged: standard, Canary Islands, Ceuta and Melilla, transferred."""


@attrs.frozen(cache_hash=True)
class TaxCategory:
    """What taxes are broken down by: a document has one subtotal (BG-23) for each."""

    code: str
    """`PPN`, `VAT`; empty where no tax was named."""
    name: str
    letter: str
    """BT-118, of UNCL 5305."""
    rate: Decimal
    """BT-119, percent: 0 where none is charged, whatever the law's nominal rate."""
    base_fraction: Fraction
    """The part of the taxable amount that the rate is taken of: 11/12."""

    @property
    def effective(self) -> Fraction:
        """What it comes to as a fraction of the taxable amount: 11/100 for 12 % of 11/12."""
        return Fraction(self.rate) * self.base_fraction / 100


OUTSIDE: Final = TaxCategory("", "", "O", Decimal(0), Fraction(1))
"""Of what no tax was named: the seller isn't registered, or the thing is outside all tax."""


@attrs.frozen
class StatedTax:
    """One tax in a document's line: its rule as it was, and its amount."""

    code: str
    name: str
    rate: Decimal
    """Percent, nominal."""
    base_fraction: Fraction
    letter: str
    """Its EN 16931 category (UNCL 5305)."""
    base: int
    """What the rate is taken of: DPP nilai lain, or the taxable amount where all of it is taxed."""
    amount: int
    source: str
    waived: int = 0
    """What would be due where the state waives it or bears it itself; it is in no total."""
    jurisdiction: str = ""
    """Whose tax it is: `ID`, `US-CA`, a county."""
    facility: str = ""
    """The relief's number, where one waives or exempts: `02` of Coretax's TD.00502 and TD.01102."""

    @classmethod
    def of(cls, tax: TaxAmount) -> "StatedTax":
        """*tax* as an order keeps it."""
        return cls(
            code=tax.code,
            name=tax.name,
            rate=tax.rate,
            base_fraction=tax.base_fraction,
            letter=tax.category,
            base=tax.base,
            amount=tax.amount,
            source=tax.source,
            waived=tax.waived,
            jurisdiction=tax.jurisdiction,
            facility=tax.facility,
        )

    @property
    def printed(self) -> tuple[int, int]:
        """The figures that stand beside its amount: base, and what is waived."""
        return self.base, self.waived

    def part(self, amount: int, base: int, waived: int) -> "StatedTax":
        """So much of it."""
        return attrs.evolve(self, amount=amount, base=base, waived=waived)

    @cached_property
    def category(self) -> TaxCategory:
        """What its amount is added up by."""
        if self.letter in CHARGED:
            return TaxCategory(self.code, self.name, self.letter, self.rate, self.base_fraction)
        return TaxCategory(self.code, self.name, self.letter, Decimal(0), Fraction(1))


class AllowanceLevel(StrEnum):
    """Where a document shows what was taken off. The sums are the same, wherever it is."""

    LINE = "line"
    """In the line (BG-27): a promotion on units or lines."""
    DOCUMENT = "document"
    """On the whole document (BG-20), by category: a promotion on the order, or on delivery and fees."""
    AFTER_TAX = "after_tax"
    """In the amount already paid (BT-113): by the shop's policy `tax_base` it leaves the taxable amount as it is."""


@attrs.frozen
class StatedAllowance:
    """Money off one line or charge, without tax; with it, where it was taken off after tax."""

    reason: str
    """BT-139, BT-97: the promotion's name."""
    promotion_id: str
    coupon: str
    funder: str
    """Who bears it; empty: the seller."""
    amount: int
    """BT-136."""
    level: AllowanceLevel


@attrs.frozen
class StatedLine:
    """One line of a document, or one charge beside the goods; a charge of several tax classes is one line for each."""

    name: str
    sku: str
    """Empty for a charge."""
    quantity: str
    """With its unit, as text."""
    discount: int
    """What was taken off as the customer was told: with tax, where the price has it."""
    net: int
    """Without tax, after all that was taken off."""
    total: int
    """What the customer pays for it, tax included."""
    taxes: tuple[StatedTax, ...]
    allowances: tuple[StatedAllowance, ...] = ()
    id: str = ""
    """BT-126: unique in an invoice, and in a credit note that of the line that it takes something of."""

    @property
    def is_charge(self) -> bool:
        """Whether it is a charge beside the goods (BG-21)."""
        return not self.sku

    @property
    def taxable(self) -> int:
        """What it adds to the taxable amounts (BT-116) of its categories, of what is taken off the document as well."""
        return self.net + self.taken(AllowanceLevel.AFTER_TAX)

    @property
    def amount(self) -> int:
        """The line's net amount (BT-131), or the charge's (BT-99): what is taken off the document is not off yet."""
        return self.taxable + self.taken(AllowanceLevel.DOCUMENT)

    @property
    def undiscounted(self) -> int:
        """Price × quantity without tax: nothing is off yet."""
        return self.amount + self.taken(AllowanceLevel.LINE)

    @cached_property
    def categories(self) -> tuple[TaxCategory, ...]:
        """The categories that it is taxed in: one, unless several taxes meet on it."""
        return tuple(tax.category for tax in self.taxes) or (OUTSIDE,)

    def taken(self, level: AllowanceLevel) -> int:
        """All that was taken off there."""
        return sum(each.amount for each in self.allowances if each.level is level)
