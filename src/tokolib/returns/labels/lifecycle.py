"""How events make a return label."""

from tokolib.fulfilment.bookings.lifecycle import after
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.returns.labels.events import ReturnLabelWished
from tokolib.returns.labels.model import ReturnLabel


def evolve_return_label(state: ReturnLabel | None, event: Event) -> ReturnLabel:
    """The return label after *event*."""
    if state is None:
        if isinstance(event, ReturnLabelWished):
            return event.label
        raise TypeError(f"a return label begins with ReturnLabelWished, not {type(event).__name__}")
    return changed(after(state, event), version=state.version + 1)
