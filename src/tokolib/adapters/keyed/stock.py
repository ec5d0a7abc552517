"""Stock in rows: a counter of what is held, and leases that are reaped when somebody is refused."""

import attrs

from tokolib.adapters.keyed.forms import hold_of, values_of_hold
from tokolib.adapters.keyed.packing import number, pack, words
from tokolib.adapters.keyed.rows import Shelf
from tokolib.adapters.units.instants import to_micros
from tokolib.adapters.units.standing import LIVE, is_held, standing
from tokolib.adapters.units.writes import Adjust, Batch, Hold, Keep, Release, StockWrite, Take
from tokolib.kernel.rows import LARGEST_INTEGER, HoldState, StoredHold
from tokolib.kernel.storage_errors import Refused


def level_of(shelf: Shelf, resource: str) -> tuple[int, int]:
    """On hand and held, as stored."""
    found = shelf.get("stock", resource)
    return (0, 0) if found is None else (number(found[0]), number(found[1]))


def hold_by(shelf: Shelf, hold_id: str) -> dict[str, StoredHold]:
    """The hold of that id by its id, if there is one."""
    found = shelf.get("hold", hold_id)
    return {} if found is None else {hold_id: hold_of(hold_id, found)}


def run_out(shelf: Shelf, resource: str, now: int) -> list[StoredHold]:
    """The leased holds of a resource whose lease has ended at *now*, in microseconds; one that ends now has."""
    ended = [words(place[1]) for place, _ in shelf.walk("lease", resource, high=pack((now + 1,)))]
    return [hold_by(shelf, hold_id)[hold_id] for hold_id in ended]


def apply_stock(batch: Batch, shelf: Shelf) -> None:
    """Apply the stock writes of *batch* by resource, in recording order within one."""

    def resource_of(hold_id: str) -> str:
        return "".join(hold.resource for hold in hold_by(shelf, hold_id).values())

    for write in batch.ordered_stock(resource_of):
        _apply(write, shelf)


def _apply(write: StockWrite, shelf: Shelf) -> None:
    match write:
        case Adjust(resource, delta):
            _adjust(resource, delta, shelf)
        case Hold():
            _hold(write, shelf)
        case Keep(hold_id, now):
            _end(standing(hold_by(shelf, hold_id), hold_id, now), HoldState.KEPT, shelf)
        case Take(hold_id, now):
            hold = standing(hold_by(shelf, hold_id), hold_id, now)
            _end(hold, HoldState.TAKEN, shelf)
            on_hand, held = level_of(shelf, hold.resource)
            shelf.put(("stock", hold.resource), on_hand - hold.quantity, held - hold.quantity)
        case Release(hold_id):
            for hold in hold_by(shelf, hold_id).values():
                if hold.state in LIVE:
                    _give_back(hold, HoldState.RELEASED, shelf)


def _adjust(resource: str, delta: int, shelf: Shelf) -> None:
    on_hand, held = level_of(shelf, resource)
    if on_hand - held < -delta:
        raise Refused("adjust", resource, delta, on_hand - held)
    if on_hand > LARGEST_INTEGER - max(delta, 0):
        raise Refused("adjust", resource, delta, LARGEST_INTEGER - on_hand)
    shelf.put(("stock", resource), on_hand + delta, held)


def _hold(write: Hold, shelf: Shelf) -> None:
    demand = write.demand
    if is_held(hold_by(shelf, demand.hold_id), demand, write.now):
        return
    on_hand, held = level_of(shelf, demand.resource)
    if on_hand - held - demand.leave < demand.quantity:
        for expired in run_out(shelf, demand.resource, to_micros(write.now, "now")):
            _give_back(expired, HoldState.EXPIRED, shelf)
        on_hand, held = level_of(shelf, demand.resource)
        if on_hand - held - demand.leave < demand.quantity:
            raise Refused("hold", demand.resource, demand.quantity, max(on_hand - held - demand.leave, 0))
    shelf.put(("stock", demand.resource), on_hand, held + demand.quantity)
    state = HoldState.KEPT if write.until is None else HoldState.LEASED
    hold = StoredHold(demand.hold_id, demand.resource, demand.quantity, demand.owner, state, write.until)
    shelf.put(("hold", hold.id), *values_of_hold(hold))
    if write.until is not None:
        shelf.put(("lease", hold.resource, to_micros(write.until, "until"), hold.id))


def _give_back(hold: StoredHold, state: HoldState, shelf: Shelf) -> None:
    _end(hold, state, shelf)
    on_hand, held = level_of(shelf, hold.resource)
    shelf.put(("stock", hold.resource), on_hand, held - hold.quantity)


def _end(hold: StoredHold, state: HoldState, shelf: Shelf) -> None:
    if hold.state is HoldState.LEASED and hold.until is not None:
        shelf.drop("lease", hold.resource, to_micros(hold.until, "until"), hold.id)
    until = None if state is HoldState.KEPT else hold.until
    shelf.put(("hold", hold.id), *values_of_hold(attrs.evolve(hold, state=state, until=until)))
