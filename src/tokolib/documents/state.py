"""What a document states: the lines of an order, or the shares of a return, copied whole."""

from collections.abc import Iterable

from tokolib.checkout.lines import QuoteCharge, QuoteLine
from tokolib.documents.model import StatedLine, StatedTax
from tokolib.kernel.quantity import Quantity
from tokolib.orders.model import Order
from tokolib.orders.shares import TaxShare, Worth
from tokolib.tax.model import TaxAmount


def sale_lines(order: Order) -> tuple[StatedLine, ...]:
    """The lines and charges of an order as its invoice states them."""
    goods = (_goods(line.line) for line in order.lines)
    charges = (_charge(charge) for charge in order.charges if charge.total or charge.amount)
    return (*goods, *charges)


def credit_lines(order: Order, worths: Iterable[Worth]) -> tuple[StatedLine, ...]:
    """What goes back of an order, as a credit note states it: the rules are the sale's own, never today's."""
    made: list[StatedLine] = []
    shares: dict[str, list[int]] = {}
    for worth in worths:
        line = order.line(worth.line_id)
        if line is None:
            continue
        quoted = line.line
        tax = _shared(quoted.taxes, worth.taxes)
        net = worth.goods - sum(each.amount for each in tax)
        quantity = str(Quantity(worth.units, quoted.unit))
        made.append(StatedLine(quoted.name, quoted.sku, quantity, 0, net, worth.goods, tax))
        for charge in worth.charges:
            totals = shares.setdefault(charge.charge_id, [0] * (1 + len(charge.taxes)))
            for place, amount in enumerate((charge.total, *(each.amount for each in charge.taxes))):
                totals[place] += amount
    for quoted_charge in order.charges:
        if quoted_charge.id in shares:
            total, *amounts = shares[quoted_charge.id]
            tax = tuple(_stated(rule, amount) for rule, amount in zip(quoted_charge.taxes, amounts, strict=True))
            made.append(StatedLine(quoted_charge.label, "", "1", 0, total - sum(amounts), total, tax))
    return tuple(made)


def _goods(line: QuoteLine) -> StatedLine:
    discount = sum(each.amount for each in line.discounts)
    tax = tuple(_stated(each, each.amount) for each in line.taxes)
    return StatedLine(line.name, line.sku, str(line.quantity), discount, line.net, line.total, tax)


def _charge(charge: QuoteCharge) -> StatedLine:
    discount = sum(each.amount for each in charge.discounts)
    tax = tuple(_stated(each, each.amount) for each in charge.taxes)
    return StatedLine(charge.label, "", "1", discount, charge.net, charge.total, tax)


def _shared(rules: Iterable[TaxAmount], shares: Iterable[TaxShare]) -> tuple[StatedTax, ...]:
    return tuple(_stated(rule, share.amount) for rule, share in zip(rules, shares, strict=True))


def _stated(rule: TaxAmount, amount: int) -> StatedTax:
    return StatedTax(rule.code, rule.name, str(rule.rate), str(rule.base_fraction), amount, rule.source)
