"""What SQLite itself can do to a shop: locks, full disks, foreign files, crashes."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import tokolib
from tokolib.adapters.sql.schema import SCHEMA_VERSION
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.adapters.sqlite.connecting import journal, wal_is_safe
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import Can, Collection, Column, Demand, Entry, FactTable, Index, StoredEvent
from tokolib.kernel.schema_errors import SchemaTooNew
from tokolib.kernel.storage_errors import Busy, Misuse, Unavailable
from tokolib.testing.storage_checks.driven import Driven

NOW = datetime(2026, 3, 14, tzinfo=UTC)
SOON = NOW + timedelta(minutes=15)
ORDERS = Collection(
    "orders",
    (Column("reference"), Column("city", null=True), Column("placed", "integer")),
    (Index("by_reference", ("reference",), unique=True), Index("by_city", ("city", "placed"))),
    (FactTable("order_line", (Column("sku"),)),),
)
NOTES = Collection("notes")
BOTH = (ORDERS, NOTES)
Note = Callable[[SqliteStorage, str], None]
Ids = Callable[[SqliteStorage], list[str]]


@pytest.fixture
def collections() -> Sequence[Collection]:
    """What the storages of these tests keep."""
    return BOTH


def test_a_lock_held_elsewhere_is_busy_in_time(storage: SqliteStorage, path: Path, note: Note, notes: Ids) -> None:
    """While another connection has the write lock, begin() is `Busy` after its timeout, and reading goes on."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Busy) as refused:
        storage.begin("p")

    assert refused.value.retryable
    assert [] == notes(storage)
    other.close()
    note(storage, "a")


def test_a_reader_that_stays_makes_a_commit_busy(path: Path, note: Note, notes: Ids) -> None:
    """A commit that a foreign reader holds up is `Busy`, is taken back whole, and can be tried again."""
    storage = SqliteStorage(path, BOTH, timeout=0.2, wal=False)
    storage.migrate()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM tokolib_schema").fetchall()

    with pytest.raises(Busy):
        note(storage, "a")
    other.close()

    assert [] == notes(storage)
    note(storage, "a")
    storage.close()


def test_a_storage_that_only_reads_refuses_writes(path: Path, storage: SqliteStorage, note: Note, notes: Ids) -> None:
    """A storage opened read-only answers, and a write through it is `Unavailable` and leaves nothing."""
    note(storage, "a")
    reading = SqliteStorage(path, BOTH, read_only=True)

    assert ["a"] == notes(reading)
    with pytest.raises(Unavailable):
        note(reading, "b")
    assert ["a"] == notes(reading)
    reading.close()


def test_a_full_disk_changes_nothing(store: Driven, storage: SqliteStorage, note: Note, notes: Ids) -> None:
    """When the file can't grow, the unit says so, and all that was there before is there."""
    note(storage, "before")
    unit = store.begin()
    connection = connection_of(unit)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    unit.adjust("kopi", 5)
    unit.insert(NOTES, "big", bytes(1_000_000), {})

    with pytest.raises(Unavailable):
        unit.commit()
    with pytest.raises(Misuse):
        unit.get(NOTES, "big")

    assert ["before"] == notes(storage)
    with store.reading() as unit:
        assert 0 == unit.levels(["kopi"], now=NOW)["kopi"].on_hand


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    """Another program's file is `Unavailable`, and not one byte of it is changed."""
    text = b"Dear diary, today I sold three cups of coffee.\n" * 100
    path.write_bytes(text)
    storage = SqliteStorage(path, BOTH)

    for use in (storage.migrate, lambda: storage.begin("p"), lambda: storage.begin("p", read_only=True)):
        with pytest.raises(Unavailable):
            use()
    assert text == path.read_bytes()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A file that can't be opened is `Unavailable`."""
    with pytest.raises(Unavailable):
        SqliteStorage(tmp_path / "nowhere" / "shop.db", BOTH).migrate()


def test_a_storage_that_was_not_migrated_says_so(path: Path) -> None:
    """Without its tables the storage is `Unavailable`; nothing is made on the way."""
    store = Driven(SqliteStorage(path, BOTH), drive)
    unit = store.begin()
    with pytest.raises(Unavailable):
        unit.get(NOTES, "a")
    unit.rollback()
    store.close()


SOMEBODY = (65_534, 65_534) if hasattr(os, "geteuid") and os.geteuid() == 0 else (-1, -1)
"""Whose rights a process takes in place of root's, who may open everything; -1: those that it has."""


