"""How events make charge rules. Putting makes or changes; stopping can be undone."""

from typing import Final

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.rules import rule, runs
from tokolib.pricing.charges.events import ChargePut, ChargeStopped
from tokolib.pricing.charges.model import ChargeRule

CHARGE_RULE: Final = rule(
    "charge_rule",
    "A fee that is asked for by rule.",
    put=ChargePut,
    stop=ChargeStopped,
    put_by=("charges.fixed", "charges.percent", "charges.as_courier", "charges.put"),
    stopped_by="charges.stop",
)


def evolve_charge(state: ChargeRule | None, event: Event) -> ChargeRule:
    """The charge rule after *event*."""
    match event:
        case ChargePut():
            version = 1 if state is None else state.version + 1
            return ChargeRule(event.id, version, event.terms, runs(CHARGE_RULE, state, ChargePut))
        case ChargeStopped() if state is not None:
            return attrs.evolve(state, version=state.version + 1, active=runs(CHARGE_RULE, state, ChargeStopped))
        case _:
            raise TypeError(f"a charge rule doesn't know {type(event).__name__} here")
