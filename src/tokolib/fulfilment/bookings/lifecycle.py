"""How events make a booking."""

from typing import TypeVar

from tokolib.effects import lifecycle as effects
from tokolib.effects.model import Operation
from tokolib.fulfilment.bookings import events as e
from tokolib.fulfilment.bookings.model import Booking
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event

B = TypeVar("B", bound=Booking)


def after(state: B, event: Event) -> B:
    """The booking after *event*, its version apart."""
    match event:
        case e.VoidWished(operation=operation):
            return changed(state, voids=(*state.voids, operation))
        case e.Leased(operation_id=id, at=at, lease_until=until, next_at=next_at, send=send):
            operation = effects.leased(_operation(state, id), at=at, lease_until=until, next_at=next_at, send=send)
            return _with(state, operation)
        case e.Unasked(operation_id=id, at=at):
            return _with(state, effects.unasked(_operation(state, id), at=at))
        case e.Presumed(operation_id=id, at=at):
            return _with(state, effects.presumed_sent(_operation(state, id), at=at))
        case e.BookingObserved(operation_id=id, observation=seen, at=at):
            return _with(state, effects.marked(effects.fold(_operation(state, id), seen), at))
        case e.Resolved():
            voids = tuple(changed(each, reviews=()) for each in state.voids)
            return changed(state, buying=changed(state.buying, reviews=()), voids=voids)
        case _:
            raise TypeError(f"bookings don't know {type(event).__name__}")


def _operation(state: Booking, id: str) -> Operation:
    if (known := state.operation(id)) is None:
        raise LookupError(f"booking {state.id} has no operation {id}")
    return known


def _with(state: B, operation: Operation) -> B:
    if operation.id == state.buying.id:
        return changed(state, buying=operation)
    return changed(state, voids=tuple(operation if each.id == operation.id else each for each in state.voids))
