"""What the figures of a bargain rest on, as facts that are kept; the reasons are made of them when somebody asks.

What isn't said by the lines and charges themselves is here: with both, an order can be explained, and priced again.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from tokolib.checkout.evidence import Evidence
from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.conditions.facts import FactValue
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.personal import PERSONAL
from tokolib.kernel.rounding import RoundingProfile
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.explain import promotion_reasons
from tokolib.pricing.kits import KitBy
from tokolib.pricing.lost import Lost, Withheld
from tokolib.pricing.model import ChargeLine, PriceLine
from tokolib.pricing.outside import line_names
from tokolib.pricing.priced import PricedCharge, PricedLine
from tokolib.pricing.prices.book import Choice
from tokolib.pricing.prices.tiers import Band
from tokolib.pricing.promotions.giving.candidates import Granted, LostPromotion
from tokolib.pricing.promotions.giving.search import LARGEST_SEARCH
from tokolib.tax.kept import KeptEstimate
from tokolib.tax.model import Assessment


@attrs.frozen
class LineGrounds:
    """Which price list a line's price is of, from which quantity on, why the other lists lost, and what goods it was.

    The goods as promotions could ask about them then; their catalogue page may say something else by now.
    """

    price_list: str = ""
    """Its name; empty for a price that somebody stated."""
    tier: Decimal | None = None
    lost: tuple[Lost, ...] = ()
    bands: tuple[Band, ...] = ()
    """Of a graduated price: which of the line's units cost what."""
    how: tuple[Reason, ...] = ()
    """How the price came about, where it is not the list's own: from the list that it follows."""
    kit_by: KitBy | None = None
    """What the shares of a kit's components go by."""
    listed_with_tax: bool = False
    """Whether the list states the price with tax."""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    minimum: UnitPrice | None = None
    """The floor that no discount pierced."""
    until: datetime | None = None
    """When the first exchange rate that its price follows by is too old; None: it follows by none, or none gets so."""


@attrs.frozen
class TaxGrounds:
    """What the law made of one tax class: its taxes and their rounding, or why there are none."""

    tax_class: str
    assessment: Assessment


@attrs.frozen
class ChargeGrounds:
    """What a charge rests on."""

    because: Reason | None = None
    """Where its amount comes from, when a rule of the shop made it."""


@attrs.frozen
class Grounds:
    """All that an explanation says beside the figures of the lines and charges themselves."""

    lines: tuple[LineGrounds, ...]
    """In the order of the lines."""
    charges: tuple[ChargeGrounds, ...]
    """In the order of the charges."""
    taxes: tuple[TaxGrounds, ...]
    granted: tuple[Granted, ...] = ()
    lost: tuple[LostPromotion, ...] = ()
    delivery: Reason | None = None
    """Where the rate of the delivery comes from."""
    prices_include_tax: bool = False
    """As the shop's settings said, for the charges."""
    home_taxes: tuple[TaxGrounds, ...] = ()
    """What prices with tax were made for, where what the seller keeps is the same everywhere."""
    facts: tuple[tuple[str, FactValue], ...] = attrs.field(default=(), metadata=PERSONAL)
    """What conditions could ask about beside the goods: when, where, who; by name."""
    combinations: int = LARGEST_SEARCH
    """How many sets of promotions could be tried at most."""
    tax_rounding: RoundingProfile | None = None
    """As the shop's settings said; None: as the law does."""
    used: tuple[tuple[str, int], ...] = ()
    """How often the limited promotions among those that won or lost had been used before, by counter."""
    versions: tuple[tuple[str, int], ...] | None = None
    """Which version of the promotions that won or lost it was, by id; None: not known."""
    withheld: tuple[Withheld, ...] = ()
    """Gifts that can't be given: refused by the customer, sold out, or not sold."""
    estimate: KeptEstimate | None = None
    """What somebody outside was asked about the taxes, and answered; None where the rules of `taxes` say them."""

    def reason(self, lines: Sequence[QuoteLine], charges: Sequence[QuoteCharge], currency: Currency) -> Reason:
        """Where the total of *lines* and *charges*, which rest on these grounds, comes from."""
        total = sum(line.total for line in lines) + sum(charge.total for charge in charges)
        evidence = self._evidence(lines)
        of_lines = (_line(line, own, evidence) for line, own in zip(lines, self.lines, strict=True))
        of_charges = (
            self._charge(charge, own, evidence.of_charge(charge), currency)
            for charge, own in zip(charges, self.charges, strict=True)
        )
        promotions = promotion_reasons(self.granted, self.lost, currency)
        delivery = () if self.delivery is None else (self.delivery,)
        told = () if self.estimate is None else (self.estimate.reason,)
        return reason("pricing.total", Money(total, currency), *of_lines, *of_charges, *promotions, *delivery, *told)

    def _evidence(self, lines: Sequence[QuoteLine]) -> Evidence:
        rules = {each.tax_class: each.assessment.reason for each in self.taxes}
        if self.estimate is None:
            return Evidence(rules)
        return Evidence(rules, line_names(line.id for line in lines), self.estimate.untaxed)

    def _charge(self, charge: QuoteCharge, own: ChargeGrounds, rules: tuple[Reason, ...], currency: Currency) -> Reason:
        asked = ChargeLine(
            charge.id,
            charge.kind,
            charge.label,
            charge.amount,
            charge.tax_class,
            stated=charge.stated,
            because=own.because,
        )
        return PricedCharge(
            charge=asked,
            currency=currency.code,
            base=charge.base,
            includes_tax=charge.includes_tax,
            discounts=charge.discounts,
            parts=charge.parts,
            tax_reasons=rules,
            net=charge.net,
            total=charge.total,
        ).reason


def _line(line: QuoteLine, own: LineGrounds, evidence: Evidence) -> Reason:
    return PricedLine(
        line=PriceLine(
            line.id,
            line.key,
            line.name,
            line.steps,
            line.unit.per_step,
            stated=line.stated,
            sku=line.sku,
            gift=bool(line.gift_of),
        ),
        choice=Choice(
            line.unit_price, line.includes_tax, None, own.price_list, own.tier, None, own.lost, own.bands, how=own.how
        ),
        listed=line.base,
        base=line.base,
        includes_tax=line.includes_tax,
        discounts=line.discounts,
        taxes=line.taxes,
        tax_reason=evidence.of_line(line),
        net=line.net,
        total=line.total,
        shares=line.shares,
        share_reasons=evidence.of_parts(line),
        kit_by=own.kit_by,
    ).reason
