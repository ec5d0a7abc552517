"""The door `prices`."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.conditions import Predicate
from tokolib.kernel.errors import NotFound
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.money import Money, UnitPrice
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.pricing.faults import Moment, moment, refuse, slug
from tokolib.pricing.model import ALWAYS
from tokolib.pricing.prices import steps
from tokolib.pricing.prices.decide import Quantities, list_id, price_faults, price_id
from tokolib.pricing.prices.events import PriceListPut, PriceListStopped, PriceWithdrawn
from tokolib.pricing.prices.model import Price, PriceList
from tokolib.pricing.prices.ports import PRICE_LISTS, PRICES

CHUNK: Final = 500
"""Prices of an import that are stored in one transaction."""

ListName = PriceList | PriceListId | str | None
"""A price list, its id or its code; None is the default list of the price's currency."""


@attrs.frozen
class PriceService(Service[Colour]):
    """Price lists and the prices in them."""

    work: Work
    blocking: bool

    @command
    async def put(
        self,
        sku: str,
        price: Money | UnitPrice,
        *,
        tiers: Quantities | None = None,
        compare_at: Money | UnitPrice | None = None,
        list: ListName = None,
    ) -> Price:
        """Give a SKU its price for one unit of measure; the same again changes nothing.

        `tiers={10: IDR(70_000)}` sets what *each* unit costs from ten units on. Without a *list* the price goes
        to the default list of its currency, which is made on first use. The SKU need not exist yet.

        Raises:
            InvalidInput: a negative price, or one of another currency than the list's; a tier from zero or less;
                no list named while the default one is stopped.
            InvalidSku: it can't name anything. NotFound: no such list. NotMoney: a bare number. Nothing was changed.
        """

        async def step(unit: Unit) -> Price:
            into = await steps.list_for(unit, _named(list), price.currency.code)
            return await steps.keep_price(unit, into, sku, price, tiers=tiers or {}, compare_at=compare_at)

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
            changed += await self.work.write("prices.put", _put_chunk(chunk, _named(list)))
        return changed

    @command
    async def get(self, sku: str, *, list: ListName = None) -> Price:
        """The price of a SKU in a list; without a *list*, in the default list of the shop's currency.

        Raises:
            NotFound: it has none there.
        """

        async def step(unit: Unit) -> Price:
            named = _named(list)
            place = steps.as_list_id(named if named is not None else (await unit.settings()).currency)
            found = await unit[PRICES].find(price_id(place, sku_key(sku)))
            if found is None or found.withdrawn:
                raise NotFound("price", f"{place}|{sku_key(sku)}")
            return found

        return await self.work.read(step)

    @command
    async def withdraw(self, sku: str, *, list: ListName = None) -> None:
        """Let a SKU have no price in a list any longer; the second time changes nothing.

        Raises:
            NotFound: it never had one there.
        """

        async def step(unit: Unit) -> None:
            named = _named(list)
            place = steps.as_list_id(named if named is not None else (await unit.settings()).currency)
            held = await unit[PRICES].get(price_id(place, sku_key(sku)))
            if not held.withdrawn:
                unit[PRICES].record(held, PriceWithdrawn(held.id))

        await self.work.write("prices.put", step)

    @command
    async def put_list(
        self,
        code: str,
        *,
        currency: str | None = None,
        name: str = "",
        channel: str = "",
        customer_group: str = "",
        since: Moment = None,
        until: Moment = None,
        priority: int = 0,
        conditions: Predicate | None = None,
        includes_tax: bool | None = None,
    ) -> PriceList:
        """Make a price list, or change its rules. A day as *until* counts whole, in the shop's zone.

        Raises:
            InvalidInput: a code or name that can't be, another currency than before, dates the wrong way round.
            NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        short = slug(code, "code")

        async def step(unit: Unit) -> PriceList:
            settings = await unit.settings()
            event = PriceListPut(
                list_id(short),
                short,
                name or code,
                currency or settings.currency,
                channel,
                customer_group,
                moment(since, settings.zone, "since"),
                moment(until, settings.zone, "until", whole_day=True),
                priority,
                ALWAYS if conditions is None else conditions,
                includes_tax,
            )
            return await steps.keep_list(unit, event)

        return await self.work.write("prices.put", step)

    @command
    async def stop_list(self, list: PriceList | PriceListId | str) -> PriceList:
        """Let a price list give no prices any longer, until it is put again.

        Raises:
            NotFound: there is no such list.
        """

        async def step(unit: Unit) -> PriceList:
            held = await unit[PRICE_LISTS].get(steps.as_list_id(_named(list) or ""))
            return unit[PRICE_LISTS].record(held, PriceListStopped(held.id)) if held.active else held

        return await self.work.write("prices.put", step)

    @command
    async def page(self, *, list: ListName = None, after: str | None = None, limit: int = 100) -> Page[Price]:
        """Prices of a list, by SKU, withdrawn ones included; at most `Limits.page` at a time.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Price]:
            named = _named(list)
            place = steps.as_list_id(named if named is not None else (await unit.settings()).currency)
            size = await unit.page_size(limit)
            return await unit[PRICES].where("by_list", equals={"list_id": place}, after=after, limit=size)

        return await self.work.read(step)


def _named(price_list: ListName) -> str | None:
    return price_list.id if isinstance(price_list, PriceList) else price_list


def _put_chunk(chunk: Mapping[str, Money | UnitPrice], named: str | None) -> steps.Step[int]:
    async def step(unit: Unit) -> int:
        return await steps.keep_prices(unit, chunk, named)

    return step
