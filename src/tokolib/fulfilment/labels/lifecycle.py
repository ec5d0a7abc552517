"""How events make a label."""

from tokolib.effects import lifecycle as effects
from tokolib.effects.model import Operation
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
    return changed(_after(state, event), version=state.version + 1)


def _after(state: Label, event: Event) -> Label:
    match event:
        case e.LabelVoidWished(operation=operation):
            return changed(state, voids=(*state.voids, operation))
        case e.LabelLeased(operation_id=id):
            leased = effects.leased(
                _operation(state, id),
                at=event.at,
                lease_until=event.lease_until,
                next_at=event.next_at,
                send=event.send,
            )
            return _with(state, leased)
        case e.LabelUnasked(operation_id=id, at=at):
            return _with(state, effects.unasked(_operation(state, id), at=at))
        case e.LabelPresumed(operation_id=id, at=at):
            return _with(state, effects.presumed_sent(_operation(state, id), at=at))
        case e.LabelObserved(operation_id=id, observation=seen, at=at):
            return _with(state, effects.marked(effects.fold(_operation(state, id), seen), at))
        case e.LabelResolved():
            voids = tuple(changed(each, reviews=()) for each in state.voids)
            return changed(state, buying=changed(state.buying, reviews=()), voids=voids)
        case e.LabelReweighed(found=found):
            return changed(state, reweighed=(*state.reweighed, found))
        case _:
            raise TypeError(f"labels don't know {type(event).__name__}")


def _operation(state: Label, id: str) -> Operation:
    if (known := state.operation(id)) is None:
        raise LookupError(f"label {state.id} has no operation {id}")
    return known


def _with(state: Label, operation: Operation) -> Label:
    if operation.id == state.buying.id:
        return changed(state, buying=operation)
    return changed(state, voids=tuple(operation if each.id == operation.id else each for each in state.voids))
