"""Which units a person means: quantities by SKU or line, made into runs of numbered units."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from tokolib.catalog.sku import key as sku_key
from tokolib.kernel.numbers import exact
from tokolib.kernel.quantity import Counted, Quantity, UnitOfMeasure
from tokolib.kernel.unit_set import UnitSet
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order
from tokolib.orders.unit_errors import NamedTwice, TooManyUnits, UnknownLine

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
    """The next units to ship: all that are free, or *wanted* of them, the lowest of their lines.

    Raises:
        UnknownLine, NamedTwice, TooManyUnits: something isn't in the order, is named twice, or isn't free any more.
    """
    if wanted is None:
        return tuple(run for line in order.lines for run in line.runs(line.free))
    return _chosen(order, wanted, UnitSet.first)


def to_cancel(order: Order, wanted: Wanted) -> tuple[Run, ...]:
    """The units to cancel: *wanted* of the free ones, the highest of their lines, and of several the last lines'.

    Raises:
        UnknownLine, NamedTwice, TooManyUnits: as `to_ship`.
    """
    return _chosen(order, wanted, UnitSet.last)


def still_open(order: Order) -> tuple[Run, ...]:
    """All units that are still to leave."""
    return tuple(run for line in order.lines for run in line.runs(line.open))


def _chosen(order: Order, wanted: Wanted, choose: Callable[[UnitSet, int], UnitSet]) -> tuple[Run, ...]:
    """*wanted* of the free units: of the lines that a name means, the first ones first, or the last ones."""
    taken: dict[str, UnitSet] = {}
    for name, lines in named(order, wanted).items():
        left = lines[0].line.unit.steps(wanted[name])
        possible = sum(len(line.free) for line in lines)
        if left > possible:
            raise _too_many(order, lines[0], wanted[name], possible)
        for line in lines if choose is UnitSet.first else reversed(lines):
            taken[line.id] = choose(line.free, min(left, len(line.free)))
            left -= len(taken[line.id])
    return tuple(run for line in order.lines if line.id in taken for run in line.runs(taken[line.id]))


def named(order: Order, names: Iterable[str]) -> dict[str, tuple[OrderLine, ...]]:
    """The lines that each of *names* means: one by its id, or all of a SKU.

    Raises:
        UnknownLine: a name means none. NamedTwice: two names mean the same line.
    """
    found: dict[str, tuple[OrderLine, ...]] = {}
    by_line: dict[str, str] = {}
    for name in names:
        found[name] = _lines_of(order, name)
        for line in found[name]:
            if (other := by_line.setdefault(line.id, name)) != name:
                raise NamedTwice(order.id, line.line.sku, (other, name))
    return found


def _lines_of(order: Order, name: str) -> tuple[OrderLine, ...]:
    key = sku_key(name)
    lines = order.lines
    if found := [line for line in lines if line.id == name] or [line for line in lines if line.key == key]:
        return tuple(found)
    known = tuple(dict.fromkeys(line.line.sku for line in lines))
    for line in lines:
        parts = tuple(part.sku for part in line.line.components)
        if key in parts:
            raise UnknownLine(order.id, name, known, line.line.sku, parts)
    raise UnknownLine(order.id, name, known)


def from_customer(order: Order, line: OrderLine, units: int) -> tuple[Run, ...]:
    """The lowest *units* shipped units of a line that the customer still has.

    Raises:
        TooManyUnits: the customer has fewer.
    """
    if units > len(line.kept):
        raise _too_many(order, line, Quantity(units, line.line.unit), len(line.kept))
    return line.runs(line.kept.first(units))


def _too_many(order: Order, line: OrderLine, wanted: object, possible: int) -> TooManyUnits:
    return TooManyUnits(order.id, line.line.sku, str(wanted), str(Quantity(possible, line.line.unit)))
