"""`memory://`: shops that live as long as the process."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tokolib.adapters.jitter import jitter
from tokolib.adapters.memory.outbox import MemoryOutbox
from tokolib.adapters.memory.tables import Tables
from tokolib.adapters.memory.unit import MemoryUnit
from tokolib.adapters.units.homes import CLOSED, Turn
from tokolib.adapters.units.shapes import shapes_of
from tokolib.adapters.units.waiting import seconds
from tokolib.kernel.rows import BackupReport, Can, Capabilities, Collection
from tokolib.kernel.storage_errors import Misuse, Unsupported

LACKS: Final[Mapping[Can, str]] = {
    Can.DURABLE: "what is kept in memory ends with the process",
    Can.MULTI_PROCESS: "a process can't see another one's memory",
    Can.JOIN: "no host has a transaction open in our memory",
    Can.BACKUP: "there is no file to copy; export the shop instead",
}


class MemoryStorage:
    """Keeps shops in this process. One unit at a time: the next waits, up to *timeout* seconds."""

    def __init__(
        self, collections: Sequence[Collection], *, timeout: float = 5.0, max_body: int = 64 * 1024 * 1024
    ) -> None:
        self.capabilities = Capabilities(lacks=LACKS, max_body=max_body)
        self._shapes = shapes_of("memory", collections)
        self._partitions: dict[str, Tables] = {}
        self._turn = Turn(seconds("memory", timeout))
        self._closed = False

    def migrate(self, *, dry_run: bool = False) -> Sequence[str]:
        """There is nothing to bring up to date."""
        return ()

    def begin(self, partition: str, *, read_only: bool = False) -> MemoryUnit:
        """Open a unit once no other is open.

        Raises:
            Misuse: this thread has one open already.
            Busy: another thread kept one open for longer than *timeout*.
        """
        tables = self._enter(partition)
        return MemoryUnit(
            self._shapes,
            tables,
            max_body=self.capabilities.max_body,
            read_only=read_only,
            leave=self._turn.leave,
        )

    def join(self, connection: Any, partition: str) -> MemoryUnit:
        """Refused: there is nothing to join."""
        raise Unsupported(Can.JOIN, LACKS[Can.JOIN])

    def backup(self, target: Path) -> BackupReport:
        """Refused: there is nothing to copy."""
        raise Unsupported(Can.BACKUP, LACKS[Can.BACKUP])

    def outbox(self, partition: str) -> MemoryOutbox:
        """The outbox of a partition."""

        @contextmanager
        def turn() -> Iterator[Tables]:
            yield_to = self._enter(partition)
            try:
                yield yield_to
            finally:
                self._turn.leave()

        return MemoryOutbox(turn)

    def pause(self, attempt: int) -> None:
        """Wait a little before a retry."""
        time.sleep(jitter(attempt))

    def close(self) -> None:
        """Refuse new units; what was kept is gone with the object."""
        self._closed = True

    def _enter(self, partition: str) -> Tables:
        if self._closed:
            raise Misuse(CLOSED)
        self._turn.enter()
        found = self._partitions.get(partition)
        if found is None:
            found = self._partitions[partition] = Tables()
        return found
