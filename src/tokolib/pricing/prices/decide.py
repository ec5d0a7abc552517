"""Commands on price lists and prices as decisions: every fault at once, or the events.

Putting the same again decides nothing, so that an import may be repeated.
"""

from datetime import datetime
from typing import Any, Final

import attrs

from tokolib.catalog.naming import GOODS_KEYS
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.sku import spelling
from tokolib.conditions.putting import rule_faults, spelt
from tokolib.conditions.vocabularies import OF_LISTS
from tokolib.kernel.clock import LATEST
from tokolib.kernel.errors import Fault
from tokolib.kernel.events import Event
from tokolib.kernel.ids import PriceListId
from tokolib.kernel.lines import line_faults
from tokolib.kernel.numbers import exact
from tokolib.kernel.settings import Settings
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.faults import name_faults, priority_faults, refuse, window_faults
from tokolib.pricing.model import TierMode
from tokolib.pricing.prices.events import PriceListPut, PricePut, PriceWithdrawn
from tokolib.pricing.prices.faults import (
    Amount,
    Quantities,
    amount_faults,
    country_faults,
    derivation_faults,
    row_faults,
    tier_faults,
)
from tokolib.pricing.prices.history import pieces
from tokolib.pricing.prices.model import Price, PriceList, PriceSchedule, Tier, TiersOver

AHEAD: Final = 200
"""How many rows of a SKU in a list may still matter; a season's schedule is a price list with dates."""


def list_id(code: str) -> PriceListId:
    """The id of the price list *code*."""
    return PriceListId(f"pls_{code}")


def price_id(price_list: PriceListId, key: str) -> str:
    """The id of a SKU's prices in a list."""
    return f"prc_{price_list}|{key}"


def put_list(
    state: PriceList | None, event: PriceListPut, settings: Settings, parent: PriceList | None = None
) -> tuple[Event, ...]:
    """Make or change a price list; its currency never changes, since its prices are in it.

    Raises:
        InvalidInput: no name, a channel, group or country that no cart can have, another currency, or one that the
            shop doesn't sell in, dates the wrong way round, a derivation that can't be worked out.
    """
    event = attrs.evolve(event, conditions=spelt(event.conditions, GOODS_KEYS))
    faults = [*name_faults(event.name), *window_faults(event.since, event.until), *priority_faults(event.priority)]
    faults.extend([*line_faults("channel", event.channel), *line_faults("customer_group", event.customer_group)])
    faults.extend(country_faults(event.countries))
    faults.extend(rule_faults("conditions", event.conditions, OF_LISTS))
    faults.extend(settings.currency_faults("currency", event.currency))
    if state is not None and state.currency != event.currency:
        faults.append(Fault("currency", "pricing.changed", f"list {state.code} is in {state.currency}", event.currency))
    if event.derived is not None:
        faults.extend(derivation_faults(event.derived, event.currency, None if parent is None else parent.currency))
    refuse(faults)
    same = state is not None and state.active and PriceListPut.of(state) == event
    return () if same else (event,)


@attrs.frozen(kw_only=True)
class Wanted:
    """What a SKU shall cost in a list, as a caller says it."""

    sku: str
    price: Amount
    tiers: Quantities = attrs.field(factory=dict)
    tier_mode: TierMode = TierMode.VOLUME
    tiers_over: TiersOver = TiersOver.SKU
    compare_at: Amount | None = None
    minimum: Amount | None = None
    cost: Amount | None = None
    since: datetime | None = None
    """None: from its recording on."""
    until: datetime | None = None

    @classmethod
    def again(cls, sku: str, price: Amount, held: Price | None) -> "Wanted":
        """Another price, and all else as *held* says."""
        if held is None:
            return cls(sku=sku, price=price)
        return cls(
            sku=sku,
            price=price,
            tiers={tier.from_quantity: tier.price for tier in held.tiers},
            tier_mode=held.tier_mode,
            tiers_over=held.tiers_over,
            compare_at=held.compare_at,
            minimum=held.minimum,
            cost=held.cost,
        )


