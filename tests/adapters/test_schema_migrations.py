"""How a schema comes to be: numbered files, applied once each, and known again by their checksums."""

import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import migrations
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.adapters.sql.dialect import POSTGRES, SQLITE
from tokolib.adapters.sql.migrations import files
from tokolib.adapters.sql.migrations.blueprint import Blueprint
from tokolib.adapters.sql.migrations.files import Migration, collections_made, shipped, split
from tokolib.adapters.sql.migrations.planning import Applied, pending
from tokolib.adapters.sql.migrations.reporting import report
from tokolib.adapters.sql.migrations.running import apply, present, steps
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.schema import SCHEMA_VERSION, Partitioned
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import Collection, Column, Index
from tokolib.kernel.schema_errors import SchemaChanged, SchemaTooNew
from tokolib.records.collections import COLLECTIONS

BOTH = (SQLITE, POSTGRES)
NOTES = Collection("notes", (Column("topic"),), (Index("by_topic", ("topic",)),))


@attrs.frozen
class Direct:
    """A session over a driver's own connection."""

    connection: sqlite3.Connection | psycopg.Connection
    mark: str

    def rows(self, text, *values):
        """The rows that one query finds."""
        return self.connection.execute(text.replace("?", self.mark), values).fetchall()

    async def answers(self, *queries):
        """The rows that each query finds."""
        return [self.rows(text, *values) for text, values in queries]

    async def run(self, text):
        """A statement without values."""
        self.connection.execute(text)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path, postgres) -> Iterator[tuple[Direct, object]]:
    """An empty database with its dialect."""
    if request.param == "sqlite":
        connection = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
        yield Direct(connection, "?"), SQLITE
    else:
        connection = psycopg.connect(postgres.database(), autocommit=True)
        yield Direct(connection, "%s"), POSTGRES
    connection.close()


def upgraded(session: Direct, blueprint: Blueprint) -> list[str]:
    """Make what is missing, and tell it."""
    found = drive(steps(session, blueprint))
    for step in found:
        drive(apply(session, step))
    return [name for step in found for name in step.makes]


def chain(length: int) -> tuple[Migration, ...]:
    """So many migrations."""
    return tuple(Migration(n, f"step_{n}", f"CREATE TABLE {{prefix}}t{n} (a);\n") for n in range(1, length + 1))


def as_applied(migration: Migration, checksum: str | None = None) -> Applied:
    """A migration as a storage keeps it."""
    return Applied(migration.version, migration.name, checksum or migration.checksum, "2026-01-02T03:04:05Z")


def test_the_first_files_say_what_is_declared(capsys):
    """The tool has nothing to write: files and declarations agree."""
    assert 0 == migrations.main()
    assert "" == capsys.readouterr().out


def test_the_tool_names_a_file_that_is_out_of_date_and_renews_it(tmp_path, monkeypatch, capsys):
    """A file that was edited is named with the command, and `--write` makes it what is declared."""
    shutil.copytree(migrations.FOLDER, tmp_path / "m")
    monkeypatch.setattr(migrations, "FOLDER", tmp_path / "m")
    edited = tmp_path / "m" / "sqlite" / "0001_first.sql"
    edited.write_text(edited.read_text().replace("tries", "attempts"))

    assert 1 == migrations.main()
    assert capsys.readouterr().out.startswith("sqlite/0001_first.sql is not what is declared; run: ")

    monkeypatch.setattr(sys, "argv", ["migrations.py", "--write"])
    assert 0 == migrations.main()
    assert (Path(files.__file__).parent / "sqlite" / "0001_first.sql").read_text() == edited.read_text()


@pytest.mark.parametrize("dialect", BOTH, ids=lambda each: each.name)
def test_the_files_are_numbered_without_a_gap(dialect):
    """They count from 1 to the version that this library knows; each database has the same ones."""
    found = shipped(dialect)

    assert list(range(1, SCHEMA_VERSION + 1)) == [each.version for each in found]
    assert [each.file for each in shipped(SQLITE)] == [each.file for each in found]
    assert {collection.name for collection in COLLECTIONS} == collections_made(dialect)


@pytest.mark.parametrize("dialect", BOTH, ids=lambda each: each.name)
def test_a_checksum_is_that_of_the_file(dialect):
    """An administrator can compare it with `sha256sum`."""
    for migration in shipped(dialect):
        file = Path(files.__file__).parent / dialect.name / f"{migration.file}.sql"
        assert hashlib.sha256(file.read_bytes()).hexdigest() == migration.checksum


