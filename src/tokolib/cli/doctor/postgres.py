"""A PostgreSQL server, asked in sessions that only read."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tokolib.adapters.postgres.connecting import FLOOR, Settings
from tokolib.adapters.postgres.storage import PostgresStorage
from tokolib.adapters.postgres.translation import connect_error, translated
from tokolib.adapters.sql.names import Names
from tokolib.cli.doctor.backlog import backlog
from tokolib.cli.doctor.finding import Finding, ok, refused, warning, wrong
from tokolib.cli.doctor.schema import schema
from tokolib.kernel.storage import Storage
from tokolib.records.collections import COLLECTIONS

PATIENCE: Final = 10
"""Seconds that a server has to answer a connection, unless the URL says another number."""
APART: Final = timedelta(seconds=1)
"""More than this between two clocks, and what one machine holds runs out early on another."""
ASKED: Final = ("server_version", "server_version_num", "server_encoding", "synchronous_commit")
KEEPING: Final = ("fsync", "full_page_writes")
"""What a server must do to keep what it acknowledged through a power cut."""

Said = Mapping[str, str]


def server(storage: Storage, now: datetime) -> Iterator[Finding]:
    """Whether the server keeps what it acknowledges, and what waits in the database."""
    if not isinstance(storage, PostgresStorage):
        return
    try:
        connection = connected(storage.settings)
    except psycopg.Error as error:
        yield refused("server", connect_error(error))
        return
    with closing(connection):
        try:
            yield from _told(connection, storage.settings)
            yield from _schema(storage)
            if _has_tables(connection, storage.names):
                yield from backlog(lambda query: _rows(connection, query), storage.names, now)
        except psycopg.Error as error:
            yield refused("server", translated(error))


def _schema(storage: PostgresStorage) -> Iterator[Finding]:
    """The schema is told of a server that may lose it, too."""
    relaxed = PostgresStorage(attrs.evolve(storage.settings, durable=False), COLLECTIONS, names=storage.names)
    with closing(relaxed):
        yield from schema(relaxed)


def connected(settings: Settings) -> psycopg.Connection[Any]:
    """A connection that reads only, and gives up on a question after half a minute."""
    patience = conninfo_to_dict(settings.address).get("connect_timeout", PATIENCE)
    connection = psycopg.connect(make_conninfo(settings.address, connect_timeout=patience), autocommit=True)
    connection.execute("SET default_transaction_read_only = on")
    connection.execute("SET statement_timeout = '30s'")
    return connection


def _told(connection: psycopg.Connection[Any], settings: Settings) -> Iterator[Finding]:
    said = {name: _rows(connection, f"SHOW {name}")[0][0] for name in (*ASKED, *KEEPING)}
    info = connection.info
    [[standby]] = _rows(connection, "SELECT pg_is_in_recovery()")
    yield from version(said, f"{info.dbname} on {info.host}:{info.port} as {info.user}")
    if standby:
        yield wrong("server", "is a standby, which only reads", "connect to the primary server")
    yield from keeping(said, durable=settings.durable)
    before = datetime.now(UTC)
    [[theirs]] = _rows(connection, "SELECT clock_timestamp()")
    yield clocks(before, theirs, datetime.now(UTC))


def version(said: Said, place: str) -> Iterator[Finding]:
    """Whether the server is new enough, and keeps text as we write it."""
    major = int(said["server_version_num"]) // 10_000
    name = f"PostgreSQL {said['server_version']}, database {place}"
    if major < FLOOR:
        yield wrong("server", f"{name}: too old", f"tokolib needs PostgreSQL {FLOOR} or newer")
    else:
        yield ok("server", name)
    encoding = said["server_encoding"]
    if encoding == "UTF8":
        yield ok("encoding", encoding)
    else:
        way_out = "make another database: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        yield wrong("encoding", f"the database keeps text as {encoding}", way_out)


def keeping(said: Said, *, durable: bool) -> Iterator[Finding]:
    """Whether a power cut loses what was acknowledged."""
    for name in KEEPING:
        if said[name] == "on":
            yield ok(name, "on")
        else:
            text = f"{said[name]}: a power cut can lose what was acknowledged, or damage the database"
            told = wrong if durable else warning
            yield told(name, text, f"ALTER SYSTEM SET {name} = on, then SELECT pg_reload_conf()")
    name, level = "synchronous_commit", said["synchronous_commit"]
    if level != "off":
        yield ok(name, level)
    elif durable:
        yield ok(name, "off on the server; each connection of a shop turns it on for itself")
    else:
        text = "off, and durable=0 leaves it so: a crash of the server loses the last commits"
        yield warning(name, text, "leave durable=0 out of the URL")


def clocks(before: datetime, theirs: datetime, after: datetime) -> Finding:
    """How far the server's clock is from this machine's, which it was asked for between two moments."""
    apart = max(before - theirs, theirs - after, timedelta(0))
    told = f"{apart.total_seconds():.3f} s between this machine and the server"
    if apart <= APART:
        return ok("clocks", told)
    text = f"{told}: what is leased here until a moment runs out at another one elsewhere"
    return warning("clocks", text, "let every machine that runs the shop follow a time server (NTP)")


def _has_tables(connection: psycopg.Connection[Any], names: Names) -> bool:
    tables = names.fixed("outbox"), names.fixed("hold")
    return all(_rows(connection, f"SELECT to_regclass('{table}')")[0][0] is not None for table in tables)


def _rows(connection: psycopg.Connection[Any], query: str) -> Sequence[Sequence[Any]]:
    return connection.execute(query.encode()).fetchall()
