"""How a backorder follows from its events."""

from tokolib.inventory.backorder import Backorder, backorder_id
from tokolib.inventory.backorders.events import BackorderSet
from tokolib.kernel.events import Event


def evolve(state: Backorder | None, event: Event) -> Backorder:
    """The backorder after *event*."""
    match event:
        case BackorderSet():
            return Backorder(
                id=backorder_id(event.location, event.key),
                version=state.version + 1 if state else 1,
                key=event.key,
                sku=event.sku,
                unit=event.unit,
                location=event.location,
                steps=event.steps,
                days=event.days,
                on=event.on,
                closed=event.closed,
            )
        case _:
            raise TypeError(f"a backorder doesn't know {type(event).__name__}")
