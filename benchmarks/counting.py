"""How often a use case speaks to its database: calls of the driver on SQLite, round trips on PostgreSQL."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median_low
from typing import Any, Final

from benchmarks.stores.protocol import Store, Till
from benchmarks.stores.relaxed import every_connection

SENT: Final[list[str]] = []
ENDS: Final = ("BEGIN", "COMMIT", "END")
WARM, TIMES = 10, 5


class Cursor(sqlite3.Cursor):
    """Notes each call that sends statements."""

    def execute(self, text: str, *values: Any) -> "Cursor":
        SENT.append(text)
        return super().execute(text, *values)

    def executemany(self, text: str, rows: Any) -> "Cursor":
        SENT.append(text)
        return super().executemany(text, rows)


class Connection(sqlite3.Connection):
    """Notes each call that sends statements, by itself or by its cursors."""

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)

    def execute(self, text: str, *values: Any) -> sqlite3.Cursor:
        SENT.append(text)
        return super().execute(text, *values)

    def executemany(self, text: str, rows: Any) -> sqlite3.Cursor:
        SENT.append(text)
        return super().executemany(text, rows)


def sqlite_calls(store: Store) -> dict[str, int]:
    """Calls of `execute` and `executemany` for each phase of a store on SQLite; BEGIN and COMMIT are not counted."""
    with every_connection(Connection):
        store.reset()
        till = store.open()

    def count(step: Callable[[], object]) -> int:
        SENT.clear()
        step()
        return sum(not text.lstrip().upper().startswith(ENDS) for text in SENT)

    with every_connection(Connection):
        return _each_phase(till, count)


def round_trips(store: Store) -> dict[str, int]:
    """How often each phase of a store on PostgreSQL waits for the server: turns of the talk from sending to hearing."""
    with tempfile.TemporaryDirectory() as folder, _traced(Path(folder)) as files, ExitStack() as stack:
        store.reset()
        files.clear()
        till = stack.enter_context(closing(store.open()))
        if not files:
            raise LookupError(f"{store.name} opened no connection through psycopg.Connection.connect")

        def count(step: Callable[[], object]) -> int:
            before = sum(map(_turns, files))
            step()
            return sum(map(_turns, files)) - before

        return _each_phase(till, count)


def _each_phase(till: Till, count: Callable[[Callable[[], object]], int]) -> dict[str, int]:
    """The usual count of each phase: the first times, which prepare and load, are done before."""
    orders = [till.checkout(k) for k in range(WARM)]
    for number in orders:
        till.ship(number)
        till.refund(number)
    made = [till.checkout(k) for k in range(TIMES)]
    return {
        "checkout": median_low(count(lambda: till.checkout(k)) for k in range(TIMES)),  # noqa: B023 - called at once
        "ship": median_low(count(lambda: till.ship(number)) for number in made),  # noqa: B023
        "refund": median_low(count(lambda: till.refund(number)) for number in made),  # noqa: B023
    }


@contextmanager
def _traced(folder: Path) -> Iterator[list[Path]]:
    """Inside, every new connection of psycopg writes its talk into a file of its own."""
    import psycopg

    files: list[Path] = []
    kept: list[Any] = []
    connect: Any = vars(psycopg.Connection)["connect"].__func__

    def replace(method: Any) -> None:
        type.__setattr__(psycopg.Connection, "connect", method)
        psycopg.connect = psycopg.Connection.connect

    def traced(cls: Any, *args: Any, **kwargs: Any) -> Any:
        connection = connect(cls, *args, **kwargs)
        file = folder / f"{len(kept)}.trace"
        files.append(file)
        kept.append((connection, file.open("wb")))
        connection.pgconn.trace(kept[-1][1].fileno())
        return connection

    replace(classmethod(traced))
    try:
        yield files
    finally:
        replace(classmethod(connect))
        for connection, file in kept:
            if not connection.closed:  # else it would go on into whatever gets the file's number next
                connection.pgconn.untrace()
            file.close()


def _turns(file: Path) -> int:
    """Changes from F (to the server) to B (back from it); libpq writes one message a line, the side in a column."""
    sides = [
        next((word for word in line.split("\t") if word in ("F", "B")), "")
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
    ]
    told = [side for side in sides if side]
    return sum(turn == ("F", "B") for turn in pairwise(told))
