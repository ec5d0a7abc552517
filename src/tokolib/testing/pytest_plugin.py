"""Fixtures for users' tests: a whole shop, without a file or on SQLite, its clock and its payment gateway.

`pytest --tokolib-promises` prints the promises that were kept by an adapter under one of the kits, for its README.

pytest loads this module in every run of every project that has tokolib installed. So it imports
tokolib inside the fixtures only: a project that does not use them pays nothing, and one that measures
coverage of tokolib does not lose the lines that ran before measuring began.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def toko_clock() -> Any:
    """The clock of `toko` and `toko_sqlite`: a `ManualClock`, which stands still until the test moves it."""
    return import_module("tokolib.testing.clock").ManualClock()


@pytest.fixture
def toko_gateway(toko_clock: Any) -> Any:
    """The gateway `fake` of `toko` and `toko_sqlite`: a `FakeGateway`, with switches for what goes wrong."""
    fakes = import_module("tokolib.testing.fake_gateway")
    return fakes.FakeGateway(fakes.FakeWorld(toko_clock))


@pytest.fixture
def toko(toko_clock: Any, toko_gateway: Any) -> Iterator[Any]:
    """An empty Indonesian shop in memory, closed after the test."""
    yield from _open("memory://", toko_clock, toko_gateway)


@pytest.fixture
def toko_sqlite(tmp_path: Path, toko_clock: Any, toko_gateway: Any) -> Iterator[Any]:
    """An empty Indonesian shop on an SQLite file of its own, closed after the test."""
    yield from _open(f"sqlite:///{tmp_path / 'toko.db'}", toko_clock, toko_gateway)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of ours."""
    text = "print the promises of tokolib's kits whose checks passed, as a list for an adapter's README"
    parser.getgroup("tokolib").addoption("--tokolib-promises", action="store_true", help=text)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Note what a kit's check promises: the first paragraph of its docstring. The report carries it along."""
    check = getattr(item, "function", None)
    # In a project of others it may be anything: a function that was made by `exec` has no module.
    if str(getattr(check, "__module__", "")).startswith("tokolib.testing.") and check.__doc__:
        promise = " ".join(check.__doc__.split("\n\n")[0].split())
        item.user_properties.append(("promise", promise))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print each promise once; one of which any check failed is not kept."""
    if not config.getoption("--tokolib-promises"):
        return
    told: dict[str, dict[str, None]] = {}
    for outcome in ("passed", "failed", "error"):
        reports = terminalreporter.stats.get(outcome, ())
        # A file that can't be imported is an error too, and has no properties.
        promises = (dict(getattr(report, "user_properties", ())).get("promise") for report in reports)
        told[outcome] = dict.fromkeys(promise for promise in promises if promise)
    broken = told["failed"] | told["error"]
    kept = [promise for promise in told["passed"] if promise not in broken]
    terminalreporter.section(f"promises kept: {len(kept)}")
    for promise in kept:
        terminalreporter.write_line(f"- {promise}")


def _open(url: str, clock: Any, gateway: Any) -> Iterator[Any]:
    # By name: users get what `tokolib.open` gives, and no module inside imports the root.
    with import_module("tokolib").open(url, country="ID", clock=clock, gateways=[gateway]) as shop:
        yield shop
