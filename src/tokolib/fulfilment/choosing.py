"""Which units of a shipment a person means, by quantities of SKUs or lines."""

from collections.abc import Callable, Mapping

from tokolib.kernel.quantity import Quantity
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.unit_errors import TooManyUnits
from tokolib.orders.units import Wanted, named

Units = Mapping[str, UnitSet]
"""Units by line id."""


def by_line(runs: tuple[Run, ...]) -> dict[str, UnitSet]:
    """*runs* of units by their lines."""
    found: dict[str, UnitSet] = {}
    for run in runs:
        found[run.line_id] = found.get(run.line_id, NO_UNITS) | run.set
    return found


def runs_of(order: Order, units: Units) -> tuple[Run, ...]:
    """*units* as runs, in the order of the lines."""
    return tuple(run for line in order.lines if line.id in units for run in line.runs(units[line.id]))


def chosen(order: Order, there: Units, wanted: Wanted, choose: Callable[[UnitSet, int], UnitSet]) -> dict[str, UnitSet]:
    """*wanted* of the units that are *there*, by line: the lowest or highest of each, as *choose* says.

    Raises:
        UnknownLine, NamedTwice, TooManyUnits: it isn't there.
    """
    taken: dict[str, UnitSet] = {}
    for name, lines in named(order, wanted).items():
        unit = lines[0].line.unit
        left, possible = unit.steps(wanted[name], zero=True), sum(len(there.get(line.id, NO_UNITS)) for line in lines)
        if left > possible:
            raise TooManyUnits(order.id, lines[0].line.sku, str(wanted[name]), str(Quantity(possible, unit)))
        for line in lines if choose is UnitSet.first else reversed(lines):
            here = there.get(line.id, NO_UNITS)
            taken[line.id] = choose(here, min(left, len(here)))
            left -= len(taken[line.id])
    return {id: units for id, units in taken.items() if units}
