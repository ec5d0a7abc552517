"""The chapters of a run, in the order of the table. Each takes the plan and answers rows, or raises `LeftOut`."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Final

from benchmarks.compare import Plan
from benchmarks.results import Row

CHAPTERS: Final = (
    "sqlite",
    "worker",
    "postgres",
    "flash_sale",
    "memory",
    "pricing",
    "sourcing",
    "statements",
    "reading",
    "growth",
    "verify",
    "starting",
    "repricing",
    "peers",
)


def chapter(name: str) -> Callable[[Plan], Iterator[Row]]:
    """The chapter of that name, which is loaded now: some need drivers that others don't."""
    run: Callable[[Plan], Iterator[Row]] = import_module(f"benchmarks.chapters.{name}").run
    return run
