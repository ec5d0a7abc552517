"""How events make price lists and the schedules of prices. Putting makes or changes; stopping can be undone."""

from typing import Final

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.rules import rule, runs
from tokolib.pricing.prices.events import PriceListPut, PriceListStopped, PricePut, PriceWithdrawn
from tokolib.pricing.prices.history import added
from tokolib.pricing.prices.model import PriceList, PriceSchedule

PRICE_LIST: Final = rule(
    "price_list",
    "A set of prices for a channel, a group of customers or a season.",
    put=PriceListPut,
    stop=PriceListStopped,
    put_by=("prices.put_list",),
    stopped_by="prices.stop_list",
)


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
                active=runs(PRICE_LIST, state, PriceListPut),
                countries=event.countries,
                derived=event.derived,
            )
        case PriceListStopped() if state is not None:
            return attrs.evolve(state, version=_next(state), active=runs(PRICE_LIST, state, PriceListStopped))
        case _:
            raise TypeError(f"a price list doesn't know {type(event).__name__} here")


def evolve_price(state: PriceSchedule | None, event: Event) -> PriceSchedule:
    """The schedule after *event*: each records a row."""
    match event:
        case PricePut():
            return added(state, event.row)
        case PriceWithdrawn() if state is not None:
            return added(state, event.row)
        case _:
            raise TypeError(f"a price doesn't know {type(event).__name__} here")


def _next(state: PriceList | None) -> int:
    return 1 if state is None else state.version + 1
