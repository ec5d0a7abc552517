"""The short way for what most units do to stock: hold new demands, in the same trip as everything else.

The condition stands in the statement. Only where it refuses, or an id was there before, is anything read.
"""

from collections.abc import Sequence

import attrs

from tokolib.adapters.sql.levels import changed_meanwhile, gather, reap
from tokolib.adapters.sql.rows import hold_from
from tokolib.adapters.sql.session import Session, Step, rows
from tokolib.adapters.sql.statements import Declared
from tokolib.adapters.units.instants import to_micros
from tokolib.adapters.units.standing import is_held
from tokolib.adapters.units.writes import Batch, Hold
from tokolib.kernel.rows import HoldState
from tokolib.kernel.storage_errors import Refused, Serialization


def holds_alone(batch: Batch) -> list[Hold] | None:
    """The demands of a batch that does nothing else to stock and names every hold once; None for any other."""
    holds = [write for write in batch.stock if isinstance(write, Hold)]
    if len(holds) < len(batch.stock) or len({write.demand.hold_id for write in holds}) < len(holds):
        return None
    return holds


@attrs.frozen(eq=False)
class Holding:
    """New holds by resource: one step raises what is held of each, one stores the holds."""

    declared: Declared
    partition: str
    wishes: dict[str, list[Hold]]
    """Demands by resource, in recording order."""
    holds: list[Hold]
    """The same, in the order in which they are stored."""
    buckets: dict[str, int]
    """Which row of each resource they take from: one trip may touch a resource once."""

    @classmethod
    def of(cls, wishes: Sequence[Hold], declared: Declared, partition: str) -> "Holding":
        """The plan for *wishes*."""
        by_resource: dict[str, list[Hold]] = {}
        for write in sorted(wishes, key=lambda write: write.demand.resource):
            by_resource.setdefault(write.demand.resource, []).append(write)
        holds = [write for some in by_resource.values() for write in some]
        buckets = {
            resource: declared.layout.bucket(resource, some[0].demand.hold_id) for resource, some in by_resource.items()
        }
        return cls(declared, partition, by_resource, holds, buckets)

    def steps(self) -> list[Step]:
        """Both steps; `settle` wants their effects."""
        text, partition = self.declared.statements.stock, self.partition
        amounts = [
            (partition, resource, self.buckets[resource], *together(writes)) for resource, writes in self.wishes.items()
        ]
        stored = [hold_row(partition, write, self.buckets[write.demand.resource]) for write in self.holds]
        return [Step(text.reserve, amounts), Step(text.hold, stored)]

    async def settle(self, session: Session, reserved_at: Sequence[int], stored_at: Sequence[int]) -> None:
        """Do what the two steps left open.

        Raises:
            Refused: a demand is more than what is available.
            AlreadyExists, HoldGone: an id holds something else, or its hold has ended.
        """
        if len(reserved_at) == len(self.wishes) and len(stored_at) == len(self.holds):
            return
        repeated = await self._repeated(session, [self.holds[n] for n in range(len(self.holds)) if n not in stored_at])
        for place, (resource, writes) in enumerate(self.wishes.items()):
            fresh = [write for write in writes if write.demand.hold_id not in repeated]
            surplus = sum(write.demand.quantity for write in writes if write.demand.hold_id in repeated)
            if place not in reserved_at:
                await self._reserve(session, resource, fresh)
            elif surplus:
                row = (self.partition, resource, self.buckets[resource], surplus)
                await session.send([Step(self.declared.statements.stock.unreserve, [row], changed_meanwhile)])

    async def _repeated(self, session: Session, writes: Sequence[Hold]) -> set[str]:
        """The ids that were there before, for the same."""
        if not writes:
            return set()
        ids = [write.demand.hold_id for write in writes]
        values = (self.partition, self.declared.dialect.listed(ids))
        stored = {row[0]: hold_from(row) for row in await rows(session, self.declared.statements.stock.holds, values)}
        for write in writes:
            if not is_held(stored, write.demand, write.now):
                raise Serialization("a hold was made by another unit meanwhile")
        return set(ids)

    async def _reserve(self, session: Session, resource: str, writes: Sequence[Hold]) -> None:
        text = self.declared.statements.stock
        if not writes:
            return
        wanted, leave = together(writes)
        await reap(session, text, resource, writes[-1].now)
        free, held = await gather(session, self.declared, resource, self.buckets[resource], wanted, leave=leave)
        if held:
            return
        for write in writes:
            demand = write.demand
            if demand.quantity > free - demand.leave:
                raise Refused("hold", resource, demand.quantity, max(free - demand.leave, 0))
            free -= demand.quantity


def together(writes: Sequence[Hold]) -> tuple[int, int]:
    """What demands of one resource hold together, and what must be free after it for each of them to be met in turn.

    A demand that leaves much may come before others that take of that: it is met when it comes, not at the end.
    """
    taken = needed = 0
    for write in writes:
        taken += write.demand.quantity
        needed = max(needed, taken + write.demand.leave)
    return taken, needed - taken


def hold_row(partition: str, write: Hold, bucket: int) -> tuple[object, ...]:
    """A new hold as it is stored."""
    demand, until = write.demand, write.until
    state = HoldState.KEPT if until is None else HoldState.LEASED
    end = None if until is None else to_micros(until, "until")
    return (partition, demand.hold_id, demand.resource, demand.quantity, demand.owner, state.value, end, bucket)
