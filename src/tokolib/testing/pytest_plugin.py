"""Fixtures for users' tests: a whole shop, without a file or on SQLite, its clock and its payment gateway.

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


def _open(url: str, clock: Any, gateway: Any) -> Iterator[Any]:
    # By name: users get what `tokolib.open` gives, and no module inside imports the root.
    with import_module("tokolib").open(url, country="ID", clock=clock, gateways=[gateway]) as shop:
        yield shop
