"""What a document states: the lines of an order, or the shares of what goes back of it, copied whole.

A credit note adds up shares of figures that the order keeps since it was quoted. Every figure of it is such a share,
the amounts of the allowances too, so that all notes of an order together are its invoice, whatever came back when.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice

import attrs

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.documents.charges import charge_lines
from tokolib.documents.kits import kit_lines, returned_kit
from tokolib.documents.stated import AllowanceLevel, StatedAllowance, StatedLine, StatedTax
from tokolib.documents.taken_off import allowances, shares_of
from tokolib.kernel.policies import TaxBase
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.spread import Shares, growing, spread
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.shares import Worth

Covers = Callable[[str], bool]
"""Whether a line or charge of an order, by its id, is on a document."""


def _all_of_it(id: str) -> bool:
    return True


def sale_lines(
    order: Order, on_document: Collection[str] = (), *, covered: Covers = _all_of_it
) -> tuple[StatedLine, ...]:
    """The lines and charges of an order as its invoice states them, as far as they are *covered* by it.

    Discounts of the promotions *on_document* are shown on document level; the sums are the same either way.
    """
    policy = order.policies.tax_base
    lines = (line.line for line in order.lines if covered(line.id))
    goods = (stated for line in lines for stated in _goods(line, policy, on_document))
    charges = (charge for charge in order.charges if (charge.total or charge.amount) and covered(charge.id))
    return (*goods, *(line for charge in charges for line in charge_lines(charge, policy)))


def credit_lines(
    order: Order,
    worths: Iterable[Worth],
    runs: Iterable[Run],
    on_document: Collection[str] = (),
    *,
    covered: Covers = _all_of_it,
) -> tuple[StatedLine, ...]:
    """What goes back of an order, as a credit note states it: the rules are the sale's own, never today's.

    *worths* are what the *runs* of units amount to. It states what of them is *covered* by the invoice it corrects.
    """
    policy = order.policies.tax_base
    going: dict[str, list[tuple[int, int]]] = {}
    for run in runs:
        going.setdefault(run.line_id, []).append((run.first, run.beyond))
    places: dict[str, int] = {line.id: at for at, line in enumerate(order.lines)}
    charges = {charge.id: _Charge.of(charge, policy) for charge in order.charges}
    goods: list[StatedLine] = []
    back: dict[str, list[int]] = {}
    for worth in worths:
        at, pieces = places[worth.line_id], UnitSet.of(going[worth.line_id]).spans
        quoted = order.lines[at].line
        shares = [share for share in worth.charges if covered(share.charge_id)]
        with_them = [charges[share.charge_id] for share in shares]
        over = [parts[at] for charge in with_them for parts in charge.over]
        printed = [figure for tax in quoted.taxes for figure in (tax.base, tax.waived)]
        figures = iter(_shares(quoted, *printed, *over).of(pieces).additions)
        whole, beside = _goods(quoted, policy, on_document), [(next(figures), next(figures)) for _ in quoted.taxes]
        if not covered(worth.line_id):
            pass
        elif len(whole) > 1:
            goods.extend(returned_kit(whole, quoted, pieces))
        else:
            goods.append(_returned(whole[0], worth, quoted, pieces, beside))
        for share, charge in zip(shares, with_them, strict=True):
            row = [*charge.totals(at, quoted, pieces), *(tax.amount for tax in share.taxes)]
            row.extend(islice(figures, len(charge.over)))
            earlier = back.get(share.charge_id)
            back[share.charge_id] = [x + y for x, y in zip(earlier, row, strict=True)] if earlier else row
    return (*goods, *(line for id, charge in charges.items() if id in back for line in charge.returned(back[id])))


def shown_on(lines: Iterable[StatedLine]) -> set[str]:
    """The promotions whose discounts an invoice's *lines* show on document level; its credit notes do as it does."""
    allowances = [each for line in lines if not line.is_charge for each in line.allowances]
    return {each.promotion_id for each in allowances if each.level is AllowanceLevel.DOCUMENT}


def _goods(line: QuoteLine, policy: TaxBase, on_document: Collection[str]) -> tuple[StatedLine, ...]:
    """A line as it was sold; a kit of goods that are taxed unlike each other is several."""
    if line.shares and (lines := kit_lines(line, policy, on_document)):
        return lines
    taxes = tuple(map(StatedTax.of, line.taxes))
    off = allowances(line.discounts, taxes, included=line.includes_tax, policy=policy, on_document=on_document)
    discount = sum(each.amount for each in line.discounts)
    return (StatedLine(line.name, line.sku, str(line.quantity), discount, line.net, line.total, taxes, off, line.id),)


