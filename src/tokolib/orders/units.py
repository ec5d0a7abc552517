"""Which units a person means: quantities by SKU or line, made into runs of numbered units."""

from collections.abc import Mapping
from decimal import Decimal

from tokolib.catalog.sku import key as sku_key
from tokolib.kernel.numbers import exact
from tokolib.kernel.quantity import Counted, Quantity, UnitOfMeasure
from tokolib.orders.errors import TooManyUnits, UnknownLine
from tokolib.orders.model import Order, OrderLine, Run

Wanted = Mapping[str, Counted]
"""Quantities in units of measure, by SKU or by line id."""


def wish(wanted: Wanted) -> dict[str, Decimal | tuple[Decimal, UnitOfMeasure]]:
    """*wanted* in exact figures, for a key to be remembered with: `1`, `"1"` and `"1.0"` are one wish.

    Raises:
        NotExact: something is no number.
    """
    return {name: _figure(quantity, f"goods[{name[:40]}]") for name, quantity in wanted.items()}


def _figure(quantity: Counted, path: str) -> Decimal | tuple[Decimal, UnitOfMeasure]:
    return (exact(quantity.steps, path), quantity.unit) if isinstance(quantity, Quantity) else exact(quantity, path)


def to_ship(order: Order, wanted: Wanted | None) -> tuple[Run, ...]:
    """The next units to ship: all that are open, or *wanted* of them, taken from the head of their lines.

    Raises:
        UnknownLine, TooManyUnits: something isn't in the order, or isn't open any more.
    """
    if wanted is None:
        return tuple(Run(line.id, line.shipped, line.shipped + line.open) for line in order.lines if line.open)
    taken: dict[str, int] = {}
    for name, quantity in wanted.items():
        lines = lines_of(order, name)
        left = lines[0].line.unit.steps(quantity)
        possible = sum(line.open - taken.get(line.id, 0) for line in lines)
        if left > possible:
            raise _too_many(order, lines[0], quantity, possible)
        for line in lines:
            units = min(left, line.open - taken.get(line.id, 0))
            taken[line.id] = taken.get(line.id, 0) + units
            left -= units
    return tuple(
        Run(line.id, line.shipped, line.shipped + taken[line.id]) for line in order.lines if taken.get(line.id)
    )


def lines_of(order: Order, name: str) -> list[OrderLine]:
    """The lines that *name* means: one by its id, or all of a SKU.

    Raises:
        UnknownLine: none.
    """
    key = sku_key(name)
    found = [line for line in order.lines if line.id == name] or [line for line in order.lines if line.key == key]
    if not found:
        raise UnknownLine(order.id, name, tuple(dict.fromkeys(line.line.sku for line in order.lines)))
    return found


def from_customer(order: Order, line: OrderLine, units: int) -> tuple[Run, ...]:
    """The lowest *units* shipped units of a line that the customer still has.

    Raises:
        TooManyUnits: the customer has fewer.
    """
    runs: list[Run] = []
    left = units
    for first, beyond in line.kept():
        taken = min(left, beyond - first)
        if taken:
            runs.append(Run(line.id, first, first + taken))
            left -= taken
    if left:
        raise _too_many(order, line, Quantity(units, line.line.unit), units - left)
    return tuple(runs)


def _too_many(order: Order, line: OrderLine, wanted: object, possible: int) -> TooManyUnits:
    return TooManyUnits(order.id, line.line.sku, str(wanted), str(Quantity(possible, line.line.unit)))
