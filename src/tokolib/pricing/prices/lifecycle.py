"""How events make price lists and prices. Putting makes or changes; stopping can be undone."""

import attrs

from tokolib.kernel.events import Event
from tokolib.pricing.prices.events import PriceListPut, PriceListStopped, PricePut, PriceWithdrawn
from tokolib.pricing.prices.model import Price, PriceList


def evolve_price_list(state: PriceList | None, event: Event) -> PriceList:
    """The price list after *event*."""
    match event:
        case PriceListPut():
            return PriceList(
                event.id,
                _next(state),
                event.code,
                event.name,
                event.currency,
                event.channel,
                event.customer_group,
                event.since,
                event.until,
                event.priority,
                event.conditions,
                event.includes_tax,
            )
        case PriceListStopped() if state is not None:
            return attrs.evolve(state, version=_next(state), active=False)
        case _:
            raise TypeError(f"a price list doesn't know {type(event).__name__} here")


def evolve_price(state: Price | None, event: Event) -> Price:
    """The price after *event*."""
    match event:
        case PricePut():
            return Price(event.id, _next(state), event.list_id, event.key, event.price, event.tiers, event.compare_at)
        case PriceWithdrawn() if state is not None:
            return attrs.evolve(state, version=_next(state), withdrawn=True)
        case _:
            raise TypeError(f"a price doesn't know {type(event).__name__} here")


def _next(state: PriceList | Price | None) -> int:
    return 1 if state is None else state.version + 1
