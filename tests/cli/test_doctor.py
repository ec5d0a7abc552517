"""`doctor`: what a user or an administrator is told of a machine and of a storage, and how it ends."""

import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg
import pytest

import tokolib
from tokolib.adapters.postgres.connecting import Settings as ServerSettings
from tokolib.adapters.sqlite.connecting import Settings
from tokolib.cli.doctor import machine as the_machine
from tokolib.cli.doctor import postgres as the_server
from tokolib.cli.doctor import sqlite as the_file
from tokolib.cli.doctor.finding import Verdict, conclusion, ok, warning, wrong
from tokolib.cli.doctor.machine import sqlite_library, zones
from tokolib.cli.doctor.postgres import clocks, keeping, version
from tokolib.cli.doctor.sqlite import journal
from tokolib.cli.hiding import hiding
from tokolib.cli.main import main

SAFE, AFFECTED = (3, 51, 3), (3, 40, 1)
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def safe_library(monkeypatch):
    """A SQLite without the WAL-reset bug, as far as the doctor can see: what it says is then the same everywhere."""
    for module in (the_machine, the_file):
        monkeypatch.setattr(module.sqlite3, "sqlite_version_info", SAFE)


@pytest.fixture
def file(tmp_path):
    """A shop's file."""
    path = tmp_path / "kedai.db"
    tokolib.open(f"sqlite:///{path}", country="ID").close()
    return path


@pytest.fixture
def run(capsys):
    """Runs the command; its exit status and its lines."""

    def run(*arguments):
        status = main(["doctor", *arguments])
        return status, capsys.readouterr().out.splitlines()

    return run


def about(lines, name):
    """What was said about *name*, with its verdict in front and the way out behind."""
    told = []
    for line in lines:
        if line.startswith(" "):
            if told and told[-1] is not None:
                told[-1] += f" → {line.strip().removeprefix('way out: ')}"
        else:
            verdict, _, rest = line.partition(" ")
            rest = rest.strip()
            told.append(f"{verdict}: {rest.removeprefix(name).strip()}" if rest.startswith(f"{name} ") else None)
    return [each for each in told if each is not None]


def change(file, *statements):
    """Somebody with a database tool."""
    connection = sqlite3.connect(file)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


# The machine


def test_without_a_url_the_machine_is_told(run):
    """Python, tokolib, SQLite, time zones, extras and adapters; nothing is said of any storage."""
    status, lines = run()

    assert (0, "doctor: OK") == (status, lines[-1])
    assert about(lines, "python")
    assert about(lines, "tokolib")
    assert ["ok: Asia/Jakarta is known"] == about(lines, "time zones")
    assert about(lines, "extra cli")[0].startswith("ok: cyclopts ")
    assert ["ok: built in: memory, sqlite, postgresql"] == about(lines, "adapters")
    assert [] == about(lines, "durable")


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ((3, 36, 0), Verdict.WRONG),
        ((3, 37, 0), Verdict.WARNING),
        ((3, 44, 5), Verdict.WARNING),
        ((3, 44, 6), Verdict.OK),
        ((3, 45, 0), Verdict.WARNING),
        ((3, 50, 7), Verdict.OK),
        ((3, 51, 0), Verdict.WARNING),
        ((3, 51, 3), Verdict.OK),
        ((3, 53, 0), Verdict.OK),
    ],
)
def test_a_sqlite_library_is_judged_by_its_version(found, verdict):
    """Too old for STRICT tables is wrong; with the WAL-reset bug it works, with the rollback journal."""
    assert verdict is sqlite_library(found).verdict


def test_an_affected_library_says_what_it_means_here():
    """The journal that is chosen, the source, and the way out."""
    told = sqlite_library(AFFECTED)

    assert "SQLite 3.40.1 has the WAL-reset bug (sqlite.org/wal.html)" in told.text
    assert "the rollback journal" in told.text
    assert "3.51.3" in told.way_out


def test_missing_time_zones_are_wrong():
    """The days of an Indonesian shop can't be told without them."""

    def nothing_is_known(name):
        raise ZoneInfoNotFoundError(name)

    assert wrong("time zones", "Asia/Jakarta is not known: no time-zone data is installed", "pip install tzdata") == (
        zones(nothing_is_known)
    )
    assert Verdict.OK is zones(ZoneInfo).verdict


