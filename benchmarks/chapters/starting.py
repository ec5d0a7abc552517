"""What importing and opening cost, beside the imports that any shop needs.

Each figure is the CPU time of a fresh interpreter, less that of an empty one. The programs take turns.
"""

import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from benchmarks.compare import Plan
from benchmarks.results import Row

RUNS: Final = 15
BASE: Final = "import attrs, babel.numbers"
PROGRAMS: Final = {
    "empty": "pass",
    "base": BASE,
    "import tokolib": "import tokolib",
    "import and open a shop in memory": "import tokolib; tokolib.open('memory://', country='ID').close()",
}
AT_MOST: Final = {"import tokolib": 3, "import and open a shop in memory": 6}


def run(plan: Plan) -> Iterator[Row]:
    """The rows of importing and opening."""
    found = _medians()
    base = found["base"] - found["empty"]
    for name, most in AT_MOST.items():
        own = found[name] - found["empty"]
        ratio = own / base
        yield Row(f"{name} ÷ {BASE}", own, base, ratio, "ms of CPU", RUNS, f"at most {most}:", ratio <= most)


def _medians() -> dict[str, float]:
    """The median CPU milliseconds of each program, after one turn to warm up."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for turn in range(RUNS + 1):
        for name, code in PROGRAMS.items():
            taken = _milliseconds(code)
            if turn:
                times[name].append(taken)
    return {name: statistics.median(taken) for name, taken in times.items()}


def _milliseconds(code: str) -> float:
    """The CPU time of `python -c code`, user and system together."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
