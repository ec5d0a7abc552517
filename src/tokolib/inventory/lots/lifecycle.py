"""How a lot follows from its events."""

import attrs

from tokolib.inventory.lots.events import LotArrived, LotBlocked, LotLeft, LotMade
from tokolib.inventory.lots.model import Lot, lot_id
from tokolib.inventory.model import Tracked
from tokolib.kernel.events import Event


def evolve(state: Lot | None, event: Event) -> Lot:
    """The lot after *event*."""
    match event:
        case LotMade(key=key, sku=sku, code=code, tracked=tracked, expires_on=on, at=at) if state is None:
            return Lot(lot_id(key, code), 1, key, sku, code, Tracked(tracked), on, at)
        case LotArrived(where=where) if state is not None:
            places = tuple(sorted({*state.places, where}))
            return attrs.evolve(state, version=state.version + 1, places=places)
        case LotLeft(where=where) if state is not None:
            places = tuple(each for each in state.places if each != where)
            return attrs.evolve(state, version=state.version + 1, places=places)
        case LotBlocked(reason=reason) if state is not None:
            return attrs.evolve(state, version=state.version + 1, blocked=reason)
        case _:
            raise TypeError(f"a lot doesn't know {type(event).__name__} here")