def _shares(line: QuoteLine, *figures: int) -> Shares:
    """The figures of a line over its units as the order itself shares them out."""
    return Shares(line.steps, line.base, tuple(each.amount for each in line.discounts), figures)


def _returned(
    whole: StatedLine,
    worth: Worth,
    quoted: QuoteLine,
    runs: Sequence[tuple[int, int]],
    beside: Sequence[tuple[int, int]],
) -> StatedLine:
    """*whole*, a line as it was sold, with what *runs* of its units have of it."""
    shares = _shares(quoted)
    amounts = [tax.amount for tax in worth.taxes]
    return attrs.evolve(
        whole,
        quantity=str(Quantity(worth.units, quoted.unit)),
        discount=sum(shares.of(runs).deductions),
        net=worth.goods - sum(amounts),
        total=worth.goods,
        taxes=_with_taxes(whole.taxes, amounts, beside),
        allowances=_with_amounts(whole.allowances, shares_of(whole.allowances, shares, runs)),
    )


@attrs.frozen
class _Charge:
    """A charge as it was agreed, with every figure of its lines spread over the order's lines as its total is."""

    lines: tuple[StatedLine, ...]
    shares: tuple[tuple[int, ...], ...]
    """By line of the order, what is paid for each of `lines`: all in a row are the charge's share of that line."""
    over: tuple[tuple[int, ...], ...]
    """The other figures: by figure, then by line of the order."""

    @classmethod
    def of(cls, charge: QuoteCharge, policy: TaxBase) -> "_Charge":
        lines = charge_lines(charge, policy)
        left = [line.total for line in lines]
        shares: list[tuple[int, ...]] = [(share,) for share in charge.shares]
        if len(lines) > 1:  # one may be below zero: what an order from elsewhere was asked less
            shares = []
            for share in charge.shares:
                shares.append(spread(share, left, at_most=left))
                left = [most - part for most, part in zip(left, shares[-1], strict=True)]
        weights = [abs(share) for share in charge.shares]
        over = tuple(spread(figure, weights) for line in lines for figure in _figures(line))
        return cls(lines, tuple(shares), over)

    def totals(self, at: int, quoted: QuoteLine, runs: Iterable[tuple[int, int]]) -> list[int]:
        """What goes back of each line's total with *runs* of units of *quoted*, the order's line in that place.

        No unit has less than nothing of any of them, so no note takes more of a class than there is.
        """
        own = self.shares[at]
        units, totals = _shares(quoted, sum(own)), [0] * len(own)
        for run in runs:
            before, after = (growing(units.upto(end).additions[0], own) for end in run)
            totals = [total + y - x for total, x, y in zip(totals, before, after, strict=True)]
        return totals

    def returned(self, row: Iterable[int]) -> Iterator[StatedLine]:
        """Its lines with what goes back of them: of their totals, of their taxes, and of each of their figures."""
        figures = iter(row)
        totals = [next(figures) for _ in self.lines]
        taxes = [[next(figures) for _ in line.taxes] for line in self.lines]
        made = [_part(*each, figures) for each in zip(self.lines, totals, taxes, strict=True)]
        return (line for line in made if any((line.total, line.net, *_figures(line))))


def _figures(line: StatedLine) -> tuple[int, ...]:
    """What is spread over units, beside totals and taxes, whose shares are known."""
    printed = [figure for tax in line.taxes for figure in tax.printed]
    return line.discount, *printed, *(each.amount for each in line.allowances)


def _part(line: StatedLine, total: int, amounts: Sequence[int], figures: Iterator[int]) -> StatedLine:
    """*line* with so much of its *total*, with *amounts* of its taxes, and with the next of *figures*."""
    discount = next(figures)
    taxes = _with_taxes(line.taxes, amounts, [(next(figures), next(figures)) for _ in line.taxes])
    off = _with_amounts(line.allowances, [next(figures) for _ in line.allowances])
    return attrs.evolve(line, discount=discount, net=total - sum(amounts), total=total, taxes=taxes, allowances=off)


def _with_taxes(
    taxes: Sequence[StatedTax], amounts: Sequence[int], beside: Sequence[tuple[int, int]]
) -> tuple[StatedTax, ...]:
    rows = zip(taxes, amounts, beside, strict=True)
    return tuple(tax.part(amount, *printed) for tax, amount, printed in rows)


def _with_amounts(whole: Sequence[StatedAllowance], amounts: Sequence[int]) -> tuple[StatedAllowance, ...]:
    return tuple(attrs.evolve(each, amount=amount) for each, amount in zip(whole, amounts, strict=True))
