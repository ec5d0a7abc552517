"""How a shop's payment plan follows from events: the last one counts."""

from tokolib.kernel.events import Event
from tokolib.payments.plans.events import PlanPut
from tokolib.payments.plans.model import PlanOffer


def evolve_plan(state: PlanOffer | None, event: Event) -> PlanOffer:
    """The payment plan after *event*."""
    match event:
        case PlanPut():
            return PlanOffer(event.id, 1 if state is None else state.version + 1, event.terms)
        case _:
            raise TypeError(f"a payment plan doesn't know {type(event).__name__}")
