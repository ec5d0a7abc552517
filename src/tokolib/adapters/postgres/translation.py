"""PostgreSQL's errors in the words of the port.

Source of the codes: postgresql.org/docs/18/errcodes-appendix.html.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import psycopg

from tokolib.adapters.sql.session import Step
from tokolib.adapters.sql.ways_out import NO_COLUMN, NO_RECORD, NO_TABLE
from tokolib.kernel.storage_errors import (
    Busy,
    CommitUnknown,
    ConnectionLost,
    Misuse,
    Serialization,
    StorageError,
    Unavailable,
)

AGAIN: Final = frozenset({"40001", "40P01"})
"""Serialization failure, deadlock."""
BUSY: Final = frozenset({"55P03", "57014"})
"""Lock not available, statement cancelled because it took too long."""
ENDING: Final = frozenset({"FATAL", "PANIC"})
"""How grave an error is with which the server ends the session: shutdown, crash, idle for too long, and more."""
UNIQUE: Final = "23505"

WAYS_OUT: Final[Mapping[str, str]] = {
    "42P01": NO_TABLE,
    "42703": NO_COLUMN,
    "42P07": NO_RECORD,
    "3F000": NO_TABLE,
    "42501": "let the user of this connection read and write the tables",
    "25006": "connect to the primary server, or turn default_transaction_read_only off: this one only reads",
    "53100": "free some space on the server's disk, and send the command again",
    "53300": "open fewer connections (?connections=), or allow more on the server",
    "57P03": "the server is starting or stopping; try again in a moment",
    "28P01": "check the user and the password in the URL",
    "28000": "check the user in the URL, and pg_hba.conf on the server",
    "3D000": "create the database first: createdb NAME",
}
"""What to do, by SQLSTATE."""
WAYS_OUT_INSIDE: Final[Mapping[str, str]] = {
    **WAYS_OUT,
    "25006": "the host's transaction is read-only, and this writes: begin one that may write, on the primary server",
}
"""What to do in a transaction of the host."""

REFUSALS: Final[Mapping[str, str]] = {
    "28P01": "password authentication failed|no password supplied",
    "3D000": 'database ".*" does not exist',
    "53300": "too many (clients|connections)|remaining connection slots",
    "57P03": "starting up|shutting down|not yet accepting|in recovery mode|not accepting connections",
    "28000": "pg_hba.conf|authentication failed|not permitted|role .* does not exist",
}
"""What a server says that lets nobody in, by SQLSTATE, in the order in which they are looked for.

libpq has the text alone. A server that speaks another language gets `UNREACHED` as its way out.
"""
UNREACHED: Final = "check that the server runs, and host, port, user, password and database in the URL"

DETAIL: Final = re.compile(r"\((.*?)\)=\((.*)\)", re.DOTALL)
PART: Final = re.compile(r"_p\d+$")


def is_lost(error: psycopg.Error) -> bool:
    """Whether the connection is gone, so that nobody can say on it what became of the last statement."""
    code = error.sqlstate
    if code is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return error.diag.severity_nonlocalized in ENDING or code.startswith("08")


def translated(error: Exception, ways_out: Mapping[str, str] = WAYS_OUT) -> StorageError:
    """*error* as the port's: a closed set, whatever PostgreSQL and its driver say."""
    if not isinstance(error, psycopg.Error):
        return Misuse(f"PostgreSQL can't keep this value: {error}")
    if is_lost(error):
        return ConnectionLost(_text(error))
    code = error.sqlstate or ""
    if code in AGAIN:
        return Serialization(_text(error))
    if code in BUSY:
        return Busy(_text(error))
    if not code or code[:2] in ("22", "23", "54"):
        return Misuse(f"PostgreSQL refused a value: {_text(error)}")
    return Unavailable(_text(error), ways_out.get(code, ""))


def connect_error(error: psycopg.Error) -> StorageError:
    """What it means that no connection could be opened."""
    text = _text(error)
    said = (code for code, pattern in REFUSALS.items() if re.search(pattern, text))
    return Unavailable(text, WAYS_OUT.get(error.sqlstate or next(said, ""), UNREACHED))


def commit_error(error: psycopg.Error) -> StorageError:
    """What a failed COMMIT means: when the connection is lost, nobody knows which side of it we are on."""
    return CommitUnknown(_text(error)) if is_lost(error) else translated(error)


def refused(error: Exception, steps: Sequence[Step], ways_out: Mapping[str, str] = WAYS_OUT) -> StorageError:
    """What a step says of the row whose unique columns are taken; any other error as `translated`."""
    if not isinstance(error, psycopg.Error) or error.sqlstate != UNIQUE:
        return translated(error, ways_out)
    table = PART.sub("", error.diag.table_name or "")
    for step in steps:
        if step.taken is not None and step.change.table.rpartition(".")[2] == table:
            columns, place = _place(error.diag.message_detail or "", step)
            return step.taken(place, columns)
    return translated(error)


def _place(detail: str, step: Step) -> tuple[tuple[str, ...], int]:
    """The unique columns, and the place of the row, from "Key (partition, id)=(default, a) already exists."."""
    found = DETAIL.search(detail)
    if found is None:
        return (), 0
    columns = tuple(name.strip('"') for name in found[1].split(", "))
    names = list(step.change.columns)
    if not set(columns) <= set(names):
        return columns, 0
    for place, row in enumerate(step.rows):
        if ", ".join(str(row[names.index(name)]) for name in columns) == found[2]:
            return columns, place
    return columns, 0


def _text(error: psycopg.Error) -> str:
    return " ".join(str(error).split()) or type(error).__name__
