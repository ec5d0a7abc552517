"""Deciding again when somebody was faster."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from tokolib.kernel.storage_errors import Refused
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

T = TypeVar("T")
MOST_LOOKS: Final = 3


async def looking_again(work: Work, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
    """`work.write`, deciding again when somebody was faster: the second look tells what is left.

    Raises:
        Refused: others were faster each time. Nothing was changed.
    """
    looks = 0
    while True:
        looks += 1
        try:
            return await work.write(permission, step)
        except Refused:
            if looks >= MOST_LOOKS:
                raise
