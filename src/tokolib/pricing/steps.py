"""Pricing on an open unit: what pricing needs is read in a few reads, and uses are reserved with the order."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from tokolib.catalog.sku import key as sku_key
from tokolib.kernel.asks import Value
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import PriceListId, PromotionId
from tokolib.kernel.money import Money, UnitPrice
from tokolib.kernel.rows import Entry, Page
from tokolib.kernel.unit import Unit, every
from tokolib.pricing.decide import (
    Quantities,
    coupon_id,
    list_id,
    price_id,
    put_coupon,
    put_list,
    put_price,
    put_promotion,
)
from tokolib.pricing.eligible import Offers
from tokolib.pricing.errors import CouponExhausted, CouponNeedsCustomer
from tokolib.pricing.events import CouponPut, PriceListPut
from tokolib.pricing.model import Coupon, CouponUse, Price, PriceList, Promotion, Terms
from tokolib.pricing.ports import COUPONS, PRICE_LISTS, PRICES, PROMOTIONS
from tokolib.pricing.select import PriceBook
from tokolib.pricing.uses import COUNTED, LEDGER, NOTED, Claim, claims, code_counter, limited, promotion_counter, use_of

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


async def running_promotions(unit: Unit, coupons: Sequence[str], customer: str = "") -> Offers:
    """Every promotion that runs by itself, those of *coupons*, and how often the limited ones were used.

    *customer* is the name under which limits per customer are counted: the customer's id, as in `facts`.
    """
    offers = await running(unit, coupons)
    names = counters_of(offers, customer)
    counts = await unit.read(*map(Value, names))
    return offers.counted(zip(names, counts, strict=True))


async def running(unit: Unit, coupons: Sequence[str]) -> Offers:
    """Every promotion that runs by itself, and those of *coupons*; how often they were used isn't told yet."""
    automatic = await every(unit[PROMOTIONS], "running", {"active": 1, "by_coupon": 0})
    known: dict[str, Coupon] = {}
    if ids := sorted({coupon_id(code) for code in coupons}):
        known = await unit[COUPONS].get_many(ids)
    given: dict[str, Promotion] = {}
    if wanted := sorted({coupon.promotion_id for coupon in known.values()}):
        given = await unit[PROMOTIONS].get_many(wanted)
    promotions = (*automatic, *(each for each in given.values() if each.terms.by_coupon))
    return Offers(promotions, tuple(known[id] for id in sorted(known)))


def counters_of(offers: Offers, customer: str) -> list[str]:
    """The counters that tell how often the limited ones of *offers* were used, in all and by *customer*."""
    return sorted(_counters(offers.promotions, offers.coupons, customer))


def _counters(promotions: Iterable[Promotion], coupons: Iterable[Coupon], customer: str) -> Iterable[str]:
    for each in promotions:
        if each.terms.usage_limit is not None:
            yield promotion_counter(each.id, "")
        if each.terms.per_customer is not None and customer:
            yield promotion_counter(each.id, customer)
    for coupon in coupons:
        if coupon.usage_limit is not None:
            yield code_counter(coupon.code, "")
        if coupon.per_customer is not None and customer:
            yield code_counter(coupon.code, customer)


# Uses


async def with_limits(unit: Unit, uses: Sequence[CouponUse]) -> tuple[CouponUse, ...]:
    """*uses* with the limits that their promotions and coupons have now: a quote is older than its order."""
    promotions = await unit[PROMOTIONS].get_many(sorted({use.promotion_id for use in uses}))
    coupons = await unit[COUPONS].get_many(sorted({coupon_id(use.code) for use in uses if use.code}))
    return tuple(
        use_of(promotions[use.promotion_id], coupons[coupon_id(use.code)] if use.code else None) for use in uses
    )


async def reserve_uses(unit: Unit, uses: Sequence[CouponUse], customer: str, order_id: str) -> None:
    """Reserve what an order uses, once, however often it is asked; the units of racing orders lock in one order.

    Every use becomes an entry of the ledger `uses` that bears the order's id; limited ones also raise their
    counter, which refuses beyond its limit, at commit where two race. What was given back before, by an order
    that expired and is paid late, is reserved anew.

    Raises:
        CouponExhausted: a limit is reached already.
        CouponNeedsCustomer: uses are limited for each customer, and *customer* is empty.
            In both cases nothing was recorded.
    """
    _check_customer(uses, customer)
    past = await _past(unit, order_id)
    wanted = [
        claim for claim in claims(uses, customer) if sum(entry.amount for entry in past.get(claim.account, ())) <= 0
    ]
    accounts = [claim.account for claim in limited(wanted)]
    counts = await unit.read(*map(Value, accounts))
    _check_limits(limited(wanted), dict(zip(accounts, counts, strict=True)))
    _reserve(unit, order_id, [(claim, len(past.get(claim.account, ()))) for claim in wanted])


