"""Measures coverage where it is asked for, and lets all other tests run at their own speed: a plugin of pytest.

A traced simulation takes twice its time, and says little about the rooms that have a floor. So under `coverage run`
only the tests of the measured rooms are traced, those in `tests/<room>`, and those of the rooms in which they meet;
and of these only examples, which have to reach the floor without laws: a law is played a hundred times, on lines that
it has reached at its first. Without `coverage run` the plugin does nothing.
"""

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Final

import pytest
from coverage import Coverage

MEETING: Final = ("checkout", "payments", "returns")
"""Where the measured rooms meet: an order is quoted in one, paid for in another, and comes back by the third."""
IN_CHILDREN: Final = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
"""What makes a process that a test starts measure itself."""


def pytest_collection_finish() -> None:
    """Bring in every module that is measured: its first lines run once in a process, and maybe in another's test."""
    if (coverage := Coverage.current()) is not None:
        for package in packages(coverage):
            module = import_module(package)
            for each in walk_packages(module.__path__, f"{package}."):
                import_module(each.name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Run a test traced or not."""
    coverage = Coverage.current()
    if coverage is None or (item.nodeid.startswith(traced(packages(coverage))) and not is_law(item)):
        return (yield)
    with paused(coverage):
        return (yield)


def packages(coverage: Coverage) -> Sequence[str]:
    """The packages that are measured."""
    measured = coverage.get_option("run:source_pkgs")
    return measured if isinstance(measured, list) else ()


def traced(measured: Sequence[str]) -> tuple[str, ...]:
    """How the names of the tests begin that are traced for the *measured* packages: `tests/orders/`, ..."""
    return tuple(f"tests/{name}/" for name in (*(each.rpartition(".")[2] for each in measured), *MEETING))


def is_law(item: pytest.Item) -> bool:
    """Whether Hypothesis makes the examples of a test."""
    return getattr(getattr(item, "obj", None), "is_hypothesis_test", False) is True


@contextmanager
def paused(coverage: Coverage) -> Generator[None, None, None]:
    """A while in which nothing is measured, in processes that are started meanwhile neither."""
    before = {name: os.environ.pop(name) for name in IN_CHILDREN if name in os.environ}
    coverage.stop()
    try:
        yield
    finally:
        coverage.start()
        os.environ.update(before)
