"""For when what is not there can be promised: by the receipts that are expected, and by the backorder beyond them."""

from collections.abc import Iterable
from datetime import date

from tokolib.inventory.backorder import Backorder
from tokolib.inventory.expected.model import ExpectedReceipt


def days_of(
    receipts: Iterable[ExpectedReceipt], *, ahead: int, steps: int, backorder: Backorder, today: date
) -> tuple[tuple[date, int], ...]:
    """The days for which *steps* can be promised, each with how many, the first to come first.

    What is promised already, *ahead*, has the first of the *receipts*; what they don't suffice for comes by the
    *backorder*, and no sooner than the last of them.
    """
    found: dict[date, int] = {}
    last, skipped, left = today, ahead, steps
    for each in receipts:
        last = max(last, each.expected_on)
        past = min(skipped, each.open)
        skipped -= past
        if taken := min(each.open - past, left):
            found[last] = found.get(last, 0) + taken
            left -= taken
    if left:
        last = max(last, backorder.by(today))
        found[last] = found.get(last, 0) + left
    return tuple(found.items())
