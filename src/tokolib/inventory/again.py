"""Deciding again where somebody else was faster with the same goods."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tokolib.inventory.errors import HoldEnded
from tokolib.inventory.steps import explain_refusal
from tokolib.kernel import again
from tokolib.kernel.storage_errors import HoldGone, Refused
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work

T = TypeVar("T")


async def looking_again(work: Work, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
    """As `kernel.again.looking_again`, also where a hold has ended that an order, as it was read, still has.

    Raises:
        OutOfStock, BelowHeld, HoldEnded, Refused: it is so at every look, and names the goods. Nothing was changed.
    """
    try:
        return await again.looking_again(work, permission, step, also=(HoldEnded,))
    except (Refused, HoldGone) as error:
        if (named := explain_refusal(error)) is error:
            raise
        raise named from error
