"""What the units of an order take from stock: a bundle's units are its components', each from the place of the unit.

Goods are steps by SKU key; resources are steps by the storage's name for the stock of a SKU at a place.
"""

from collections.abc import Iterable, Mapping, Sequence

from tokolib.checkout.lines import QuoteLine, Source, consumed
from tokolib.inventory.model import place, resource
from tokolib.kernel.ids import LocationId
from tokolib.kernel.unit_set import UnitSet
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
    """Steps by resource that *runs* of units are made of, in the order of the resources."""
    return named(by_place(order, runs))


def open_resources(order: Order) -> dict[str, int]:
    """Steps by resource that are still to be shipped."""
    return resources(order, still_open(order))


def of_lines(lines: Iterable[QuoteLine], home: str) -> dict[str, int]:
    """Steps by resource that all units of *lines* need, those without sources at *home*."""
    found: dict[str, int] = {}
    for line in lines:
        for each in line.sources or (Source(LocationId(home), UnitSet.whole(line.steps)),):
            for key, steps in line.consumption(len(each.units)).items():
                name = resource(each.location, key)
                found[name] = found.get(name, 0) + steps
    return {name: found[name] for name in sorted(found) if found[name]}


def named(places: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Steps by SKU key of several places, as steps by resource."""
    return {resource(location, key): steps for location, goods in places.items() for key, steps in goods.items()}


def keyed(resources: Mapping[str, int]) -> dict[str, int]:
    """Steps by resource, as steps by SKU key of all places together."""
    found: dict[str, int] = {}
    for name, steps in resources.items():
        key = place(name)[1]
        found[key] = found.get(key, 0) + steps
    return found


def placed(resources: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Steps by resource, as steps by SKU key of several places."""
    found: dict[str, dict[str, int]] = {}
    for name, steps in resources.items():
        location, key = place(name)
        found.setdefault(location, {})[key] = steps
    return found
