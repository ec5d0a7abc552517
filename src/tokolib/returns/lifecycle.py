"""The life of a return as a table."""

from typing import Any, Final

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.refinement import entering, moved, refined
from tokolib.kernel.transitions import led, unbegun
from tokolib.returns.errors import IllegalReturnTransition
from tokolib.returns.events import ReturnAccepted, ReturnApproved, ReturnRefined, ReturnRejected, ReturnRequested
from tokolib.returns.model import Return, ReturnState

S = ReturnState
_REFINED: Final = (refined("return"),)
_ENTAILED: Final = ("returns.undelivered", "exchanges.complete", "claims.approve")
_CLOSED_WITH: Final = ("exchanges.reject", "exchanges.cancel", "claims.reject", "claims.withdraw", "tick")
"""What closes a return that is a part of it."""

RETURN: Final = Machine(
    name="return",
    about="Units of one order that come back.",
    states={
        S.REQUESTED: "the customer wants to send units back, or has brought them; nothing has moved",
        S.ACCEPTED: "the units are here and credited; the money's way is told by the order's payments",
        S.REJECTED: "the shop does not take them back; the customer may ask again",
    },
    begins={ReturnRequested: (S.REQUESTED,)},
    begun_by=(
        "returns.request",
        "returns.accept",
        "returns.undelivered",
        "exchanges.request",
        "claims.open",
        "claims.approve",
    ),
    edges={
        S.REQUESTED: {
            ReturnAccepted: Edge(S.ACCEPTED, ("returns.accept",), entailed_by=_ENTAILED),
            ReturnApproved: Edge(S.REQUESTED, ("returns.approve",), entailed_by=("claims.approve",)),
            ReturnRejected: Edge(S.REJECTED, ("returns.reject",), entailed_by=_CLOSED_WITH),
            ReturnRefined: Edge(S.REQUESTED, ("returns.refine",), _REFINED),
        },
        S.ACCEPTED: {
            ReturnRefined: Edge(S.ACCEPTED, ("returns.refine",), _REFINED),
        },
        S.REJECTED: {
            ReturnRefined: Edge(S.REJECTED, ("returns.refine",), _REFINED),
        },
    },
    ends=frozenset({S.ACCEPTED, S.REJECTED}),
)
"""The life of a return."""


def check(goods: Return, kind: type[Event]) -> None:
    """Pass when the return's state allows an event of this kind, and every guard of its edge holds.

    Raises:
        IllegalReturnTransition: the state doesn't. The refusal of a guard: it doesn't hold. Nothing was changed.
    """
    _target(goods, kind)
    RETURN.require(goods.state, kind, goods)


def _target(goods: Return, kind: type[Event]) -> ReturnState:
    return led(RETURN, IllegalReturnTransition, goods, goods.state, kind)


def evolve(state: Return | None, event: Event) -> Return:
    """The return after *event*.

    Raises:
        IllegalReturnTransition: the table does not allow it. IllegalSubState: the shop's own table doesn't.
    """
    if state is None and isinstance(event, ReturnRequested):
        return event.goods
    if state is None:
        raise unbegun(RETURN, IllegalReturnTransition, type(event))
    target = _target(state, type(event))
    changes = entering(RETURN.name, state, target) | _changes(state, event)
    return changed(state, version=state.version + 1, **changes)


def _changes(goods: Return, event: Event) -> dict[str, Any]:
    """The fields of *goods* that *event* changes, beside its state."""
    match event:
        case ReturnAccepted(at=at, lines=lines, refund=refund):
            return {"accepted_at": at, "lines": lines, "refund": refund}
        case ReturnApproved(approval=approval):
            return {"approval": approval}
        case ReturnRejected(note=note):
            return {"note": note}
        case ReturnRefined(sub_state=sub_state):
            return {"sub_state": moved(RETURN.name, goods, sub_state)}
        case _:
            return {}
