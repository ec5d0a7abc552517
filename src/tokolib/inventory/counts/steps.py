"""A stock count, as steps on an open unit.

What the books expect is read at the instant at which a SKU is counted, and posting adjusts by the difference: what is
sold, received or moved after that instant is neither lost nor counted twice. So that two counts can't both post one
variance, a SKU of a place is on one open count at a time: a counter that never passes 1 sees to that.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from tokolib.inventory import moving
from tokolib.inventory.counts import events as e
from tokolib.inventory.counts.errors import (
    AlreadyCounting,
    ApprovalNeeded,
    ApproverCounted,
    CountBelowHeld,
    CountIncomplete,
    HeldFor,
    InvalidCount,
    NotOnCount,
    TooFew,
)
from tokolib.inventory.counts.lifecycle import check
from tokolib.inventory.counts.model import Count, CountLine, CountState, Tally
from tokolib.inventory.counts.ports import COUNTER_PREFIX, COUNTS
from tokolib.inventory.holds import state_at
from tokolib.inventory.model import StockState, Tracked, resource
from tokolib.inventory.register import opened, stock_items
from tokolib.kernel.asks import Value
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import CountId
from tokolib.kernel.quantity import Quantity
from tokolib.kernel.rows import HoldState, Kind, StoredHold
from tokolib.kernel.unit import Unit, every
from tokolib.kernel.unit_price import UnitPrice

MOST_NAMED: Final = 20
STANDING: Final = (HoldState.LEASED, HoldState.KEPT)


async def open_count(
    unit: Unit,
    keys: Iterable[str],
    costs: Mapping[str, UnitPrice],
    *,
    location: str,
    state: StockState,
    reference: str,
) -> Count:
    """A new count of SKU keys at a location; *costs* are unit costs by SKU key, where they are known.

    Raises:
        InvalidCount: nothing to count, or goods that are on their way, or tracked.
        AlreadyCounting: one is on another open count.
        UnknownLocation, UnknownSku, BundleHasNoStock, UnitChanged. Nothing was stored.
    """
    wanted = sorted(set(keys))
    if not wanted or state is StockState.TRANSIT:
        raise InvalidCount(location, "no SKU is named" if not wanted else "what is on its way can't be counted")
    await opened(unit, location)
    items = await stock_items(unit, wanted)
    if tracked := [items[key].sku for key in wanted if items[key].tracked is not Tracked.NONE]:
        raise InvalidCount(location, f"tracked by lot or serial: {', '.join(tracked)}")
    places = {key: resource(location, key, state) for key in wanted}
    values = await unit.read(*(Value(COUNTER_PREFIX + where) for where in places.values()))
    for key, value in zip(wanted, values, strict=True):
        if value:
            raise AlreadyCounting(items[key].sku, location, await _counting(unit, places[key]))
    lines = tuple(CountLine(key, items[key].sku, items[key].unit, costs.get(key)) for key in wanted)
    id = CountId(unit.new_id("cnt"))
    for where in places.values():
        unit.count(COUNTER_PREFIX + where, 1, ceiling=1)
    made = Count(id, 1, CountState.OPEN, location, state, lines, reference, unit.now)
    return unit[COUNTS].record(None, e.CountOpened(made))


async def _counting(unit: Unit, where: str) -> str:
    """The id of the open count that a resource is on."""
    for state in (CountState.OPEN, CountState.APPROVED):
        for each in await every(unit[COUNTS], "by_state", {"state": state.value}):
            if any(each.resource(line.key) == where for line in each.lines):
                return each.id
    return ""


async def count(unit: Unit, id: str, counted: Mapping[str, int]) -> Count:
    """Somebody counted: steps by SKU key, for the first time or again.

    Raises:
        NotFound, IllegalCountTransition, NotOnCount: nothing was changed.
    """
    found = await unit[COUNTS].get(id)
    check(found, e.StockCounted)
    if strange := [key for key in counted if found.line(key) is None]:
        raise NotOnCount(id, strange[0], tuple(line.sku for line in found.lines))
    levels = await unit.levels([found.resource(key) for key in counted])
    by = str(unit.ctx.actor)
    tallies = (Tally(key, counted[key], levels[found.resource(key)].on_hand, by, unit.now) for key in sorted(counted))
    return unit[COUNTS].record(found, e.StockCounted(tuple(tallies)))


async def approve(unit: Unit, id: str) -> Count:
    """Whoever acts finds what was counted to be right.

    Raises:
        NotFound, IllegalCountTransition, ApproverCounted, CountIncomplete (nothing was counted): nothing was changed.
    """
    found = await unit[COUNTS].get(id)
    check(found, e.CountApproved)
    by = str(unit.ctx.actor)
    if by in found.counters:
        raise ApproverCounted(id, by)
    if not found.counters:
        raise CountIncomplete(id, found.uncounted)
    return unit[COUNTS].record(found, e.CountApproved(by, unit.now))


async def post(unit: Unit, id: str, reason: str, *, leave_uncounted: bool) -> Count:
    """The books are adjusted by the variances; what wasn't counted stays as it is, where that is let be.

    Raises:
        NotFound, IllegalCountTransition, CountIncomplete, ApprovalNeeded, CountBelowHeld: nothing was changed.
    """
    found = await unit[COUNTS].get(id)
    check(found, e.CountPosted)
    if found.uncounted and (not leave_uncounted or not found.counters):
        raise CountIncomplete(id, found.uncounted)
    limit = (await unit.settings()).count_limit
    if found.state is not CountState.APPROVED and (above := found.above(limit)):
        raise ApprovalNeeded(id, above)
    if found.changes:
        await check_free(unit, found)
        await moving.adjust(
            unit, found.changes, location=found.location, state=found.stock_state, refers_to=id, reason=reason
        )
    _leave(unit, found)
    return unit[COUNTS].record(found, e.CountPosted(reason, unit.now))


async def cancel(unit: Unit, id: str, reason: str) -> Count:
    """It is given up; the books stay as they are.

    Raises:
        NotFound, IllegalCountTransition: nothing was changed.
    """
    found = await unit[COUNTS].get(id)
    check(found, e.CountCancelled)
    _leave(unit, found)
    return unit[COUNTS].record(found, e.CountCancelled(reason, unit.now))


def _leave(unit: Unit, ended: Count) -> None:
    """Let another count have its SKUs."""
    for line in ended.lines:
        unit.count(COUNTER_PREFIX + ended.resource(line.key), -1)


async def check_free(unit: Unit, found: Count) -> None:
    """Pass when what posting takes away is held for nobody.

    Raises:
        CountBelowHeld: naming every SKU of which it is, and for whom it is held.
    """
    levels = await unit.levels([found.resource(key) for key in found.changes])
    short = {
        found.resource(key): key
        for key, change in found.changes.items()
        if levels[found.resource(key)].available + change < 0
    }
    if not short:
        return
    held = await _held(unit, short)
    too_few = []
    for where, key in short.items():
        line = next(each for each in found.lines if each.key == key)
        owners = tuple(HeldFor(owner, Quantity(steps, line.unit)) for owner, steps in held[where][:MOST_NAMED])
        free = Quantity(max(levels[where].available, 0), line.unit)
        too_few.append(TooFew(line.sku, Quantity(-line.change, line.unit), free, owners))
    raise CountBelowHeld(found.id, found.location, tuple(too_few))


async def _held(unit: Unit, resources: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
    """For whom *resources* are held: every hold is looked at, for no storage finds them by what they hold."""
    found: dict[str, dict[str, int]] = {each: {} for each in resources}
    after: str | None = None
    while True:
        page = await resolved(unit.work.scan(Kind.HOLDS, after=after))
        for hold in page.items:
            if isinstance(hold, StoredHold) and hold.resource in found and state_at(hold, unit.now) in STANDING:
                owners = found[hold.resource]
                owners[hold.owner] = owners.get(hold.owner, 0) + hold.quantity
        if (after := page.after) is None:
            return {where: list(owners.items()) for where, owners in found.items()}
