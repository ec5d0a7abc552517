"""What the harnesses share: where shops are kept, how much harm to do, and how counts come out of a test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from safety.site import Site, on_postgres, on_sqlite

Size = TypeVar("Size")


@pytest.fixture(params=[False, True], ids=["rollback journal", "write-ahead log"])
def wal(request: pytest.FixtureRequest) -> bool:
    """Both journals of SQLite."""
    return bool(request.param)


@pytest.fixture
def on_file(tmp_path: Path, wal: bool) -> Site:
    """A file of its own, with each journal."""
    return on_sqlite(tmp_path / "toko.db", wal=wal)


@pytest.fixture
def on_server(postgres: Any) -> Site:
    """A database of its own."""
    return on_postgres(postgres)


@pytest.fixture(scope="module")
def lasting_server() -> Iterator[Any]:
    """A PostgreSQL server that syncs what it writes, and that nobody else uses."""
    from tokolib.testing.postgres import postgres_server

    with postgres_server(durable=True) as server:
        yield server


@pytest.fixture
def amount() -> Callable[[Size, Size], Size]:
    """Chooses between the short form of a harness and its long one, which `make soak` runs."""
    long = os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE") == "soak"
    return lambda short, soaked: soaked if long else short


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """Notes what a harness counted, to be printed after all tests: a green dot doesn't say how much was done."""
    return lambda counted: record_property("counted", str(counted))
