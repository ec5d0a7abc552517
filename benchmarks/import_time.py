"""How long `import tokolib` takes in a fresh interpreter, beside Python's own start."""

import statistics
import subprocess
import sys
import time

RUNS = 15


def milliseconds(code: str) -> float:
    """The median wall time of `python -c code`."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    bare, full = milliseconds("pass"), milliseconds("import tokolib")
    print(f"import tokolib: {full - bare:.1f} ms over a bare start of {bare:.1f} ms, median of {RUNS}")