def status_of(use: Callable[[], None]) -> int:
    """Do something in a forked process that isn't root's; 0 when it succeeded."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if SOMEBODY[0] > 0:
                os.setuid(SOMEBODY[0])
            use()
            code = 0
        except BaseException:  # noqa: BLE001 - the forked child tells it, and goes no further
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_read_only_file_is_read_and_not_written(note: Note, notes: Ids) -> None:
    """Who may only read the file reads it, migrates it (nothing to do), and is refused when they write."""
    folder = Path(tempfile.mkdtemp(prefix="tokolib-"))
    storage = SqliteStorage(folder / "shop.db", BOTH, wal=False)
    storage.migrate()
    note(storage, "a")
    storage.close()
    (folder / "shop.db").chmod(0o444)
    folder.chmod(0o555)

    def use() -> None:
        reading = SqliteStorage(folder / "shop.db", BOTH, wal=False)
        assert () == reading.migrate()
        assert ["a"] == notes(reading)
        with pytest.raises(Unavailable):
            note(reading, "b")

    assert 0 == status_of(use)
    folder.chmod(0o755)
    (folder / "shop.db").unlink()
    folder.rmdir()


def test_a_newer_schema_is_refused_untouched(storage: SqliteStorage, path: Path) -> None:
    """A file of a newer tokolib is refused, with both versions named, and nothing is changed."""
    other = sqlite3.connect(path)
    with other:
        other.execute("INSERT INTO tokolib_schema VALUES (?, 'the future', '', '')", (SCHEMA_VERSION + 1,))
    before = list(other.iterdump())

    newer = SqliteStorage(path, (*BOTH, Collection("more")))
    with pytest.raises(SchemaTooNew) as refused:
        newer.migrate()
    newer.close()

    assert (SCHEMA_VERSION + 1, SCHEMA_VERSION) == (refused.value.found, refused.value.known)
    assert before == list(other.iterdump())
    other.close()


def test_a_collection_declared_later_is_added(storage: SqliteStorage, path: Path, note: Note, notes: Ids) -> None:
    """migrate() makes what a newer list of collections needs, and tells just that."""
    note(storage, "a")
    more = Collection("more", (Column("size", "integer"),), (Index("by_size", ("size",)),))
    grown = SqliteStorage(path, (*BOTH, more))

    assert ["tokolib_doc_more", "tokolib_ix_more_by_size"] == list(grown.migrate())
    assert () == grown.migrate()
    assert ["a"] == notes(grown)
    grown.close()


def test_a_column_declared_later_is_refused(storage: SqliteStorage, path: Path) -> None:
    """A table that lacks a declared column is not guessed at."""
    wider = SqliteStorage(path, (ORDERS, Collection("notes", (Column("size", "integer"),))))
    with pytest.raises(AdapterConfig):
        wider.migrate()
    wider.close()


def test_a_connection_that_comes_back_while_the_storage_closes(store: Driven, storage: SqliteStorage) -> None:
    """close() closes what is put back in the same moment too: nothing keeps the file open."""

    class Closing(list[sqlite3.Connection]):
        def append(self, connection: sqlite3.Connection) -> None:
            storage.close()
            super().append(connection)

    unit = store.begin()
    connection = connection_of(unit)
    storage._pool._idle = Closing()
    unit.commit()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 3), (False, 0)])
@pytest.mark.parametrize("wal", [True, False])
def test_every_connection_has_the_settings(path: Path, wal: bool, durable: bool, synchronous: int) -> None:
    """`synchronous=FULL`, foreign keys and the journal mode are set on reading and writing connections."""
    storage = SqliteStorage(path, BOTH, wal=wal, durable=durable)
    storage.migrate()

    assert durable is storage.capabilities.can(Can.DURABLE)
    for read_only in (True, False):
        while storage._pool._idle:
            storage._pool._idle.pop().close()
        unit = Driven(storage, drive).begin(read_only=read_only)
        asked = [
            connection_of(unit).execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "foreign_keys", "fullfsync", "journal_mode")
        ]
        assert [synchronous, 1, 1, "wal" if wal else "delete"] == asked
        unit.rollback()
    storage.close()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 37, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_the_write_ahead_log_is_used_where_it_is_safe(version: tuple[int, int, int], safe: bool) -> None:
    """The journal is chosen by SQLite's version, unless it is said."""
    assert safe is wal_is_safe(version)
    assert safe is journal(None, version)
    assert (True, False) == (journal(True, version), journal(False, version))


def test_an_old_sqlite_is_refused() -> None:
    """Below 3.37 there are no STRICT tables, so there is no shop."""
    with pytest.raises(AdapterConfig):
        journal(None, (3, 36, 0))


def connection_of(unit: Any) -> sqlite3.Connection:
    """What a unit sends its statements over."""
    connection: sqlite3.Connection = unit._session._transaction.connection
    return connection