def test_an_extra_that_is_not_installed_is_told_with_the_way_to_get_it(run, monkeypatch):
    """It is no fault: nobody needs all of them."""
    real = the_machine.version

    def without_psycopg(package):
        if package == "psycopg":
            raise PackageNotFoundError(package)
        return real(package)

    monkeypatch.setattr(the_machine, "version", without_psycopg)

    status, lines = run()

    assert 0 == status
    assert ["ok: psycopg not installed; who needs it: pip install 'tokolib[postgres]'"] == about(
        lines, "extra postgres"
    )


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a package on the path that brings an adapter for *scheme*, whose module says *code*."""

    def put(name, scheme, code):
        (tmp_path / f"{name}.py").write_text(code)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[tokolib.adapters]\nstorage:{scheme} = {name}:make\n")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, name, raising=False)

    return put


def test_a_broken_adapter_is_named_with_its_package_and_the_others_are_looked_at(run, install):
    """One package's fault hides nothing of the rest."""
    install("acme_storage", "acme", "import nothing_of_that_name")
    install("bolt_storage", "bolt", "def make(url, collections, *, asynchronous): ...")
    install("copy_storage", "sqlite", "def make(url, collections, *, asynchronous): ...")

    status, lines = run()

    assert (1, "doctor: FAILED (1 wrong, 1 warning)") == (status, lines[-1])
    [acme] = about(lines, "adapter acme")
    assert acme.startswith("wrong: kernel.adapter_broken: adapter 'storage:acme' of package acme_storage")
    assert "nothing_of_that_name" in acme
    assert ["ok: package bolt_storage 1.0"] == about(lines, "adapter bolt")
    assert about(lines, "adapter sqlite")[0].startswith("warning: package copy_storage 1.0 brings one for sqlite://")


# A file


def test_a_sound_file_is_all_right_and_stays_as_it_is(run, file):
    """Not a byte of it is changed, and nothing is left beside it."""
    before = file.read_bytes()

    status, lines = run(f"sqlite:///{file}")

    assert (0, "doctor: OK") == (status, lines[-1])
    assert ["ok: what was acknowledged is there after a crash"] == about(lines, "durable")
    assert ["ok: EXTRA, which each connection of a shop sets for itself"] == about(lines, "synchronous")
    assert ["ok: up to date"] == about(lines, "schema")
    assert ["ok: none"] == about(lines, "dead letters")
    assert ["ok: none ran out more than a day ago"] == about(lines, "holds")
    assert before == file.read_bytes()
    assert [file] == [*file.parent.iterdir()]


@pytest.mark.parametrize("url", ["sqlite:///{}", "sqlite:///{}?wal=1&durable=0"])
def test_no_file_is_made(run, tmp_path, url):
    """A file that isn't there is wrong, and still isn't."""
    path = tmp_path / "nowhere.db"

    status, lines = run(url.format(path))

    assert 1 == status
    assert about(lines, "file")[0].startswith(f"wrong: {path}: there is no such file → ")
    assert [] == [*tmp_path.iterdir()]


def test_a_folder_is_no_file(run, tmp_path):
    """What stands at the path is not said to be missing."""
    status, lines = run(f"sqlite:///{tmp_path}")

    assert 1 == status
    assert about(lines, "file")[0].startswith(f"wrong: {tmp_path}: is no file → ")


def test_a_file_that_is_no_database_is_wrong(run, tmp_path):
    """With the error's own words, and without a traceback."""
    path = tmp_path / "notes.db"
    path.write_text("Kopi Gayo, two bags. " * 100)

    status, lines = run(f"sqlite:///{path}")

    assert 1 == status
    assert "storage.unavailable" in about(lines, "storage")[0]


