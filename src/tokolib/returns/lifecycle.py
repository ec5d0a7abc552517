"""The life of a return as a table."""

from collections.abc import Mapping
from typing import Final

import attrs

from tokolib.kernel.events import Event
from tokolib.returns.errors import ReturnIllegal
from tokolib.returns.events import ReturnAccepted, ReturnRejected, ReturnRequested
from tokolib.returns.model import Return, ReturnState

S = ReturnState

TRANSITIONS: Final[Mapping[ReturnState, Mapping[type[Event], ReturnState]]] = {
    S.REQUESTED: {ReturnAccepted: S.ACCEPTED, ReturnRejected: S.REJECTED},
    S.ACCEPTED: {},  # final: the money's way is told by the order's payments
    S.REJECTED: {},  # final: the customer may ask again
}


def check(goods: Return, kind: type[Event]) -> None:
    """Pass when the return's state allows an event of this kind.

    Raises:
        ReturnIllegal: it doesn't. Nothing was changed.
    """
    if kind not in TRANSITIONS[goods.state]:
        raise ReturnIllegal(goods.id, goods.state, kind.__name__)


def evolve(state: Return | None, event: Event) -> Return:
    """The return after *event*.

    Raises:
        ReturnIllegal: the table does not allow it.
    """
    if state is None and isinstance(event, ReturnRequested):
        return event.goods
    if state is None:
        raise ReturnIllegal("", "", type(event).__name__)
    check(state, type(event))
    moved = attrs.evolve(state, state=TRANSITIONS[state.state][type(event)], version=state.version + 1)
    match event:
        case ReturnAccepted(at=at, lines=lines, refund=refund):
            return attrs.evolve(moved, accepted_at=at, lines=lines, refund=refund)
        case ReturnRejected(note=note):
            return attrs.evolve(moved, note=note)
        case _:
            return moved
