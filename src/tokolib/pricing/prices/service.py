"""The door `prices`: what SKUs cost in lists, what was shown of it, and the lists themselves."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.kernel.clock import EARLIEST, aware
from tokolib.kernel.errors import Fault, InvalidInput, NotFound, shown
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.moments import Moment, moment
from tokolib.kernel.money import Money
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.faults import refuse
from tokolib.pricing.model import TierMode
from tokolib.pricing.prices import steps
from tokolib.pricing.prices.archive import archive, rows_of
from tokolib.pricing.prices.decide import Wanted, price_id, withdraw_price
from tokolib.pricing.prices.faults import Quantities, price_faults
from tokolib.pricing.prices.history import lowest as lowest_of
from tokolib.pricing.prices.history import prior
from tokolib.pricing.prices.lists import ListName, PriceListService, named
from tokolib.pricing.prices.model import Price, TiersOver
from tokolib.pricing.prices.ports import PRICES

CHUNK: Final = 500
"""Prices of an import that are stored in one transaction."""

LONGEST_SPAN: Final = 3_660
"""Days, ten years, that a lowest price may be asked of."""


@attrs.frozen
class PriceService(PriceListService[Colour]):
    """Price lists and the prices in them."""

    @command
    async def put(
        self,
        sku: str,
        price: Money | UnitPrice,
        *,
        tiers: Quantities | None = None,
        tier_mode: TierMode = TierMode.VOLUME,
        tiers_over: TiersOver = TiersOver.SKU,
        compare_at: Money | UnitPrice | None = None,
        minimum: Money | UnitPrice | None = None,
        cost: Money | UnitPrice | None = None,
        since: Moment = None,
        until: Moment = None,
        list: ListName = None,
    ) -> Price:
        """Give a SKU its price for one unit of measure; the same again changes nothing.

        `tiers={10: IDR(70_000)}` sets what *each* unit costs from ten units on, or, with `TierMode.GRADUATED`, what
        the units beyond ten cost. Without a *list* the price goes to the default list of its currency, which is made
        on first use. The SKU need not exist yet.

        The price holds *since* an instant or a day, or from now on, *until* another (a day counts whole, in the shop's
        zone) or without an end; when its time is over, what was valid before holds again. Of prices whose times
        overlap, the one that was put last holds. A *since* in the past corrects what is known of it, from now on.
        What is put is the whole price: what isn't named again, such as its tiers, is gone. *compare_at* is shown
        crossed out while it is above the price; it may be below, since a price may rise past it.

        Raises:
            InvalidInput: a negative price, one below the *minimum*, or one of another currency than the list's; a
                tier from zero or less; dates the wrong way round; more than 200 prices of a SKU ahead; no list named
                while the default one is stopped.
            InvalidSku: it can't name anything. NotFound: no such list. NotMoney: a bare number.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """

        async def step(unit: Unit) -> Price:
            zone = (await unit.settings()).zone
            wanted = Wanted(
                sku=sku,
                price=price,
                tiers=tiers or {},
                tier_mode=tier_mode,
                tiers_over=tiers_over,
                compare_at=compare_at,
                minimum=minimum,
                cost=cost,
                since=moment(since, zone, "since"),
                until=moment(until, zone, "until", whole_day=True),
            )
            return await steps.keep_price(unit, await steps.list_for(unit, named(list), price.currency.code), wanted)

        return await self.work.write("prices.put", step)

    @command
    async def put_many(self, prices: Mapping[str, Money | UnitPrice], *, list: ListName = None) -> int:
        """Give many SKUs their prices, and tell how many changed.

        They are stored 500 at a time; when one transaction fails, the ones before it stand, and the same call
        may be repeated.

        Raises:
            InvalidInput: every price that can't be, by its SKU; no list named while the default one is stopped.
                Nothing was changed.
            NotFound: no such list. Nothing was changed.
            NotMoney: a bare number. Nothing was changed.
        """
        refuse(price_faults(prices))
        changed = 0
        rows = iter(prices.items())
        while chunk := dict(islice(rows, CHUNK)):
            changed += await self.work.write("prices.put", partial(steps.keep_prices, prices=chunk, named=named(list)))
        return changed

    @command
    async def get(self, sku: str, *, list: ListName = None) -> Price:
        """The price of a SKU in a list now; without a *list*, in the default list of the shop's currency.

        Of a list that is derived from another, the price that follows, where it has none of its own.

        Raises:
            NotFound: it has none there. NoPrice: it would follow at an exchange rate that is too old.
        """

        async def step(unit: Unit) -> Price:
            return await steps.price_now(unit, await steps.place_of(unit, named(list)), sku)

        return await self.work.read(step)

    @command
    async def shown(self, sku: str, *, at: datetime, known_at: datetime | None = None, list: ListName = None) -> Price:
        """The price that a SKU had in a list at an instant, as it was known at another.

        Without *known_at*, as it was known then: what a shelf showed at *at*. With it, what had been recorded by then
        says: with the present instant, every later correction counts. An instant to come tells what is scheduled.

        Raises:
            NotFound: it had none there, as far as was known. NaiveDatetime: an instant without a zone.
        """
        instant = aware(at, "at")
        known = None if known_at is None else aware(known_at, "known_at")

        async def step(unit: Unit) -> Price:
            place, key = await steps.place_of(unit, named(list)), sku_key(sku)
            found = (await archive(unit, (place,), key)).reading(place, instant, known or instant)
            if found is None or found.withdrawn:
                raise NotFound("price", f"{place}|{key}")
            return found

        return await self.work.read(step)

    @command
    async def lowest(
        self, sku: str, *, days: int = 30, before: datetime | None = None, list: ListName = None
    ) -> UnitPrice | None:
        """The lowest price that was shown of a SKU in a list in the *days* before an instant; None: it had no price.

        Without *before*, before its present price began: so beside a reduced price it is the one that the EU's shops
        have to name (Directive 98/6/EC, art. 6a). A discount that is announced from some instant on asks by *before*.
        The plain price of one unit counts; what a coupon or a quantity takes off does not.

        Raises:
            InvalidInput: *days* below 1 or above 3,660. NaiveDatetime: an instant without a zone.
        """
        span = _days(days)
        until = None if before is None else aware(before, "before")

        async def step(unit: Unit) -> UnitPrice | None:
            place, key = await steps.place_of(unit, named(list)), sku_key(sku)
            if until is None and (near := await steps.of_late(unit, place, key, span)) is not None:
                return prior(near, unit.now, span)
            found = (await archive(unit, (place,), key)).shown(place)
            if until is None:
                return prior(found, unit.now, span)
            since = until - span if until - EARLIEST > span else EARLIEST
            return lowest_of(found, since, until)

        return await self.work.read(step)

    @command
    async def history(
        self, sku: str, *, list: ListName = None, after: str | None = None, limit: int = 100
    ) -> Page[Price]:
        """Every row that was ever recorded of a SKU in a list, oldest first; at most `Limits.page` at a time.

        Raises:
            InvalidInput: a *limit* below 1, or an *after* that no page has told.
        """

        async def step(unit: Unit) -> Page[Price]:
            size, number = await unit.page_size(limit), _number(after)
            place = await steps.place_of(unit, named(list))
            rows = await rows_of(unit, place, sku_key(sku))
            return Page(rows[number : number + size], str(number + size) if number + size < len(rows) else None)

        return await self.work.read(step)

    @command
    async def withdraw(self, sku: str, *, since: Moment = None, until: Moment = None, list: ListName = None) -> None:
        """Let a SKU have no price in a list any longer, or for a time; the second time changes nothing.

        In a list that is derived from another, the price that follows counts again.

        Raises:
            NotFound: it never had one there. InvalidInput: dates the wrong way round.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """

        async def step(unit: Unit) -> None:
            zone = (await unit.settings()).zone
            starts, ends = moment(since, zone, "since"), moment(until, zone, "until", whole_day=True)
            held = await unit[PRICES].get(price_id(await steps.place_of(unit, named(list)), sku_key(sku)))
            if events := withdraw_price(held, starts, ends, unit.now):
                unit[PRICES].record(held, *events)

        await self.work.write("prices.put", step)

    @command
    async def page(self, *, list: ListName = None, after: str | None = None, limit: int = 100) -> Page[Price]:
        """Prices that hold in a list now, by SKU, withdrawn ones included; at most `Limits.page` at a time.

        Those that follow from another list aren't in it, nor those that are only scheduled.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Price]:
            place = await steps.place_of(unit, named(list))
            size = await unit.page_size(limit)
            found = await unit[PRICES].where("by_list", equals={"list_id": place}, after=after, limit=size)
            rows = (each.at(unit.now) for each in found.items)
            return Page(tuple([row for row in rows if row is not None]), found.after)

        return await self.work.read(step)


def _days(days: int) -> timedelta:
    if not 1 <= days <= LONGEST_SPAN:
        raise InvalidInput((Fault("days", "pricing.out_of_range", f"must be 1 to {LONGEST_SPAN}", shown(days)),))
    return timedelta(days=days)


def _number(after: str | None) -> int:
    """How many rows the pages before have told."""
    if after is None:
        return 0
    if not (after.isascii() and after.isdecimal() and len(after) < 10):
        raise InvalidInput((Fault("after", "pricing.bad_page", "must be what the page before told", shown(after)),))
    return int(after)