@pytest.mark.parametrize(
    ("mode", "wal", "version", "verdict", "text"),
    [
        ("delete", False, AFFECTED, Verdict.OK, "delete"),
        ("wal", True, SAFE, Verdict.OK, "wal"),
        ("delete", True, SAFE, Verdict.OK, "delete; the next open of this URL makes it wal"),
        ("wal", False, SAFE, Verdict.OK, "wal; the next open of this URL makes it delete"),
        ("wal", False, AFFECTED, Verdict.WARNING, "kedai.db is in WAL mode, and SQLite 3.40.1 has"),
        ("wal", True, AFFECTED, Verdict.WARNING, "kedai.db is in WAL mode, and SQLite 3.40.1 has"),
        ("delete", True, AFFECTED, Verdict.WARNING, "the URL asks for WAL mode (wal=1), and SQLite 3.40.1 has"),
    ],
)
def test_a_file_in_wal_mode_on_an_affected_library_is_named(mode, wal, version, verdict, text):
    """And whoever asks for one; any other journal is told, and what the next open makes of it."""
    told = journal(mode, Settings("kedai.db", wal, True, 5.0, False), version)

    assert verdict is told.verdict
    assert told.text.startswith(text)
    assert bool(told.way_out) is (verdict is not Verdict.OK)


def test_the_journal_that_the_file_really_has_is_told(run, tmp_path):
    """Not the one that this library would choose for a new file."""
    path = tmp_path / "kedai.db"
    tokolib.open(f"sqlite:///{path}?wal=1", country="ID").close()

    _, lines = run(f"sqlite:///{path}?wal=1")
    _, others = run(f"sqlite:///{path}?wal=0")

    assert ["ok: wal"] == about(lines, "journal")
    assert ["ok: wal; the next open of this URL makes it delete"] == about(others, "journal")


def test_a_relaxed_file_is_not_durable(run, file):
    """A warning: it was asked for, and a power cut loses what was acknowledged."""
    status, lines = run(f"sqlite:///{file}?durable=0")

    assert (0, "doctor: OK (1 warning)") == (status, lines[-1])
    assert about(lines, "durable")[0].startswith("warning: no: durable=False lets the operating system")
    assert ["ok: OFF, which each connection of a shop sets for itself"] == about(lines, "synchronous")


def test_a_schema_that_is_pending_changed_missing_or_foreign_is_told(run, tmp_path, file):
    """What is pending is applied by the next open; what was changed or taken away is wrong."""
    empty = tmp_path / "empty.db"
    change(empty, "CREATE TABLE mine (x)")

    status, lines = run(f"sqlite:///{empty}")

    assert 0 == status
    assert about(lines, "schema")[0].startswith("warning: pending: 0001_first → tokolib.open applies it")
    assert [] == about(lines, "outbox")

    change(
        file,
        "DROP INDEX tokolib_outbox_done",
        "CREATE TABLE tokolib_mine (x)",
        "UPDATE tokolib_schema SET checksum = 'edited'",
    )

    status, lines = run(f"sqlite:///{file}")

    assert 1 == status
    changed, missing, foreign = about(lines, "schema")
    assert changed.startswith("wrong: storage.schema_changed: migration 0001_first was applied as edited")
    assert missing.startswith("wrong: missing: tokolib_outbox_done → ")
    assert "ok: foreign: tokolib_mine begins with our prefix and is left alone" == foreign


