"""The door `prices`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.conditions import Predicate
from tokolib.effects.outside import OutsideError
from tokolib.kernel.clock import aware
from tokolib.kernel.ctx import permit
from tokolib.kernel.errors import Fault, InvalidInput, NotFound, TokolibError, shown
from tokolib.kernel.hosting import Colour, Service, command, resolved
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.money import Money, UnitPrice, UnknownCurrency
from tokolib.kernel.numbers import exact
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.pricing.exchange.errors import NoExchangeRates, RateNotFound
from tokolib.pricing.exchange.model import Rate
from tokolib.pricing.exchange.ports import ExchangeRates
from tokolib.pricing.faults import Moment, moment, refuse, slug
from tokolib.pricing.model import ALWAYS, TierMode
from tokolib.pricing.prices import steps
from tokolib.pricing.prices.archive import archive, rows_of
from tokolib.pricing.prices.decide import Wanted, list_id, price_id, withdraw_price
from tokolib.pricing.prices.events import PriceListPut, PriceListStopped
from tokolib.pricing.prices.faults import Quantities, price_faults
from tokolib.pricing.prices.history import lowest as lowest_of
from tokolib.pricing.prices.history import prior
from tokolib.pricing.prices.model import Derivation, Ending, Price, PriceList, TiersOver
from tokolib.pricing.prices.ports import PRICE_LISTS, PRICES
from tokolib.pricing.prices.renewal import Pair, RatesRenewed, pairs

CHUNK: Final = 500
"""Prices of an import that are stored in one transaction."""

LONGEST_SPAN: Final = 3_660
"""Days, ten years, that a lowest price may be asked of."""

ListName = PriceList | PriceListId | str | None
"""A price list, its id or its code; None is the default list of the price's currency."""


