"""Processes that are forked off to sell, to be hurt, and to tell by lines of text how far they came.

A line is said in one write, shorter than what a pipe takes whole, so a killed process has said it or has not.
"""

import os
import select
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

import attrs

Say = Callable[[str], None]
FAILED: Final = 70
"""The exit status of a child whose body raised; its traceback is on the standard error."""


class ChildFailed(Exception):
    """A child ended in a way that it should not."""


@attrs.define(eq=False)
class Child:
    """A process of ours, and the pipe over which it speaks."""

    pid: int
    _reads: int
    _begun: str = ""
    status: int | None = None
    """How it ended: its exit status, or minus the signal; None while it runs, as far as we have looked."""

    def lines(self, *, wait: bool = False) -> list[str]:
        """What it has said since we last asked; with *wait*, at least one line or the end of all."""
        found: list[str] = []
        while self._reads >= 0 and (select.select([self._reads], [], [], None if wait and not found else 0)[0]):
            block = os.read(self._reads, 65_536)
            if not block:
                os.close(self._reads)
                self._reads = -1
            *whole, self._begun = (self._begun + block.decode()).split("\n")
            found += whole
        return found

    @property
    def silent(self) -> bool:
        """Whether it will say no more."""
        return self._reads < 0

    def rest(self) -> list[str]:
        """What it says until it ends."""
        found: list[str] = []
        while self._reads >= 0:
            found += self.lines(wait=True)
        return found

    def kill(self) -> None:
        """End it without warning."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """How it ended."""
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def finish(self) -> list[str]:
        """What it says until it ends, which must be in peace.

        Raises:
            ChildFailed: it ended otherwise.
        """
        said = self.rest()
        if self.wait() != 0:
            raise ChildFailed(f"a child ended with status {self.status}; its traceback is on the standard error")
        return said


def start(body: Callable[[Say], None]) -> Child:
    """Run *body* in a process of its own, which ends with it and runs nothing else of ours."""
    reads, writes = os.pipe()
    sys.stderr.flush()
    pid = _forked()
    if pid != 0:
        os.close(writes)
        return Child(pid, reads)
    status = FAILED
    try:
        os.close(reads)
        body(partial(_say, writes))
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it was, it must not run on into the parent's program
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def _forked() -> int:
    """As `os.fork`. Other threads of ours are pytest's, which the child never needs: no word about them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _say(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())


def told(body: Callable[[Say], None]) -> list[str]:
    """What *body* says in a process of its own that ends in peace."""
    return start(body).finish()
