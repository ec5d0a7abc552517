"""How events make a return label."""

from tokolib.fulfilment.bookings.lifecycle import after
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.returns.labels import events as e
from tokolib.returns.labels.model import ReturnLabel


def evolve_return_label(state: ReturnLabel | None, event: Event) -> ReturnLabel:
    """The return label after *event*."""
    if state is None:
        if isinstance(event, e.ReturnLabelWished):
            return event.label
        raise TypeError(f"a return label begins with ReturnLabelWished, not {type(event).__name__}")
    match event:
        case e.ReturnLabelScanned(scans=scans):
            return changed(state, version=state.version + 1, scans=(*state.scans, *scans))
        case e.ReturnLabelReweighed(found=found):
            return changed(state, version=state.version + 1, reweighed=(*state.reweighed, found))
        case _:
            return changed(after(state, event), version=state.version + 1)
