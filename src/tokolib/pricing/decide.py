"""Commands on price lists, prices, promotions and coupons as decisions: every fault at once, or the events.

Putting the same again decides nothing, so that an import may be repeated.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.sku import spelling
from tokolib.conditions import FACTS, Always, Fact, Predicate, check
from tokolib.kernel.clock import UnknownZone, aware, zone
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shown
from tokolib.kernel.events import Event
from tokolib.kernel.ids import PriceListId, PromotionId
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import LARGEST, Money, UnitPrice, UnknownCurrency, currency
from tokolib.kernel.numbers import NotExact, exact
from tokolib.pricing.codes import LONGEST_CODE, coupon_code
from tokolib.pricing.errors import CouponTaken
from tokolib.pricing.events import CouponPut, PriceListPut, PricePut, PromotionPut
from tokolib.pricing.facts import LINE_FACTS
from tokolib.pricing.model import Coupon, Price, PriceList, Promotion, Scope, Terms, Tier

Amount = Money | UnitPrice
Quantities = Mapping[int, Amount] | Mapping[str, Amount] | Mapping[Decimal, Amount]
Moment = datetime | date | None
LONGEST_NAME: Final = 300
HUNDRED: Final = 100
ID_PREFIXES: Final = ("pls_", "prm_")
"""What ids begin with: a caller may name a list or a promotion by its id or by its code."""


def list_id(code: str) -> PriceListId:
    """The id of the price list *code*."""
    return PriceListId(f"pls_{code}")


def price_id(price_list: PriceListId, key: str) -> str:
    """The id of a SKU's price in a list."""
    return f"prc_{price_list}|{key}"


def promotion_id(code: str) -> PromotionId:
    """The id of the promotion *code*; case doesn't count."""
    return PromotionId(f"prm_{slug(code, 'code')}")


def as_promotion_id(named: str) -> PromotionId:
    """A promotion's id, from its id or its code."""
    return PromotionId(named) if named.startswith("prm_") else promotion_id(named)


def coupon_id(code: str) -> str:
    """The id of the coupon *code*, however it is typed."""
    return f"cpn_{coupon_code(code)}"


def slug(code: str, path: str) -> str:
    """*code* in lower case: 1 to 64 letters, digits, and `-_.`, and not what an id looks like.

    Raises:
        InvalidInput: anything else.
    """
    lowered = code.casefold()
    if not (0 < len(lowered) <= LONGEST_CODE and all(c.isalnum() or c in "-_." for c in lowered)):
        raise InvalidInput((Fault(path, "pricing.code", "must be 1 to 64 letters, digits or -_.", code[:80]),))
    if lowered.startswith(ID_PREFIXES):
        raise InvalidInput((Fault(path, "pricing.code", "must not begin like an id", code[:80]),))
    return lowered


def moment(value: object, zone_name: str, name: str, *, whole_day: bool = False) -> datetime | None:
    """*value*, a `Moment`, as an instant in UTC; a date is its first moment in the zone, or its end with *whole_day*.

    Raises:
        NaiveDatetime: an instant without a zone.
        UnknownZone: no such zone.
        InvalidInput: anything else, text for one: a promotion must not run for ever because its end was unreadable.
    """
    match value:
        case None:
            return None
        case datetime():
            return aware(value, name)
        case date() if date(1900, 1, 1) <= value < date(3000, 1, 1):
            day = value + timedelta(days=1) if whole_day else value
            return aware(datetime.combine(day, time.min, zone(zone_name)), name)
        case _:
            wanted = "must be an aware datetime, or a date from 1900 to 2999, which begins in the shop's zone"
            raise InvalidInput((Fault(name, "not_a_moment", wanted, shown(value)),))


def put_list(state: PriceList | None, event: PriceListPut) -> tuple[Event, ...]:
    """Make or change a price list; its currency never changes, since its prices are in it.

    Raises:
        InvalidInput: no name, a channel or group that no cart can have, another currency, dates the wrong way round.
    """
    faults = [*_name_faults(event.name), *_window_faults(event.since, event.until), *_priority_faults(event.priority)]
    faults.extend([*line_faults("channel", event.channel), *line_faults("customer_group", event.customer_group)])
    faults.extend(_predicate_faults("conditions", event.conditions, FACTS))
    faults.extend(_currency_faults(event.currency))
    if state is not None and state.currency != event.currency:
        faults.append(Fault("currency", "pricing.changed", f"list {state.code} is in {state.currency}", event.currency))
    refuse(faults)
    if state is not None and state.active and _fields(state) == _fields(event):
        return ()
    return (event,)


