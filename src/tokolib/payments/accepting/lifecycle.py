"""How a shop's word on a tender follows from events: the last one counts."""

from tokolib.kernel.events import Event
from tokolib.payments.accepting.events import TenderPut
from tokolib.payments.accepting.model import TenderPolicy


def evolve_tender(state: TenderPolicy | None, event: Event) -> TenderPolicy:
    """The shop's word on a tender after *event*."""
    match event:
        case TenderPut():
            return TenderPolicy(event.id, 1 if state is None else state.version + 1, event.terms)
        case _:
            raise TypeError(f"the policy of a tender doesn't know {type(event).__name__}")
