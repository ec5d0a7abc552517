"""The mark of a purge: up to when delivered events may be forgotten by the outbox.

An event without its row in the outbox is a broken promise, unless it was delivered and purged. So a purge leaves a
mark, in a counter of whole seconds since the Unix epoch, before it forgets anything.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from tokolib.kernel.hosting import resolved
from tokolib.kernel.storage_errors import Unreadable
from tokolib.kernel.unit import Unit

MARK: Final = "outbox:purged"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_CLOCKS_DIFFER: Final = timedelta(hours=1)
"""How much later the clock that an event was written by may be than the one that it was sent by."""


async def note_purge(unit: Unit, before: datetime) -> None:
    """Raise the mark to *before*; it never falls. A rival's higher mark refuses the unit (`Refused`)."""
    mark = -((_EPOCH - before) // _SECOND)
    known = await resolved(unit.work.value(MARK))
    if known < mark:
        unit.work.count(MARK, mark - known, ceiling=mark)


async def may_be_purged_until(unit: Unit) -> datetime:
    """Events that happened before this moment may have been purged.

    Raises:
        Unreadable: the mark is no moment.
    """
    mark = await resolved(unit.work.value(MARK))
    try:
        return _EPOCH + mark * _SECOND + (_CLOCKS_DIFFER if mark else timedelta(0))
    except OverflowError as error:
        raise Unreadable("counter", MARK, "value", str(mark)) from error
