"""What the tests of one SQLite file share: where it is, a storage on it, and notes to keep in it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

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
