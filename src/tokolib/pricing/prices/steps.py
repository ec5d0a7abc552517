"""Prices on an open unit: what choosing a price needs is read in two reads; prices and lists are kept."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeVar

from tokolib.catalog.sku import key as sku_key
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.money import Money, UnitPrice
from tokolib.kernel.unit import Unit, every
from tokolib.pricing.prices.decide import Quantities, list_id, price_id, put_list, put_price
from tokolib.pricing.prices.events import PriceListPut
from tokolib.pricing.prices.model import Price, PriceList
from tokolib.pricing.prices.ports import PRICE_LISTS, PRICES
from tokolib.pricing.prices.select import PriceBook

A = TypeVar("A")

Step = Callable[[Unit], Awaitable[A]]


async def book(unit: Unit, keys: Iterable[str], currency: str | None = None) -> PriceBook:
    """All running lists of a currency (the shop's unless told), with their prices for SKU *keys*: two reads."""
    code = currency or (await unit.settings()).currency
    lists = await every(unit[PRICE_LISTS], "by_currency", {"currency": code, "active": 1})
    wanted = sorted({sku_key(key) for key in keys})
    ids = [price_id(each.id, key) for each in lists for key in wanted]
    prices = await unit[PRICES].get_many(ids) if ids else {}
    return PriceBook(lists, tuple(prices[id] for id in ids if id in prices))


def default_list(unit: Unit, currency: str, held: PriceList | None) -> PriceList:
    """The list that prices go to when none is named: one for each currency, made on first use.

    Raises:
        InvalidInput: it was stopped, so that its prices would count nowhere.
    """
    if held is not None and not held.active:
        wanted = f"list {held.code} was stopped; put_list({held.code!r}) lets it run again, or name a list"
        raise InvalidInput((Fault("list", "pricing.stopped", wanted, held.code),))
    if held is not None:
        return held
    code = currency.lower()
    return unit[PRICE_LISTS].record(None, PriceListPut(list_id(code), code, currency, currency))


async def list_for(unit: Unit, named: str | None, currency: str) -> PriceList:
    """The price list by id or code; without a name, the default list of *currency*.

    Raises:
        NotFound: there is no such list.
        InvalidInput: the default list was stopped.
    """
    if named is None:
        return default_list(unit, currency, await unit[PRICE_LISTS].find(list_id(currency.lower())))
    return await unit[PRICE_LISTS].get(as_list_id(named))


def as_list_id(named: str) -> PriceListId:
    """A list's id, from its id or its code."""
    return PriceListId(named) if named.startswith("pls_") else list_id(named.casefold())


async def keep_list(unit: Unit, event: PriceListPut) -> PriceList:
    """Make or change a price list."""
    held = await unit[PRICE_LISTS].find(event.id)
    events = put_list(held, event)
    return held if held is not None and not events else unit[PRICE_LISTS].record(held, *events)


async def keep_price(
    unit: Unit,
    price_list: PriceList,
    sku: str,
    price: Money | UnitPrice,
    *,
    tiers: Quantities,
    compare_at: Money | UnitPrice | None = None,
) -> Price:
    """Give a SKU its price in a list; the same again changes nothing."""
    held = await unit[PRICES].find(price_id(price_list.id, sku_key(sku)))
    events = put_price(held, price_list.id, price_list.currency, sku, price, tiers, compare_at)
    return held if held is not None and not events else unit[PRICES].record(held, *events)


async def keep_prices(unit: Unit, prices: Mapping[str, Money | UnitPrice], named: str | None) -> int:
    """Give many SKUs their prices, tiers and compare-at prices as they were; how many prices changed."""
    lists = {
        code: await list_for(unit, named, code) for code in sorted({each.currency.code for each in prices.values()})
    }
    places = {sku: price_id(lists[each.currency.code].id, sku_key(sku)) for sku, each in prices.items()}
    held = await unit[PRICES].get_many(sorted(places.values()))
    changed = 0
    for sku, each in prices.items():
        into, before = lists[each.currency.code], held.get(places[sku])
        tiers = {tier.from_quantity: tier.price for tier in before.tiers} if before else {}
        events = put_price(before, into.id, into.currency, sku, each, tiers, before.compare_at if before else None)
        if events:
            unit[PRICES].record(before, *events)
            changed += 1
    return changed
