"""Many processes after the last units: everything must be sold, and nothing twice."""

import json
import os
import random
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Protocol

import attrs

from safety.children import Say, start
from safety.site import PRICES

SKUS: Final = tuple(PRICES)


class Till(Protocol):
    """One process's way to sell a unit at a time."""

    @property
    def retries(self) -> int:
        """How often a unit of work had to be decided again."""
        ...

    def buy(self, sku: str, key: str) -> bool:
        """Sell one unit; False when none is left."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


@attrs.frozen
class Raced:
    """What a race came to."""

    buyers: int
    units: int
    sold: Mapping[str, int]
    left: Mapping[str, int]
    retries: int
    p99: float
    """Milliseconds that a sale took, at the 99th percentile."""
    violations: tuple[str, ...]

    @property
    def oversold(self) -> int:
        """Units that were sold and never there."""
        return sum(max(0, sold - self.units) for sold in self.sold.values())

    @property
    def lost(self) -> int:
        """Units that were neither sold nor left."""
        return sum(max(0, self.units - self.sold[sku] - max(0, self.left[sku])) for sku in self.sold)

    def __str__(self) -> str:
        sold = sum(self.sold.values())
        return (
            f"{self.buyers} buyers of {len(self.sold)} x {self.units} units: sold {sold}, oversold {self.oversold}, "
            f"lost {self.lost}, retries {self.retries}, p99 {self.p99:.1f} ms, violations {len(self.violations)}"
        )


@attrs.frozen
class Counter:
    """Where a race is held: how a process gets its till, and what is left when all is over."""

    till: Callable[[], Till]
    left: Callable[[], Mapping[str, int]]
    violations: Callable[[], tuple[str, ...]]


def race(counter: Counter, *, processes: int, buyers: int, units: int, seed: int = 1) -> Raced:
    """Let *processes* times *buyers* go for *units* of each SKU at once."""
    ready, go = os.pipe()  # whoever waits at the one end runs when the other is closed
    try:
        bodies = [partial(_compete, counter, (ready, go), str(n), buyers, seed) for n in range(processes)]
        children = [start(body) for body in bodies]
    finally:
        os.close(go)
        os.close(ready)
    told = [json.loads(child.finish()[-1]) for child in children]
    sold = {sku: sum(one["sold"][sku] for one in told) for sku in SKUS}
    took = sorted(each for one in told for each in one["took"])
    p99 = took[min(len(took) - 1, len(took) * 99 // 100)] if took else 0.0
    retries = sum(one["retries"] for one in told)
    return Raced(processes * buyers, units, sold, counter.left(), retries, p99, counter.violations())


def _compete(counter: Counter, gate: tuple[int, int], name: str, buyers: int, seed: int, say: Say) -> None:
    luck = random.Random(f"{seed}-{name}")
    queue = [SKUS[number % len(SKUS)] for number in range(buyers)]
    luck.shuffle(queue)
    till = counter.till()
    sold, took = dict.fromkeys(SKUS, 0), []
    os.close(gate[1])
    os.read(gate[0], 1)
    for number, sku in enumerate(queue):
        begun = time.perf_counter()
        if till.buy(sku, f"{name}-{number}"):
            sold[sku] += 1
            took.append(round((time.perf_counter() - begun) * 1000, 2))
    till.close()
    say(json.dumps({"sold": sold, "took": took, "retries": till.retries}))
