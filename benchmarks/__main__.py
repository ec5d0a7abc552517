"""`python -m benchmarks`: measure, print one table, add it to `results.jsonl`; README.md tells where what is."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import machine, results
from benchmarks.chapters import CHAPTERS, chapter
from benchmarks.compare import LeftOut, Plan
from benchmarks.job import check
from benchmarks.server import NoServer, postgres
from tokolib.kernel.adapter_errors import UnknownAdapter

HERE = Path(__file__).parent
RESULTS = HERE / "results.jsonl"
PAGE = HERE.parent / "docs" / "explanation" / "performance.md"


def main() -> None:
    """Run the chapters that were asked for."""
    asked = _asked()
    check()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped and the files go
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tokolib-bench-", dir=asked.at)))
        if machine.in_memory(folder):
            sys.exit(f"{folder} is kept in memory, where nothing is durable; name a folder on a disk with --at")
        plan = Plan(
            folder,
            rounds=asked.rounds,
            seconds=asked.seconds,
            jobs=asked.jobs,
            patience=asked.patience,
            orders=asked.orders,
            postgres=_server(stack, folder),
            say=lambda text: print(text, file=sys.stderr, flush=True),
        )
        where = machine.described(folder)
        rows: list[results.Row] = []
        try:
            rows.extend(_rows(plan, asked.chapters or CHAPTERS))
        finally:  # what was measured before a chapter failed is shown all the same
            print(f"\n{where}\n\n{results.table(rows)}")
    if asked.write_docs:
        day = time.strftime("%d %B %Y", time.gmtime()).lstrip("0")
        command = " ".join(["python -m benchmarks", *sys.argv[1:]])
        results.write_between_marks(PAGE, results.markdown(rows, f"`{command}`, {day}: {where}."))


def _rows(plan: Plan, names: tuple[str, ...]) -> Iterator[results.Row]:
    """The rows of the chapters; each is written to the file as soon as it is known."""
    for name in names:
        plan.say(name)
        try:
            for row in chapter(name)(plan):
                results.append([row], RESULTS)
                yield row
        except (LeftOut, UnknownAdapter) as reason:
            plan.say(f"  left out: {reason}")


def _server(stack: ExitStack, folder: Path) -> Callable[[], Any]:
    """Starts the server when it is first asked for."""

    @cache
    def start() -> Any:
        try:
            return stack.enter_context(postgres(folder))
        except NoServer as error:
            raise LeftOut(str(error)) from error

    return start


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help=f"any of: {', '.join(CHAPTERS)} (all)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contender (5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a turn (2)")
    parser.add_argument("--jobs", type=int, default=200, help="orders to ship or refund in a turn (200)")
    parser.add_argument("--orders", type=int, default=100_000, help="orders in the full shop (100000)")
    parser.add_argument("--patience", type=float, default=5.0, help="seconds to wait for a quiet machine (5)")
    parser.add_argument("--at", type=Path, help="a folder on the disk to measure (the system's temporary one)")
    parser.add_argument("--write-docs", action="store_true", help=f"write the table into {PAGE.name} too")
    asked = parser.parse_args()
    if unknown := set(asked.chapters) - set(CHAPTERS):
        parser.error(f"no chapter {', '.join(sorted(unknown))}; there are {', '.join(CHAPTERS)}")
    asked.chapters = tuple(asked.chapters)
    return asked


if __name__ == "__main__":
    main()