@pytest.mark.parametrize("dialect", BOTH, ids=lambda each: each.name)
def test_no_statement_holds_what_a_driver_would_read_as_a_parameter(dialect):
    """`?` is nowhere, and on PostgreSQL no `%` either: hosts send the text through drivers of their own."""
    for migration in shipped(dialect):
        assert "?" not in migration.text
        assert dialect is SQLITE or "%" not in migration.text


def test_a_file_is_split_into_its_statements():
    """Comments and blank lines are left out; a semicolon within a line is no end."""
    text = "-- About; this.\n\nCREATE TABLE a (\n    x TEXT\n);\n\nINSERT INTO a VALUES ('b;c');\nDROP TABLE a;\n"

    assert (
        "CREATE TABLE a (\n    x TEXT\n)",
        "INSERT INTO a VALUES ('b;c')",
        "DROP TABLE a",
    ) == split(text)


@given(st.integers(0, 6), st.integers(0, 6))
def test_what_is_pending_is_what_comes_after_the_last_one(done, more):
    """However many were applied, the rest follows in order, and afterwards nothing is pending."""
    known = chain(done + more)

    assert known[done:] == pending([as_applied(each) for each in known[:done]], known)
    assert () == pending([as_applied(each) for each in known], known)


@given(st.integers(1, 6), st.data())
def test_an_edited_migration_is_refused_with_both_sums(length, data):
    """Whichever one was edited: the error names the file, what was applied, and what is here."""
    known = chain(length)
    edited = data.draw(st.sampled_from(known))
    applied = [as_applied(each, "0" * 64 if each is edited else None) for each in known]

    with pytest.raises(SchemaChanged) as refused:
        pending(applied, known)

    assert (edited.file, "0" * 64, edited.checksum) == attrs.astuple(refused.value)
    assert all(part in str(refused.value) for part in attrs.astuple(refused.value))


@given(st.integers(2, 6), st.data())
def test_a_gap_is_refused(length, data):
    """A migration that was left out while a later one was applied is named."""
    known = chain(length)
    left_out = data.draw(st.sampled_from(known[:-1]))

    with pytest.raises(SchemaChanged, match=f"{left_out.file} was never applied"):
        pending([as_applied(each) for each in known if each is not left_out], known)


@given(st.integers(0, 3), st.integers(1, 3))
def test_a_newer_schema_is_refused(known, more):
    """What a newer library applied is not guessed at."""
    with pytest.raises(SchemaTooNew) as refused:
        pending([as_applied(each) for each in chain(known + more)], chain(known))
    assert (known + more, known) == (refused.value.found, refused.value.known)


def test_a_shop_is_made_by_the_files_and_is_what_is_declared(database):
    """After the files, everything that is declared is there, recorded with its checksum, and nothing is pending."""
    session, dialect = database
    blueprint = Blueprint(dialect, COLLECTIONS, Names("toko_"))

    assert ["0001_first"] == upgraded(session, blueprint)

    assert [] == upgraded(session, blueprint)
    told = drive(report(session, blueprint))
    assert told.ok
    assert ((1, "first", shipped(dialect)[0].checksum),) == tuple(
        (each.version, each.name, each.checksum) for each in told.applied
    )
    assert (len("2026-01-02T03:04:05Z"), "Z") == (len(told.applied[0].applied_at), told.applied[0].applied_at[-1])
    assert {name for name, _ in blueprint.definitions()} <= drive(present(session, blueprint))
    assert () == told.foreign


def test_the_files_make_the_same_as_the_declarations(database):
    """Table by table and column by column: SQLite keeps the same text, PostgreSQL the same columns and indexes."""
    session, dialect = database
    files_made, declared = (
        Blueprint(dialect, COLLECTIONS, Names("xqx_")),
        Blueprint(dialect, COLLECTIONS, Names("yqy_")),
    )
    upgraded(session, files_made)
    for _, definition in declared.definitions():
        drive(session.run(definition))

    assert described(session, "xqx_") == described(session, "yqy_")


def described(session: Direct, prefix: str) -> list[str]:
    """Everything of a prefix as the database's catalogue tells it, without the prefix."""
    if session.mark == "?":
        query = "SELECT sql FROM sqlite_master WHERE name LIKE ? AND sql IS NOT NULL ORDER BY name"
        found = [text for (text,) in session.rows(query, f"{prefix}%")]
    else:
        tables = """SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, collation_name)
            FROM information_schema.columns WHERE table_name LIKE ? ORDER BY table_name, ordinal_position"""
        indexes = "SELECT indexdef FROM pg_indexes WHERE tablename LIKE ? ORDER BY indexname"
        views = "SELECT definition FROM pg_views WHERE viewname LIKE ? ORDER BY viewname"
        found = [text for query in (tables, indexes, views) for (text,) in session.rows(query, f"{prefix}%")]
    return [" ".join(text.replace(prefix, "").split()).replace("( ", "(").replace(" )", ")") for text in found]


