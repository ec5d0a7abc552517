"""Stock in memory: a counter of what is held, and leases that are reaped when somebody is refused."""

import attrs

from tokolib.adapters.memory.journal import Journal
from tokolib.adapters.memory.tables import Tables
from tokolib.adapters.units.standing import LIVE, is_held, standing
from tokolib.adapters.units.writes import Adjust, Batch, Hold, Keep, Release, StockWrite, Take
from tokolib.kernel.rows import LARGEST_INTEGER, HoldState, StoredHold
from tokolib.kernel.storage_errors import Refused


def apply_stock(batch: Batch, tables: Tables, journal: Journal) -> None:
    """Apply the stock writes of *batch* by resource, in recording order within one."""

    def resource_of(hold_id: str) -> str:
        hold = tables.holds.get(hold_id)
        return "" if hold is None else hold.resource

    for write in batch.ordered_stock(resource_of):
        _apply(write, tables, journal)


def _apply(write: StockWrite, tables: Tables, journal: Journal) -> None:
    match write:
        case Hold():
            _hold(write, tables, journal)
        case Adjust(resource, delta):
            _adjust(resource, delta, tables, journal)
        case Keep(hold_id, now):
            _end(standing(tables.holds, hold_id, now), HoldState.KEPT, tables, journal)
        case Take(hold_id, now):
            hold = standing(tables.holds, hold_id, now)
            _end(hold, HoldState.TAKEN, tables, journal)
            on_hand, held = tables.stock[hold.resource]
            journal.put(tables.stock, hold.resource, (on_hand - hold.quantity, held - hold.quantity))
        case Release(hold_id):
            found = tables.holds.get(hold_id)
            if found is not None and found.state in LIVE:
                _give_back(found, HoldState.RELEASED, tables, journal)


def _adjust(resource: str, delta: int, tables: Tables, journal: Journal) -> None:
    on_hand, held = tables.stock.get(resource, (0, 0))
    if on_hand - held < -delta:
        raise Refused("adjust", resource, delta, on_hand - held)
    if on_hand > LARGEST_INTEGER - max(delta, 0):
        raise Refused("adjust", resource, delta, LARGEST_INTEGER - on_hand)
    journal.put(tables.stock, resource, (on_hand + delta, held))


def _hold(write: Hold, tables: Tables, journal: Journal) -> None:
    demand = write.demand
    if is_held(tables.holds, demand, write.now):
        return
    on_hand, held = tables.stock.get(demand.resource, (0, 0))
    if on_hand - held - demand.leave < demand.quantity:
        for expired in tables.run_out(demand.resource, write.now):
            _give_back(expired, HoldState.EXPIRED, tables, journal)
        on_hand, held = tables.stock.get(demand.resource, (0, 0))
        if on_hand - held - demand.leave < demand.quantity:
            raise Refused("hold", demand.resource, demand.quantity, max(on_hand - held - demand.leave, 0))
    journal.put(tables.stock, demand.resource, (on_hand, held + demand.quantity))
    state = HoldState.KEPT if write.until is None else HoldState.LEASED
    hold = StoredHold(demand.hold_id, demand.resource, demand.quantity, demand.owner, state, write.until)
    journal.put(tables.holds, hold.id, hold)
    if hold.until is not None:
        journal.place(tables.leases_of(hold.resource), (hold.until, hold.id))


def _give_back(hold: StoredHold, state: HoldState, tables: Tables, journal: Journal) -> None:
    _end(hold, state, tables, journal)
    on_hand, held = tables.stock[hold.resource]
    journal.put(tables.stock, hold.resource, (on_hand, held - hold.quantity))


def _end(hold: StoredHold, state: HoldState, tables: Tables, journal: Journal) -> None:
    if hold.state is HoldState.LEASED and hold.until is not None:
        journal.displace(tables.leases_of(hold.resource), (hold.until, hold.id))
    until = None if state is HoldState.KEPT else hold.until
    journal.put(tables.holds, hold.id, attrs.evolve(hold, state=state, until=until))
