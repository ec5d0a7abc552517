"""All that is booked of couriers: labels, return labels and pickups, for whoever asks about any."""

from typing import Any, Final

from tokolib.effects.model import Observation, Outcome
from tokolib.fulfilment.bookings.advance import Calls
from tokolib.fulfilment.bookings.steps import fold
from tokolib.fulfilment.labels.calls import LABEL_CALLS
from tokolib.fulfilment.pickups.calls import PICKUP_CALLS
from tokolib.kernel.unit import Unit
from tokolib.returns.labels.calls import RETURN_LABEL_CALLS

BOOKED: Final[tuple[Calls[Any], ...]] = (LABEL_CALLS, RETURN_LABEL_CALLS, PICKUP_CALLS)
_BY_KIND: Final = {kind: each.bookable for each in BOOKED for kind in (each.bookable.buying, each.bookable.voiding)}
BOOKED_BY: Final = frozenset(_BY_KIND)
"""What couriers are asked for."""


async def fold_booked(unit: Unit, seen: Observation) -> Outcome:
    """Fold what a courier said into the label, return label or pickup that it is about."""
    return await fold(unit, _BY_KIND[seen.kind], seen)
