"""Fixtures for users' tests: a whole shop, without a file or on SQLite.

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
def toko() -> Iterator[Any]:
    """An empty Indonesian shop in memory, closed after the test."""
    yield from _open("memory://")


@pytest.fixture
def toko_sqlite(tmp_path: Path) -> Iterator[Any]:
    """An empty Indonesian shop on an SQLite file of its own, closed after the test."""
    yield from _open(f"sqlite:///{tmp_path / 'toko.db'}")


def _open(url: str) -> Iterator[Any]:
    # By name: users get what `tokolib.open` gives, and no module inside imports the root.
    with import_module("tokolib").open(url, country="ID") as shop:
        yield shop
