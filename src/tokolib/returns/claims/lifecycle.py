"""The life of a claim as a table."""

from typing import Any, Final

from tokolib.kernel.changed import changed
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Machine
from tokolib.kernel.transitions import led, unbegun
from tokolib.returns.claims import events as e
from tokolib.returns.claims.errors import IllegalClaimTransition
from tokolib.returns.claims.model import Claim, ClaimState

S = ClaimState

CLAIM: Final = Machine(
    name="claim",
    about="Units of one order with which something is wrong.",
    states={
        S.OPENED: "the customer says so; a replacement is held, and nothing else has moved",
        S.APPROVED: "the shop makes up for it: at once, or when the goods are back",
        S.REJECTED: "the shop doesn't; the customer may claim again",
        S.WITHDRAWN: "the customer lets it be",
    },
    begins={e.ClaimOpened: (S.OPENED,)},
    begun_by=("claims.open",),
    edges={
        S.OPENED: {
            e.ClaimApproved: Edge(S.APPROVED, ("claims.approve",)),
            e.ClaimRejected: Edge(S.REJECTED, ("claims.reject",)),
            e.ClaimWithdrawn: Edge(S.WITHDRAWN, ("claims.withdraw",)),
            e.EvidenceAdded: Edge(S.OPENED, ("claims.show",)),
        },
        S.APPROVED: {e.ClaimRecharged: Edge(S.APPROVED, ("claims.recharge",))},
        S.REJECTED: {},
        S.WITHDRAWN: {},
    },
    ends=frozenset({S.APPROVED, S.REJECTED, S.WITHDRAWN}),
)
"""The life of a claim."""


def check(claim: Claim, kind: type[Event]) -> None:
    """Pass when the claim's state allows an event of this kind.

    Raises:
        IllegalClaimTransition: it doesn't. Nothing was changed.
    """
    _target(claim, kind)


def _target(claim: Claim, kind: type[Event]) -> ClaimState:
    return led(CLAIM, IllegalClaimTransition, claim, claim.state, kind)


def evolve(state: Claim | None, event: Event) -> Claim:
    """The claim after *event*.

    Raises:
        IllegalClaimTransition: the table does not allow it.
    """
    if state is None and isinstance(event, e.ClaimOpened):
        return event.claim
    if state is None:
        raise unbegun(CLAIM, IllegalClaimTransition, type(event))
    target = _target(state, type(event))
    return changed(state, version=state.version + 1, state=target, **_changes(state, event))


def _changes(claim: Claim, event: Event) -> dict[str, Any]:
    """The fields of *claim* that *event* changes, beside its state."""
    match event:
        case e.EvidenceAdded(evidence=evidence):
            return {"evidence": (*claim.evidence, *evidence)}
        case e.ClaimApproved(by=by, at=at, return_id=return_id):
            return {"decided_by": by, "decided_at": at, "return_id": return_id or claim.return_id}
        case e.ClaimRejected(by=by, at=at, note=note) | e.ClaimWithdrawn(by=by, at=at, reason=note):
            return {"decided_by": by, "decided_at": at, "note": note}
        case e.ClaimRecharged(recharge=recharge):
            return {"recharges": (*claim.recharges, recharge)}
        case _:
            return {}
