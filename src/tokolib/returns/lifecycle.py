"""The life of a return as a table."""

from datetime import datetime
from typing import Any, Final

import attrs

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Guard, Kind, Machine
from tokolib.kernel.refinement import entering, moved, refined
from tokolib.kernel.transitions import led, refused, unbegun
from tokolib.returns import events as e
from tokolib.returns.errors import IllegalReturnTransition, NoReturnLabel
from tokolib.returns.model import Return, ReturnState
from tokolib.returns.proposals import Answer, Proposal

S = ReturnState
_REFINED: Final = (refined("return"),)
_ACCEPT: Final = "returns.accept"
_WHOLE: Final = ("exchanges.complete",)
"""What goes all the way with a return that is a part of it."""
_AGREED: Final = (*_WHOLE, "exchanges.authorise", "claims.approve")
"""What agrees to a return that is a part of it."""
_UNSEEN: Final = ("returns.undelivered", "claims.approve", "exchanges.complete")
"""What credits units that nobody waits for."""
_CLOSED_WITH: Final = ("exchanges.reject", "exchanges.cancel", "claims.reject", "claims.withdraw", "tick")
"""What closes a return that is a part of it."""


_LABELLED: Final = (
    "return_labels.buy",
    "return_labels.void",
    "return_labels.advance",
    "return_labels.resolve",
    "tick",
)
"""What tells that a courier has refused a label, or taken it back."""


_has_label: Final = Guard[Return](
    "has_label",
    "a label stands for it, or is asked for",
    lambda goods: bool(goods.labels),
    lambda goods: NoReturnLabel(goods.id),
)


def _refine(state: ReturnState) -> dict[Kind, Edge[ReturnState]]:
    return {e.ReturnRefined: Edge(state, ("returns.refine",), _REFINED)}


def _labels(state: ReturnState) -> dict[Kind, Edge[ReturnState]]:
    """What becomes of labels, also when it has ended without the goods."""
    return {
        e.ReturnLabelWithdrawn: Edge(state, ("return_labels.void",), (_has_label,)),
        e.ReturnLabelGone: Edge(state, entailed_by=_LABELLED),
    }


def _sent(state: ReturnState) -> dict[Kind, Edge[ReturnState]]:
    """What may happen while goods are to be sent."""
    return {e.ReturnLabelAsked: Edge(state, ("return_labels.buy",)), **_labels(state)}


def _open(state: ReturnState) -> dict[Kind, Edge[ReturnState]]:
    """What may happen until it is settled."""
    return {
        e.ReturnApproved: Edge(state, ("returns.approve",), entailed_by=("claims.approve",)),
        e.ReturnShown: Edge(state, ("returns.show",)),
        e.ReturnRejected: Edge(S.REJECTED, ("returns.reject",), entailed_by=_CLOSED_WITH),
        **_refine(state),
    }


def _receive(*more: str) -> Edge[ReturnState]:
    return Edge(S.RECEIVED, ("returns.receive", *more), entailed_by=_WHOLE if more else ())


_PROPOSE: Final = Edge(S.NEGOTIATING, ("returns.propose",))
_CANCEL: Final = Edge(S.CANCELLED, ("returns.cancel",))

RETURN: Final = Machine(
    name="return",
    about="Units of one order that come back.",
    states={
        S.REQUESTED: "the customer wants to send units back, or has brought them; nothing has moved",
        S.NEGOTIATING: "one side has proposed something, and the other has not answered",
        S.AUTHORISED: "the shop agrees, and waits for them",
        S.RECEIVED: "some or all of them came in; nobody has looked at all of it yet",
        S.INSPECTED: "what came in was looked at, and what becomes of each unit was said; nothing is credited yet",
        S.ACCEPTED: "the units are here and credited; the money's way is told by the order's payments",
        S.REJECTED: "the shop does not take them back; the customer may ask again",
        S.CANCELLED: "the customer keeps them, and may ask again",
        S.EXPIRED: "nothing came in time; the customer may ask again",
        S.SETTLED: "the customer keeps them, and the order allows what both sides agreed to",
    },
    begins={e.ReturnRequested: (S.REQUESTED,)},
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
            e.ReturnAuthorised: Edge(
                S.AUTHORISED, ("returns.authorise", "returns.receive", _ACCEPT), entailed_by=_AGREED
            ),
            e.ReturnAccepted: Edge(S.ACCEPTED, entailed_by=_UNSEEN),
            e.ReturnProposed: _PROPOSE,
            e.ReturnCancelled: _CANCEL,
            **_open(S.REQUESTED),
        },
        S.NEGOTIATING: {
            e.ReturnAgreed: Edge(S.AUTHORISED, ("returns.agree",)),
            e.ReturnSettled: Edge(S.SETTLED, ("returns.agree",)),
            e.ProposalDeclined: Edge(S.REQUESTED, ("returns.decline",)),
            e.ProposalLapsed: Edge(S.REQUESTED, entailed_by=("tick",)),
            e.ReturnProposed: _PROPOSE,
            e.ReturnCancelled: _CANCEL,
            **_open(S.NEGOTIATING),
        },
        S.AUTHORISED: {
            e.ReturnReceived: _receive(_ACCEPT),
            e.ReturnAccepted: Edge(S.ACCEPTED, entailed_by=_UNSEEN[1:]),
            e.ReturnCancelled: _CANCEL,
            e.ReturnExpired: Edge(S.EXPIRED, entailed_by=("tick",)),
            **_sent(S.AUTHORISED),
            **_open(S.AUTHORISED),
        },
        S.RECEIVED: {
            e.ReturnInspected: Edge(S.INSPECTED, ("returns.inspect", _ACCEPT), entailed_by=_WHOLE),
            e.ReturnReceived: _receive(),
            e.ReturnSetApart: Edge(S.RECEIVED, entailed_by=_CLOSED_WITH),
            **_sent(S.RECEIVED),
            **_open(S.RECEIVED),
        },
        S.INSPECTED: {
            e.ReturnAccepted: Edge(S.ACCEPTED, (_ACCEPT,), entailed_by=_WHOLE),
            e.ReturnInspected: Edge(S.INSPECTED, ("returns.inspect",)),
            e.ReturnReceived: _receive(),
            e.ReturnSetApart: Edge(S.INSPECTED, entailed_by=_CLOSED_WITH),
            **_sent(S.INSPECTED),
            **_open(S.INSPECTED),
        },
        S.ACCEPTED: {**_labels(S.ACCEPTED), **_refine(S.ACCEPTED)},
        S.REJECTED: {**_labels(S.REJECTED), **_refine(S.REJECTED)},
        S.CANCELLED: {**_labels(S.CANCELLED), **_refine(S.CANCELLED)},
        S.EXPIRED: {**_labels(S.EXPIRED), **_refine(S.EXPIRED)},
        S.SETTLED: _refine(S.SETTLED),
    },
    ends=frozenset({S.ACCEPTED, S.REJECTED, S.CANCELLED, S.EXPIRED, S.SETTLED}),
)
"""The life of a return."""


