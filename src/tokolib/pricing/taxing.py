"""Taxes on what discounts have left: settled together over the whole document, each with its line or charge."""

from collections.abc import Callable, Mapping, Sequence

from tokolib.kernel.settings import Settings, ShippingTax, TaxBase
from tokolib.kernel.spread import spread
from tokolib.pricing.basis import Basis
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine
from tokolib.pricing.priced import PricedCharge, PricedLine
from tokolib.pricing.prices.select import Choice
from tokolib.pricing.promotions.funding import SHOP, shares
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.pricing.promotions.workings import Taken, Workings
from tokolib.tax.model import Assessment, TaxAmount
from tokolib.tax.settle import Taxable, settle

TaxOf = Callable[[str], Assessment]
"""What the rules say about a tax class, on the day and at the place that the caller fixed."""


def taxed_lines(
    goods: Sequence[PriceLine],
    choices: Mapping[str, Choice],
    listed: Sequence[int],
    bases: Sequence[Basis],
    extras: Sequence[ChargeLine],
    workings: tuple[Workings, Workings],
    rules: Mapping[str, Assessment],
    settings: Settings,
    currency: str,
) -> tuple[dict[str, PricedLine], dict[str, PricedCharge]]:
    """Lines and charges, by id, with what discounts have left in *workings*, and their taxes."""
    of_lines, of_charges = workings
    given = [_discounts(taken) for taken in of_lines.taken]
    off_charges = [_discounts(taken) for taken in of_charges.taken]
    kept = settings.policies.tax_base
    items = [
        Taxable(_taxable(rest, discounts, kept), rules[line.tax_class], _pieces(line), basis.includes_tax)
        for line, rest, discounts, basis in zip(goods, of_lines.rest, given, bases, strict=True)
    ]
    mix = _mix(goods, of_lines.rest)
    split = [
        _classes(charge, _taxable(rest, discounts, kept), mix, settings)
        for charge, rest, discounts in zip(extras, of_charges.rest, off_charges, strict=True)
    ]
    items.extend(Taxable(amount, rules[name]) for classes in split for name, amount in classes)
    taxes = iter(settle(items, settings.prices_include_tax, settings.tax_rounding))

    lines: dict[str, PricedLine] = {}
    for i, line in enumerate(goods):
        own, rest, basis = next(taxes), of_lines.rest[i], bases[i]
        net, total = _sides(rest, own, includes_tax=basis.includes_tax)
        lines[line.id] = PricedLine(
            line,
            choices[line.id],
            listed[i],
            basis.amount,
            basis.includes_tax,
            given[i],
            own,
            rules[line.tax_class].reason,
            net,
            total,
        )
    charges: dict[str, PricedCharge] = {}
    for charge, rest, discounts, classes in zip(extras, of_charges.rest, off_charges, split, strict=True):
        own = tuple(amount for _ in classes for amount in next(taxes))
        net, total = _sides(rest, own, includes_tax=settings.prices_include_tax)
        names = tuple(name for name, _ in classes)
        reasons = tuple(rules[name].reason for name in names)
        charges[charge.id] = PricedCharge(
            charge, currency, settings.prices_include_tax, discounts, own, names, reasons, net, total
        )
    return lines, charges


def _discounts(taken: Sequence[Taken]) -> tuple[AppliedDiscount, ...]:
    """What was taken of one line, by who bears it."""
    return tuple(
        [
            AppliedDiscount(candidate.promotion.id, candidate.promotion.terms.name, candidate.code, part, funder)
            for candidate, amount in taken
            for funder, part in shares(candidate.promotion.terms.funding, amount)
        ]
    )


def _taxable(rest: int, discounts: Sequence[AppliedDiscount], policy: TaxBase) -> int:
    """What tax is reckoned on: what is left, with the discounts that by policy leave the base as it is."""
    match policy:
        case TaxBase.AFTER_DISCOUNTS:
            return rest
        case TaxBase.BEFORE_FUNDED:
            return rest + sum(each.amount for each in discounts if each.funder != SHOP)
        case TaxBase.BEFORE_DISCOUNTS:
            return rest + sum(each.amount for each in discounts)


def _pieces(line: PriceLine) -> int:
    """How many units tax may be rounded by: whole pieces, or the one measured amount."""
    return line.quantity if line.per_step == 1 else 1


def _mix(goods: Sequence[PriceLine], rests: Sequence[int]) -> dict[str, int]:
    """What the goods of each tax class cost after discounts, by name of the class."""
    mix: dict[str, int] = {}
    for line, rest in sorted(zip(goods, rests, strict=True), key=lambda pair: pair[0].tax_class):
        mix[line.tax_class] = mix.get(line.tax_class, 0) + rest
    return {name: amount for name, amount in mix.items() if amount}


def _classes(charge: ChargeLine, amount: int, mix: dict[str, int], settings: Settings) -> tuple[tuple[str, int], ...]:
    """The tax classes that a charge is taxed by, each with its part: its own, or those of the goods."""
    by_mix = settings.policies.shipping_tax is ShippingTax.GOODS_MIX and charge.kind is ChargeKind.SHIPPING
    if not (by_mix and mix):
        return ((charge.tax_class, amount),)
    return tuple(zip(mix, spread(amount, list(mix.values()), settings.policies.remainder), strict=True))


def _sides(rest: int, taxes: Sequence[TaxAmount], *, includes_tax: bool) -> tuple[int, int]:
    """Net and total of an amount that contains its taxes, or that they come on top of."""
    owed = 0
    for tax in taxes:
        owed += tax.amount
    return (rest - owed, rest) if includes_tax else (rest, rest + owed)