@attrs.frozen
class PriceService(Service[Colour]):
    """Price lists and the prices in them."""

    work: Work
    blocking: bool
    exchange: ExchangeRates | None = None
    """Where exchange rates come from, if the shop has such a source."""

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
            return await steps.keep_price(unit, await steps.list_for(unit, _named(list), price.currency.code), wanted)

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
        """The price of a SKU in a list now; without a *list*, in the default list of the shop's currency.

        Of a list that is derived from another, the price that follows, where it has none of its own.

        Raises:
            NotFound: it has none there. NoPrice: it would follow at an exchange rate that is too old.
        """

        async def step(unit: Unit) -> Price:
            return await steps.price_now(unit, await steps.place_of(unit, _named(list)), sku)

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
            place, key = await steps.place_of(unit, _named(list)), sku_key(sku)
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
            place, key = await steps.place_of(unit, _named(list)), sku_key(sku)
            if until is None and (near := await steps.of_late(unit, place, key, span)) is not None:
                return prior(near, unit.now, span)
            found = (await archive(unit, (place,), key)).shown(place)
            return prior(found, unit.now, span) if until is None else lowest_of(found, until - span, until)

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
            place = await steps.place_of(unit, _named(list))
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
            held = await unit[PRICES].get(price_id(await steps.place_of(unit, _named(list)), sku_key(sku)))
            if events := withdraw_price(held, starts, ends, unit.now):
                unit[PRICES].record(held, *events)

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
        countries: Sequence[str] = (),
        parent: ListName = None,
        percent: int | str | Decimal = 0,
        rate: Rate | None = None,
        ending: Ending | None = None,
        rate_days: int | None = None,
    ) -> PriceList:
        """Make a price list, or change its rules. A day as *until* counts whole, in the shop's zone.

        With a *parent*, a SKU without a price in the list has the one that follows from the parent's: converted at
        *rate*, changed by *percent* (`-10` takes a tenth off), and rounded to *ending*. The rate stands on the list
        with its source until it is put again, or renewed (`renew_rates`); no rate is asked for while something is sold.
        Once the rate is more than *rate_days* days old, nothing follows by it: a SKU without a price of its own has
        none in the list, which is told as the reason why the list lost.

        Raises:
            InvalidInput: a code or name that can't be, another currency than before, dates the wrong way round, an
                unknown country, a percentage below -100, a rate of other currencies, *rate_days* that are no number of
                days, an ending that is none.
            NotFound: there is no such parent. PriceListCycle: the list would be derived from itself.
            NotExact: a *percent* that is a float. NaiveDatetime: an instant without a zone. Nothing was changed.
        """
        short = slug(code, "code")
        by = _derivation(_named(parent), exact(percent, "percent"), rate, ending, rate_days)

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
                tuple([each.upper() for each in countries]),
                by,
            )
            return await steps.keep_list(unit, event)

        return await self.work.write("prices.put", step)

    @command
    async def renew_rates(self) -> RatesRenewed:
        """The exchange rates of all lists that convert, asked for anew and put onto the lists, with source and day.

        The shop's source (`tokolib.open(exchange=)`) is asked once for each pair of currencies and kind of rate, for
        the shop's day, before anything is written; then all lists change in one transaction. A rate of an earlier day
        than the one that stands changes nothing. What the source has no answer for is told in `failed`, and the list
        goes on with the rate that it has, until that is older than its `rate_days`. Nothing calls it by itself: call
        it as often as the source publishes.

        Raises:
            NoExchangeRates: the shop was opened without a source. Forbidden: the access policy denies it.
            InsideTransaction: the shop works within a transaction of the host.
                In all cases nobody was asked, and nothing was changed.
        """
        self.work.must_be_outside("prices.renew_rates")
        permit(self.work.access, self.work.ctx, "prices.put")
        source = self.exchange
        if source is None:
            raise NoExchangeRates()

        async def needed(unit: Unit) -> tuple[tuple[Pair, ...], date]:
            return pairs(await steps.converting(unit)), await unit.today()

        wanted, today = await self.work.read(needed)
        answers: dict[Pair, Rate | TokolibError] = {}
        for base, quote, kind in wanted:
            try:
                answers[base, quote, kind] = await resolved(source.rate(base, quote, today, kind))
            except (RateNotFound, UnknownCurrency, OutsideError) as error:
                answers[base, quote, kind] = error

        async def step(unit: Unit) -> RatesRenewed:
            return await steps.renew(unit, answers)

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
        """Prices that hold in a list now, by SKU, withdrawn ones included; at most `Limits.page` at a time.

        Those that follow from another list aren't in it, nor those that are only scheduled.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Price]:
            place = await steps.place_of(unit, _named(list))
            size = await unit.page_size(limit)
            found = await unit[PRICES].where("by_list", equals={"list_id": place}, after=after, limit=size)
            rows = (each.at(unit.now) for each in found.items)
            return Page(tuple([row for row in rows if row is not None]), found.after)

        return await self.work.read(step)


def _named(price_list: ListName) -> str | None:
    return price_list.id if isinstance(price_list, PriceList) else price_list


def _put_chunk(chunk: Mapping[str, Money | UnitPrice], named: str | None) -> steps.Step[int]:
    async def step(unit: Unit) -> int:
        return await steps.keep_prices(unit, chunk, named)

    return step


def _derivation(
    parent: str | None, percent: Decimal, rate: Rate | None, ending: Ending | None, rate_days: int | None
) -> Derivation | None:
    """How a list follows from its parent.

    Raises:
        InvalidInput: there is no parent to change, convert or round the prices of.
    """
    if parent is not None:
        return Derivation(steps.as_list_id(parent), percent, rate, ending, rate_days)
    given = {"percent": percent, "rate": rate, "ending": ending, "rate_days": rate_days}
    wanted = "is about the prices of another list: name the parent"
    refuse([Fault(name, "pricing.no_parent", wanted, str(value)) for name, value in given.items() if value])
    return None


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