def test_a_schema_of_its_own_is_made(postgres):
    """On PostgreSQL the schema is made when it is missing, and used when it is there; `public` stays as it was."""
    with psycopg.connect(postgres.database(), autocommit=True) as connection:
        session = Direct(connection, "%s")
        for names in (Names(schema="kedai"), Names("second_", "kedai")):
            blueprint = Blueprint(POSTGRES, COLLECTIONS, names)
            assert ["0001_first"] == upgraded(session, blueprint)
            assert drive(report(session, blueprint)).ok
        assert set() == drive(present(session, Blueprint(POSTGRES, COLLECTIONS)))
        connection.execute("SELECT * FROM kedai.second_v_orders")


def test_other_collections_are_made_from_their_declarations(database):
    """An author's own storage is made in one step, without views; what is declared later is added."""
    session, dialect = database
    small, grown = Blueprint(dialect, ()), Blueprint(dialect, (NOTES,))

    made = upgraded(session, small)
    assert [name for name, _ in small.definitions()] == made
    assert ["tokolib_doc_notes", "tokolib_ix_notes_by_topic"] == upgraded(session, grown)

    told = drive(report(session, grown))
    assert told.ok
    assert ((SCHEMA_VERSION, "declared", small.declaration().checksum),) == tuple(
        (each.version, each.name, each.checksum) for each in told.applied
    )
    assert not [name for name in drive(present(session, grown)) if name.startswith("tokolib_v_")]


def test_a_column_declared_later_is_not_guessed_at(database):
    """A table that lacks a declared column is refused, and named."""
    session, dialect = database
    upgraded(session, Blueprint(dialect, (NOTES,)))
    wider = Blueprint(dialect, (attrs.evolve(NOTES, columns=(*NOTES.columns, Column("size", "integer"))),))

    with pytest.raises(AdapterConfig, match="tokolib_doc_notes has no column 'size'"):
        drive(steps(session, wider))
    assert ("tokolib_doc_notes.size",) == drive(report(session, wider)).missing


def test_a_shop_in_parts_is_made_from_its_declarations(postgres):
    """Tables in parts can't come from a file; they are complete, with their views, the second time too."""
    with psycopg.connect(postgres.database(), autocommit=True) as connection:
        session, blueprint = Direct(connection, "%s"), Blueprint(POSTGRES, COLLECTIONS, split=Partitioned(2))

        assert {name for name, _ in blueprint.definitions()} == set(upgraded(session, blueprint))

        assert [] == upgraded(session, blueprint)
        assert drive(report(session, blueprint)).ok
        assert () == drive(report(session, blueprint)).foreign
        connection.execute("SELECT * FROM tokolib_v_orders")


def test_a_report_names_what_is_lost_foreign_and_changed(database):
    """Somebody dropped an index and a column, added a table of our prefix, and edited a checksum: each is named."""
    session, dialect = database
    blueprint = Blueprint(dialect, COLLECTIONS)
    assert ("0001_first",) == drive(report(session, blueprint)).pending
    upgraded(session, blueprint)
    for text in (
        "DROP INDEX tokolib_outbox_done",
        "DROP VIEW tokolib_v_payments",
        "DROP VIEW tokolib_v_refunds",
        "ALTER TABLE tokolib_fact_payment_operations DROP COLUMN failure",
        "CREATE TABLE tokolib_mine (a INTEGER)",
        "UPDATE tokolib_schema SET checksum = 'edited'",
    ):
        drive(session.run(text))

    told = drive(report(session, blueprint))

    assert not told.ok
    assert {
        "tokolib_outbox_done",
        "tokolib_v_payments",
        "tokolib_v_refunds",
        "tokolib_fact_payment_operations.failure",
    } == set(told.missing)
    assert ("tokolib_mine",) == told.foreign
    assert (("0001_first", "edited", shipped(dialect)[0].checksum),) == tuple(map(attrs.astuple, told.changed))
    with pytest.raises(SchemaChanged):
        drive(steps(session, blueprint))


def test_a_migration_that_fails_leaves_nothing(database):
    """Both databases take tables back, so a step that was rolled back was never begun."""
    session, dialect = database
    blueprint = Blueprint(dialect, COLLECTIONS)
    (step,) = drive(steps(session, blueprint))
    session.connection.execute("BEGIN")
    with pytest.raises((sqlite3.Error, psycopg.Error)):
        drive(apply(session, attrs.evolve(step, statements=(*step.statements, "SELECT * FROM nowhere"))))
    session.connection.execute("ROLLBACK")

    assert set() == drive(present(session, blueprint))
    assert ["0001_first"] == upgraded(session, blueprint)
