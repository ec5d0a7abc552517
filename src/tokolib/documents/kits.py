"""Kits whose components are taxed unlike each other, as a document states them: one line for each set of taxes.

The order keeps what each component bears of the kit's line. Components by the same taxes are one line; what goes back
of a kit goes back of each of its lines, and closes to what the order itself shares out.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs

from tokolib.checkout.lines import QuoteLine
from tokolib.documents.stated import StatedLine, StatedTax
from tokolib.documents.taken_off import allowances, shares_of
from tokolib.kernel.policies import TaxBase
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.spread import Shares, growing, spread
from tokolib.pricing.kits import KitShare, added_up
from tokolib.pricing.promotions.model import AppliedDiscount
from tokolib.tax.model import TaxAmount


def kit_lines(kit: QuoteLine, policy: TaxBase, on_document: Collection[str]) -> tuple[StatedLine, ...]:
    """*kit* as it was sold, one line for each set of taxes; nothing for what is taxed as one."""
    groups = [*_groups(kit)]
    if len(groups) < 2:
        return ()
    bases = [sum(share.base for share in group) for group in groups]
    rests = [sum(share.total if kit.includes_tax else share.net for share in group) for group in groups]
    weights = [max(base - rest, 0) for base, rest in zip(bases, rests, strict=True)]
    parts = [spread(each.amount, weights) for each in kit.discounts]
    made = (_line(kit, group, [part[i] for part in parts], policy, on_document) for i, group in enumerate(groups))
    return tuple(attrs.evolve(line, id=f"{kit.id}.{i}") for i, line in enumerate(made, start=1))


def returned_kit(lines: Sequence[StatedLine], kit: QuoteLine, runs: Iterable[tuple[int, int]]) -> Iterator[StatedLine]:
    """*lines*, a kit as it was sold, with what *runs* of its units have of them: together what the order shares out.

    No unit has less than nothing of any line, so no note takes more of a line than there is.
    """
    found = tuple(runs)
    parts = [zip(_upto(lines, kit, first), _upto(lines, kit, beyond), strict=True) for first, beyond in found]
    figures = iter([sum(after - before for before, after in each) for each in zip(*parts, strict=True)])
    shares = Shares(kit.steps, kit.base, tuple(each.amount for each in kit.discounts))
    for line in lines:
        discount, total = next(figures), next(figures)
        taxes = tuple([tax.part(next(figures), next(figures), next(figures)) for tax in line.taxes])
        off = zip(line.allowances, shares_of(line.allowances, shares, found), strict=True)
        yield attrs.evolve(
            line,
            quantity=str(Quantity(sum(beyond - first for first, beyond in found), kit.unit)),
            discount=discount,
            net=total - sum(tax.amount for tax in taxes),
            total=total,
            taxes=taxes,
            allowances=tuple(attrs.evolve(each, amount=amount) for each, amount in off),
        )


def _upto(lines: Sequence[StatedLine], kit: QuoteLine, unit: int) -> list[int]:
    """The figures of *lines* for the units before *unit*: of each its discount and total, then those of its taxes.

    What the order itself shares out of discounts, price and each tax is shared by the lines, which grow with it.
    """
    printed = [figure for line in lines for tax in line.taxes for figure in tax.printed]
    own = len(kit.taxes)
    additions = (*(tax.amount for tax in kit.taxes), *printed)
    here = Shares(kit.steps, kit.base, tuple(each.amount for each in kit.discounts), additions).upto(unit)
    paid = here.rest + (0 if kit.includes_tax else sum(here.additions[:own]))
    discounts = growing(sum(here.deductions), [line.discount for line in lines])
    totals = growing(paid, [line.total for line in lines])
    beside, owed = iter(here.additions[own:]), dict[tuple[object, ...], Iterator[int]]()
    for tax, amount in zip(kit.taxes, here.additions[:own], strict=True):
        rule = rule_of(tax)
        wholes = [each.amount for line in lines for each in line.taxes if rule_of(each) == rule]
        owed[rule] = iter(growing(amount, wholes))
    figures: list[int] = []
    for line, discount, total in zip(lines, discounts, totals, strict=True):
        figures += (discount, total)
        for each in line.taxes:
            figures += (next(owed[rule_of(each)]), next(beside), next(beside))
    return figures


def _groups(kit: QuoteLine) -> Iterator[list[KitShare]]:
    """The shares of its components by the rules that they are taxed by, in the order in which these come."""
    groups: dict[tuple[object, ...], list[KitShare]] = {}
    for share in kit.shares:
        groups.setdefault(tuple(map(rule_of, share.taxes)), []).append(share)
    yield from groups.values()


def rule_of(tax: TaxAmount | StatedTax) -> tuple[object, ...]:
    """By what rule a tax is charged, without its amount."""
    letter = tax.category if isinstance(tax, TaxAmount) else tax.letter
    return tax.code, tax.name, tax.rate, tax.base_fraction, letter, tax.source, tax.jurisdiction, tax.facility


def _line(
    kit: QuoteLine, group: Sequence[KitShare], parts: Sequence[int], policy: TaxBase, on_document: Collection[str]
) -> StatedLine:
    taxes = tuple(map(StatedTax.of, added_up(tax for each in group for tax in each.taxes)))
    given = [
        AppliedDiscount(each.promotion_id, each.name, each.coupon, part, each.funder)
        for each, part in zip(kit.discounts, parts, strict=True)
    ]
    off = allowances(given, taxes, included=kit.includes_tax, policy=policy, on_document=on_document)
    net, total = sum(each.net for each in group), sum(each.total for each in group)
    name = f"{kit.name} ({', '.join(each.sku for each in group)})"
    return StatedLine(name, kit.sku, str(kit.quantity), sum(parts), net, total, taxes, off)