def test_what_waits_and_what_was_given_up_is_counted(run, file):
    """Events on their way out, dead letters by shop, and holds that ran out long ago; a fresh hold is none of them."""
    later = int((datetime.now(UTC) + timedelta(hours=1)).timestamp() * 1_000_000)
    outbox = "INSERT INTO tokolib_outbox (partition, event_id, stream, seq, due, done, buried, tries, error) VALUES"
    hold = "INSERT INTO tokolib_hold (partition, id, resource, quantity, owner, state, until, bucket) VALUES"
    change(
        file,
        "DELETE FROM tokolib_outbox",
        f"{outbox} ('default', 'a.1', 'a', 1, 1767225600000000, NULL, NULL, 0, '')",
        f"{outbox} ('default', 'a.2', 'a', 2, 1767225600000000, 1, NULL, 1, '')",
        f"{outbox} ('toko', 'b.1', 'b', 1, 9223372036854775807, NULL, 1767225600000000, 8, 'no')",
        f"{outbox} ('kedai', 'b.1', 'b', 1, 9223372036854775807, NULL, 1767225600000000, 8, 'no')",
        f"{hold} ('default', 'h1', 'KOPI-250@main', 1, 'ord_1', 'leased', 1767225600000000, 0)",
        f"{hold} ('default', 'h2', 'KOPI-250@main', 1, 'ord_2', 'leased', {later}, 0)",
        f"{hold} ('default', 'h3', 'KOPI-250@main', 1, 'ord_3', 'released', 1767225600000000, 0)",
    )

    status, lines = run(f"sqlite:///{file}")

    assert (0, "doctor: OK (1 warning)") == (status, lines[-1])
    assert ["ok: 1 event waiting to be sent, the first of them due since 2026-01-01 00:00 UTC"] == about(
        lines, "outbox"
    )
    [dead] = about(lines, "dead letters")
    assert dead.startswith("warning: 2 events given up (1 of shop kedai, 1 of shop toko); ")
    assert "shop.outbox.revive(ids)" in dead
    assert [
        "ok: 1 stock hold ran out more than a day ago, the first on 2026-01-01 00:00 UTC; "
        "who wants the goods next frees them"
    ] == about(lines, "holds")


# A server


def test_a_server_is_told_with_its_settings_and_its_clock(run, postgres_url):
    """An empty database is wrong until somebody brings its schema up to date; then all is well."""
    status, lines = run(postgres_url)

    assert 1 == status
    assert about(lines, "schema")[0].startswith("wrong: pending: 0001_first → python -m tokolib schema upgrade")

    url = f"{postgres_url}?durable=0"  # the server of the tests needn't survive a power cut
    main(["schema", "upgrade", url])
    status, lines = run(url)

    assert 0 == status
    assert about(lines, "server")[0].startswith("ok: PostgreSQL ")
    assert ["ok: UTF8"] == about(lines, "encoding")
    assert about(lines, "fsync")
    assert about(lines, "full_page_writes")
    assert about(lines, "synchronous_commit")
    assert about(lines, "clocks")[0].startswith("ok: 0.")
    assert ["ok: up to date"] == about(lines, "schema")
    assert ["ok: 0 events waiting to be sent"] == about(lines, "outbox")
    assert ["ok: none"] == about(lines, "dead letters")


