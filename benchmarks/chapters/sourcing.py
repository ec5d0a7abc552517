"""Seconds to choose the locations that an order leaves from, for small and large orders, beside scipy's `milp`.

The orders are those that the tests compare with the oracle: `tools/sourcing/orders.py`. What a plan costs beyond the
cheapest is told with each size.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from benchmarks.compare import LeftOut, Plan
from benchmarks.machine import wait_for_quiet
from benchmarks.results import Row
from tokolib.inventory import source

TOOLS: Final = Path(__file__).parents[2] / "tools"
SIZES: Final = ((3, 5), (10, 10), (50, 40))
"""Lines and locations."""
SEEDS: Final = 20


def run(plan: Plan) -> Iterator[Row]:
    """A row for each size."""
    sys.path.append(str(TOOLS))  # the drawn orders and the oracle are the tests' own
    try:
        orders, oracle = import_module("sourcing.orders"), import_module("sourcing.oracle")
    except ImportError as missing:
        raise LeftOut(f"{missing.name} is not installed") from missing
    for lines, locations in SIZES:
        asked = [orders.order(seed, lines, locations) for seed in range(SEEDS)]
        rounds = tuple(_round(plan, asked, oracle.optimum) for _ in range(plan.rounds))
        over, exact = _quality(asked, oracle.optimum)
        size = f"{lines} lines at {locations} locations"
        plan.say(f"  {size}: the worst costs {over:.2%} more than the cheapest, {exact} of {SEEDS} are exact")
        ours, other = (statistics.median(each) for each in zip(*rounds, strict=True))
        ratio = statistics.median(mine / theirs for mine, theirs in rounds)
        name = f"sourcing, {size} ÷ scipy's milp"
        yield Row(name, ours, other, ratio, "s an order", len(rounds), rounds=rounds)


def _round(plan: Plan, asked: list[Any], optimum: Callable[[Any], int]) -> tuple[float, float]:
    """Seconds of CPU an order, ours and the oracle's, in turns."""
    wait_for_quiet(plan.patience)
    return _seconds(lambda: [source(*each) for each in asked]), _seconds(lambda: [optimum(each) for each in asked])


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) / SEEDS


def _quality(asked: list[Any], optimum: Callable[[Any], int]) -> tuple[float, int]:
    """The worst plan's cost beyond the cheapest one's, as a fraction of that, and how many plans are exact."""
    plans = [source(*each) for each in asked]
    best = [optimum(each) for each in asked]
    over = max(plan.total / least - 1 if least else 0.0 for plan, least in zip(plans, best, strict=True))
    return over, sum(plan.exact for plan in plans)
