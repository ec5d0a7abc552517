"""How delivery methods and rate sheets follow from their events."""

from typing import Final

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.rules import rule, runs
from tokolib.shipping.events import MethodPut, MethodWithdrawn, RatesPut
from tokolib.shipping.model import DeliveryMethod, RateSheet, sheet_id

DELIVERY_METHOD: Final = rule(
    "delivery_method",
    "A way to send goods that the shop offers, or has offered.",
    put=MethodPut,
    stop=MethodWithdrawn,
    put_by=("delivery.flat", "delivery.table", "delivery.put"),
    stopped_by="delivery.withdraw",
)


def evolve(state: DeliveryMethod | None, event: Event) -> DeliveryMethod:
    """The delivery method after *event*."""
    match event:
        case MethodPut(method=method, terms=terms):
            version = state.version + 1 if state else 1
            return DeliveryMethod(method, version, terms, runs(DELIVERY_METHOD, state, MethodPut))
        case MethodWithdrawn() if state is not None:
            return attrs.evolve(state, version=state.version + 1, active=runs(DELIVERY_METHOD, state, MethodWithdrawn))
        case _:
            raise TypeError(f"a delivery method doesn't know {type(event).__name__} here")


def evolve_sheet(state: RateSheet | None, event: Event) -> RateSheet:
    """The rate sheet after *event*."""
    match event:
        case RatesPut(method=method, shelf=shelf, rows=rows):
            return RateSheet(sheet_id(method, shelf), state.version + 1 if state else 1, method, shelf, rows)
        case _:
            raise TypeError(f"a rate sheet doesn't know {type(event).__name__}")