def _currency_faults(code: str) -> Iterator[Fault]:
    try:
        currency(code)
    except UnknownCurrency as error:
        yield Fault("currency", "pricing.unknown", str(error), code[:40])


def _fields(value: PriceList | PriceListPut) -> tuple[object, ...]:
    return tuple(getattr(value, field.name) for field in attrs.fields(PriceListPut))


def put_price(
    state: Price | None,
    price_list: PriceListId,
    code: str,
    sku: str,
    price: Money | UnitPrice,
    tiers: Quantities,
    compare_at: Money | UnitPrice | None,
) -> tuple[Event, ...]:
    """Give a SKU its price in a list.

    Raises:
        InvalidSku: *sku* can't name anything.
        InvalidInput: an amount of another currency, a negative one, a tier whose quantity is not above zero, or
            two from the same quantity.
    """
    key = sku_key(spelling(sku))
    faults = [*_amount_faults(price, code, "price")]
    if compare_at is not None:
        faults += _amount_faults(compare_at, code, "compare_at")
    for quantity, each in tiers.items():
        faults += _tier_faults(quantity, each, code)
    refuse(faults)
    rows = [Tier(exact(quantity, "quantity"), UnitPrice.of(each)) for quantity, each in tiers.items()]
    refuse([*_repeated(rows)])
    event = PricePut(
        price_id(price_list, key),
        price_list,
        key,
        UnitPrice.of(price),
        tuple(sorted(rows, key=lambda tier: tier.from_quantity)),
        None if compare_at is None else UnitPrice.of(compare_at),
    )
    if state is None or state.withdrawn:
        return (event,)
    same = (state.price, state.tiers, state.compare_at) == (event.price, event.tiers, event.compare_at)
    return () if same else (event,)


def price_faults(prices: Mapping[str, Money | UnitPrice]) -> list[Fault]:
    """Every SKU that can't name anything or comes twice, and every negative price."""
    faults: list[Fault] = []
    seen: set[str] = set()
    for sku, price in prices.items():
        path = f"prices[{sku[:80]}]"
        faults += _amount_faults(price, price.currency.code, path)
        try:
            key = sku_key(spelling(sku))
        except TokolibError as error:
            faults.append(Fault(path, error.code, str(error), sku[:80]))
            continue
        if key in seen:
            faults.append(Fault(path, "pricing.repeated", "names the same SKU as another row", sku))
        seen.add(key)
    return faults


def _amount_faults(value: Amount, code: str, path: str) -> Iterator[Fault]:
    if value.currency.code != code:
        yield Fault(path, "pricing.currency", f"must be in {code}", str(value))
    if isinstance(value, Money) and value.minor_units < 0:
        yield Fault(path, "pricing.negative", "a price is never negative", str(value))


def _tier_faults(quantity: int | str | Decimal, price: Amount, code: str) -> Iterator[Fault]:
    path = f"tiers[{shown(quantity, str)}]"
    yield from _amount_faults(price, code, path)
    try:
        if exact(quantity, "quantity") <= 0:
            yield Fault(path, "pricing.not_positive", "a tier starts above zero", str(quantity))
    except NotExact as error:
        yield Fault(path, "pricing.not_exact", str(error), shown(quantity))


def _repeated(tiers: Sequence[Tier]) -> Iterator[Fault]:
    seen: set[Decimal] = set()
    for tier in tiers:
        if tier.from_quantity in seen:
            path = f"tiers[{tier.from_quantity}]"
            yield Fault(path, "pricing.repeated", "another tier starts at this quantity", str(tier.from_quantity))
        seen.add(tier.from_quantity)


def put_promotion(state: Promotion | None, id: PromotionId, terms: Terms) -> tuple[Event, ...]:
    """Make a promotion, change its terms, or let it run again.

    Raises:
        InvalidInput: every fault of *terms*, with its path.
    """
    refuse([*term_faults(terms)])
    same = state is not None and state.active and state.terms == terms
    return () if same else (PromotionPut(id, terms),)


