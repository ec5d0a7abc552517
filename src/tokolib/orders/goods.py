"""What the units of an order take from stock: a bundle's units are its components'."""

from collections.abc import Iterable, Sequence

from tokolib.checkout.lines import QuoteLine, consumed
from tokolib.orders.lines import Run
from tokolib.orders.model import Order


def of_lines(lines: Iterable[QuoteLine]) -> dict[str, int]:
    """Steps by SKU key that all units of *lines* need, in the order of the keys."""
    return consumed((line, line.steps) for line in lines)


def of_runs(order: Order, runs: Sequence[Run]) -> dict[str, int]:
    """Steps by SKU key that *runs* of units are made of, in the order of the keys."""
    lines = {line.id: line.line for line in order.lines}
    return consumed((lines[run.line_id], run.units) for run in runs)


def of_open(order: Order) -> dict[str, int]:
    """Steps by SKU key that are still to be shipped."""
    return consumed((line.line, len(line.open)) for line in order.lines)
