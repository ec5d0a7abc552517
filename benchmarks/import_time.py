"""What importing and opening cost, beside the imports that any shop needs: run after run in turn, as ratios.

Each figure is the CPU time of a fresh interpreter, less that of an empty one. The three programs take turns, so that
a slow moment of the machine falls on all of them.
"""

import resource
import statistics
import subprocess
import sys

RUNS = 15
PROGRAMS = {
    "empty": "pass",
    "base": "import attrs, babel.numbers",
    "import": "import tokolib",
    "open": "import tokolib; tokolib.open('memory://', country='ID').close()",
}


def seconds(code: str) -> float:
    """The CPU time of `python -c code`, user and system together."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def medians() -> dict[str, float]:
    """The median CPU milliseconds of each program, measured in turns after one warm-up."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for turn in range(RUNS + 1):
        for name, code in PROGRAMS.items():
            taken = seconds(code) * 1000
            if turn:
                times[name].append(taken)
    return {name: statistics.median(taken) for name, taken in times.items()}


if __name__ == "__main__":
    found = medians()
    base = found["base"] - found["empty"]
    print(f"import attrs, babel.numbers: {base:.0f} ms over an empty start of {found['empty']:.0f} ms, {RUNS} turns")
    for name, most in (("import", 3), ("open", 6)):
        own = found[name] - found["empty"]
        print(f"{PROGRAMS[name]}: {own:.0f} ms, {own / base:.2f} times (at most {most})")
