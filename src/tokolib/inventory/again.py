"""Deciding again where somebody else was faster with the same goods."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from tokolib.inventory.errors import HoldEnded
from tokolib.inventory.steps import explain_refusal
from tokolib.kernel.storage_errors import HoldGone, Refused
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

T = TypeVar("T")
MOST_LOOKS: Final = 3


async def looking_again(work: Work, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
    """`work.write`, deciding again when somebody was faster: the second look names what is gone.

    What was read before the other's commit and what was read after it may not fit: a hold has ended that the order,
    as it was read, still has. So that is looked at again as well.

    Raises:
        OutOfStock, BelowHeld, HoldEnded, Refused: it is so at every look. Nothing was changed.
    """
    looks = 0
    while True:
        looks += 1
        try:
            return await work.write(permission, step)
        except HoldEnded:
            if looks >= MOST_LOOKS:
                raise
        except (Refused, HoldGone) as error:
            if looks < MOST_LOOKS:
                continue
            if (named := explain_refusal(error)) is error:
                raise
            raise named from error
