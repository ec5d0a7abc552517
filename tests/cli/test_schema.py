"""`schema check | upgrade | sql`: what an administrator is told, and what is printed for them to run."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

import tokolib
from tokolib.adapters.sql.dialect import POSTGRES, SQLITE
from tokolib.adapters.sql.migrations.blueprint import Blueprint
from tokolib.adapters.sql.migrations.files import shipped, split
from tokolib.adapters.sql.names import Names
from tokolib.adapters.urls import storage_from_url
from tokolib.cli.main import main
from tokolib.kernel.schema_errors import SchemaOutdated
from tokolib.records.collections import COLLECTIONS


@pytest.fixture
def file(tmp_path):
    """A place for a shop."""
    return tmp_path / "kedai.db"


@pytest.fixture
def run(capsys):
    """Runs a command; its exit status, its lines, and what it refused."""

    def run(*arguments):
        status = main(["schema", *arguments])
        out, err = capsys.readouterr()
        return status, out.splitlines(), err

    return run


def change(file, *statements):
    """Somebody with a database tool."""
    connection = sqlite3.connect(file)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_an_upgrade_makes_a_shop_and_does_nothing_the_second_time(run, file):
    """What was applied is named; a check then finds everything in order, and `open` has nothing to do."""
    url = f"sqlite:///{file}"

    assert (0, ["applied  0001_first", "schema: up to date"], "") == run("upgrade", url)
    before = file.read_bytes()
    assert (0, ["schema: up to date"], "") == run("upgrade", url)

    status, lines, _ = run("check", url)
    assert (0, "schema: OK") == (status, lines[-1])
    assert lines[0].startswith("applied  0001_first  20")
    assert lines[0].endswith(shipped(SQLITE)[0].checksum)
    assert before == file.read_bytes()
    tokolib.open(url, country="ID").close()


def test_a_check_makes_no_file(run, file):
    """A storage that isn't there is refused, and still isn't."""
    status, lines, refused = run("check", f"sqlite:///{file}")

    assert (2, []) == (status, lines)
    assert refused.startswith("storage.unavailable: ")
    assert not file.exists()


def test_a_check_of_a_database_without_a_shop_tells_what_is_pending(run, file):
    """Another program's tables are nobody's business."""
    change(file, "CREATE TABLE mine (x)")

    assert (1, ["pending  0001_first", "schema: FAILED"], "") == run("check", f"sqlite:///{file}")


def test_a_check_names_what_is_missing_foreign_and_changed(run, file):
    """Each on a line of its own, with both sums of a changed migration."""
    url = f"sqlite:///{file}"
    run("upgrade", url)
    change(
        file,
        "DROP INDEX tokolib_outbox_done",
        "CREATE TABLE tokolib_mine (x)",
        "UPDATE tokolib_schema SET checksum = 'edited'",
    )

    status, lines, _ = run("check", url)

    assert 1 == status
    assert [
        f"changed  migration 0001_first was applied as edited, but here it is {shipped(SQLITE)[0].checksum}",
        "missing  tokolib_outbox_done",
        "foreign  tokolib_mine",
        "schema: FAILED",
    ] == lines[1:]


def test_an_upgrade_of_a_changed_schema_is_refused(run, file):
    """The status is 2; nothing was done."""
    url = f"sqlite:///{file}"
    run("upgrade", url)
    change(file, "UPDATE tokolib_schema SET checksum = 'edited'")

    status, lines, refused = run("upgrade", url)

    assert (2, []) == (status, lines)
    assert refused.startswith("storage.schema_changed: ")


def test_an_upgrade_that_leaves_something_missing_says_so(run, file):
    """What somebody took away comes back with no migration: an upgrade names it, and fails as a check does."""
    url = f"sqlite:///{file}"
    run("upgrade", url)
    change(file, "DROP TABLE tokolib_key", "DROP VIEW tokolib_v_orders")

    upgraded = run("upgrade", url)
    checked = run("check", url)

    assert (1, ["missing  tokolib_key", "missing  tokolib_v_orders", "schema: FAILED"], "") == upgraded
    assert upgraded[1] == [line for line in checked[1] if not line.startswith("applied")]


def test_the_printed_sql_makes_a_shop_on_sqlite(run, file):
    """An administrator who runs it has done what `upgrade` does: tokolib finds nothing left to do."""
    status, lines, _ = run("sql", "--dialect", "sqlite")
    connection = sqlite3.connect(file)
    connection.executescript("\n".join(lines))
    connection.close()

    assert 0 == status
    assert (0, ["schema: up to date"], "") == run("upgrade", f"sqlite:///{file}")
    with tokolib.open(f"sqlite:///{file}", country="ID") as shop:
        assert shop.verify()


def test_the_printed_sql_makes_a_schema_on_postgresql(run, postgres):
    """With names of the administrator's choice, in one transaction."""
    status, lines, _ = run("sql", "--dialect", "postgresql", "--prefix", "shop_", "--schema", "kedai")
    with psycopg.connect(postgres.database()) as connection:
        connection.execute("\n".join(lines))
        found = connection.execute("SELECT version, name, checksum FROM kedai.shop_schema").fetchall()
        connection.execute("SELECT * FROM kedai.shop_v_orders")

    (first,) = shipped(POSTGRES)
    assert 0 == status
    assert [(1, "first", first.checksum)] == found
    wanted = Blueprint(POSTGRES, COLLECTIONS, Names("shop_", "kedai")).script(first)
    assert ('CREATE SCHEMA IF NOT EXISTS "kedai"', *wanted) == split("\n".join([*lines, ""]))


