"""Whether a foreign order can be kept as it is stated: every fault at once, with its path."""

from collections.abc import Iterator, Sequence

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import Money
from tokolib.orders.foreign.model import ForeignCharge, ForeignLine, ForeignOrder, ForeignTax
from tokolib.pricing.model import ChargeKind


def check(foreign: ForeignOrder) -> None:
    """Pass for an order that can be kept.

    Raises:
        InvalidInput: text that can't be kept, no lines, money of several currencies or below zero, taxes or discounts
            that are more than there is, or a collection point without a recipient or a delivery.
    """
    if faults := tuple(_faults(foreign)):
        raise InvalidInput(faults)


def _faults(foreign: ForeignOrder) -> Iterator[Fault]:
    for name in ("source", "number"):
        yield from line_faults(name, getattr(foreign, name), required=True)
    if not foreign.lines:
        yield Fault("lines", "orders.foreign_empty", "must be at least one", "none")
    yield from _money_faults("total", foreign.total, foreign.total)
    if foreign.point is not None:
        yield from _of_point(foreign)
    for at, line in enumerate(foreign.lines):
        yield from _of_line(f"lines[{at}]", line, foreign)
    for at, charge in enumerate(foreign.charges):
        yield from _of_charge(f"charges[{at}]", charge, foreign.total)


def _of_point(foreign: ForeignOrder) -> Iterator[Fault]:
    """A label to a point names who fetches the parcel, and the delivery keeps where it waits."""
    if foreign.ship_to is None:
        yield Fault("ship_to", "kernel.required", "is required beside a point: it says who fetches the goods")
    if not foreign.delivery:
        yield Fault("delivery", "kernel.required", "is required beside a point: it says how the goods get there")


def _of_line(path: str, line: ForeignLine, foreign: ForeignOrder) -> Iterator[Fault]:
    price = line.unit_price
    if price.currency != foreign.total.currency:
        yield _other_currency(f"{path}.unit_price", price.currency.code, foreign.total)
    yield from _money_faults(f"{path}.total", line.total, foreign.total)
    for at, discount in enumerate(line.discounts):
        yield from line_faults(f"{path}.discounts[{at}].name", discount.name, required=True)
        yield from line_faults(f"{path}.discounts[{at}].funder", discount.funder)
        yield from _money_faults(f"{path}.discounts[{at}].amount", discount.amount, foreign.total)
    yield from _tax_faults(path, line.taxes, line.total, foreign.total)


def _of_charge(path: str, charge: ForeignCharge, order: Money) -> Iterator[Fault]:
    if charge.kind is ChargeKind.DIFFERENCE:
        message = "is worked out here: leave it out, and the total says it"
        yield Fault(f"{path}.kind", "orders.foreign_difference", message, charge.kind.value)
    yield from line_faults(f"{path}.label", charge.label, required=True)
    yield from _money_faults(f"{path}.total", charge.total, order)
    yield from _tax_faults(path, charge.taxes, charge.total, order)


def _tax_faults(path: str, taxes: Sequence[ForeignTax], total: Money, order: Money) -> Iterator[Fault]:
    for at, tax in enumerate(taxes):
        yield from line_faults(f"{path}.taxes[{at}].code", tax.code, required=True)
        yield from _money_faults(f"{path}.taxes[{at}].amount", tax.amount, order)
    if sum(tax.amount.minor_units for tax in taxes) > total.minor_units >= 0:
        yield Fault(f"{path}.taxes", "orders.foreign_tax", f"must be within {total}", "more")


def _money_faults(path: str, amount: Money, order: Money) -> Iterator[Fault]:
    if amount.currency != order.currency:
        yield _other_currency(path, amount.currency.code, order)
    if amount.minor_units < 0:
        yield Fault(path, "orders.foreign_negative", "must not be below zero", shown(amount))


def _other_currency(path: str, code: str, order: Money) -> Fault:
    return Fault(path, "orders.foreign_currency", f"must be in {order.currency.code}, as the total", code)
