"""Checks coverage room by room: `python tools/coverage_floor.py coverage.json kernel=95 tax=95`.

One figure for the whole package lets a well-tested room pay for a neglected one.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Count(NamedTuple):
    """What ran of what could run: lines and branches together, as coverage.py counts."""

    covered: int
    total: int

    @property
    def percent(self) -> float:
        return 100 * self.covered / self.total if self.total else 0.0


def count(files: Mapping[str, Mapping[str, Mapping[str, int]]], room: str) -> Count:
    """The lines and branches of *room* in the `files` of a coverage.py JSON report."""
    inside = [report["summary"] for path, report in files.items() if f"tokolib/{room}/" in Path(path).as_posix()]
    return Count(
        sum(summary["covered_lines"] + summary["covered_branches"] for summary in inside),
        sum(summary["num_statements"] + summary["num_branches"] for summary in inside),
    )


def main() -> int:
    """Print a line per room; 1 when a room is under its floor or was not measured."""
    report, *floors = sys.argv[1:]
    files = json.loads(Path(report).read_text("utf-8"))["files"]
    status = 0
    for room, _, floor in (argument.partition("=") for argument in floors):
        counted = count(files, room)
        kept = counted.percent >= float(floor)
        status |= not kept
        verdict = "kept" if kept else "UNDER ITS FLOOR"
        print(f"coverage {room}: {counted.percent:.2f} % of {counted.total}, floor {floor} %: {verdict}")
    return status


if __name__ == "__main__":
    sys.exit(main())
