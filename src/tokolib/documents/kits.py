"""Kits whose components are taxed unlike each other, as a document states them: one line for each set of taxes.

The order keeps what each component bears of the kit's line. Components by the same taxes are one line; what goes back
of a kit goes back of each of its lines, and closes to what the order itself shares out.
"""

from collections.abc import Collection, Iterator, Sequence

import attrs

from tokolib.checkout.lines import QuoteLine
from tokolib.documents.stated import StatedLine, StatedTax
from tokolib.documents.taken_off import allowances, shares_of
from tokolib.kernel.policies import TaxBase
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.spread import Shares, spread
from tokolib.orders.shares import Worth
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
    return tuple(_line(kit, group, [part[i] for part in parts], policy, on_document) for i, group in enumerate(groups))


def returned_kit(
    lines: Sequence[StatedLine], worth: Worth, kit: QuoteLine, runs: Sequence[tuple[int, int]]
) -> Iterator[StatedLine]:
    """*lines*, a kit as it was sold, with what *runs* of its units have of them: together they are *worth*.

    The last line takes what rounding leaves, and of a tax the last one that bears it.
    """
    figures = [figure for line in lines for figure in (line.discount, line.net)]
    taxes = [tax for line in lines for tax in line.taxes]
    deductions = tuple(each.amount for each in kit.discounts)
    amounts = (*figures, *(tax.amount for tax in taxes), *(figure for tax in taxes for figure in tax.printed))
    shares = Shares(kit.steps, kit.base, deductions, amounts)
    gone = shares.of(runs)
    additions = iter(gone.additions)
    rows = [(next(additions), next(additions)) for _ in lines]
    owed = _closed(taxes, [next(additions) for _ in taxes], kit, [tax.amount for tax in worth.taxes])
    back = iter([tax.part(amount, next(additions), next(additions)) for tax, amount in zip(taxes, owed, strict=True)])
    left_off, left_net = sum(gone.deductions), worth.goods - sum(owed)
    for position, (line, (discount, net)) in enumerate(zip(lines, rows, strict=True)):
        if position == len(lines) - 1:
            discount, net = left_off, left_net
        left_off, left_net = left_off - discount, left_net - net
        own = tuple([next(back) for _ in line.taxes])
        off = zip(line.allowances, shares_of(line.allowances, shares, runs), strict=True)
        yield attrs.evolve(
            line,
            quantity=str(Quantity(worth.units, kit.unit)),
            discount=discount,
            net=net,
            total=net + sum(tax.amount for tax in own),
            taxes=own,
            allowances=tuple(attrs.evolve(each, amount=amount) for each, amount in off),
        )


def _groups(kit: QuoteLine) -> Iterator[list[KitShare]]:
    """The shares of its components by the rules that they are taxed by, in the order in which these come."""
    groups: dict[tuple[object, ...], list[KitShare]] = {}
    for share in kit.shares:
        groups.setdefault(tuple(map(_rule, share.taxes)), []).append(share)
    yield from groups.values()


def _rule(tax: TaxAmount | StatedTax) -> tuple[object, ...]:
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


def _closed(taxes: Sequence[StatedTax], amounts: Sequence[int], kit: QuoteLine, owed: Sequence[int]) -> list[int]:
    """*amounts* of *taxes*, the last by each rule changed so that all by that rule are what is *owed* of it."""
    left = {_rule(tax): amount for tax, amount in zip(kit.taxes, owed, strict=True)}
    last = {_rule(tax): position for position, tax in enumerate(taxes)}
    closed: list[int] = []
    for position, (tax, amount) in enumerate(zip(taxes, amounts, strict=True)):
        rule = _rule(tax)
        closed.append(left[rule] if last[rule] == position else amount)
        left[rule] -= closed[-1]
    return closed