def order_unit(store: Driven, number: int) -> list[str]:
    """Place an order of three lines, and answer the statements that were sent."""
    sent: list[str] = []
    unit = store.begin()
    connection_of(unit).set_trace_callback(sent.append)
    try:
        for part in ("order", "cart", "intent"):
            columns = {"reference": f"{part}-{number}", "city": "Solo", "placed": number}
            unit.insert(ORDERS, f"{part}-{number}", b"{}", columns)
        stream = f"order-{number}"
        unit.append(stream, [StoredEvent(f"e{number}.{n}", stream, n, "t", b"", NOW) for n in (1, 2)], expected=0)
        unit.post("money", [Entry(f"m{number}.{n}", stream, "cash", 5, "IDR", "k", stream, NOW) for n in (1, 2)])
        unit.hold([Demand(f"h{number}.{sku}", sku, 1, stream) for sku in ("a", "b", "c")], until=SOON, now=NOW)
        unit.remember("place", f"k{number}", "print", b"")
        unit.commit()
    finally:
        unit.rollback()
        sent = [" ".join(text.split()[:3]) for text in sent]
    return sent


def test_an_order_costs_few_statements(store: Driven) -> None:
    """Each row that is written costs one statement, each SKU that is held one more, and nothing is asked."""
    with store.unit() as unit:
        for sku in ("a", "b", "c"):
            unit.adjust(sku, 10)

    sent = order_unit(store, 1)

    expected = {
        "INSERT INTO tokolib_key": 1,
        "INSERT INTO tokolib_doc_orders": 3,
        "INSERT INTO tokolib_history": 2,
        "INSERT INTO tokolib_outbox": 2,
        "INSERT INTO tokolib_ledger": 2,
        "UPDATE tokolib_stock AS": 3,
        "INSERT INTO tokolib_hold": 3,
        "COMMIT": 1,
    }
    assert expected == {text: sent.count(text) for text in sent}


def test_partition_comes_first_in_every_key(storage: SqliteStorage, path: Path) -> None:
    """Each table is STRICT, its key and its indexes begin with the partition, and nothing acts by itself."""
    other = sqlite3.connect(path)
    rows = other.execute("SELECT type, name, sql FROM sqlite_master WHERE name LIKE 'tokolib%'").fetchall()
    for kind, name, sql in rows:
        if kind == "table" and name != "tokolib_schema":
            assert sql.rstrip().endswith(("STRICT", "STRICT, WITHOUT ROWID"))
            assert "PRIMARY KEY (partition" in sql
        if kind == "index":
            assert "(partition" in sql
        assert "REFERENCES" not in sql
        assert "AUTOINCREMENT" not in sql
    assert {"table", "index"} == {kind for kind, _, _ in rows}
    other.close()


def test_a_file_that_cant_be_used_is_named_with_a_way_out(tmp_path):
    """A missing folder and a file of another program: which one it is, and what to do."""
    (tmp_path / "letter.db").write_text("Dear Siti, " * 100)
    for name, way_out in (("nowhere/shop.db", "make the folder first"), ("letter.db", "name a database")):
        with pytest.raises(Unavailable) as caught:
            tokolib.open(f"sqlite:///{tmp_path / name}", country="ID")
        assert str(tmp_path / name) in str(caught.value)
        assert way_out in caught.value.hint


@pytest.mark.parametrize(
    ("table", "said", "way_out"),
    [
        ("tokolib_counter", "no such table: tokolib_counter", "python -m tokolib schema check"),
        ("tokolib_doc_orders", "no such table: tokolib_doc_orders", "python -m tokolib schema check"),
        ("tokolib_schema", "already exists", "no record of how they were made"),
    ],
)
def test_a_table_that_was_dropped_has_a_way_out(tmp_path: Path, table: str, said: str, way_out: str) -> None:
    """A shop without one of its tables says how to find out what is missing, and where to get it from."""
    url = f"sqlite:///{tmp_path / 'shop.db'}?durable=0"
    tokolib.open(url, country="ID").close()
    with closing(sqlite3.connect(tmp_path / "shop.db")) as other:
        other.execute(f"DROP TABLE {table}")

    with pytest.raises(Unavailable, match=said) as refused, tokolib.open(url, country="ID") as shop:
        shop.verify()

    assert way_out in refused.value.hint
    assert "put back a backup" in refused.value.hint


