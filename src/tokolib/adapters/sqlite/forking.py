"""What a process inherits that is forked off while a unit is open: a transaction that it must not even close.

Closing rolls back, and rolling back in the child writes into the file, under the parent's locks and beside the
parent's own pages: it destroys the file. So the child keeps what is lent for good, beyond the interpreter's end.
Source: sqlite.org/howtocorrupt.html, section 2.6, "Carrying an open database connection across a fork()".
"""

import os
import sqlite3
from functools import cache
from typing import Final, Protocol
from weakref import WeakSet


class Borrower(Protocol):
    """Whoever has a connection with an open transaction."""

    connection: sqlite3.Connection


_BORROWERS: Final[WeakSet[Borrower]] = WeakSet()


def guard(borrower: Borrower) -> None:
    """See to it that a forked process never closes the connection of *borrower*."""
    _watch_forks()
    _BORROWERS.add(borrower)


@cache
def _watch_forks() -> None:
    if not hasattr(os, "register_at_fork"):
        return
    from ctypes import py_object, pythonapi

    def keep_for_good() -> None:
        for borrower in list(_BORROWERS):
            pythonapi.Py_IncRef(py_object(borrower.connection))

    os.register_at_fork(after_in_child=keep_for_good)
