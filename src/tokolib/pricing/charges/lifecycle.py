"""How events make charge rules. Putting makes or changes; stopping can be undone."""

import attrs

from tokolib.kernel.events import Event
from tokolib.pricing.charges.events import ChargePut, ChargeStopped
from tokolib.pricing.charges.model import ChargeRule


def evolve_charge(state: ChargeRule | None, event: Event) -> ChargeRule:
    """The charge rule after *event*."""
    match event:
        case ChargePut():
            return ChargeRule(event.id, 1 if state is None else state.version + 1, event.terms)
        case ChargeStopped() if state is not None:
            return attrs.evolve(state, version=state.version + 1, active=False)
        case _:
            raise TypeError(f"a charge rule doesn't know {type(event).__name__} here")
