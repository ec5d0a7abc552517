"""`memory://` beside plain dicts that do the same."""

from collections.abc import Iterator
from typing import Final

from benchmarks.compare import Plan, Workers, in_turns, rates
from benchmarks.results import Row
from benchmarks.stores.dicts import Dicts
from benchmarks.stores.tokolib_shop import MemoryShop

AT_LEAST: Final = 0.06


def run(plan: Plan) -> Iterator[Row]:
    """The rows of a shop in memory."""
    ours, dicts = Workers(MemoryShop()), Workers(Dicts())
    found = in_turns(plan, (ours, dicts))
    yield rates("checkout, memory", found, ours.name, dicts.name, at_least=AT_LEAST)
