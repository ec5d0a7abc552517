"""How events make a label."""

from tokolib.fulfilment.bookings.lifecycle import after
from tokolib.fulfilment.labels import events as e
from tokolib.fulfilment.labels.model import Label
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event


def evolve_label(state: Label | None, event: Event) -> Label:
    """The label after *event*."""
    if state is None:
        if isinstance(event, e.LabelWished):
            return event.label
        raise TypeError(f"a label begins with LabelWished, not {type(event).__name__}")
    if isinstance(event, e.LabelReweighed):
        return changed(state, version=state.version + 1, reweighed=(*state.reweighed, event.found))
    return changed(after(state, event), version=state.version + 1)
