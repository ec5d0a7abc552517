"""What a document states: the lines of an order, or the shares of what goes back of it, copied whole.

A credit note adds up shares of figures that the order keeps since it was quoted. Every figure of it is such a share,
the amounts of the allowances too, so that all notes of an order together are its invoice, whatever came back when.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.documents.charges import charge_lines, stated_tax
from tokolib.documents.stated import StatedAllowance, StatedLine, StatedTax
from tokolib.documents.taken_off import allowances, shares_of
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.settings import TaxBase
from tokolib.kernel.spread import Shares, spread
from tokolib.orders.model import Order, Run, joined
from tokolib.orders.shares import ChargeShare, Worth


def sale_lines(order: Order, on_document: Collection[str] = ()) -> tuple[StatedLine, ...]:
    """The lines and charges of an order as its invoice states them.

    Discounts of the promotions *on_document* are shown on document level; the sums are the same either way.
    """
    policy = order.policies.tax_base
    goods = (_goods(line.line, policy, on_document) for line in order.lines)
    charges = (charge for charge in order.charges if charge.total or charge.amount)
    return (*goods, *(line for charge in charges for line in charge_lines(charge, policy)))


def credit_lines(
    order: Order, worths: Iterable[Worth], runs: Iterable[Run], on_document: Collection[str] = ()
) -> tuple[StatedLine, ...]:
    """What goes back of an order, as a credit note states it: the rules are the sale's own, never today's.

    *worths* are what the *runs* of units amount to.
    """
    policy = order.policies.tax_base
    going: dict[str, list[tuple[int, int]]] = {}
    for run in runs:
        going.setdefault(run.line_id, []).append((run.first, run.beyond))
    places: dict[str, int] = {line.id: at for at, line in enumerate(order.lines)}
    charges = {charge.id: _Charge.of(charge, policy) for charge in order.charges}
    goods: list[StatedLine] = []
    back: dict[str, list[StatedLine]] = {}
    for worth in worths:
        at, pieces = places[worth.line_id], joined(going[worth.line_id])
        quoted = order.lines[at].line
        goods.append(_returned(quoted, worth, pieces, _goods(quoted, policy, on_document).allowances))
        for share in worth.charges:
            parts = charges[share.charge_id].returned(quoted, at, share, pieces)
            earlier = back.get(share.charge_id)
            back[share.charge_id] = [_sum(a, b) for a, b in zip(earlier, parts, strict=True)] if earlier else parts
    found = (line for id in charges for line in back.get(id, ()))
    return (*goods, *(line for line in found if any((line.total, *_figures(line)))))


def _goods(line: QuoteLine, policy: TaxBase, on_document: Collection[str]) -> StatedLine:
    taxes = tuple(stated_tax(tax, tax.amount, tax.base) for tax in line.taxes)
    off = allowances(line.discounts, taxes, included=line.includes_tax, policy=policy, on_document=on_document)
    discount = sum(each.amount for each in line.discounts)
    return StatedLine(line.name, line.sku, str(line.quantity), discount, line.net, line.total, taxes, off)


def _shares(line: QuoteLine, *figures: int) -> Shares:
    """The figures of a line over its units as the order itself shares them out."""
    return Shares(line.steps, line.base, tuple(each.amount for each in line.discounts), figures)


def _returned(
    line: QuoteLine, worth: Worth, runs: Sequence[tuple[int, int]], whole: Sequence[StatedAllowance]
) -> StatedLine:
    shares = _shares(line, *(tax.base for tax in line.taxes))
    slice_ = shares.of(runs)
    taxes = tuple(
        stated_tax(tax, share.amount, base)
        for tax, share, base in zip(line.taxes, worth.taxes, slice_.additions, strict=True)
    )
    off = _with_amounts(whole, shares_of(whole, shares, runs))
    net = worth.goods - sum(tax.amount for tax in taxes)
    quantity = str(Quantity(worth.units, line.unit))
    return StatedLine(line.name, line.sku, quantity, sum(slice_.deductions), net, worth.goods, taxes, off)


@attrs.frozen
class _Charge:
    """A charge as it was agreed, with every figure of its lines spread over the order's lines as its total is."""

    lines: tuple[StatedLine, ...]
    over: tuple[tuple[int, ...], ...]
    """By figure, then by line of the order."""

    @classmethod
    def of(cls, charge: QuoteCharge, policy: TaxBase) -> "_Charge":
        lines = charge_lines(charge, policy)
        return cls(lines, tuple(spread(figure, charge.shares) for line in lines for figure in _figures(line)))

    def returned(
        self, quoted: QuoteLine, at: int, share: ChargeShare, runs: Sequence[tuple[int, int]]
    ) -> list[StatedLine]:
        """Its lines with what *runs* of the order's line number *at* have of each figure; *share* says of all."""
        figures = iter(_shares(quoted, *(parts[at] for parts in self.over)).of(runs).additions)
        taxes = iter(share.taxes)
        made = [_part(line, figures, [next(taxes).amount for _ in line.taxes]) for line in self.lines]
        # The first line takes what rounding leaves, so that all of them are the share that is paid back.
        rest = share.total - sum(line.total for line in made)
        made[0] = attrs.evolve(made[0], net=made[0].net + rest, total=made[0].total + rest)
        return made


def _figures(line: StatedLine) -> tuple[int, ...]:
    """What is spread over units, beside the taxes, whose shares are known."""
    return line.discount, line.net, *(tax.base for tax in line.taxes), *(each.amount for each in line.allowances)


def _part(line: StatedLine, figures: Iterator[int], amounts: Sequence[int]) -> StatedLine:
    """*line* with the next of *figures*, and with *amounts* of its taxes."""
    discount, net = next(figures), next(figures)
    taxes = _with_taxes(line.taxes, amounts, [next(figures) for _ in line.taxes])
    off = _with_amounts(line.allowances, [next(figures) for _ in line.allowances])
    return attrs.evolve(line, discount=discount, net=net, total=net + sum(amounts), taxes=taxes, allowances=off)


def _sum(a: StatedLine, b: StatedLine) -> StatedLine:
    """Two parts of one line together."""
    pairs = list(zip(a.taxes, b.taxes, strict=True))
    amounts, bases = [x.amount + y.amount for x, y in pairs], [x.base + y.base for x, y in pairs]
    off = [x.amount + y.amount for x, y in zip(a.allowances, b.allowances, strict=True)]
    return attrs.evolve(
        a,
        discount=a.discount + b.discount,
        net=a.net + b.net,
        total=a.total + b.total,
        taxes=_with_taxes(a.taxes, amounts, bases),
        allowances=_with_amounts(a.allowances, off),
    )


def _with_taxes(taxes: Sequence[StatedTax], amounts: Sequence[int], bases: Sequence[int]) -> tuple[StatedTax, ...]:
    rows = zip(taxes, amounts, bases, strict=True)
    return tuple(attrs.evolve(tax, amount=amount, base=base) for tax, amount, base in rows)


def _with_amounts(whole: Sequence[StatedAllowance], amounts: Sequence[int]) -> tuple[StatedAllowance, ...]:
    return tuple(attrs.evolve(each, amount=amount) for each, amount in zip(whole, amounts, strict=True))