def check_uses(uses: Sequence[CouponUse], customer: str, counted: Mapping[str, int]) -> None:
    """Pass when *uses* are still to be had, as their counters say; which they are at the commit, the storage says.

    Raises:
        CouponExhausted, CouponNeedsCustomer: they aren't.
    """
    _check_customer(uses, customer)
    _check_limits(limited(claims(uses, customer)), counted)


def take_uses(unit: Unit, uses: Sequence[CouponUse], customer: str, order_id: str) -> None:
    """Reserve what a new order uses, which has just been priced or checked; nothing is read."""
    _reserve(unit, order_id, [(claim, 0) for claim in claims(uses, customer)])


def _check_customer(uses: Sequence[CouponUse], customer: str) -> None:
    for use in uses:
        if not customer and (use.per_customer is not None or use.code_per_customer is not None):
            raise CouponNeedsCustomer(use.code or use.promotion_id)


def _check_limits(wanted: Iterable[Claim], counted: Mapping[str, int]) -> None:
    for claim in wanted:
        if claim.limit is not None and counted[claim.account] >= claim.limit:
            raise exhausted(claim.account, claim.limit)


def _reserve(unit: Unit, order_id: str, wanted: Sequence[tuple[Claim, int]]) -> None:
    """Raise the counters of claims that have limits, and enter every claim as its how-manieth turn."""
    for claim, _ in wanted:
        if claim.limit is not None:
            unit.count(claim.account, 1, floor=0, ceiling=claim.limit)
    if wanted:
        kinds = [NOTED if claim.limit is None else COUNTED for claim, _ in wanted]
        made = zip(wanted, kinds, strict=True)
        unit.post(LEDGER, [_entry(unit, order_id, claim.account, 1, kind, turn) for (claim, turn), kind in made])


async def release_uses(unit: Unit, order_id: str) -> None:
    """Give back what an order has reserved, once, however often it is asked; what it never used stays as it is."""
    past = await _past(unit, order_id)
    for account, entries in sorted(past.items()):
        if sum(entry.amount for entry in entries) <= 0:
            continue
        if entries[-1].kind == COUNTED:
            unit.count(account, -1, floor=0)
        unit.post(LEDGER, [_entry(unit, order_id, account, -1, entries[-1].kind, len(entries))])


async def _past(unit: Unit, order_id: str) -> dict[str, list[Entry]]:
    """The order's entries so far by account, in the order in which they were made."""
    found: dict[str, list[Entry]] = {}
    after: str | None = None
    while True:
        page: Page[Entry] = await resolved(unit.work.ledger(LEDGER, refers_to=order_id, after=after))
        for entry in page.items:
            found.setdefault(entry.account, []).append(entry)
        if (after := page.after) is None:
            return found


def _entry(unit: Unit, order_id: str, account: str, amount: int, kind: str, turn: int) -> Entry:
    """An entry whose id is its meaning and its turn, so that of two racing ones the second is refused."""
    batch = f"{order_id}.uses.{turn:04}"
    return Entry(f"{batch}.{account}", batch, account, amount, "use", kind, order_id, unit.now)


def exhausted(account: str, limit: int) -> CouponExhausted:
    """The error for a counter that has reached its *limit*."""
    _, name, *customer = account.split(":", 2)
    return CouponExhausted(name, limit, bool(customer))


# Price lists, prices, coupons


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


async def keep_promotion(unit: Unit, id: PromotionId, terms: Terms) -> Promotion:
    """Make a promotion, or change its terms."""
    held = await unit[PROMOTIONS].find(id)
    events = put_promotion(held, id, terms)
    return held if held is not None and not events else unit[PROMOTIONS].record(held, *events)


async def keep_coupon(unit: Unit, event: CouponPut) -> Coupon:
    """Give a code to a promotion, or change its limits."""
    held = await unit[COUPONS].find(event.id)
    events = put_coupon(held, event)
    return held if held is not None and not events else unit[COUPONS].record(held, *events)
