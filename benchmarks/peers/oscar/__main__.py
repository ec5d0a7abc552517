"""django-oscar as a program: `python -m benchmarks.peers.oscar`, and what it shall do; what measures prints JSON.

`fill`, `price SECONDS`, or `measure PHASE CLIENTS SECONDS JOBS [SERVER]`.
"""

import json
import sys

from benchmarks.peers.oscar.pricing import priced_per_second
from benchmarks.peers.oscar.shop import Oscar, fill
from benchmarks.processes import Task, measure


def main() -> None:
    """Do what the command line says."""
    match sys.argv[1:]:
        case ["fill"]:
            fill()
        case ["price", seconds]:
            print(json.dumps({"per_second": priced_per_second(float(seconds))}))
        case ["measure", phase, workers, seconds, jobs, *server]:
            task = Task(phase, float(seconds), 0 if phase == "checkout" else int(jobs))
            pid = int(server[0]) if server else None
            print(json.dumps(measure(Oscar(), int(workers), task, server=pid)._asdict()))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