def test_a_server_is_only_read(postgres_url):
    """Its session refuses every write."""
    with (
        the_server.connected(ServerSettings(postgres_url)) as connection,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        connection.execute("CREATE TABLE mine (x INT)")


def test_a_server_that_may_lose_commits_is_wrong_unless_that_was_asked_for():
    """`durable=0` turns it into a warning; a commit that doesn't wait is turned on by each of our connections."""
    said = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

    assert [Verdict.WRONG, Verdict.WRONG, Verdict.OK] == [each.verdict for each in keeping(said, durable=True)]
    assert [Verdict.WARNING] * 3 == [each.verdict for each in keeping(said, durable=False)]


def test_a_server_that_is_too_old_or_keeps_other_text_is_wrong():
    """Both are named with what is needed."""
    said = {"server_version": "12.9", "server_version_num": "120009", "server_encoding": "LATIN1"}

    old, encoding = version(said, "kedai on db:5432 as kedai")

    assert "tokolib needs PostgreSQL 13 or newer" == old.way_out
    assert "the database keeps text as LATIN1" == encoding.text
    assert {Verdict.WRONG} == {old.verdict, encoding.verdict}


@pytest.mark.parametrize(
    ("theirs", "verdict"),
    [
        (timedelta(milliseconds=5), Verdict.OK),
        (timedelta(seconds=1), Verdict.OK),
        (timedelta(seconds=-1.5), Verdict.WARNING),
        (timedelta(seconds=1.6), Verdict.WARNING),
    ],
)
def test_clocks_that_are_more_than_a_second_apart_are_warned_of(theirs, verdict):
    """The time that the question took is in the server's favour."""
    told = clocks(NOW, NOW + theirs, NOW + timedelta(milliseconds=100))

    assert verdict is told.verdict


def test_a_server_that_does_not_answer_is_wrong(run):
    """What else can be said is said."""
    status, lines = run("postgresql://kedai:rahasia99@127.0.0.1:1/kedai")

    assert 1 == status
    assert about(lines, "python")
    assert about(lines, "server")[0].startswith("wrong: storage.unavailable: ")
    assert "rahasia99" not in "\n".join(lines)


# Passwords


@pytest.mark.parametrize(
    "url",
    [
        "mysql://kedai:rahasia99@db/kedai",
        "postgresql://kedai:rahasia99@db:rahasia99x/kedai",
        "postgresql://kedai:rahasia%4099@127.0.0.1:1/kedai",
        "postgresql://127.0.0.1:1/kedai?user=kedai&password=rahasia99",
        "sqlite://kedai:rahasia99@db/kedai",
    ],
)
def test_no_password_is_printed(run, url):
    """Neither by an adapter's error nor by a driver's."""
    status, lines = run(url)

    assert 1 == status
    assert "rahasia" not in "\n".join(lines)


@pytest.mark.parametrize(
    ("url", "said", "printed"),
    [
        (
            "postgresql://kedai:a@db/kedai",
            "postgresql://kedai:a@db/kedai: a fault",
            "postgresql://kedai:…@db/kedai: a fault",
        ),
        ("postgresql://kedai:p@ss1@db/kedai", "no host ss1@db, kedai:p@ss1@db", "no host ss1@db, kedai:…@db"),
        ("postgresql://db/kedai?password=b%20c", "password=b c", "password=…"),
        ("postgresql://kedai:ra?hasia@db/kedai", "no parameter hasia, ra?hasia", "no parameter hasia, …"),
        ("postgresql:/kedai:rahasia@db/kedai", "kedai:rahasia@db", "kedai:…@db"),
        ("postgresql://db/kedai?scram_client_key=rahasia", "scram_client_key=rahasia", "scram_client_key=…"),
        ("sqlite:///kedai.db", "kedai.db", "kedai.db"),
    ],
)
def test_a_password_is_hidden_where_it_stands(url, said, printed):
    """A short one only where it is one: it may be a part of any word."""
    assert printed == hiding(url)(said)


# The end


def test_memory_is_told_to_keep_nothing(run):
    """It is what it is: a warning."""
    status, lines = run("memory://")

    assert (0, "doctor: OK (1 warning)") == (status, lines[-1])
    assert about(lines, "durable")[0].startswith("warning: no: ")


@pytest.mark.parametrize("url", ["", " "])
def test_an_empty_url_is_wrong(run, url):
    """A deployment whose variable was not set must not hear that all is well."""
    status, lines = run(url)

    assert (1, "doctor: FAILED (1 wrong)") == (status, lines[-1])
    assert (
        f"wrong: kernel.unknown_adapter: no storage adapter for '{url}'; known: memory, " in about(lines, "storage")[0]
    )


@pytest.mark.parametrize("query", ["", "?group_commit=1"])
def test_a_file_is_looked_at_however_it_is_written_to(run, file, query):
    """Who shares commits has the same file, journal and schema."""
    status, lines = run(f"sqlite:///{file}{query}")

    assert (0, "doctor: OK") == (status, lines[-1])
    assert all(about(lines, name) for name in ("file", "journal", "synchronous", "schema", "outbox"))


def test_an_unknown_scheme_is_wrong(run):
    """With what there is."""
    status, lines = run("mysql://db/kedai")

    assert 1 == status
    assert (
        "wrong: kernel.unknown_adapter: no storage adapter for 'mysql://db/kedai'; known: memory, "
        in about(lines, "storage")[0]
    )


@pytest.mark.parametrize(
    ("findings", "last"),
    [
        ([ok("a", "b")], "doctor: OK"),
        ([ok("a", "b"), warning("a", "b", "c")], "doctor: OK (1 warning)"),
        ([warning("a", "b", "c"), warning("a", "b", "c")], "doctor: OK (2 warnings)"),
        ([wrong("a", "b", "c"), warning("a", "b", "c")], "doctor: FAILED (1 wrong, 1 warning)"),
        ([wrong("a", "b", "c")], "doctor: FAILED (1 wrong)"),
    ],
)
def test_the_last_line_sums_up(findings, last):
    """Warnings are no failure."""
    assert last == conclusion(findings)
