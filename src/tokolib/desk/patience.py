"""Asking an outbox: each call is a change of its own, and is made again when the storage asks for that."""

from collections.abc import Callable
from typing import TypeVar

from tokolib.kernel.hosting import MaybeAwaitable, resolved
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import StorageError
from tokolib.kernel.work import ATTEMPTS

T = TypeVar("T")


async def patiently(storage: Storage, call: Callable[[], MaybeAwaitable[T]]) -> T:
    """What *call* answers; asked again while the storage is busy.

    Raises:
        StorageError: it failed for good, or was busy too often.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            return await resolved(call())
        except StorageError as error:
            if not error.retryable or attempt >= ATTEMPTS:
                raise
            await resolved(storage.pause(attempt))
