"""Commands on price lists and prices as decisions: every fault at once, or the events.

Putting the same again decides nothing, so that an import may be repeated.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.sku import spelling
from tokolib.conditions import FACTS
from tokolib.kernel.errors import Fault, TokolibError, shown
from tokolib.kernel.events import Event
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.lines import line_faults
from tokolib.kernel.money import Money, UnitPrice, UnknownCurrency, currency
from tokolib.kernel.numbers import NotExact, exact
from tokolib.pricing.faults import name_faults, predicate_faults, priority_faults, refuse, window_faults
from tokolib.pricing.prices.events import PriceListPut, PricePut
from tokolib.pricing.prices.model import Price, PriceList, Tier

Amount = Money | UnitPrice

Quantities = Mapping[int, Amount] | Mapping[str, Amount] | Mapping[Decimal, Amount]


def list_id(code: str) -> PriceListId:
    """The id of the price list *code*."""
    return PriceListId(f"pls_{code}")


def price_id(price_list: PriceListId, key: str) -> str:
    """The id of a SKU's price in a list."""
    return f"prc_{price_list}|{key}"


def put_list(state: PriceList | None, event: PriceListPut) -> tuple[Event, ...]:
    """Make or change a price list; its currency never changes, since its prices are in it.

    Raises:
        InvalidInput: no name, a channel or group that no cart can have, another currency, dates the wrong way round.
    """
    faults = [*name_faults(event.name), *window_faults(event.since, event.until), *priority_faults(event.priority)]
    faults.extend([*line_faults("channel", event.channel), *line_faults("customer_group", event.customer_group)])
    faults.extend(predicate_faults("conditions", event.conditions, FACTS))
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
