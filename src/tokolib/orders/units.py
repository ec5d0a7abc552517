"""Which units a person means: quantities by SKU or line, made into runs of numbered units."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from tokolib.catalog.sku import key as sku_key
from tokolib.kernel.numbers import exact
from tokolib.kernel.quantity import Counted, Quantity, UnitOfMeasure
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order
from tokolib.orders.places import units_at
from tokolib.orders.unit_errors import NamedTwice, NothingToCarry, StillAwaited, TooManyUnits, UnknownLine

Wanted = Mapping[str, Counted]
"""Quantities in units of measure, by SKU or by line id."""

Units = Mapping[str, UnitSet]
"""Units by line id."""


def wish(wanted: Wanted) -> dict[str, Decimal | tuple[Decimal, UnitOfMeasure]]:
    """*wanted* in exact figures, for a key to be remembered with: `1`, `"1"` and `"1.0"` are one wish.

    Raises:
        NotExact: something is no number.
    """
    return {name: _figure(quantity, f"goods[{name[:40]}]") for name, quantity in wanted.items()}


def _figure(quantity: Counted, path: str) -> Decimal | tuple[Decimal, UnitOfMeasure]:
    return (exact(quantity.steps, path), quantity.unit) if isinstance(quantity, Quantity) else exact(quantity, path)


def to_ship(order: Order, wanted: Wanted | None, location: str = "") -> tuple[Run, ...]:
    """The next units to ship: all that are free, or *wanted* of them, the lowest of their lines.

    Where a *location* is named, only those that leave from there. What is awaited is not there to be shipped, and
    what is digital has no body to be.

    Raises:
        NothingToCarry: something is digital.
        StillAwaited: so much of it hasn't come yet.
        UnknownLine, NamedTwice, TooManyUnits: something isn't in the order, is named twice, or isn't free any more.
    """
    there: Units = {line.id: line.ready for line in order.lines if not line.line.digital}
    if location:
        there = {line.id: there[line.id] & units_at(order, line, location) for line in order.lines if line.id in there}
    if wanted is None:
        return runs_of(order, there)
    _check_there(order, wanted)
    return runs_of(order, chosen(order, there, wanted, UnitSet.first))


def _check_there(order: Order, wanted: Wanted) -> None:
    """Pass where no more is *wanted* than is there, or than there ever was, and all of it has a body.

    Raises:
        NothingToCarry: something is digital.
        StillAwaited: some of it is promised, and hasn't come. UnknownLine, NamedTwice, InvalidQuantity.
    """
    for name, lines in named(order, wanted).items():
        if lines[0].line.digital:
            raise NothingToCarry(order.id, lines[0].line.sku)
        steps, ready = lines[0].line.unit.steps(wanted[name]), sum(len(line.ready) for line in lines)
        if ready < steps <= sum(len(line.free) for line in lines):
            of = lines[0].line
            on = min(each.on for line in lines for each in line.awaited if each.units & line.waiting)
            raise StillAwaited(order.id, of.sku, str(wanted[name]), str(Quantity(ready, of.unit)), on)


def to_cancel(order: Order, wanted: Wanted) -> tuple[Run, ...]:
    """The units to cancel: *wanted* of the free ones, the highest of their lines, and of several the last lines'.

    Raises:
        UnknownLine, NamedTwice, TooManyUnits: as `to_ship`.
    """
    return runs_of(order, chosen(order, {line.id: line.free for line in order.lines}, wanted, UnitSet.last))


def still_open(order: Order) -> tuple[Run, ...]:
    """All units that are still to leave."""
    return tuple(run for line in order.lines for run in line.runs(line.open))


def runs_of(order: Order, units: Units) -> tuple[Run, ...]:
    """*units* as runs, in the order of the lines."""
    return tuple(run for line in order.lines if line.id in units for run in line.runs(units[line.id]))


def chosen(
    order: Order, there: Units, wanted: Wanted, choose: Callable[[UnitSet, int], UnitSet], *, zero: bool = False
) -> dict[str, UnitSet]:
    """*wanted* of the units that are *there*, by line: the lowest or highest of each, as *choose* says.

    Of several lines that a name means, the first ones come first, or the last ones. With *zero* nothing may be wanted.

    Raises:
        UnknownLine, NamedTwice, TooManyUnits: it isn't there. InvalidQuantity: it can't be counted.
    """
    taken: dict[str, UnitSet] = {}
    for name, lines in named(order, wanted).items():
        left = lines[0].line.unit.steps(wanted[name], zero=zero)
        possible = sum(len(there.get(line.id, NO_UNITS)) for line in lines)
        if left > possible:
            raise _too_many(order, lines[0], wanted[name], possible)
        for line in lines if choose is UnitSet.first else reversed(lines):
            here = there.get(line.id, NO_UNITS)
            taken[line.id] = choose(here, min(left, len(here)))
            left -= len(taken[line.id])
    return {id: units for id, units in taken.items() if units}


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
