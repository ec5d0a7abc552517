"""Telling how far a replay is, on stderr: a bar on a terminal, a line every twentieth elsewhere."""

import sys
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

STEPS: Final = 20


class Advance:
    """Counts rows towards a total."""

    def __init__(self, total: int, what: str) -> None:
        console = Console(stderr=True)
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task(what, total=total)
        self._plain = not console.is_terminal
        self._what, self._total, self._done = what, total, 0

    def rows(self, count: int) -> None:
        """So many rows more are done."""
        before, self._done = self._done, self._done + count
        self._bar.update(self._task, completed=self._done)
        if self._plain and self._done * STEPS // self._total > before * STEPS // self._total:
            print(f"{self._what}: {self._done:,} of {self._total:,} lines", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
