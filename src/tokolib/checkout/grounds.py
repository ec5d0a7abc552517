"""What the figures of a bargain rest on, kept as facts; the reasons are made of them when somebody asks."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import attrs

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Currency, Money
from tokolib.pricing.explain import promotion_reasons
from tokolib.pricing.kits import KitBy
from tokolib.pricing.lost import Lost
from tokolib.pricing.model import ChargeLine, PriceLine
from tokolib.pricing.priced import Priced, PricedCharge, PricedLine
from tokolib.pricing.prices.select import Choice
from tokolib.pricing.promotions.candidates import Granted, LostPromotion


@attrs.frozen
class LineGrounds:
    """Which price list a line's price is of, from which quantity on, and why the other lists lost."""

    price_list: str = ""
    """Its name; empty for a price that somebody stated."""
    tier: Decimal | None = None
    lost: tuple[Lost, ...] = ()
    how: tuple[Reason, ...] = ()
    """How the price came about, where it is not simply the list's: its bands, the list that it follows from."""
    kit_by: KitBy | None = None
    """What the shares of a kit's components go by."""


@attrs.frozen
class TaxGrounds:
    """The rule of law for one tax class, or why there is none."""

    tax_class: str
    rule: Reason


@attrs.frozen
class ChargeGrounds:
    """What a charge rests on."""

    tax_classes: tuple[str, ...]
    """The classes that it is taxed by."""
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

    def reason(self, lines: Sequence[QuoteLine], charges: Sequence[QuoteCharge], currency: Currency) -> Reason:
        """Where the total of *lines* and *charges*, which rest on these grounds, comes from."""
        total = sum(line.total for line in lines) + sum(charge.total for charge in charges)
        rules = {each.tax_class: each.rule for each in self.taxes}
        of_lines = (_line(line, own, rules) for line, own in zip(lines, self.lines, strict=True))
        of_charges = (
            self._charge(charge, own, tuple(rules[name] for name in own.tax_classes), currency)
            for charge, own in zip(charges, self.charges, strict=True)
        )
        promotions = promotion_reasons(self.granted, self.lost, currency)
        delivery = () if self.delivery is None else (self.delivery,)
        return reason("pricing.total", Money(total, currency), *of_lines, *of_charges, *promotions, *delivery)

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
            includes_tax=self.prices_include_tax,
            discounts=charge.discounts,
            taxes=charge.taxes,
            tax_classes=(),
            tax_reasons=rules,
            net=charge.net,
            total=charge.total,
        ).reason


def _line(line: QuoteLine, own: LineGrounds, rules: Mapping[str, Reason]) -> Reason:
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
        choice=Choice(line.unit_price, line.includes_tax, None, own.price_list, own.tier, None, own.lost, how=own.how),
        listed=line.base,
        base=line.base,
        includes_tax=line.includes_tax,
        discounts=line.discounts,
        taxes=line.taxes,
        tax_reason=rules[line.tax_class],
        net=line.net,
        total=line.total,
        shares=line.shares,
        share_reasons=tuple(rules[share.tax_class] for share in line.shares),
        kit_by=own.kit_by,
    ).reason


def grounds_of(priced: Priced, delivery: Reason | None) -> Grounds:
    """What *priced* rests on, and its *delivery*."""
    return Grounds(
        lines=tuple(_of_line(each) for each in priced.lines),
        charges=tuple(ChargeGrounds(each.tax_classes, each.charge.because) for each in priced.charges),
        taxes=tuple(_taxes(priced)),
        granted=priced.granted,
        lost=priced.lost,
        delivery=delivery,
        prices_include_tax=priced.includes_tax,
    )


def _of_line(line: PricedLine) -> LineGrounds:
    choice = line.choice
    return LineGrounds(choice.list_name, choice.tier, choice.lost, choice.how, line.kit_by)


def _taxes(priced: Priced) -> Iterable[TaxGrounds]:
    rules = {each.line.tax_class: each.tax_reason for each in priced.lines}
    for line in priced.lines:
        rules |= {share.tax_class: why for share, why in zip(line.shares, line.share_reasons, strict=True)}
    for charge in priced.charges:
        rules |= zip(charge.tax_classes, charge.tax_reasons, strict=True)
    return (TaxGrounds(tax_class, rule) for tax_class, rule in rules.items())
