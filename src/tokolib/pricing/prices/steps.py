"""Prices on an open unit: what choosing a price needs is read in two reads; prices and lists are kept."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.kernel.errors import Fault, InvalidInput, NotFound
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit import Unit, every
from tokolib.pricing.errors import NoPrice
from tokolib.pricing.faults import refuse
from tokolib.pricing.lost import Why
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.decide import Wanted, list_id, price_id, put_list, put_price
from tokolib.pricing.prices.errors import PriceListCycle
from tokolib.pricing.prices.events import PriceListPut, PriceListStopped
from tokolib.pricing.prices.faults import Amount
from tokolib.pricing.prices.history import KEPT, timeline
from tokolib.pricing.prices.model import Price, PriceList, Shown
from tokolib.pricing.prices.ports import PRICE_LISTS, PRICES
from tokolib.pricing.prices.renewal import Answers, RateNotRenewed, RatesRenewed, RenewedRate, renewal, standing
from tokolib.pricing.prices.select import priceless


async def book(unit: Unit, keys: Iterable[str], currency: str | None = None) -> PriceBook:
    """All running lists of a currency (the shop's unless told), with what SKU *keys* cost in them now: two reads.

    Where lists are derived from others, those come along: one more read for each generation that isn't there yet.
    Lists of the other currencies that the shop sells in are told of, and no more: one more read for each of these.
    """
    settings = await unit.settings()
    code = currency or settings.currency
    lists = await _running(unit, code)
    others = [each for other in settings.sold_in if other != code for each in await _running(unit, other)]
    found = await _stocked(unit, lists, keys)
    return attrs.evolve(found, others=tuple(others)) if others else found


async def _running(unit: Unit, code: str) -> tuple[PriceList, ...]:
    return await every(unit[PRICE_LISTS], "by_currency", {"currency": code, "active": 1})


async def _stocked(unit: Unit, lists: tuple[PriceList, ...], keys: Iterable[str]) -> PriceBook:
    """A book of *lists*, their parents, and the prices of *keys* in all of them."""
    parents = await _parents(unit, lists) if any(each.derived is not None for each in lists) else ()
    wanted = sorted({sku_key(key) for key in keys})
    ids = [price_id(each.id, key) for each in (*lists, *parents) for key in wanted]
    found = await unit[PRICES].get_many(ids) if ids else {}
    now = unit.now
    rows = [row for id in ids if id in found and (row := found[id].at(now)) is not None]
    dated = any(each.derived is not None and each.derived.rate_days is not None for each in (*lists, *parents))
    return PriceBook(lists, tuple(rows), parents, today=await unit.today() if dated else None)


async def _parents(unit: Unit, lists: Iterable[PriceList]) -> tuple[PriceList, ...]:
    """The lists that *lists* are derived from, theirs, and so on, without those that are among *lists*."""
    known = {each.id: each for each in lists}
    found: dict[str, PriceList] = {}
    while missing := {
        each.derived.parent
        for each in (*known.values(), *found.values())
        if each.derived is not None and each.derived.parent not in known and each.derived.parent not in found
    }:
        more = await unit[PRICE_LISTS].get_many(sorted(missing))
        if len(more) < len(missing):
            raise NotFound("price list", min(missing - more.keys()))
        found |= more
    return tuple(found.values())


async def price_now(unit: Unit, place: PriceListId, sku: str) -> Price:
    """What a SKU costs in a list now: by the list's own price, or by the one that follows from its parent's.

    Raises:
        NotFound: it has none there. PriceListCycle: the list is derived from itself.
        NoPrice: it would follow at an exchange rate that is too old.
    """
    key = sku_key(sku)
    held = await unit[PRICES].find(price_id(place, key))
    row = None if held is None else held.at(unit.now)
    if row is None or row.withdrawn:
        into = await unit[PRICE_LISTS].find(place)
        row = None if into is None else _followed(await _stocked(unit, (into,), [key]), into, key)
    if row is None:
        raise NotFound("price", f"{place}|{key}")
    return row


def _followed(prices: PriceBook, into: PriceList, key: str) -> Price | None:
    """The price that follows in *into*.

    Raises:
        NoPrice: at a rate that is too old.
    """
    row = prices.find(into, key)
    if row is None and (lost := priceless(into, prices, key)).why is Why.RATE_TOO_OLD:
        raise NoPrice(into.currency, (key,), (), lost.name, lost.by)
    return row


async def of_late(unit: Unit, place: PriceListId, key: str, span: timedelta) -> list[Shown] | None:
    """What a SKU's schedule says was shown, and will be; None where the answer for *span* lies in the histories."""
    into = await unit[PRICE_LISTS].find(place)
    if span > KEPT or into is None or into.version > 1 or into.derived is not None:
        return None
    held = await unit[PRICES].find(price_id(place, key))
    return [] if held is None else timeline(held)


def _default_list(unit: Unit, currency: str, held: PriceList | None, settings: Settings) -> PriceList:
    """The list that prices go to when none is named: one for each currency, made on first use.

    Raises:
        InvalidInput: it was stopped, or the shop doesn't sell in *currency*, so that its prices would count nowhere.
    """
    if held is not None and not held.active:
        wanted = f"list {held.code} was stopped; put_list({held.code!r}) lets it run again, or name a list"
        raise InvalidInput((Fault("list", "pricing.stopped", wanted, held.code),))
    if held is not None:
        return held
    refuse([*settings.currency_faults("price", currency)])
    code = currency.lower()
    return unit[PRICE_LISTS].record(None, PriceListPut(list_id(code), code, currency, currency))


async def list_for(unit: Unit, named: str | None, currency: str) -> PriceList:
    """The price list by id or code; without a name, the default list of *currency*.

    Raises:
        NotFound: there is no such list.
        InvalidInput: the default list was stopped, or the shop doesn't sell in *currency*.
    """
    if named is None:
        held = await unit[PRICE_LISTS].find(list_id(currency.lower()))
        return _default_list(unit, currency, held, await unit.settings())
    return await unit[PRICE_LISTS].get(as_list_id(named))


def as_list_id(named: str, path: str = "list", none: str = "the default one") -> PriceListId:
    """A list's id, from its id or its code, which was given at *path*, where None says *none*.

    Raises:
        InvalidInput: it is empty.
    """
    if not named:
        raise InvalidInput((Fault(path, "pricing.code", f"must be a list's id or code; None is {none}", ""),))
    return PriceListId(named) if named.startswith("pls_") else list_id(named.casefold())


async def place_of(unit: Unit, named: str | None) -> PriceListId:
    """The id of the list that is named; without a name, of the default list of the shop's currency."""
    return as_list_id(named if named is not None else (await unit.settings()).currency)


async def keep_list(unit: Unit, event: PriceListPut) -> PriceList:
    """Make or change a price list.

    Raises:
        InvalidInput: with every fault. NotFound: its parent isn't there. PriceListCycle: it comes from itself.
    """
    held = await unit[PRICE_LISTS].find(event.id)
    parent = await _parent_of(unit, event)
    events = put_list(held, event, await unit.settings(), parent)
    return held if held is not None and not events else unit[PRICE_LISTS].record(held, *events)


async def places_of(unit: Unit, key: str, currency: str) -> tuple[PriceListId, ...]:
    """The lists of a currency, stopped ones too, in which a SKU may ever have had a price."""
    found = [
        each
        for active in (1, 0)
        for each in await every(unit[PRICE_LISTS], "by_currency", {"currency": currency, "active": active})
    ]
    held = await unit[PRICES].get_many([price_id(each.id, key) for each in found])
    return tuple(each.id for each in found if price_id(each.id, key) in held or each.derived is not None)


async def converting(unit: Unit) -> tuple[PriceList, ...]:
    """All lists that convert by an exchange rate, stopped ones too: others may follow from them."""
    found: list[PriceList] = []
    for code in (await unit.settings()).sold_in:
        for active in (1, 0):
            found += await every(unit[PRICE_LISTS], "by_currency", {"currency": code, "active": active})
    return tuple([each for each in found if standing(each) is not None])


async def renew(unit: Unit, answers: Answers) -> RatesRenewed:
    """The lists that convert, each at the rate that a source has answered, or as it was; stopped ones stay stopped."""
    today = await unit.today()
    renewed: list[RenewedRate] = []
    kept: list[PriceListId] = []
    failed: list[RateNotRenewed] = []
    for each in await converting(unit):
        match renewal(each, answers, today):
            case None:
                kept.append(each.id)
            case RateNotRenewed() as not_renewed:
                failed.append(not_renewed)
            case told, event:
                unit[PRICE_LISTS].record(each, event, *(() if each.active else (PriceListStopped(each.id),)))
                renewed.append(told)
    return RatesRenewed(tuple(renewed), tuple(kept), tuple(failed))


async def _parent_of(unit: Unit, event: PriceListPut) -> PriceList | None:
    """The list that a list shall be derived from, after a look at all that this one comes from."""
    if event.derived is None:
        return None
    line, at = [event.code], event.derived.parent
    parent: PriceList | None = None
    while True:
        if at == event.id:
            raise PriceListCycle((*line, event.code))
        each = await unit[PRICE_LISTS].get(at)
        if each.code in line:
            raise PriceListCycle((*line, each.code))
        parent = parent or each
        if each.derived is None:
            return parent
        line.append(each.code)
        at = each.derived.parent


async def keep_price(unit: Unit, price_list: PriceList, wanted: Wanted) -> Price:
    """Give a SKU its price in a list; the same again changes nothing. Answers the row that says so."""
    held = await unit[PRICES].find(price_id(price_list.id, sku_key(wanted.sku)))
    events = put_price(held, price_list.id, price_list.currency, wanted, unit.now)
    if held is not None and not events:
        at = wanted.since or max(unit.now, held.recorded_at)
        return next((each for each in reversed(held.rows) if each.holds(at)), held.rows[-1])
    return unit[PRICES].record(held, *events).rows[-1]


async def keep_prices(unit: Unit, prices: Mapping[str, Amount], named: str | None) -> int:
    """Give many SKUs their prices, all else as it holds now; how many prices changed."""
    lists = {
        code: await list_for(unit, named, code) for code in sorted({each.currency.code for each in prices.values()})
    }
    places = {sku: price_id(lists[each.currency.code].id, sku_key(sku)) for sku, each in prices.items()}
    held = await unit[PRICES].get_many(sorted(places.values()))
    changed = 0
    for sku, each in prices.items():
        into, before = lists[each.currency.code], held.get(places[sku])
        wanted = Wanted.again(sku, each, None if before is None else before.at(unit.now))
        if events := put_price(before, into.id, into.currency, wanted, unit.now):
            unit[PRICES].record(before, *events)
            changed += 1
    return changed
