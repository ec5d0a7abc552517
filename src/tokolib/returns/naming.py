"""Which units a return brings, and which of them somebody speaks of."""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import LineId
from tokolib.orders.model import Order
from tokolib.orders.units import from_customer, named
from tokolib.returns.model import Disposition, Return, ReturnLine


def differing(
    order: Order, brought: Sequence[ReturnLine], dispositions: Mapping[str, Disposition]
) -> dict[LineId, Disposition]:
    """*dispositions* by line. Each must be of something that is back.

    Raises:
        UnknownLine, NamedTwice: the order hasn't got it. InvalidInput: it isn't among what is *brought*.
    """
    back = {line.run.line_id for line in brought}
    meant = named(order, dispositions)
    if idle := [name for name, lines in meant.items() if back.isdisjoint(line.id for line in lines)]:
        skus = ", ".join(dict.fromkeys(line.line.sku for line in order.lines if line.id in back))
        message = f"must be of goods that come back: {skus}"
        raise InvalidInput(tuple(Fault(f"dispositions[{name}]", "returns.not_back", message, name) for name in idle))
    return {line.id: dispositions[name] for name, lines in meant.items() for line in lines}


def brought(order: Order, goods_back: Return) -> tuple[ReturnLine, ...]:
    """The lines of a return, naming units that are still with the customer: another may have taken the first ones."""
    asked: dict[LineId, ReturnLine] = {}
    units: dict[LineId, int] = {}
    for each in goods_back.lines:
        asked[each.run.line_id] = each
        units[each.run.line_id] = units.get(each.run.line_id, 0) + each.run.units
    return tuple(
        attrs.evolve(asked[line.id], run=run)
        for line in order.lines
        if line.id in asked
        for run in from_customer(order, line, units[line.id])
    )
