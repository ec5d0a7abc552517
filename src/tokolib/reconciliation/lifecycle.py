"""How a stored row follows from events.

A row begins posted or in review. What is in review is looked at again whenever the row is delivered again, and may be
posted then; or a person books it apart. What is in the ledger stays there.
"""

from collections.abc import Mapping
from typing import Final

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.reconciliation.events import SettlementBookedApart, SettlementPosted, SettlementSetAside
from tokolib.reconciliation.model import Settlement, Standing

TRANSITIONS: Final[Mapping[Standing | None, Mapping[type[Event], Standing]]] = {
    None: {SettlementPosted: Standing.POSTED, SettlementSetAside: Standing.REVIEW},
    Standing.REVIEW: {
        SettlementPosted: Standing.POSTED,
        SettlementSetAside: Standing.REVIEW,
        SettlementBookedApart: Standing.APART,
    },
    Standing.POSTED: {},
    Standing.APART: {},
}


def evolve(state: Settlement | None, event: Event) -> Settlement:
    """The stored row after *event*.

    Raises:
        TypeError: nothing of the kind happens to a row that stands so.
    """
    standing = TRANSITIONS[state.standing if state is not None else None].get(type(event))
    if standing is None:
        raise TypeError(f"a settlement that is {state.standing if state else 'new'} knows no {type(event).__name__}")
    match event:
        case SettlementPosted():
            made = _told(state, event, standing)
            return changed(made, why="", operation_id=event.operation_id, clearing=event.clearing)
        case SettlementSetAside():
            return changed(_told(state, event, standing), why=event.reason)
        case SettlementBookedApart() if state is not None:
            why = {"why": event.reason, "clearing": event.clearing}
            return changed(state, version=state.version + 1, standing=standing, **why)
        case _:
            raise TypeError(f"settlements don't know {type(event).__name__}")


def _told(state: Settlement | None, event: SettlementPosted | SettlementSetAside, standing: Standing) -> Settlement:
    return Settlement(
        id=event.settlement_id,
        version=1 if state is None else state.version + 1,
        row=event.row,
        standing=standing,
        why="",
        taken_at=event.at if state is None else state.taken_at,
        order_id=event.order_id,
        operation_id=None,
        clearing="",
    )
