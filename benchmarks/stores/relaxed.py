"""SQLite settings that the adapter doesn't offer, set behind its back so that both sides of a comparison have them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from weakref import WeakSet

OPENED: "WeakSet[Noted]" = WeakSet()


class Noted(sqlite3.Connection):
    """A connection that is remembered; otherwise it is the driver's own, and costs no more."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        OPENED.add(self)


@contextmanager
def every_connection(kind: type[sqlite3.Connection]) -> Iterator[None]:
    """Inside, `sqlite3.connect` makes connections of that kind."""
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: connect(*args, **{"factory": kind, **kwargs})  # type: ignore[assignment]
    try:
        yield
    finally:
        sqlite3.connect = connect  # type: ignore[assignment]


def relax(synchronous: str) -> None:
    """Set `synchronous` of all connections that were opened as `Noted`.

    Raises:
        LookupError: there is none, so that nothing would be compared.
    """
    if not OPENED:
        raise LookupError("the adapter opened no connection through sqlite3.connect")
    for connection in OPENED:
        connection.execute(f"PRAGMA synchronous = {synchronous}")
