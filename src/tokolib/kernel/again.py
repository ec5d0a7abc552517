"""Deciding again where somebody else was faster."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from tokolib.kernel.storage_errors import HoldGone, Refused
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

T = TypeVar("T")
MOST_LOOKS: Final = 3


async def looking_again(
    work: Work, permission: str, step: Callable[[Unit], Awaitable[T]], *, also: tuple[type[Exception], ...] = ()
) -> T:
    """`work.write`, deciding again when the storage refused it since somebody was faster: the second look tells why.

    What was read before the other's commit and what was read after it may not fit. *also* are the refusals of *step*
    that can come of that: they are looked at again as well.

    Raises:
        Refused, HoldGone, and *also*: it is so at every look. Nothing was changed.
    """
    overtaken: tuple[type[Exception], ...] = (Refused, HoldGone, *also)
    looks = 0
    while True:
        looks += 1
        try:
            return await work.write(permission, step)
        except overtaken:
            if looks >= MOST_LOOKS:
                raise
