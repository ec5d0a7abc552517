"""Whoever asks the shop of a replay: once where nothing fails, and else until there is an answer.

With faults it does what every client of a shop should: a request without an answer goes out again in the same words,
under the same key. When the process that served it died, the next one opens the storage anew.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Final, Self, TypeVar

from tokolib.cli.replay.errors import GaveUp
from tokolib.cli.replay.faults import Faults
from tokolib.kernel.clock import Clock
from tokolib.kernel.ctx import System
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.ids import Ids
from tokolib.kernel.storage import Storage
from tokolib.shop import Shop
from tokolib.shop import open as open_shop
from tokolib.testing import SeededIds
from tokolib.testing.simulator.faults import Crash, faulty_storage

T = TypeVar("T")
Place = Callable[[], AbstractContextManager[Storage]]
"""Where the shop is kept: each process enters it for itself, and leaves it when it ends."""

TRIES: Final = 1_000
"""So many requests without an answer mean that none will come."""
SERVER_FAULT: Final = 500
"""From this HTTP status on a client may send the same request again."""


class Client:
    """Asks the shop at *place*, and keeps on asking when there are *faults*."""

    def __init__(self, place: Place, clock: Clock, faults: Faults | None = None) -> None:
        self._place = place
        self._clock = clock
        self._faults = faults
        self._ids: Ids | None = None if faults is None else SeededIds(faults.seed)
        self._process = ExitStack()
        self._shop: Shop

    def does(self, act: Callable[[Shop], T]) -> T:
        """What *act* is answered by the shop.

        Raises:
            TokolibError: a refusal, which another try would meet as well. GaveUp: no answer after very many tries.
        """
        if self._faults is None:
            return act(self._shop)
        error: BaseException | None = None
        for _ in range(TRIES):
            try:
                return act(self._shop)
            except Crash as crash:
                error = crash
                self._start()
            except TokolibError as refusal:
                if not _passes(refusal):
                    raise
                error = refusal
            finally:
                self._faults.count()
            self._faults.again += 1
        raise GaveUp(TRIES) from error

    def look(self, act: Callable[[Shop], T]) -> T:
        """What *act* is answered where nothing fails: by a process of its own, which has only what is stored."""
        if self._faults is None:
            return act(self._shop)
        self._process.close()
        with self._place() as storage, open_shop(storage, clock=self._clock) as shop:
            return act(shop)

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.close()

    def _start(self) -> None:
        """The next process; one that doesn't come up is followed by another.

        Raises:
            GaveUp: very many didn't.
        """
        if self._faults is None:
            self._shop = self._process.enter_context(self._opened(self._process.enter_context(self._place())))
            return
        error: BaseException | None = None
        for _ in range(TRIES):
            self._process.close()  # as a system closes the files of a process that died
            self._faults.plan.restart()
            self._faults.starts += 1
            try:
                storage = self._process.enter_context(self._place())
                self._shop = self._opened(faulty_storage(storage, self._faults.plan))
            except Crash as crash:
                error = crash
            except TokolibError as refusal:
                if not _passes(refusal):
                    raise
                error = refusal
            else:
                return
            finally:
                self._faults.count()
        raise GaveUp(TRIES) from error

    def _opened(self, storage: Storage) -> Shop:
        return open_shop(storage, country="GB", clock=self._clock, ids=self._ids, actor=System("replay"))


def _passes(refusal: TokolibError) -> bool:
    """Whether the same request may be answered another time."""
    return refusal.status >= SERVER_FAULT or bool(getattr(refusal, "retryable", False))