def term_faults(terms: Terms) -> Iterator[Fault]:
    """Everything that is wrong with *terms*."""
    yield from _name_faults(terms.name)
    yield from _value_faults(terms)
    yield from _limit_faults(terms.usage_limit, terms.per_customer)
    yield from _priority_faults(terms.priority)
    yield from _window_faults(terms.since, terms.until)
    if terms.scope is Scope.SHIPPING and not isinstance(terms.target, Always):
        yield Fault("target", "pricing.no_lines", "a shipping promotion has no lines to target; use conditions", "")
    yield from _predicate_faults("conditions", terms.conditions, FACTS)
    yield from _predicate_faults("target", terms.target, LINE_FACTS)
    try:
        zone(terms.zone)
    except UnknownZone as error:
        yield Fault("zone", "pricing.unknown", str(error), terms.zone)


def _predicate_faults(path: str, predicate: Predicate, vocabulary: Mapping[str, Fact]) -> Iterator[Fault]:
    for fault in check(predicate, vocabulary):
        yield attrs.evolve(fault, path=f"{path}.{fault.path}".rstrip("."))


def _value_faults(terms: Terms) -> Iterator[Fault]:
    if (terms.percent is None) == (terms.amount is None):
        yield Fault("percent", "pricing.one_of", "give either a percentage or an amount", "")
    if terms.percent is not None and not 0 < terms.percent <= HUNDRED:
        yield Fault("percent", "pricing.range", "must be above 0 and at most 100", str(terms.percent))
    for path, money in (("amount", terms.amount), ("cap", terms.cap)):
        if money is None:
            continue
        if money.minor_units <= 0:
            yield Fault(path, "pricing.not_positive", "must be more than zero", str(money))
        if money.currency.code != terms.currency:
            yield Fault(path, "pricing.currency", f"must be in {terms.currency or 'one currency'}", str(money))


def _limit_faults(usage_limit: int | None, per_customer: int | None) -> Iterator[Fault]:
    for path, limit in (("usage_limit", usage_limit), ("per_customer", per_customer)):
        if limit is not None and (type(limit) is not int or not 0 < limit <= LARGEST):
            wanted = "must be a whole number from 1 to 10^15, or None for no limit"
            yield Fault(path, "pricing.not_positive", wanted, shown(limit))


def _priority_faults(priority: int) -> Iterator[Fault]:
    if type(priority) is not int or abs(priority) > LARGEST:
        yield Fault("priority", "pricing.not_whole", "must be a whole number within 10^15", shown(priority))


def _window_faults(since: datetime | None, until: datetime | None) -> Iterator[Fault]:
    for path, instant in (("since", since), ("until", until)):
        if instant is not None and instant.utcoffset() is None:
            yield Fault(path, "pricing.naive", "has no time zone", str(instant))
            return
    if since is not None and until is not None and since >= until:
        yield Fault("until", "pricing.order", "must be after since", until.isoformat())


def _name_faults(name: str) -> Iterator[Fault]:
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        yield Fault("name", "pricing.length", f"must have 1 to {LONGEST_NAME} printable characters", repr(name[:80]))


def check_takes_coupons(promotion: Promotion) -> None:
    """Pass for a promotion that needs a coupon.

    Raises:
        InvalidInput: it applies by itself, so its codes would be unknown to every cart.
    """
    if not promotion.terms.by_coupon:
        wanted = "applies by itself; put it again with coupon=... before giving it more"
        raise InvalidInput((Fault("promotion", "pricing.automatic", wanted, promotion.id),))


def put_coupon(state: Coupon | None, event: CouponPut) -> tuple[Event, ...]:
    """Give a code to a promotion, or change its limits. *event* has the code normalised.

    Raises:
        InvalidInput: an empty or overlong code, or one with a colon; limits or dates that can't be.
        CouponTaken: the code stands for another promotion.
    """
    faults = [*_limit_faults(event.usage_limit, event.per_customer), *_window_faults(event.since, event.until)]
    if not 0 < len(event.code) <= LONGEST_CODE or ":" in event.code or not event.code.isprintable():
        faults.append(
            Fault("coupon", "pricing.code", "must be 1 to 64 visible characters, none of them a colon", event.code)
        )
    refuse(faults)
    if state is not None and state.promotion_id != event.promotion_id:
        raise CouponTaken(state.code, state.promotion_id)
    if state is None or not state.active:
        return (event,)
    terms = (event.usage_limit, event.per_customer, event.since, event.until)
    return () if terms == (state.usage_limit, state.per_customer, state.since, state.until) else (event,)


def refuse(faults: list[Fault]) -> None:
    """Pass, or name every fault.

    Raises:
        InvalidInput: there is at least one.
    """
    if faults:
        raise InvalidInput(tuple(faults))
