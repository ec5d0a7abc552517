"""What there is to pack of a shipment, as the catalogue describes it: weights, sizes, and what its tags say."""

from collections.abc import Iterable, Mapping
from math import ceil

from tokolib.catalog.model import Dimensions, Product
from tokolib.catalog.steps import owned
from tokolib.fulfilment.packing.firstfit import Item
from tokolib.fulfilment.packing.model import PackingRules
from tokolib.kernel.unit import Unit
from tokolib.orders.lines import OrderLine, Run
from tokolib.orders.model import Order
from tokolib.shipping.errors import MissingWeight


async def items(unit: Unit, order: Order, runs: Iterable[Run], rules: PackingRules) -> tuple[Item, ...]:
    """The items of *runs* of units: each unit by itself, and a line that is counted by weight or length whole.

    Raises:
        MissingWeight: naming every SKU without a weight.
    """
    lines, wanted = {line.id: line for line in order.lines}, tuple(runs)
    sent = [lines[run.line_id] for run in wanted]
    keys = {line.key for line in sent} | {part.sku for line in sent for part in line.line.components}
    products = await owned(unit, sorted(keys))
    if missing := tuple(dict.fromkeys(line.line.sku for line in sent if _grams(line, products) is None)):
        raise MissingWeight(missing)
    return tuple(
        _item(lines[run.line_id], piece, products, rules)
        for run in wanted
        for piece in _pieces(lines[run.line_id], run)
    )


async def weighed(unit: Unit, order: Order, runs: Iterable[Run]) -> int:
    """What *runs* of units weigh together in grams, without a box.

    Raises:
        MissingWeight: naming every SKU without a weight.
    """
    lines, wanted = {line.id: line for line in order.lines}, tuple(runs)
    products = await owned(unit, sorted({lines[run.line_id].key for run in wanted}))
    grams = [(run, lines[run.line_id], _grams(lines[run.line_id], products)) for run in wanted]
    if missing := tuple(dict.fromkeys(line.line.sku for _, line, weight in grams if weight is None)):
        raise MissingWeight(missing)
    return sum(ceil(run.units * line.line.unit.per_step * (weight or 0)) for run, line, weight in grams)


def _pieces(line: OrderLine, run: Run) -> tuple[Run, ...]:
    if line.line.unit.step != 1:
        return (run,)
    return tuple(Run(run.line_id, number, number + 1) for number in range(run.first, run.beyond))


def _item(line: OrderLine, run: Run, products: Mapping[str, Product], rules: PackingRules) -> Item:
    keys = [part.sku for part in line.line.components] or [line.key]
    tags = {tag for key in (line.key, *keys) if key in products for tag in products[key].tags}
    hazard = next((rules.hazards[tag] for tag in sorted(tags) if tag in rules.hazards), "")
    units = run.units * line.line.unit.per_step
    return Item(
        run=run,
        sku=line.line.sku,
        grams=ceil(units * (_grams(line, products) or 0)),
        pieces=_sizes(line, run, products),
        fragile=not tags.isdisjoint(rules.fragile),
        hazard=hazard,
    )


def _sizes(line: OrderLine, run: Run, products: Mapping[str, Product]) -> tuple[Dimensions, ...]:
    parts = line.line.components
    if not parts or _size(line.key, products) is not None:
        size = _size(line.key, products)
        return () if size is None else (size,)
    each = ((_size(part.sku, products), part.quantity * run.units) for part in parts)
    return tuple(size for size, count in each if size is not None for _ in range(count))


def _size(key: str, products: Mapping[str, Product]) -> Dimensions | None:
    variant = products[key].variant(key) if key in products else None
    return None if variant is None else variant.dimensions


def _grams(line: OrderLine, products: Mapping[str, Product]) -> int | None:
    """What one unit of measure weighs: as it was sold, or as the catalogue says by now."""
    if line.line.weight_grams is not None:
        return line.line.weight_grams
    variant = products[line.key].variant(line.key) if line.key in products else None
    return None if variant is None else variant.weight_grams
