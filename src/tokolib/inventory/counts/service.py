"""The door `counts`: what a shop's people find when they count."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeVar

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.inventory.counts import steps
from tokolib.inventory.counts.errors import AlreadyCounting, CountIsBlind
from tokolib.inventory.counts.model import Count, CountSheet, CountState, sheet_of
from tokolib.inventory.counts.ports import COUNTER_PREFIX, COUNTS
from tokolib.inventory.model import MAIN, StockState, place
from tokolib.inventory.register import counted
from tokolib.inventory.steps import explain_refusal
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import CountId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.money import Money
from tokolib.kernel.quantity import Counted
from tokolib.kernel.rows import Page
from tokolib.kernel.storage_errors import AlreadyExists, Refused, StorageError
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_price import UnitPrice
from tokolib.kernel.work import Work, once

T = TypeVar("T")


@attrs.frozen
class CountService(Service[Colour]):
    """Counting stock, and putting the books right."""

    work: Work
    blocking: bool

    @command
    async def open(
        self,
        skus: Iterable[str],
        *,
        location: str = MAIN,
        state: StockState = StockState.SELLABLE,
        unit_costs: Mapping[str, Money | UnitPrice] | None = None,
        reference: str = "",
        key: str | None = None,
    ) -> CountSheet:
        """Some SKUs of a location are to be counted; the shop sells on. With *key*, the count is opened once.

        Variances have a value where *unit_costs* (by SKU, of one unit of measure) says what a SKU cost.

        Raises:
            InvalidCount: no SKU, one that is tracked, or the state `TRANSIT`.
            AlreadyCounting: one of them is on another open count there.
            UnknownSku, UnknownLocation, BundleHasNoStock, UnitChanged, InvalidInput, KeyReused.
            In all cases nothing was stored.
        """
        refers_to = line("reference", reference)
        keys = sorted({sku_key(each) for each in skus})
        costs = {sku_key(sku): UnitPrice.of(cost) for sku, cost in (unit_costs or {}).items()}

        async def step(unit: Unit) -> CountSheet:
            async def make() -> str:
                made = await steps.open_count(unit, keys, costs, location=location, state=state, reference=refers_to)
                return made.id

            request = [keys, location, state.value, {each: str(cost) for each, cost in costs.items()}, refers_to]
            made, _ = await once(unit, "counts.open", key, request, make)
            return sheet_of(await unit[COUNTS].get(made))

        return await self._write("counts.open", step)

    @command
    async def count(
        self, count: Count | CountSheet | CountId, goods: Mapping[str, Counted], *, key: str | None = None
    ) -> CountSheet:
        """Quantities by SKU as they were found, `0` where there are none; a SKU may be counted again.

        What the books expect is what they say at this instant. Whoever counts isn't shown it. With *key*, it is
        counted once. Goods that are held for orders are counted with the others while they are here.

        Raises:
            NotOnCount: a SKU that the count doesn't name. IllegalCountTransition: it has ended.
            NotFound, UnknownSku, InvalidQuantity, InvalidInput, KeyReused. In all cases nothing was changed.
        """
        id = _id(count)
        if not goods:
            raise InvalidInput((Fault("goods", "inventory.nothing_counted", "must name at least one SKU", "{}"),))

        async def step(unit: Unit) -> CountSheet:
            found = await _steps(unit, goods)

            async def tally() -> str:
                return (await steps.count(unit, id, found)).id

            await once(unit, "counts.count", key, [id, found], tally)
            return sheet_of(await unit[COUNTS].get(id))

        return await self._write("counts.count", step)

    @command
    async def approve(self, count: Count | CountSheet | CountId, *, key: str | None = None) -> Count:
        """Find what was counted to be right: for variances above `Settings.count_limit`. With *key*, once.

        Who counts it again takes the approval back.

        Raises:
            ApproverCounted: whoever asks has counted it. CountIncomplete: nobody has counted.
            NotFound, IllegalCountTransition, InvalidInput, KeyReused. In all cases nothing was changed.
        """
        id = _id(count)

        async def end(unit: Unit) -> Count:
            return await steps.approve(unit, id)

        return await self._write("counts.approve", _one("counts.approve", end, id, [id], key))

    @command
    async def post(
        self,
        count: Count | CountSheet | CountId,
        *,
        reason: str,
        leave_uncounted: bool = False,
        key: str | None = None,
    ) -> Count:
        """Adjust the books by the variances, all or nothing; the history keeps who and why. With *key*, once.

        Raises:
            CountBelowHeld: fewer would be left than are held for orders, which it names.
            ApprovalNeeded: a variance is above `Settings.count_limit`, and nobody has approved it.
            CountIncomplete: some weren't counted, and aren't left as they are, or none was.
            NotFound, IllegalCountTransition, UnitChanged, InvalidInput, KeyReused. In all cases nothing was changed.
        """
        id, why = _id(count), given_reason(reason)

        async def end(unit: Unit) -> Count:
            return await steps.post(unit, id, why, leave_uncounted=leave_uncounted)

        posting = _one("counts.post", end, id, [id, why, leave_uncounted], key)
        try:
            return await self._write("counts.post", posting)
        except Refused as error:  # somebody held the goods at this moment: who, is seen now
            await self.work.read(lambda unit: _check_again(unit, id))
            raise explain_refusal(error) from error

    @command
    async def cancel(self, count: Count | CountSheet | CountId, *, reason: str, key: str | None = None) -> Count:
        """Give it up; the books stay as they are. With *key*, once.

        Raises:
            NotFound, IllegalCountTransition, InvalidInput (no reason), KeyReused: nothing was changed.
        """
        id, why = _id(count), given_reason(reason)

        async def end(unit: Unit) -> Count:
            return await steps.cancel(unit, id, why)

        return await self._write("counts.cancel", _one("counts.cancel", end, id, [id, why], key))

    @command
    async def get(self, count: CountId) -> Count:
        """A count with what was expected, counted and found to differ.

        Raises:
            CountIsBlind: it isn't ended, and whoever asks has counted in it.
            NotFound: there is none of that id.
        """

        async def step(unit: Unit) -> Count:
            found = await unit[COUNTS].get(count)
            if found.is_open and (by := str(unit.ctx.actor)) in found.counters:
                raise CountIsBlind(count, by)
            return found

        return await self.work.read(step)

    @command
    async def sheet(self, count: CountId) -> CountSheet:
        """A count as whoever counts is shown it: what is to be counted, and how often each was.

        Raises:
            NotFound: there is none of that id.
        """

        async def step(unit: Unit) -> CountSheet:
            return sheet_of(await unit[COUNTS].get(count))

        return await self.work.read(step)

    @command
    async def in_state(self, state: CountState, *, after: str | None = None, limit: int = 100) -> Page[CountSheet]:
        """The sheets of the counts in a state, in pages of at most `Limits.page`.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[CountSheet]:
            size = await unit.page_size(limit)
            page = await unit[COUNTS].where("by_state", equals={"state": state.value}, after=after, limit=size)
            return Page(tuple(map(sheet_of, page.items)), page.after)

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        """Write; when another unit made the same stock item at this moment, it is there the second time."""
        try:
            return await self._named(permission, step)
        except AlreadyExists:
            return await self._named(permission, step)

    async def _named(self, permission: str, step: Callable[[Unit], Awaitable[T]]) -> T:
        """Write, and give a refused counter its name here."""
        try:
            return await self.work.write(permission, step)
        except StorageError as error:
            match error:
                case Refused(write="count", name=name) if name.startswith(COUNTER_PREFIX):
                    location, key = place(name.removeprefix(COUNTER_PREFIX))
                    raise AlreadyCounting(key, location, "") from error
                case _:
                    raise


async def _check_again(unit: Unit, id: CountId) -> None:
    await steps.check_free(unit, await unit[COUNTS].get(id))


def _id(count: Count | CountSheet | CountId) -> CountId:
    return count.id if isinstance(count, Count | CountSheet) else count


def _one(
    scope: str, how: Callable[[Unit], Awaitable[Count]], id: CountId, request: list[object], key: str | None
) -> Callable[[Unit], Awaitable[Count]]:
    """A move of a count, once under a key."""

    async def step(unit: Unit) -> Count:
        async def move() -> str:
            return (await how(unit)).id

        await once(unit, scope, key, request, move)
        return await unit[COUNTS].get(id)

    return step


async def _steps(unit: Unit, goods: Mapping[str, Counted]) -> dict[str, int]:
    """Steps by SKU key, zero allowed; two spellings of one SKU are added up."""
    sold = await counted(unit, goods)
    found: dict[str, int] = {}
    for sku, quantity in goods.items():
        key = sku_key(sku)
        found[key] = found.get(key, 0) + sold[key].unit.steps(quantity, zero=True)
    return found
