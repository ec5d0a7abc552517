"""Which holds still stand: the rule that every adapter shares."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from tokolib.kernel.rows import Demand, HoldState, StoredHold
from tokolib.kernel.storage_errors import AlreadyExists, HoldGone

LIVE: Final = (HoldState.LEASED, HoldState.KEPT)


def standing(holds: Mapping[str, StoredHold], hold_id: str, now: datetime) -> StoredHold:
    """The hold, which must stand at *now*; a lease that ends now has ended.

    Raises:
        HoldGone: it is unknown, has ended, or its lease has.
    """
    hold = holds.get(hold_id)
    if hold is None:
        raise HoldGone(hold_id, "unknown")
    if hold.state not in LIVE:
        raise HoldGone(hold_id, hold.state.value)
    if hold.until is not None and hold.until <= now:
        raise HoldGone(hold_id, HoldState.EXPIRED.value)
    return hold


def is_held(holds: Mapping[str, StoredHold], demand: Demand, now: datetime) -> bool:
    """Whether *demand* is held already, so that nothing is left to do.

    Raises:
        AlreadyExists: its id is another demand's.
        HoldGone: it was held, and has ended; its id ended with it.
    """
    found = holds.get(demand.hold_id)
    if found is None:
        return False
    if (found.resource, found.quantity) != (demand.resource, demand.quantity):
        raise AlreadyExists("hold", demand.hold_id, "id")
    standing(holds, demand.hold_id, now)
    return True
