"""Where a unit of work lives: on the thread that began it, in that process, and one at a time."""

import os
import threading
from typing import Final

from tokolib.kernel.storage_errors import Busy, Misuse

CLOSED: Final = "this storage is closed"
STRAYED: Final = "a unit of work belongs to the thread and the process that began it"

Home = tuple[int, int]
"""A process and a thread of it."""


def here() -> Home:
    """Where this is asked."""
    return os.getpid(), threading.get_ident()


def must_be_home(home: Home) -> None:
    """Refuse other threads, and a process that was forked off.

    Raises:
        Misuse: this isn't *home*.
    """
    if here() != home:
        raise Misuse(STRAYED)


def open_already(noun: str = "thread") -> Misuse:
    """The refusal of a second unit, for which a thread or a task would wait for itself."""
    return Misuse(f"this {noun} has a unit of work open already; commit it or roll it back first")


class Turn:
    """Lets one thread in at a time; the next waits, up to *timeout* seconds."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._lock = threading.Lock()
        self._owner: int | None = None

    def enter(self) -> None:
        """Wait for the turn.

        Raises:
            Misuse: this thread has it already.
            Busy: another thread kept it for longer than *timeout*.
        """
        me = threading.get_ident()
        if self._owner == me:
            raise open_already()
        if not self._lock.acquire(timeout=self._timeout):
            raise Busy(f"another unit of work stayed open for {self._timeout:g} s")
        self._owner = me

    def leave(self) -> None:
        """Give the turn back."""
        self._owner = None
        self._lock.release()
