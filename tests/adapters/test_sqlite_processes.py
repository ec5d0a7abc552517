"""One SQLite file and several processes: forked, fighting for the last cup, or killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tokolib.adapters.sqlite import SqliteStorage
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import Collection, Demand, Kind
from tokolib.kernel.storage_errors import Misuse, Refused
from tokolib.testing.storage_checks.driven import Driven

NOW = datetime(2026, 3, 14, tzinfo=UTC)
SOON = NOW + timedelta(minutes=15)
NOTES = Collection("notes")
COLLECTIONS = (NOTES,)
Note = Callable[[SqliteStorage, str], None]
Ids = Callable[[SqliteStorage], list[str]]


@pytest.fixture
def collections() -> Sequence[Collection]:
    """What the storages of these tests keep."""
    return COLLECTIONS


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_opens_the_file_anew(store: Driven, storage: SqliteStorage, note: Note, notes: Ids) -> None:
    """A child uses connections of its own, is refused its parent's unit, and both go on."""
    note(storage, "parent")
    unit = store.begin(read_only=True)

    child = os.fork()
    if child == 0:
        code = 9
        try:
            try:
                unit.get(NOTES, "parent")
                code = 1
            except Misuse:
                unit.rollback()
                code = 0 if notes(storage) == ["parent"] else 2
        finally:
            os._exit(code)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert unit.get(NOTES, "parent") is not None
    unit.rollback()
    note(storage, "after")


FORKING = """
    import os, sys
    from tokolib.adapters.sqlite import SqliteStorage
    from tokolib.kernel.hosting import drive
    from tokolib.kernel.rows import Collection
    from tokolib.testing.storage_checks.driven import Driven

    NOTES = Collection("notes")
    store = Driven(SqliteStorage(sys.argv[1], [NOTES], wal=sys.argv[2] == "1"), drive)
    store.migrate()
    for name in ("first", "second"):
        unit = store.begin()
        unit.insert(NOTES, name, b"x" * 3_000_000, {})  # more than SQLite keeps in memory
        unit.flush()
        if not (child := os.fork()):
            sys.exit(0)  # as most programs end: the interpreter takes everything down
        os.waitpid(child, 0)
        unit.commit()
    store.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("wal", ["0", "1"])
def test_a_child_that_ends_leaves_its_parents_unit_alone(tmp_path: Path, wal: str) -> None:
    """A process forked off inside a unit takes nothing of it back when it ends: the parent commits, whole."""
    path = tmp_path / "shop.db"
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FORKING), str(path), wal], capture_output=True, text=True, check=False
    )

    assert (0, "") == (ended.returncode, ended.stderr)
    connection = sqlite3.connect(path)
    assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
    assert [("first",), ("second",)] == connection.execute("SELECT id FROM tokolib_doc_notes ORDER BY id").fetchall()
    connection.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_processes_never_oversell(path: Path) -> None:
    """Three processes that hold one hot SKU until they are refused get twenty of twenty."""
    store = Driven(SqliteStorage(path, COLLECTIONS), drive)
    store.migrate()
    with store.unit() as unit:
        unit.adjust("kopi", 20)
    children = []
    for number in range(3):
        child = os.fork()
        if child == 0:
            got = 0
            try:
                while True:
                    with store.unit() as unit:
                        unit.hold([Demand(f"{number}.{got}", "kopi", 1, "o")], until=SOON, now=NOW)
                    got += 1
            except Refused:
                pass
            finally:
                os._exit(got)
        children.append(child)

    got = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    with store.reading() as unit:
        assert (20, 20, 20) == (sum(got), len(unit.scan(Kind.HOLDS).items), unit.levels(["kopi"], now=NOW)["kopi"].held)
    store.close()


WRITER = """
    import sys
    from datetime import UTC, datetime
    from tokolib.adapters.sqlite import SqliteStorage
    from tokolib.kernel.hosting import drive
    from tokolib.kernel.rows import Collection, Demand, StoredEvent
    from tokolib.testing.storage_checks.driven import Driven

    NOTES, NOW = Collection("notes"), datetime(2026, 3, 14, tzinfo=UTC)
    store = Driven(SqliteStorage(sys.argv[1], [NOTES], wal=sys.argv[2] == "1"), drive)
    store.migrate()
    for number in range(100_000):
        id = f"{sys.argv[3]}-{number:06}"
        with store.unit() as unit:
            unit.insert(NOTES, id, b"x" * 3000, {})
            unit.append(id, [StoredEvent(id, id, 1, "t", b"", NOW)], expected=0)
            unit.adjust("kopi", 2)
            unit.hold([Demand(id, "kopi", 2, "o")], until=None, now=NOW)
        print(id, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("wal", ["0", "1"])
def test_a_killed_writer_loses_nothing_that_it_said(path: Path, wal: str) -> None:
    """After kill -9 every acknowledged unit is there whole, none is there in part, and no repair is needed."""
    acknowledged: list[str] = []
    for turn in range(3):
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(path), wal, str(turn)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        acknowledged += [writer.stdout.readline().strip() for _ in range(20 + 7 * turn)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()

    store = Driven(SqliteStorage(path, [NOTES], wal=wal == "1"), drive)
    store.migrate()
    with store.reading() as unit:
        stored = {row.doc.id for row in unit.scan(Kind.DOCUMENTS, name="notes", limit=9999).items}
        parts = [{row.id for row in unit.scan(kind, limit=9999).items} for kind in (Kind.HISTORY, Kind.HOLDS)]
        level = unit.levels(["kopi"], now=NOW)["kopi"]

    assert len(acknowledged) >= 80
    assert set(acknowledged) <= stored
    assert len(stored) - len(acknowledged) <= 3
    assert [stored, stored] == parts
    assert (2 * len(stored), 2 * len(stored)) == (level.on_hand, level.held)
    other = sqlite3.connect(path)
    assert "ok" == other.execute("PRAGMA integrity_check").fetchone()[0]
    other.close()
    store.close()
