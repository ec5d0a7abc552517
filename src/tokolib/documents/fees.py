"""What is kept of a refund, as the credit note states it.

A fee that is taxed as the goods were is money off what is credited: an allowance of the document (BG-20) that lowers
the taxable amount and the tax of the line it is kept of, so that what stays is still taxed. One that is outside all tax
is a line of its own, below zero, beside goods that are credited whole.
"""

from collections.abc import Iterable, Sequence

import attrs

from tokolib.checkout.lines import QuoteLine
from tokolib.documents.kits import rule_of
from tokolib.documents.stated import AllowanceLevel, StatedAllowance, StatedLine, StatedTax
from tokolib.kernel.return_fees import FeeTax
from tokolib.kernel.rounding import RoundingMode, divide
from tokolib.kernel.spread import spread
from tokolib.orders.model import Order
from tokolib.orders.withheld import Withheld


def less_withheld(lines: Sequence[StatedLine], order: Order, withheld: Iterable[Withheld]) -> tuple[StatedLine, ...]:
    """*lines*, what goes back of *order*, less what is *withheld* of it, as far as it is of one of them."""
    made, outside = list(lines), list[StatedLine]()
    for part in withheld:
        of = order.line(part.line_id)
        places = [at for at, line in enumerate(made) if _is_of(line, part.line_id)]
        if of is None or not places or not part.amount:
            continue
        if part.tax is FeeTax.OUTSIDE:
            id = f"{part.line_id}:{part.kind}"
            outside.append(StatedLine(part.label, "", "1", 0, -part.amount, -part.amount, (), id=id))
            continue
        reduced = _reduced([made[at] for at in places], of.line, part)
        for at, line in zip(places, reduced, strict=True):
            made[at] = line
    return (*made, *outside)


def _is_of(line: StatedLine, line_id: str) -> bool:
    """Whether it states units of that line; a kit may be several lines."""
    return not line.is_charge and (line.id == line_id or line.id.rpartition(".")[0] == line_id)


def _reduced(lines: Sequence[StatedLine], quoted: QuoteLine, part: Withheld) -> list[StatedLine]:
    nets = spread(part.net, [line.net for line in lines])
    taken: list[dict[tuple[object, ...], int]] = [{} for _ in lines]
    for tax, share in zip(quoted.taxes, part.taxes, strict=True) if part.taxes else ():
        rule = rule_of(tax)
        bearing = [sum(each.amount for each in line.taxes if rule_of(each) == rule) for line in lines]
        for own, amount in zip(taken, spread(share.amount, bearing), strict=True):
            own[rule] = amount
    return [_less(line, part.label, net, own) for line, net, own in zip(lines, nets, taken, strict=True)]


def _less(line: StatedLine, label: str, net: int, taken: dict[tuple[object, ...], int]) -> StatedLine:
    """*line* less *net*, and less what is *taken* of its taxes, by their rules."""
    amounts = [taken.get(rule_of(tax), 0) for tax in line.taxes]
    gross = net + sum(amounts)
    return attrs.evolve(
        line,
        net=line.net - net,
        total=line.total - gross,
        taxes=tuple(_tax(tax, amount, gross, line.total) for tax, amount in zip(line.taxes, amounts, strict=True)),
        allowances=(*line.allowances, StatedAllowance(label, "", "", "", net, AllowanceLevel.DOCUMENT)),
    )


def _tax(tax: StatedTax, amount: int, gross: int, total: int) -> StatedTax:
    """*tax* less *amount*; what stands beside it goes by what is taken of the whole."""
    base, waived = (
        figure - divide(figure * gross, total, RoundingMode.HALF_UP) if total else figure for figure in tax.printed
    )
    return tax.part(tax.amount - amount, base, waived)
