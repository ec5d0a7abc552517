"""What the policies of a shop promise: O4 of the rules that an order's lines were sold under."""

from collections.abc import Iterator
from typing import Final

from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.walk import Findings
from tokolib.orders.events import OrderAmended, OrderRequested
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Order
from tokolib.orders.returnable import order_lines

RESTORE: Final = "restore the order's rows from a backup"


def check_rules(replayed: Replayed, order: Order, found: Findings) -> None:
    """O4: each line is under the rule that the frozen policy has for such goods, as they were when it was sold."""
    if order.return_policy is None:
        return
    found.saw("return policies")
    lines = {line.id: line for line in order.lines}
    for sold in _sold(replayed, order):
        line = lines.get(sold.id)
        if line is None:
            continue  # O1 tells of it
        said = (line.return_rule, line.outside_laws)
        meant = (sold.return_rule, sold.outside_laws)
        told = f"line {line.id} is under {said}, not {meant}"
        found.expect(said == meant, "O4", f"order {order.id}", told, RESTORE)


def _sold(replayed: Replayed, order: Order) -> Iterator[OrderLine]:
    """The lines as the goods say that they were sold."""
    for step in replayed.steps:
        match step.recorded.event:
            case OrderRequested(order=first, grounds=grounds):
                yield from order_lines((line.line for line in first.lines), grounds.lines, order.return_policy)
            case OrderAmended(lines=lines, grounds=grounds):
                yield from order_lines(lines, grounds.lines, order.return_policy)
            case _:
                pass
