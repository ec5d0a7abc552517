"""Copies of one SQLite file: what the kit can't know of, because it is the file system's."""

import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tokolib.adapters.sqlite import SqliteStorage
from tokolib.kernel.rows import BackupReport, Collection
from tokolib.kernel.storage_errors import Misuse, StorageError, Unavailable

NOTES = Collection("notes")
Note = Callable[[SqliteStorage, str], None]
Ids = Callable[[SqliteStorage], list[str]]
Copied = Callable[[Path], list[str]]


@pytest.fixture
def collections() -> Sequence[Collection]:
    """What the storages of these tests keep."""
    return (NOTES,)


def journal_mode(path: Path) -> str:
    """How the file itself says that it is to be written."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


@pytest.fixture
def copied(notes: Ids) -> Copied:
    """Answers the ids of all notes in a copy."""

    def found(target: Path) -> list[str]:
        with closing(SqliteStorage(target, (NOTES,))) as copy:
            return notes(copy)

    return found


@pytest.mark.parametrize("wal", [True, False])
def test_a_copy_leaves_the_journal_as_it_is(path: Path, note: Note, copied: Copied, wal: bool) -> None:
    """A storage that only reads copies a file of the other journal mode, and the file keeps its own."""
    storage = SqliteStorage(path, (NOTES,), wal=wal)
    storage.migrate()
    note(storage, "a")
    storage.close()
    before = journal_mode(path)

    SqliteStorage(path, (NOTES,), wal=not wal, read_only=True).backup(path.with_name("copy.db"))

    assert before == journal_mode(path)
    assert ["a"] == copied(path.with_name("copy.db"))


def test_any_name_of_a_file_will_do(storage: SqliteStorage, tmp_path: Path, note: Note, copied: Copied) -> None:
    """A name may be as long as the file system lets it be."""
    note(storage, "a")
    target = tmp_path / ("x" * 255)

    storage.backup(target)

    assert ["a"] == copied(target)


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names are text to this file system")
def test_a_name_in_another_encoding_will_do(storage: SqliteStorage, tmp_path: Path, note: Note, copied: Copied) -> None:
    """Names are bytes to the file system; SQLite, which wants text, never hears the name."""
    note(storage, "a")
    target = tmp_path / os.fsdecode(b"k\xff.db")

    storage.backup(target)

    assert target.exists()
    target.rename(tmp_path / "copy.db")
    assert ["a"] == copied(tmp_path / "copy.db")


@pytest.mark.parametrize("name", ["x" * 256, "nul\0tail", "x\ud800y", "shop.db/copy.db", "nowhere/copy.db"])
def test_a_name_that_can_not_be_written_is_unavailable(storage: SqliteStorage, tmp_path: Path, name: str) -> None:
    """What the file system refuses is an error of the port, and nothing is left."""
    before = sorted(tmp_path.iterdir())

    with pytest.raises(Unavailable):
        storage.backup(tmp_path / name)

    assert before == sorted(tmp_path.iterdir())


def test_of_those_who_copy_to_one_place_one_does(
    storage: SqliteStorage, path: Path, note: Note, copied: Copied
) -> None:
    """Five threads copy to one name: one copy is there, whole and as long as told, and four are told that there is one;
    so it is each time.
    """
    note(storage, "a")
    for round_ in range(6):
        target, told = path.with_name(f"copy-{round_}.db"), list[StorageError]()
        made, barrier = list[BackupReport](), Barrier(5)

        def copy(target: Path = target, barrier: Barrier = barrier) -> None:
            barrier.wait()
            try:
                made.append(storage.backup(target))  # noqa: B023 - the round is over before the next one begins
            except StorageError as error:
                told.append(error)  # noqa: B023

        threads = [Thread(target=copy) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [(Misuse, True)] * 4 == [(type(error), "is there already" in str(error)) for error in told]
        assert [(str(target), target.stat().st_size)] == [(report.path, report.size) for report in made]
        assert ["a"] == copied(target)
        assert [] == list(path.parent.glob(".*.part"))