@pytest.mark.parametrize("names", ["", "&prefix=shop_&schema=kedai"])
def test_a_server_is_upgraded_by_its_administrator(run, postgres, names):
    """`open` names what is pending and makes nothing; after the upgrade it opens, and the books are kept."""
    url = f"{postgres.database()}?durable=0{names}"

    with pytest.raises(SchemaOutdated) as refused:
        tokolib.open(url, country="ID")
    assert ("0001_first",) == refused.value.pending
    assert (1, ["pending  0001_first", "schema: FAILED"], "") == run("check", url)
    assert (0, ["applied  0001_first", "schema: up to date"], "") == run("upgrade", url)

    status, lines, _ = run("check", url)
    assert (0, 2, "schema: OK") == (status, len(lines), lines[-1])
    with tokolib.open(url, country="ID") as shop:
        assert shop.verify()


@pytest.mark.parametrize("server", [True, False], ids=["postgresql", "sqlite"])
def test_upgrades_at_once_make_one_schema(postgres, file, server):
    """Several programs that are started together may all upgrade: one does it, and none fails."""
    url = f"{postgres.database()}?durable=0" if server else f"sqlite:///{file}"

    def upgrade(_):
        storage = storage_from_url(url, COLLECTIONS)
        try:
            return storage.migrate()
        finally:
            storage.close()

    with ThreadPoolExecutor(4) as pool:
        done = sorted(pool.map(upgrade, range(4)))

    assert [(), (), (), ("0001_first",)] == done


def test_nothing_is_printed_for_a_storage_that_is_up_to_date(run):
    """From the newest version on there is nothing to do."""
    assert (0, [], "") == run("sql", "--dialect", "postgresql", "--from", "1")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("--from", "-1"), "version -1 must lie between 0 and 1 @ from"),
        (("--from", "2"), "version 2 must lie between 0 and 1 @ from"),
        (("--to", "2"), "version 2 must lie between 0 and 1 @ to"),
        (("--from", "1", "--to", "0"), "version 0 must lie between 1 and 1 @ to"),
        (
            ("--from", "-1", "--to", "7"),
            "version -1 must lie between 0 and 1 @ from; version 7 must lie between 0 and 1 @ to",
        ),
    ],
)
def test_versions_that_there_are_not_are_refused(run, asked, told):
    """Each with its value, and with the ones that there are."""
    assert (2, [], f"kernel.invalid_input: {told}\n") == run("sql", "--dialect", "sqlite", *asked)


@pytest.mark.parametrize("name", ["--prefix", "--schema"])
def test_an_empty_name_is_refused(run, name):
    """It is a variable that was not set, and not the wish for what is usual."""
    status, lines, refused = run("sql", "--dialect", "postgresql", name, "")

    assert (2, []) == (status, lines)
    assert refused.startswith(f"kernel.adapter_config: sql: {name.removeprefix('--')} '' can't ")


def test_sqlite_has_no_schemas(run):
    """The refusal comes before anything is printed."""
    assert (2, []) == run("sql", "--dialect", "sqlite", "--schema", "kedai")[:2]


def test_a_shop_in_memory_has_nothing_to_check(run):
    """It is made anew each time."""
    assert (0, ["schema: OK"], "") == run("check", "memory://")
