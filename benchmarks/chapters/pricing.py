"""Quotes per second: baskets of 3 and 20 lines under 5, 100 and 1,000 rules, beside a plain loop and django-oscar."""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.compare import Plan
from benchmarks.machine import wait_for_quiet
from benchmarks.peers.contenders import OSCAR_PYTHON
from benchmarks.quoting import EACH, PERCENTS, bare, basket, ours, plain
from benchmarks.results import Row

LINES: Final = EACH * len(PERCENTS)
OF_PLAIN: Final = 0.32
OF_FIVE: Final = 1.2
OF_OSCAR: Final = 500
ROOT: Final = Path(__file__).parents[2]
OSCAR: Final = "django-oscar, its applicator"

Step = Callable[[], int]


def run(plan: Plan) -> Iterator[Row]:
    """The rows of pricing."""
    small, large = basket(3), basket(LINES)
    steps: dict[str, Step] = {
        "plain loop, 20 lines": plain(large),
        "plain loop, 3 lines": plain(small),
        "bare loop, 20 lines": bare(large),
    }
    for wishes in (small, large):
        for rules in (5, 100, 1000):
            steps[f"{len(wishes)} lines, {rules} rules"] = ours(wishes, rules)
    steps["20 lines, 5 rules, explained"] = ours(large, 5, explained=True)
    expected = steps["plain loop, 20 lines"]()
    assert expected == steps["bare loop, 20 lines"]()
    assert expected == steps["20 lines, 5 rules"]() == steps["20 lines, 1000 rules"]()
    found = _in_turns(plan, steps)
    yield _row(found, "20 lines, 5 rules", "plain loop, 20 lines", f"at least {OF_PLAIN}:", lambda r: r >= OF_PLAIN)
    yield _row(found, "20 lines, 5 rules", "bare loop, 20 lines")
    yield _row(found, "20 lines, 5 rules, explained", "plain loop, 20 lines")
    yield _row(found, "3 lines, 5 rules", "plain loop, 3 lines")
    for lines in (3, 20):
        for rules in (100, 1000):
            name = f"{lines} lines, {rules} rules"
            target = f"at least {1 / OF_FIVE:.2f}:" if rules == 1000 else ""
            yield _row(found, name, f"{lines} lines, 5 rules", target, lambda r: r >= 1 / OF_FIVE)
    if OSCAR in found:
        yield _row(found, "20 lines, 5 rules", OSCAR, f"at least {OF_OSCAR}:", lambda r: r >= OF_OSCAR)


def _in_turns(plan: Plan, steps: Mapping[str, Step]) -> dict[str, list[float]]:
    """Baskets per second of each step in every round, A B A B; django-oscar in a program of its own."""
    found: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(plan.rounds):
        wait_for_quiet(plan.patience)
        for name, step in steps.items():
            found[name].append(_per_second(step, plan.seconds / 4))
        if OSCAR_PYTHON.exists():
            found.setdefault(OSCAR, []).append(_oscar(plan))
        plan.say(f"  round {turn + 1}: " + ", ".join(f"{name} {rates[-1]:,.0f}/s" for name, rates in found.items()))
    return found


def _per_second(step: Step, seconds: float) -> float:
    """Steps per second of CPU, the best of three stretches: another program's turn is nobody's cost."""
    best = 0.0
    for _ in range(3):
        times, start = 0, time.process_time()
        while (spent := time.process_time() - start) < seconds / 3:
            for _ in range(10):
                step()
            times += 10
        best = max(best, times / spent)
    return best


def _oscar(plan: Plan) -> float:
    command = [str(OSCAR_PYTHON), "-W", "ignore", "-m", "benchmarks.peers.oscar", "price", str(plan.seconds)]
    database = {"PEER_DATABASE": str(OSCAR_PYTHON.parents[2] / "oscar.db"), "PATH": "/usr/bin:/bin"}
    answer = subprocess.run(command, cwd=ROOT, env=database, check=True, capture_output=True, text=True)
    return float(json.loads(answer.stdout)["per_second"])


def _row(
    found: Mapping[str, list[float]],
    mine: str,
    other: str,
    target: str = "",
    met: Callable[[float], bool] | None = None,
) -> Row:
    pairs = tuple(zip(found[mine], found[other], strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    name = f"pricing, {mine} ÷ {other}"
    reached = None if met is None or not target else met(ratio)
    middle = [statistics.median(found[each]) for each in (mine, other)]
    return Row(name, middle[0], middle[1], ratio, "baskets/s", len(pairs), target, reached, None, None, pairs)
