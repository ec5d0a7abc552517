"""Sends stock writes: the condition stands in the statement, and leases are reaped when it refuses.

The stock row comes first and its holds after it, as everywhere. The unit has the write lock, so what it read of
the holds stays true; the statements check it all the same, for databases that lock rows.
"""

from datetime import datetime

import attrs

from tokolib.adapters.instants import to_micros
from tokolib.adapters.sql.statements import Statements
from tokolib.adapters.sqlite.rows import hold_from
from tokolib.adapters.sqlite.session import Rows, Session, listed
from tokolib.adapters.sqlite.translation import Collision
from tokolib.adapters.standing import LIVE, is_held, standing
from tokolib.adapters.writes import Adjust, Batch, Hold, Keep, Release, StockWrite, Take
from tokolib.kernel.rows import LARGEST_INTEGER, HoldState, StoredHold
from tokolib.kernel.storage_errors import KeyTaken, Refused, Serialization


class StockSender:
    """Sends the stock writes of one batch."""

    def __init__(self, session: Session, statements: Statements) -> None:
        self._session = session
        self._text = statements
        self._holds: dict[str, StoredHold] = {}
        self._fresh: list[StoredHold] = []

    def send(self, batch: Batch) -> None:
        """Stock by resource, in recording order within one."""
        if ids := batch.hold_ids():
            values = (self._session.partition, listed(ids))
            self._holds = {row[0]: hold_from(row) for row in self._session.rows(self._text.holds, values)}
        run: list[StockWrite] = []
        for write in batch.ordered_stock(self._resource_of):
            if run and type(run[0]) is not type(write):
                self._send_run(run)
                run = []
            run.append(write)
        self._send_run(run)
        self._store_fresh()

    def _resource_of(self, hold_id: str) -> str:
        hold = self._holds.get(hold_id)
        return "" if hold is None else hold.resource

    def _send_run(self, run: list[StockWrite]) -> None:
        """Writes of one kind; those that speak of stored holds go together."""
        if not isinstance(run[0], Hold | Adjust):
            self._store_fresh()
        match run[0]:
            case Adjust():
                for write in run:
                    if isinstance(write, Adjust):
                        self._adjust(write)
            case Hold():
                for write in run:
                    if isinstance(write, Hold):
                        self._hold(write)
            case Keep():
                self._keep([write for write in run if isinstance(write, Keep)])
            case Take():
                self._take([write for write in run if isinstance(write, Take)])
            case Release():
                self._release([write for write in run if isinstance(write, Release)])

    def _adjust(self, write: Adjust) -> None:
        session, partition = self._session, self._session.partition
        highest = LARGEST_INTEGER - max(write.delta, 0)
        row = (write.delta, partition, write.resource, -write.delta, highest)
        if session.change(self._text.adjust, row) == 1:
            return
        first = (partition, write.resource, write.delta)
        if write.delta >= 0 and session.change(self._text.adjust_first, first) == 1:
            return
        on_hand, held = self._level(write.resource)
        available = on_hand - held if write.delta < 0 else LARGEST_INTEGER - on_hand
        raise Refused("adjust", write.resource, write.delta, available)

    def _hold(self, write: Hold) -> None:
        demand, partition = write.demand, self._session.partition
        if is_held(self._holds, demand, write.now):
            return
        row = (demand.quantity, partition, demand.resource, demand.quantity)
        if self._session.change(self._text.reserve, row) == 0:
            reaped = self._reap(demand.resource, write.now)
            if not reaped or self._session.change(self._text.reserve, row) == 0:
                on_hand, held = self._level(demand.resource)
                raise Refused("hold", demand.resource, demand.quantity, on_hand - held)
        state = HoldState.KEPT if write.until is None else HoldState.LEASED
        hold = StoredHold(demand.hold_id, demand.resource, demand.quantity, demand.owner, state, write.until)
        self._holds[hold.id] = hold
        self._fresh.append(hold)

    def _level(self, resource: str) -> tuple[int, int]:
        row = self._session.row(self._text.level, (self._session.partition, resource))
        return (row[0], row[1]) if row else (0, 0)

    def _reap(self, resource: str, now: datetime) -> bool:
        """End the leases of a resource that have run out; whether there were any."""
        partition = self._session.partition
        ended = self._session.rows(self._text.run_out, (partition, resource, to_micros(now, "now")))
        if not ended:
            return False
        self._all_changed(self._text.expire, [(partition, id) for id, _ in ended])
        total = sum(quantity for _, quantity in ended)
        self._all_changed(self._text.unreserve, [(total, partition, resource, total)])
        for id, _ in ended:
            if id in self._holds:
                self._becomes(self._holds[id], HoldState.EXPIRED)
        return True

    def _keep(self, run: list[Keep]) -> None:
        for write in run:
            hold = standing(self._holds, write.hold_id, write.now)
            self._holds[hold.id] = attrs.evolve(hold, state=HoldState.KEPT, until=None)
        partition = self._session.partition
        rows = [(partition, write.hold_id, to_micros(write.now, "now")) for write in run]
        self._all_changed(self._text.keep, rows)

    def _take(self, run: list[Take]) -> None:
        partition, rows, leaving = self._session.partition, [], []
        for write in run:
            hold = standing(self._holds, write.hold_id, write.now)
            self._becomes(hold, HoldState.TAKEN)
            rows.append((partition, hold.id, to_micros(write.now, "now")))
            leaving.append((hold.quantity, hold.quantity, partition, hold.resource, hold.quantity))
        self._all_changed(self._text.leave, leaving)
        self._all_changed(self._text.take, rows)

    def _release(self, run: list[Release]) -> None:
        partition, rows, freed = self._session.partition, [], []
        for write in run:
            hold = self._holds.get(write.hold_id)
            if hold is not None and hold.state in LIVE:
                self._becomes(hold, HoldState.RELEASED)
                rows.append((partition, hold.id))
                freed.append((hold.quantity, partition, hold.resource, hold.quantity))
        if rows:
            self._all_changed(self._text.unreserve, freed)
            self._all_changed(self._text.release, rows)

    def _becomes(self, hold: StoredHold, state: HoldState) -> None:
        self._holds[hold.id] = attrs.evolve(hold, state=state)

    def _store_fresh(self) -> None:
        if not self._fresh:
            return
        rows = [
            (
                self._session.partition,
                hold.id,
                hold.resource,
                hold.quantity,
                hold.owner,
                hold.state.value,
                None if hold.until is None else to_micros(hold.until, "until"),
            )
            for hold in self._fresh
        ]
        self._fresh = []
        try:
            self._session.change_each(self._text.hold, rows)
        except Collision as taken:
            raise KeyTaken("hold", str(rows[taken.position][1])) from taken

    def _all_changed(self, text: str, rows: Rows) -> None:
        if self._session.change_each(text, rows) != len(rows):
            raise Serialization("a hold was changed by another unit meanwhile")
