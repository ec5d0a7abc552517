"""How events make a pickup."""

from tokolib.fulfilment.bookings.lifecycle import after
from tokolib.fulfilment.pickups.events import PickupWished
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event


def evolve_pickup(state: Pickup | None, event: Event) -> Pickup:
    """The pickup after *event*."""
    if state is None:
        if isinstance(event, PickupWished):
            return event.pickup
        raise TypeError(f"a pickup begins with PickupWished, not {type(event).__name__}")
    return changed(after(state, event), version=state.version + 1)
