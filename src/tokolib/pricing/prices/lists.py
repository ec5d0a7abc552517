"""The commands on price lists: put, stopped, and the exchange rates that they convert by renewed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from tokolib.conditions import Predicate
from tokolib.conditions.model import ALWAYS
from tokolib.effects.outside import OutsideError
from tokolib.kernel.ctx import permit
from tokolib.kernel.errors import Fault, TokolibError
from tokolib.kernel.hosting import Colour, Service, command, resolved
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.moments import Moment, moment
from tokolib.kernel.money_errors import UnknownCurrency
from tokolib.kernel.numbers import exact
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.pricing.exchange.errors import NoExchangeRates, RateNotFound
from tokolib.pricing.exchange.model import Rate
from tokolib.pricing.exchange.ports import ExchangeRates
from tokolib.pricing.faults import refuse, slug
from tokolib.pricing.prices import steps
from tokolib.pricing.prices.decide import list_id
from tokolib.pricing.prices.events import PriceListPut, PriceListStopped
from tokolib.pricing.prices.model import Derivation, Ending, PriceList
from tokolib.pricing.prices.ports import PRICE_LISTS
from tokolib.pricing.prices.renewal import Pair, RatesRenewed, pairs

ListName = PriceList | PriceListId | str | None
"""A price list, its id or its code; None is the default list of the price's currency."""


@attrs.frozen
class PriceListService(Service[Colour]):
    """Price lists."""

    work: Work
    blocking: bool
    exchange: ExchangeRates | None = None
    """Where exchange rates come from, if the shop has such a source."""

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
        by = _derivation(named(parent), exact(percent, "percent"), rate, ending, rate_days)

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
            held = await unit[PRICE_LISTS].get(steps.as_list_id(named(list) or ""))
            return unit[PRICE_LISTS].record(held, PriceListStopped(held.id)) if held.active else held

        return await self.work.write("prices.put", step)


def named(price_list: ListName) -> str | None:
    """The id or code of a list; None for the default one."""
    return price_list.id if isinstance(price_list, PriceList) else price_list


def _derivation(
    parent: str | None, percent: Decimal, rate: Rate | None, ending: Ending | None, rate_days: int | None
) -> Derivation | None:
    """How a list follows from its parent.

    Raises:
        InvalidInput: there is no parent to change, convert or round the prices of.
    """
    if parent is not None:
        return Derivation(steps.as_list_id(parent, "parent", "for prices of its own"), percent, rate, ending, rate_days)
    given = {"percent": percent, "rate": rate, "ending": ending, "rate_days": rate_days}
    wanted = "is about the prices of another list: name the parent"
    refuse([Fault(name, "pricing.no_parent", wanted, str(value)) for name, value in given.items() if value])
    return None