def check(goods: Return, kind: type[Event], *, asked: str = "") -> None:
    """Pass when the return's state allows an event of this kind, and every guard of its edge holds.

    Raises:
        IllegalReturnTransition: the state doesn't. The refusal of a guard: it doesn't hold. Nothing was changed.
    """
    _target(goods, kind, asked)
    RETURN.require(goods.state, kind, goods)


def check_open(goods: Return, asked: str) -> None:
    """Pass for a return that is not settled, nor negotiated: *asked* walks it through all that is left.

    Raises:
        IllegalReturnTransition: it has ended, or a proposal is open. Nothing was changed.
    """
    if not goods.is_open or goods.state is S.NEGOTIATING:
        still = (state for state in RETURN.states if state not in (*RETURN.ends, S.NEGOTIATING))
        raise refused(RETURN, IllegalReturnTransition, goods, goods.state, asked, still)


def _target(goods: Return, kind: type[Event], asked: str = "") -> ReturnState:
    return led(RETURN, IllegalReturnTransition, goods, goods.state, kind, asked=asked)


def evolve(state: Return | None, event: Event) -> Return:
    """The return after *event*.

    Raises:
        IllegalReturnTransition: the table does not allow it. IllegalSubState: the shop's own table doesn't.
    """
    if state is None and isinstance(event, e.ReturnRequested):
        return event.goods
    if state is None:
        raise unbegun(RETURN, IllegalReturnTransition, type(event))
    target = _target(state, type(event))
    changes = entering(RETURN.name, state, target) | _changes(state, event)
    return changed(state, version=state.version + 1, **changes)


def _changes(goods: Return, event: Event) -> dict[str, Any]:
    """The fields of *goods* that *event* changes, beside its state."""
    match event:
        case e.ReturnProposed(proposal=proposal):
            before = _answered(goods, Answer.COUNTERED, proposal.by, proposal.at)
            return {"proposals": (*before, proposal)}
        case e.ReturnAgreed(by=by, at=at):
            return {"authorised_by": by, "proposals": _answered(goods, Answer.AGREED, by, at)}
        case e.ReturnSettled(by=by, at=at):
            return {"proposals": _answered(goods, Answer.AGREED, by, at)}
        case e.ProposalDeclined(by=by, at=at):
            return {"proposals": _answered(goods, Answer.DECLINED, by, at)}
        case e.ProposalLapsed(at=at):
            return {"proposals": _answered(goods, Answer.LAPSED, "", at)}
        case e.ReturnCancelled(by=by, at=at, reason=reason):
            return {"note": reason, "proposals": _answered(goods, Answer.DECLINED, by, at)}
        case e.ReturnShown(evidence=evidence):
            return {"evidence": (*goods.evidence, *evidence)}
        case e.ReturnAuthorised(by=by, until=until):
            return {"authorised_by": by, "expires_at": until}
        case e.ReturnReceived(receipt=receipt):
            return {"receipts": (*goods.receipts, receipt), "inspection": None}
        case e.ReturnInspected(inspection=inspection):
            return {"inspection": inspection}
        case e.ReturnAccepted(at=at, lines=lines, refund=refund):
            return {"accepted_at": at, "lines": lines, "refund": refund}
        case e.ReturnLabelAsked(label_id=id):
            return {"labels": (*goods.labels, id)}
        case e.ReturnLabelGone(label_id=id):
            return {"labels": tuple(each for each in goods.labels if each != id)}
        case e.ReturnApproved(approval=approval):
            return {"approval": approval}
        case e.ReturnSetApart():
            return {"part_of": ""}
        case e.ReturnRejected(note=note):
            return {"note": note}
        case e.ReturnRefined(sub_state=sub_state):
            return {"sub_state": moved(RETURN.name, goods, sub_state)}
        case _:
            return {}


def _answered(goods: Return, answer: Answer, by: str, at: datetime) -> tuple[Proposal, ...]:
    """The proposals of *goods*, where the last one is open with its *answer*."""
    if not goods.proposals or goods.proposals[-1].answer is not Answer.OPEN:
        return goods.proposals
    return (*goods.proposals[:-1], attrs.evolve(goods.proposals[-1], answer=answer, answered_by=by, answered_at=at))
