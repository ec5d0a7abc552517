"""Whenever the process dies, the folder opens as what was acknowledged, or as that and what was on its way."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tokolib_dbm import DbmStorage, book

from tokolib.kernel.rows import Collection, Column, Index
from tokolib.kernel.storage_errors import CommitUnknown, Misuse, Unavailable

NOTES = Collection("notes", (Column("rank", "integer"),), (Index("by_rank", ("rank",)),))


class Died(BaseException):
    """The process, in the middle of something."""


def opened(folder: Path) -> DbmStorage:
    """A storage on a folder."""
    storage = DbmStorage(folder, [NOTES])
    storage.migrate()
    return storage


def write(storage: DbmStorage, *ids: str) -> None:
    """Store notes in one unit."""
    unit = storage.begin("p")
    for id in ids:
        unit.insert(NOTES, id, id.encode() * 50, {"rank": len(id)})
    unit.commit()


def notes(folder: Path) -> list[str]:
    """What a storage that is opened anew finds."""
    storage = opened(folder)
    unit = storage.begin("p", read_only=True)
    found = [doc.id for doc in unit.find(NOTES, "by_rank").items]
    unit.rollback()
    storage.close()
    return found


def test_a_record_that_was_cut_anywhere_is_no_change(tmp_path: Path) -> None:
    """At each byte of the last record, where the writing may have ended, the folder opens as it was before."""
    storage = opened(tmp_path / "shop")
    write(storage, "a")
    journal = tmp_path / "shop" / "1.journal"
    before = journal.stat().st_size
    write(storage, "bb", "ccc")
    storage.close()
    whole = journal.read_bytes()

    assert ["a", "bb", "ccc"] == notes(tmp_path / "shop")
    for length in range(before, len(whole), 7):
        journal.write_bytes(whole[:length])
        assert ["a"] == notes(tmp_path / "shop")
        assert before == journal.stat().st_size


def test_a_damaged_journal_is_refused(tmp_path: Path) -> None:
    """A record that doesn't match its checksum, with others behind it, was not cut: nothing is guessed."""
    storage = opened(tmp_path / "shop")
    write(storage, "a")
    storage.close()
    journal = tmp_path / "shop" / "1.journal"
    damaged = bytearray(journal.read_bytes())
    damaged[20] ^= 1
    journal.write_bytes(damaged)

    with pytest.raises(Unavailable, match="damaged at 0"):
        opened(tmp_path / "shop")


@pytest.mark.parametrize("step", range(1, 9))
def test_a_new_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Wherever the process dies while it writes a new file, everything acknowledged is found afterwards."""
    folder, steps = tmp_path / "shop", 0
    storage = opened(folder)
    write(storage, "a")

    def dying(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == step:
                shutil.copytree(folder, tmp_path / "after")
                raise Died
            return call(*args, **kwargs)

        return counted

    monkeypatch.setattr(book, "LONGEST", 0)
    monkeypatch.setattr(book, "_sync", dying(book._sync))
    monkeypatch.setattr(Path, "replace", dying(Path.replace))
    monkeypatch.setattr(Path, "unlink", dying(Path.unlink))
    with pytest.raises(Died):
        write(storage, *(f"b{number}" for number in range(40)))
    monkeypatch.undo()
    storage.close()

    assert 41 == len(notes(tmp_path / "after"))


def test_a_long_journal_becomes_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the journal has outgrown the file there is a new one, with an empty journal, and nothing of the old."""
    monkeypatch.setattr(book, "LONGEST", 10_000)
    storage = opened(tmp_path / "shop")
    for number in range(100):
        write(storage, f"a{number}")
    storage.close()

    numbers = {path.stem for path in (tmp_path / "shop").glob("*.*")}
    assert 1 == len(numbers)
    assert int(numbers.pop()) > 1
    assert 100 == len(notes(tmp_path / "shop"))


@pytest.mark.parametrize(("cut_too", "told"), [(False, Unavailable), (True, CommitUnknown)])
def test_a_full_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_too: bool, told: type[Exception]
) -> None:
    """A commit that can't be written changes nothing; where not even that can be written, it says that it can't say."""
    storage = opened(tmp_path / "shop")
    write(storage, "a")
    calls = 0

    def full(_: object) -> None:
        nonlocal calls
        calls += 1
        if cut_too or calls == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(book.os, "fsync", full)
    with pytest.raises(told):
        write(storage, "b")
    monkeypatch.undo()
    if cut_too:
        with pytest.raises(Misuse):
            storage.begin("p")
    else:
        write(storage, "c")
    storage.close()

    assert (["a"] if cut_too else ["a", "c"]) == notes(tmp_path / "shop")


def test_another_process_is_refused(tmp_path: Path) -> None:
    """Two processes on one folder would not see each other's changes, so the second one is told."""
    storage = opened(tmp_path / "shop")
    code = "import sys, pathlib, tokolib_dbm; tokolib_dbm.DbmStorage(pathlib.Path(sys.argv[1]), []).migrate()"
    program = [sys.executable, "-c", code, str(storage.folder)]
    refused = subprocess.run(program, capture_output=True, text=True, env={"PYTHONPATH": PATHS})
    storage.close()

    assert 1 == refused.returncode
    assert "is open in another storage" in refused.stderr


def test_what_is_no_folder_of_ours_is_refused(tmp_path: Path) -> None:
    """A file by that name, or a `current` that names nothing, is `Unavailable`."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "current").write_text("twelve")

    for name in ("file", "odd"):
        with pytest.raises(Unavailable):
            opened(tmp_path / name)


PATHS = ":".join(path for path in sys.path if path)