def put_price(
    state: PriceSchedule | None, price_list: PriceListId, code: str, wanted: Wanted, now: datetime
) -> tuple[Event, ...]:
    """Give a SKU its price in a list, for the time that is wanted.

    Raises:
        InvalidSku: it can't name anything.
        InvalidInput: an amount of another currency, a negative one, one below the minimum; a tier whose quantity is
            not above zero, or two from the same quantity; dates the wrong way round; too many rows ahead.
    """
    key = sku_key(spelling(wanted.sku))
    recorded_at = _recorded_at(state, now)
    since = wanted.since or recorded_at
    faults = [*amount_faults(wanted.price, code, "price"), *amount_faults(wanted.compare_at, code, "compare_at")]
    faults += [*amount_faults(wanted.minimum, code, "minimum"), *amount_faults(wanted.cost, code, "cost")]
    faults += [*tier_faults(wanted.tiers, code), *window_faults(since, wanted.until)]
    refuse(faults)
    tiers = [Tier(exact(quantity, "quantity"), UnitPrice.of(each)) for quantity, each in wanted.tiers.items()]
    price, minimum = UnitPrice.of(wanted.price), _finer(wanted.minimum)
    refuse([*row_faults(price, tiers, minimum), *_room(state)])
    row = Price(
        price_id(price_list, key),
        1 if state is None else state.version + 1,
        price_list,
        key,
        price,
        tuple(sorted(tiers, key=lambda tier: tier.from_quantity)),
        _finer(wanted.compare_at),
        tier_mode=wanted.tier_mode,
        tiers_over=wanted.tiers_over,
        minimum=minimum,
        cost=_finer(wanted.cost),
        since=since,
        until=wanted.until,
        recorded_at=recorded_at,
    )
    return () if _says(state, row, started=wanted.since is None) else (PricePut(row.id, row),)


def withdraw_price(
    state: PriceSchedule, since: datetime | None, until: datetime | None, now: datetime
) -> tuple[Event, ...]:
    """Let a SKU have no price in a list for a time.

    Raises:
        InvalidInput: dates the wrong way round; too many rows ahead.
    """
    recorded_at = _recorded_at(state, now)
    starts = since or recorded_at
    refuse([*window_faults(starts, until), *_room(state)])
    if since is None and all(piece.row.withdrawn for piece in pieces(state.rows, starts, until or LATEST)):
        return ()
    row = attrs.evolve(
        state.at(starts) or state.rows[-1],
        version=state.version + 1,
        withdrawn=True,
        since=starts,
        until=until,
        recorded_at=recorded_at,
    )
    return () if since is not None and _says(state, row, started=False) else (PriceWithdrawn(row.id, row),)


def _finer(amount: Amount | None) -> UnitPrice | None:
    return None if amount is None else UnitPrice.of(amount)


def _recorded_at(state: PriceSchedule | None, now: datetime) -> datetime:
    """No row is recorded before an earlier one: a clock that is behind takes that one's instant."""
    return now if state is None else max(now, state.recorded_at)


def _room(state: PriceSchedule | None) -> list[Fault]:
    if state is None or len(state.rows) < AHEAD:
        return []
    wanted = f"at most {AHEAD} rows of a SKU may still matter; a list with dates holds a season's prices"
    return [Fault("since", "pricing.too_many", wanted, str(len(state.rows)))]


def _says(state: PriceSchedule | None, row: Price, *, started: bool) -> bool:
    """Whether the row that holds where *row* begins says the same already, as far as is known now.

    Where *started*, one that began before does too. What is scheduled for later is left as it is.
    """
    if state is None:
        return False
    if started:
        held = state.at(row.since)
        return held is not None and held.until == row.until and _said(held) == _said(row)
    held = next((each for each in reversed(state.rows) if each.holds(row.since)), None)
    return held is not None and (held.since, held.until) == (row.since, row.until) and _said(held) == _said(row)


def _said(row: Price) -> tuple[Any, ...]:
    if row.withdrawn:
        return (True,)
    return (False, row.price, row.tiers, row.compare_at, row.tier_mode, row.tiers_over, row.minimum, row.cost)
