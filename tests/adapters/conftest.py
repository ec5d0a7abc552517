"""What the tests of one SQLite file share, and the kits on a server: places, storages, hosts, and notes to keep."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest

from tokolib.adapters.sql.names import Names
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import Collection, Kind
from tokolib.testing.storage_checks.driven import Driven

NOTES = Collection("notes")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file will be."""
    return tmp_path / "shop.db"


@pytest.fixture
def storage(path: Path, collections: Sequence[Collection]) -> Iterator[SqliteStorage]:
    """A migrated storage of a module's `collections` that is patient for a fifth of a second."""
    made = SqliteStorage(path, collections, timeout=0.2)
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def store(storage: SqliteStorage) -> Driven:
    """The same storage, with every answer there at once."""
    return Driven(storage, drive)


@pytest.fixture
def note() -> Callable[[SqliteStorage, str], None]:
    """Stores a note of an id."""

    def stored(storage: SqliteStorage, id: str) -> None:
        with Driven(storage, drive).unit() as unit:
            unit.insert(NOTES, id, b"1", {})

    return stored


@pytest.fixture
def notes() -> Callable[[SqliteStorage], list[str]]:
    """Answers the ids of all notes."""

    def found(storage: SqliteStorage) -> list[str]:
        with Driven(storage, drive).reading() as unit:
            return [row.doc.id for row in unit.scan(Kind.DOCUMENTS, name="notes").items]

    return found


@attrs.frozen
class DriverHost:
    """A host that uses a driver by itself, in either colour: what it answers may have to be awaited."""

    connection: Any
    opening: str

    def begin(self) -> Any:
        return self.connection.execute(self.opening)

    def commit(self) -> Any:
        return self.connection.execute("COMMIT")

    def rollback(self) -> Any:
        return self.connection.execute("ROLLBACK")

    def close(self) -> Any:
        return self.connection.close()


@pytest.fixture
def host_on() -> type[DriverHost]:
    """Makes a host of a driver's connection and of what opens a transaction on it."""
    return DriverHost


class Database:
    """One database, in which every storage has a schema of its own: that costs less than a database for each."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = count(1)

    def names(self) -> Names:
        """The names in a schema that isn't there yet."""
        return Names(schema=f"s{next(self._numbers)}")


@pytest.fixture(scope="module")
def database(postgres: Any) -> Database:
    """A database for a module."""
    return Database(postgres.database())