def test_a_table_of_another_program_has_a_way_out(path: Path) -> None:
    """A table that has our name and not our columns."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE tokolib_schema (words TEXT)")

    with pytest.raises(Unavailable, match="no such column: version") as refused:
        tokolib.open(f"sqlite:///{path}", country="ID")

    assert "?prefix=" in refused.value.hint
    tokolib.open(f"sqlite:///{path}?prefix=kedai_", country="ID").close()


@pytest.mark.parametrize("wal", [True, False])
@pytest.mark.parametrize("gone", [True, False])
def test_a_file_that_was_taken_away_is_used_no_more(path: Path, note: Note, notes: Ids, wal: bool, gone: bool) -> None:
    """A file that is put back from a copy under an open storage, or deleted: nothing is read from the old one, nothing
    written into it, and none is made in its place. Opened anew, the storage finds what was put back.
    """
    storage = SqliteStorage(path, BOTH, wal=wal, timeout=0.2)
    storage.migrate()
    note(storage, "before")
    storage.backup(path.with_name("copy.db"))
    note(storage, "after")
    path.unlink() if gone else path.with_name("copy.db").replace(path)

    for use in (note, lambda storage, _: notes(storage), note):
        with pytest.raises(Unavailable, match="was deleted or renamed" if gone else "was replaced by") as refused:
            use(storage, "lost")
        assert refused.value.hint.startswith("close the shop and open it anew")
    assert gone is not path.exists()
    storage.close()
    if not gone:
        for journal_of in ("shop.db-wal", "shop.db-shm"):
            path.with_name(journal_of).unlink(missing_ok=True)
        anew = SqliteStorage(path, BOTH)
        assert ["before"] == notes(anew)
        anew.close()


def test_sqlites_own_word_for_a_file_that_was_moved(path: Path, note: Note) -> None:
    """A file that goes away in the middle of a unit is noticed by SQLite, which calls it read-only."""
    storage = SqliteStorage(path, BOTH, wal=False, timeout=0.2)
    storage.migrate()
    unit = Driven(storage, drive).begin()
    unit.insert(NOTES, "lost", b"1", {})
    path.rename(path.with_name("elsewhere.db"))

    with pytest.raises(Unavailable, match="the file was moved, replaced or deleted") as refused:
        unit.commit()
    assert refused.value.hint.startswith("close the shop and open it anew")
    storage.close()


def test_a_relative_path_stays_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: Note, notes: Ids
) -> None:
    """A process that goes to another folder after the opening goes on with the same file."""
    monkeypatch.chdir(tmp_path)
    storage = SqliteStorage("shop.db", BOTH)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    storage.migrate()
    note(storage, "a")

    assert ["a"] == notes(storage)
    assert [] == list((tmp_path / "elsewhere").iterdir())
    storage.close()


def test_what_is_no_file_is_refused_by_its_kind(path: Path) -> None:
    """A folder, the root of all of them, and a device: nothing is tried with them."""
    for name, said in ((path.parent, "this is a folder"), ("/", "this is a folder"), (os.devnull, "this is no file")):
        with pytest.raises(Unavailable, match=f"{name}: {said}") as refused:
            tokolib.open(f"sqlite:///{name}", country="ID")
        assert refused.value.hint.startswith("name a file")


def test_a_place_that_leads_nowhere_says_which(tmp_path: Path) -> None:
    """A file in the middle of the path, and a name that no file system keeps."""
    (tmp_path / "letter.txt").touch()
    for name, way_out in (("letter.txt/shop.db", "letter.txt is no folder"), ("x" * 300, "name a file")):
        with pytest.raises(Unavailable) as refused:
            tokolib.open(f"sqlite:///{tmp_path / name}", country="ID")
        assert way_out in refused.value.hint


@pytest.mark.parametrize(
    ("file", "folder", "name", "way_out"),
    [
        (0o000, 0o700, "shop.db", "let this process read and write the file"),
        (0o600, 0o500, "new.db", "let this process read and write in the folder"),
        (0o600, 0o000, "shop.db", "let this process"),
    ],
)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_who_may_not_open_a_file_is_told_so(file: int, folder: int, name: str, way_out: str) -> None:
    """Modes of a file and of its folder that keep this process out."""
    place = Path(tempfile.mkdtemp(prefix="tokolib-"))
    (place / "shop.db").touch()
    (place / "shop.db").chmod(file)
    os.chown(place / "shop.db", *SOMEBODY)
    os.chown(place, *SOMEBODY)
    place.chmod(folder)

    def use() -> None:
        with pytest.raises(Unavailable) as refused:
            SqliteStorage(place / name, BOTH).migrate()
        assert way_out in refused.value.hint

    assert 0 == status_of(use)
    place.chmod(0o700)
    shutil.rmtree(place)


def test_a_blocking_shop_loads_no_event_loop(tmp_path: Path) -> None:
    """A worker that never awaits anything has no asyncio in its memory, nor the TLS that comes with it."""
    code = (
        "import sys, tokolib\n"
        f"with tokolib.open('sqlite:///{tmp_path / 'shop.db'}', country='ID') as shop: shop.catalog.put('A', 'a')\n"
        "print(sorted({'asyncio', 'ssl', 'concurrent.futures'} & sys.modules.keys()))\n"
    )

    assert "[]\n" == subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
