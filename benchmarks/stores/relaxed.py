"""SQLite settings that the adapter doesn't offer, set behind its back so that both sides of a comparison have them."""

import sqlite3
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from unittest.mock import patch
from weakref import WeakSet

OPENED: "WeakSet[Noted]" = WeakSet()


class Noted(sqlite3.Connection):
    """A connection that is remembered; otherwise it is the driver's own, and costs no more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        OPENED.add(self)


def every_connection(kind: type[sqlite3.Connection]) -> AbstractContextManager[object]:
    """Inside, `sqlite3.connect` makes connections of that kind."""
    return patch.object(sqlite3, "connect", partial(sqlite3.connect, factory=kind))


def relax(synchronous: str) -> None:
    """Set `synchronous` of all connections that were opened as `Noted`.

    Raises:
        LookupError: there is none, so that nothing would be compared.
    """
    if not OPENED:
        raise LookupError("the adapter opened no connection through sqlite3.connect")
    for connection in OPENED:
        connection.execute(f"PRAGMA synchronous = {synchronous}")
