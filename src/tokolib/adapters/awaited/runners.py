"""Where the blocking calls behind an async storage run: on the spot, or on a thread of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")


def nothing() -> None:
    """Do nothing."""


class Runner(Protocol):
    """Runs one call after another, never two at a time."""

    async def run(self, call: Callable[[], T], then: Callable[[], None] = nothing) -> T:
        """What *call* answers. *then* follows when it has really ended, even if nobody waits any more."""
        ...

    def soon(self, call: Callable[[], object], then: Callable[[], None]) -> None:
        """Run *call* after those that are under way, then *then*, without waiting for it."""
        ...

    def stop(self) -> None:
        """Give the thread back."""
        ...


class OnTheSpot:
    """Runs calls in the event loop's thread: for calls that never wait."""

    async def run(self, call: Callable[[], T], then: Callable[[], None] = nothing) -> T:
        """What *call* answers."""
        try:
            return call()
        finally:
            then()

    def soon(self, call: Callable[[], object], then: Callable[[], None]) -> None:
        """Run *call*, then *then*."""
        try:
            call()
        finally:
            then()

    def stop(self) -> None:
        """There is no thread."""


class OneThread:
    """Runs calls in one thread, in the order in which they came; once stopped, on the spot."""

    def __init__(self, name: str) -> None:
        self._stopped = False
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, call: Callable[[], T], then: Callable[[], None] = nothing) -> T:
        """What *call* answers; a cancelled caller leaves at once, and the call goes on."""
        if self._stopped:
            return await OnTheSpot().run(call, then)
        future = asyncio.get_running_loop().run_in_executor(self._executor, call)
        future.add_done_callback(lambda _: then())
        return await asyncio.shield(future)

    def soon(self, call: Callable[[], object], then: Callable[[], None]) -> None:
        """Run *call* behind the others."""
        if self._stopped:
            OnTheSpot().soon(call, then)
        else:
            asyncio.get_running_loop().run_in_executor(self._executor, call).add_done_callback(lambda _: then())

    def stop(self) -> None:
        """End the thread."""
        self._stopped = True
        self._executor.shutdown(wait=True)
