"""How events make a filing."""

from tokolib.documents.filing.events import (
    FilingLeased,
    FilingObserved,
    FilingOpened,
    FilingPresumed,
    FilingRequested,
    FilingUnasked,
    NoteFiled,
)
from tokolib.documents.filing.model import TaxFiling
from tokolib.effects import lifecycle as effects
from tokolib.effects.model import Operation
from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event


def evolve_filing(state: TaxFiling | None, event: Event) -> TaxFiling:
    """The filing after *event*."""
    if state is None:
        if isinstance(event, FilingOpened):
            return TaxFiling(
                id=event.filing_id,
                version=1,
                order_id=event.order_id,
                document_id=event.document_id,
                provider=event.provider,
                document=event.document,
                opened_at=event.at,
                void_within=event.void_within,
                no_refunds=event.no_refunds,
            )
        raise TypeError(f"a filing begins with FilingOpened, not {type(event).__name__}")
    return changed(_after(state, event), version=state.version + 1)


def _after(state: TaxFiling, event: Event) -> TaxFiling:
    match event:
        case NoteFiled(note=note):
            return changed(state, notes=(*state.notes, note))
        case FilingRequested(operation=operation):
            return changed(state, operations=(*state.operations, operation))
        case FilingLeased(operation_id=id):
            known = _operation(state, id)
            leased = effects.leased(
                known, at=event.at, lease_until=event.lease_until, next_at=event.next_at, send=event.send
            )
            return _with(state, leased)
        case FilingUnasked(operation_id=id, at=at):
            return _with(state, effects.unasked(_operation(state, id), at=at))
        case FilingPresumed(operation_id=id, at=at):
            return _with(state, effects.presumed_sent(_operation(state, id), at=at))
        case FilingObserved(operation_id=id, observation=seen, at=at):
            return _with(state, effects.marked(effects.fold(_operation(state, id), seen), at))
        case _:
            raise TypeError(f"filings don't know {type(event).__name__}")


def _operation(state: TaxFiling, id: str) -> Operation:
    if (known := state.operation(id)) is None:
        raise LookupError(f"filing {state.id} has no operation {id}")
    return known


def _with(state: TaxFiling, operation: Operation) -> TaxFiling:
    return changed(state, operations=tuple(operation if each.id == operation.id else each for each in state.operations))
