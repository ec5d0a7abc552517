"""Any mixture of stock writes, by resource and in recording order within one.

The holds that a batch speaks of are read first. What was read may be another unit's by the time a statement arrives, so
each statement states again what it rests on; a row that is missed asks for the unit to run once more.
"""

from collections import Counter

import attrs

from tokolib.adapters.sql.holding import hold_row
from tokolib.adapters.sql.levels import changed, changed_meanwhile, gather, locked, reap
from tokolib.adapters.sql.rows import hold_from
from tokolib.adapters.sql.session import Session, Step, rows
from tokolib.adapters.sql.spreading import FIRST, levelled
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.units.instants import to_micros
from tokolib.adapters.units.standing import LIVE, is_held, standing
from tokolib.adapters.units.writes import Adjust, Batch, Hold, Keep, Release, StockWrite, Take
from tokolib.kernel.rows import LARGEST_INTEGER, HoldState, StoredHold
from tokolib.kernel.storage_errors import KeyTaken, Refused, StorageError


class StockSender:
    """Sends the stock writes of one batch."""

    def __init__(self, session: Session, declared: Declared) -> None:
        self._session = session
        self._partition = session.partition
        self._declared = declared
        self._text = declared.statements.stock
        self._holds: dict[str, StoredHold] = {}
        self._buckets: dict[str, int] = {}
        """Where the holds lie, by their ids."""
        self._fresh: list[Hold] = []

    async def send(self, batch: Batch) -> None:
        """Stock by resource, in recording order within one."""
        if ids := batch.hold_ids():
            values = (self._partition, self._declared.dialect.listed(ids))
            found = await rows(self._session, self._text.holds, values)
            self._holds = {row[0]: hold_from(row) for row in found}
            self._buckets = {row[0]: row[6] for row in found}
        run: list[StockWrite] = []
        for write in batch.ordered_stock(self._resource_of):
            if run and type(run[0]) is not type(write):
                await self._send_run(run)
                run = []
            run.append(write)
        await self._send_run(run)
        await self._store_fresh()

    def _resource_of(self, hold_id: str) -> str:
        hold = self._holds.get(hold_id)
        return "" if hold is None else hold.resource

    async def _send_run(self, run: list[StockWrite]) -> None:
        """Writes of one kind; those that speak of stored holds go together."""
        if not isinstance(run[0], Hold | Adjust):
            await self._store_fresh()
        match run[0]:
            case Adjust():
                for write in run:
                    if isinstance(write, Adjust):
                        await self._adjust(write)
            case Hold():
                for write in run:
                    if isinstance(write, Hold):
                        await self._hold(write)
            case Keep():
                await self._keep([write for write in run if isinstance(write, Keep)])
            case Take():
                await self._take([write for write in run if isinstance(write, Take)])
            case Release():
                await self._release([write for write in run if isinstance(write, Release)])

    async def _adjust(self, write: Adjust) -> None:
        session, text, resource, delta = self._session, self._text, write.resource, write.delta
        count = self._declared.layout.buckets(resource)
        row = (self._partition, resource, FIRST, delta, LARGEST_INTEGER - max(delta, 0))
        if count == 1 and await self._took_effect(Step(text.adjust, [row])):
            return
        stocked = await locked(session, text, resource)
        on_hand, held = (sum(amounts) for amounts in zip((0, 0), *stocked.values(), strict=True))
        available = on_hand - held if delta < 0 else LARGEST_INTEGER - on_hand
        if abs(delta) > available:
            raise Refused("adjust", resource, delta, available)
        await changed(session, text, resource, stocked, levelled(stocked, count, change=delta))

    async def _hold(self, write: Hold) -> None:
        demand, text = write.demand, self._text
        if is_held(self._holds, demand, write.now):
            return
        bucket = self._declared.layout.bucket(demand.resource, demand.hold_id)
        row = (self._partition, demand.resource, bucket, demand.quantity, demand.leave)
        if not await self._took_effect(Step(text.reserve, [row])):
            await self._store_fresh()
            for id in await reap(self._session, text, demand.resource, write.now):
                if id in self._holds:
                    self._becomes(self._holds[id], HoldState.EXPIRED)
            free, held = await gather(
                self._session, self._declared, demand.resource, bucket, demand.quantity, leave=demand.leave
            )
            if not held:
                raise Refused("hold", demand.resource, demand.quantity, max(free - demand.leave, 0))
        state = HoldState.KEPT if write.until is None else HoldState.LEASED
        self._holds[demand.hold_id] = StoredHold(
            demand.hold_id, demand.resource, demand.quantity, demand.owner, state, write.until
        )
        self._buckets[demand.hold_id] = bucket
        self._fresh.append(write)

    async def _keep(self, run: list[Keep]) -> None:
        at: dict[str, int] = {}  # kept once, though it may be said twice
        for write in run:
            hold = standing(self._holds, write.hold_id, write.now)
            self._holds[hold.id] = attrs.evolve(hold, state=HoldState.KEPT, until=None)
            at.setdefault(hold.id, to_micros(write.now, "now"))
        await self._changed(Step(self._text.keep, [(self._partition, id, now) for id, now in at.items()]))

    async def _take(self, run: list[Take]) -> None:
        leaving: Counter[tuple[str, int]] = Counter()
        taken = []
        for write in run:
            hold = standing(self._holds, write.hold_id, write.now)
            self._becomes(hold, HoldState.TAKEN)
            leaving[hold.resource, self._buckets[hold.id]] += hold.quantity
            taken.append((self._partition, hold.id, to_micros(write.now, "now")))
        await self._changed(Step(self._text.leave, self._amounts(leaving)), Step(self._text.take, taken))

    async def _release(self, run: list[Release]) -> None:
        freed: Counter[tuple[str, int]] = Counter()
        released = []
        for write in run:
            hold = self._holds.get(write.hold_id)
            if hold is not None and hold.state in LIVE:
                self._becomes(hold, HoldState.RELEASED)
                freed[hold.resource, self._buckets[hold.id]] += hold.quantity
                released.append((self._partition, hold.id))
        await self._changed(Step(self._text.unreserve, self._amounts(freed)), Step(self._text.release, released))

    def _becomes(self, hold: StoredHold, state: HoldState) -> None:
        self._holds[hold.id] = attrs.evolve(hold, state=state)

    def _amounts(self, amounts: Counter[tuple[str, int]]) -> list[tuple[str, str, int, int]]:
        return [(self._partition, *place, quantity) for place, quantity in sorted(amounts.items())]

    async def _store_fresh(self) -> None:
        fresh, self._fresh = self._fresh, []
        if not fresh:
            return

        def taken(place: int) -> StorageError:
            return KeyTaken("hold", fresh[place].demand.hold_id)

        stored = [hold_row(self._partition, write, self._buckets[write.demand.hold_id]) for write in fresh]
        await self._session.send([Step(self._text.hold, stored, taken)])

    async def _changed(self, *steps: Step) -> None:
        """Send steps whose rows were all there a moment ago."""
        made = [attrs.evolve(step, missed=changed_meanwhile) for step in steps if step.rows]
        if made:
            await self._session.send(made)

    async def _took_effect(self, step: Step) -> bool:
        return bool((await self._session.send([step]))[0])
