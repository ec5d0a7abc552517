"""What the units of an order take from stock: a bundle's units are its components', each from the place of the unit.

Goods are steps by SKU key; resources are steps by the storage's name for the stock of a SKU at a place.
"""

from collections.abc import Iterable, Mapping, Sequence

from tokolib.checkout.lines import QuoteLine, Source, consumed
from tokolib.inventory.backorder import BACKORDER, capacity
from tokolib.inventory.model import place, resource, state_of
from tokolib.kernel.ids import LocationId
from tokolib.kernel.unit_set import NO_UNITS, UnitSet
from tokolib.orders.lines import Run
from tokolib.orders.model import Order
from tokolib.orders.places import by_location
from tokolib.orders.units import still_open


def of_runs(order: Order, runs: Sequence[Run]) -> dict[str, int]:
    """Steps by SKU key that *runs* of units are made of, in the order of the keys."""
    lines = {line.id: line.line for line in order.lines}
    return consumed((lines[run.line_id], run.units) for run in runs)


def of_open(order: Order) -> dict[str, int]:
    """Steps by SKU key that are still to be shipped."""
    return consumed((line.line, len(line.open)) for line in order.lines)


def by_place(order: Order, runs: Sequence[Run]) -> dict[str, dict[str, int]]:
    """What *runs* of units are made of, for each place that they leave from."""
    return {location: of_runs(order, some) for location, some in by_location(order, runs).items()}


def resources(order: Order, runs: Sequence[Run]) -> dict[str, int]:
    """Steps by resource that *runs* of units are made of: of the shelf, or of what is promised beyond it."""
    lines, found = {line.id: line for line in order.lines}, _Steps()
    for location, some in by_location(order, runs).items():
        for run in some:
            line = lines[run.line_id]
            found.add(line.line, location, run.set, line.unstocked)
    return found.in_order()


def open_resources(order: Order) -> dict[str, int]:
    """Steps by resource that are still to be shipped."""
    return resources(order, still_open(order))


def of_lines(lines: Iterable[QuoteLine], home: str) -> dict[str, int]:
    """Steps by resource that all units of *lines* need, those without sources at *home*."""
    found = _Steps()
    for line in lines:
        beyond = UnitSet.of([span for each in line.awaited for span in each.units.spans])
        for each in line.sources or (Source(LocationId(home), UnitSet.whole(line.steps)),):
            found.add(line, each.location, each.units, beyond)
    return found.in_order()


class _Steps(dict[str, int]):
    """Steps by resource, added up."""

    def add(self, line: QuoteLine, location: str, units: UnitSet, beyond: UnitSet) -> None:
        """What *units* of *line* take at *location*, of which those *beyond* the stock take a promise of it."""
        waiting = units & beyond if beyond else NO_UNITS
        for some, name_of in ((units - waiting, resource), (waiting, capacity)) if waiting else ((units, resource),):
            for key, steps in line.consumption(len(some)).items():
                name = name_of(location, key)
                self[name] = self.get(name, 0) + steps

    def in_order(self) -> dict[str, int]:
        """Those that are any, in the order of the resources."""
        return {name: self[name] for name in sorted(self) if self[name]}


def apart(resources: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Steps by resource: those of shelves, and those that are promised beyond them."""
    beyond = {name: steps for name, steps in resources.items() if state_of(name) == BACKORDER}
    return {name: steps for name, steps in resources.items() if name not in beyond}, beyond


def keyed(resources: Mapping[str, int]) -> dict[str, int]:
    """Steps by resource, as steps by SKU key of all places together."""
    found: dict[str, int] = {}
    for name, steps in resources.items():
        key = place(name)[1]
        found[key] = found.get(key, 0) + steps
    return found


def placed(resources: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Steps by resource of shelves, as steps by SKU key of several places."""
    found: dict[str, dict[str, int]] = {}
    for name, steps in resources.items():
        location, key = place(name)
        found.setdefault(location, {})[key] = steps
    return found


def less_by(resources: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    """What of *resources*, in steps by name, is more than *others*."""
    return {name: steps - others.get(name, 0) for name, steps in resources.items() if steps > others.get(name, 0)}
