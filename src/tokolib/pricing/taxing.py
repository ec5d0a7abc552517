"""Taxes on what discounts have left: settled together over the whole document, each with its line or charge."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import attrs

from tokolib.kernel.policies import AcrossBorders, DiscountBasis, ShippingTax
from tokolib.kernel.quick import quick
from tokolib.kernel.settings import Settings
from tokolib.kernel.spread import spread
from tokolib.pricing.basis import Basis, parts_basis
from tokolib.pricing.discounted import discounts, taxable
from tokolib.pricing.goods import Goods
from tokolib.pricing.kits import Kit, KitBy, KitShare, added_up
from tokolib.pricing.model import ChargeKind, ChargeLine, PriceLine
from tokolib.pricing.outside import Told, line_names, of_charge, of_line
from tokolib.pricing.parts import ChargePart
from tokolib.pricing.priced import PricedCharge, PricedLine
from tokolib.pricing.promotions.giving.workings import Workings
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.tax.amounts import TaxShares
from tokolib.tax.estimates import RequestLine
from tokolib.tax.model import Assessment, TaxAmount
from tokolib.tax.settle import TaxItem, settle

Share = tuple[tuple[str, int], ...]
"""The tax classes that a charge is taxed by, each with its part."""

_line: Final = quick(PricedLine)
_charge: Final = quick(PricedCharge)
_part: Final = quick(ChargePart)

NONE: Final[tuple[AppliedDiscount, ...]] = ()


class Settled(NamedTuple):
    """The taxes of a whole document."""

    lines: Sequence[tuple[TaxAmount, ...]]
    """Of each line; of a kit, one row for each component."""
    charges: Sequence[tuple[TaxAmount, ...]]
    """One row for each share of each charge."""
    shares: Sequence[Share]
    """Of the charges."""
    asked: tuple[RequestLine, ...] = ()
    """What these taxes answer, where somebody outside works them out."""


def taxed_lines(
    goods: Goods, left: Workings, taxes: Sequence[tuple[TaxAmount, ...]], rules: Mapping[str, Assessment]
) -> list[PricedLine]:
    """The lines with what discounts have *left* of them, and their *taxes*."""
    made: list[PricedLine] = []
    shared = _shared(goods, left, taxes) if goods.kits else ()
    owns = [own for own, _ in shared] if shared else taxes
    columns = (goods.lines, goods.choices, goods.listed, goods.bases, goods.included, left.rest, left.taken, owns)
    for line, choice, listed, base, included, rest, taken, own in zip(*columns, strict=True):
        given = discounts(taken) if taken else NONE
        owed = own[0].amount if len(own) == 1 else sum([tax.amount for tax in own])
        net, total = (rest - owed, rest) if included else (rest, rest + owed)
        made.append(_line(line, choice, listed, base, included, given, own, rules[line.tax_class].reason, net, total))
    if not shared:
        return made
    rows = zip(made, shared, strict=True)
    return [
        _with_shares(one, shares, goods.kits[one.line.id].by, rules) if shares else one for one, (_, shares) in rows
    ]


def _shared(
    goods: Goods, left: Workings, taxes: Iterable[tuple[TaxAmount, ...]]
) -> list[tuple[tuple[TaxAmount, ...], tuple[KitShare, ...]]]:
    """The taxes of each line, and of a kit what each component bears of what discounts have *left*."""
    found: list[tuple[tuple[TaxAmount, ...], tuple[KitShare, ...]]] = []
    rows = iter(taxes)
    for line, base, included, rest in zip(goods.lines, goods.bases, goods.included, left.rest, strict=True):
        shares = _shares(line, goods.kits[line.id], rest, base, rows, included=included) if line.parts else ()
        found.append((added_up(tax for each in shares for tax in each.taxes) if shares else next(rows), shares))
    return found


def _with_shares(
    line: PricedLine, shares: tuple[KitShare, ...], by: KitBy, rules: Mapping[str, Assessment]
) -> PricedLine:
    """*line*, which is a kit, with what its components bear."""
    reasons = tuple([rules[share.tax_class].reason for share in shares])
    return attrs.evolve(line, shares=shares, share_reasons=reasons, kit_by=by)


def _shares(
    line: PriceLine, kit: Kit, rest: int, base: int, taxes: Iterator[tuple[TaxAmount, ...]], *, included: bool
) -> tuple[KitShare, ...]:
    """What each component of a kit bears of what discounts have left, with its own of the *taxes*."""
    shares: list[KitShare] = []
    amounts = zip(line.parts, kit.weights, kit.spread(base), kit.spread(rest), strict=True)
    for part, weight, before, left in amounts:
        own = next(taxes)
        owed = sum([tax.amount for tax in own])
        net, total = (left - owed, left) if included else (left, left + owed)
        shares.append(KitShare(part.key, weight, before, net, total, part.tax_class, own))
    return tuple(shares)


def taxed_charges(
    extras: Sequence[ChargeLine],
    bases: Sequence[Basis],
    left: Workings,
    taxed: Settled,
    rules: Mapping[str, Assessment],
    currency: str,
) -> dict[str, PricedCharge]:
    """The charges, by id, with what discounts have *left* of them, and their taxes, one row for each share."""
    made: dict[str, PricedCharge] = {}
    taxes = iter(taxed.charges)
    for i, charge in enumerate(extras):
        rest, owed, base = left.rest[i], 0, bases[i].amount
        included = bases[i].includes_tax
        parts: list[ChargePart] = []
        for name, amount in taxed.shares[i]:
            own = next(taxes)
            tax = sum([each.amount for each in own])
            parts.append(_part(name, amount - tax if included else amount, own))
            owed += tax
        net, total = (rest - owed, rest) if included else (rest, rest + owed)
        why = tuple([rules[part.tax_class].reason for part in parts])
        given = discounts(left.taken[i])
        made[charge.id] = _charge(charge, currency, base, included, given, tuple(parts), why, net, total)
    return made


def charge_bases(
    extras: Sequence[ChargeLine],
    goods: Goods,
    rules: Mapping[str, Assessment],
    home: Callable[[], Mapping[str, Assessment]],
    settings: Settings,
) -> list[Basis]:
    """What charges cost before discounts: as they are asked for, with tax or without as the shop's prices are.

    Where what the seller keeps stays the same across borders, the tax of *home* is taken out of a charge that contains
    it, as it is of goods: of its own class, or of the classes of the goods where shipping is taxed by their mix.
    """
    policies, included = settings.policies, settings.prices_include_tax
    if not (extras and included and policies.across_borders is AcrossBorders.NET):
        return [Basis(charge.amount, included) for charge in extras]
    at_home = home()
    mix = _mix_by(goods, goods.bases, at_home, settings)
    terms = attrs.evolve(policies, discount_basis=DiscountBasis.AS_PRICED)
    found: list[Basis] = []
    for charge in extras:
        shares = _classes(charge, charge.amount, mix, settings)
        classes = [(rules[name], at_home[name]) for name, _ in shares]
        parts = parts_basis([amount for _, amount in shares], classes, includes_tax=True, policies=terms)
        found.append(Basis(sum(each.amount for each in parts), parts[0].includes_tax))
    return found


def settled(
    goods: Goods,
    extras: Sequence[ChargeLine],
    beside: Sequence[Basis],
    lines: Workings,
    charges: Workings,
    rules: Mapping[str, Assessment],
    settings: Settings,
    told: Told | None = None,
) -> Settled:
    """The taxes of all lines and of the shares of all charges, settled together; or as they were *told*.

    What charges cost *beside* the goods says which of them contain tax. Tax that is rounded by unit goes by whole units
    of measure, or by the one measured amount where it is 0.
    """
    kept, included = settings.policies.tax_base, goods.included
    rests = taxable(lines, kept)
    items: Iterable[TaxItem]
    if goods.kits:
        items = [each for i in range(len(rests)) for each in taxables(goods, i, rests[i], rules)]
        of_lines = len(items)
    else:
        items = zip(rests, [rules[line.tax_class] for line in goods.lines], goods.units, included, strict=True)
        of_lines = len(rests)
    shares: list[Share] = []
    if extras:
        mix = _mix_by(goods, lines.weights(lines.rest), rules, settings)
        shares = [
            _classes(charge, amount, mix, settings)
            for charge, amount in zip(extras, taxable(charges, kept), strict=True)
        ]
        rows = [(share, own.includes_tax) for share, own in zip(shares, beside, strict=True)]
        items = [*items, *[(amount, rules[name], 1, own) for share, own in rows for name, amount in share]]
    if told is None:
        taxes = settle(items, settings.prices_include_tax, None, settings.policies.contained_tax)
        return Settled(taxes[:of_lines], taxes[of_lines:], shares)
    asked = tuple(_questions(goods, rests, extras, beside, shares))
    found = [told.get(each, ()) for each in asked]
    return Settled(found[:of_lines], found[of_lines:], shares, asked)


def _questions(
    goods: Goods,
    rests: Sequence[int],
    extras: Sequence[ChargeLine],
    beside: Sequence[Basis],
    shares: Sequence[Share],
) -> Iterator[RequestLine]:
    """What somebody outside is to be asked about the whole document."""
    yield from questions_of_goods(goods, rests)
    for charge, share, own in zip(extras, shares, beside, strict=True):
        yield from of_charge(charge, share, included=own.includes_tax)


def questions_of_goods(goods: Goods, rests: Sequence[int]) -> Iterator[RequestLine]:
    """What somebody outside is to be asked about *goods* of which *rests* are taxable."""
    names = line_names(line.id for line in goods.lines)
    for i, line in enumerate(goods.lines):
        kit, within = goods.kits.get(line.id), goods.included[i]
        yield from of_line(names[line.id], line, kit, rests[i], goods.units[i] or 1, included=within)


def taxables(goods: Goods, i: int, amount: int, rules: Mapping[str, Assessment]) -> list[TaxItem]:
    """A line to be taxed; of a kit, the share of each component."""
    line, included, units = goods.lines[i], goods.included[i], goods.units[i]
    if not line.parts:
        return [(amount, rules[line.tax_class], units, included)]
    return [
        (share, rules[part.tax_class], units * part.quantity if part.per_step == 1 else 1, included)
        for part, share in zip(line.parts, goods.kits[line.id].spread(amount), strict=True)
    ]


def _mix_by(
    goods: Goods, weights: Sequence[int], rules: Mapping[str, Assessment], settings: Settings
) -> dict[str, int]:
    """The classes that shipping is taxed by where it goes by the goods, each with what it weighs."""
    mix = _mix(goods, weights)
    return {_highest(mix, rules): 1} if mix and settings.policies.shipping_tax is ShippingTax.HIGHEST else mix


def _mix(goods: Goods, rests: Sequence[int]) -> dict[str, int]:
    """What the goods of each tax class weigh after discounts, by name of the class."""
    mix: dict[str, int] = {}
    found: list[tuple[str, int]] = []
    for line, rest in zip(goods.lines, rests, strict=True):
        if line.parts:
            found.extend(zip([part.tax_class for part in line.parts], goods.kits[line.id].spread(rest), strict=True))
        else:
            found.append((line.tax_class, rest))
    for name, rest in sorted(found):
        mix[name] = mix.get(name, 0) + rest
    return {name: amount for name, amount in mix.items() if amount}


def _highest(names: Iterable[str], rules: Mapping[str, Assessment]) -> str:
    """The class whose taxes are the largest part of the net; of equals, the first of *names*."""
    shares = {name: TaxShares.of(rules[name].components) for name in names}
    return max(shares, key=lambda name: Fraction(shares[name].tax, shares[name].net))


def _classes(charge: ChargeLine, amount: int, mix: dict[str, int], settings: Settings) -> Share:
    """The tax classes that a charge is taxed by, each with its part: its own, or those of the goods."""
    by_goods = settings.policies.shipping_tax is not ShippingTax.OWN_CLASS and charge.kind is ChargeKind.SHIPPING
    if not (by_goods and mix):
        return ((charge.tax_class, amount),)
    return tuple(zip(mix, spread(amount, list(mix.values()), settings.policies.remainder), strict=True))
