"""What happens to a return."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.ids import ReturnLabelId
from tokolib.returns.evidence import Evidence
from tokolib.returns.model import Approval, Inspection, Receipt, RefundPlan, Return, ReturnLine
from tokolib.returns.proposals import Proposal


@attrs.frozen
class ReturnRequested(Event):
    """The customer wants to send units back, or has already brought them."""

    topic: ClassVar[str] = "returns.return_requested"
    goods: Return


@attrs.frozen
class ReturnApproved(Event):
    """Somebody else than who asked for it lets its refund go, however large it is."""

    topic: ClassVar[str] = "returns.return_approved"
    approval: Approval


@attrs.frozen
class ReturnShown(Event):
    """Somebody showed what state the units are in."""

    topic: ClassVar[str] = "returns.return_shown"
    evidence: tuple[Evidence, ...]


@attrs.frozen
class ReturnProposed(Event):
    """One side proposes something to the other, in the place of what was proposed before."""

    topic: ClassVar[str] = "returns.return_proposed"
    proposal: Proposal


@attrs.frozen
class ReturnAgreed(Event):
    """The other side agrees that the units are sent back."""

    topic: ClassVar[str] = "returns.return_agreed"
    by: str
    at: datetime


@attrs.frozen
class ReturnSettled(Event):
    """The other side agrees that the customer keeps the units, and the order allows the amount."""

    topic: ClassVar[str] = "returns.return_settled"
    by: str
    at: datetime


@attrs.frozen
class ProposalDeclined(Event):
    """What was proposed is turned down, or taken back."""

    topic: ClassVar[str] = "returns.proposal_declined"
    by: str
    at: datetime
    note: str


@attrs.frozen
class ProposalLapsed(Event):
    """Nobody answered in time."""

    topic: ClassVar[str] = "returns.proposal_lapsed"
    at: datetime


@attrs.frozen
class ReturnAuthorised(Event):
    """The shop agrees that the units are sent back; where *until* is given, they have to come by then."""

    topic: ClassVar[str] = "returns.return_authorised"
    by: str
    until: datetime | None


@attrs.frozen
class ReturnLabelAsked(Event):
    """The shop buys a label with which units of it are sent."""

    topic: ClassVar[str] = "returns.return_label_asked"
    label_id: ReturnLabelId


@attrs.frozen
class ReturnLabelWithdrawn(Event):
    """The label is to be given back, and nothing has come with it."""

    topic: ClassVar[str] = "returns.return_label_withdrawn"
    label_id: ReturnLabelId


@attrs.frozen
class ReturnLabelGone(Event):
    """The label was refused, or given back."""

    topic: ClassVar[str] = "returns.return_label_gone"
    label_id: ReturnLabelId


@attrs.frozen
class ReturnReceived(Event):
    """Units came in; nothing is credited for them yet."""

    topic: ClassVar[str] = "returns.return_received"
    receipt: Receipt


@attrs.frozen
class ReturnInspected(Event):
    """Somebody looked at all that came in, and said what becomes of each unit."""

    topic: ClassVar[str] = "returns.return_inspected"
    inspection: Inspection


@attrs.frozen
class ReturnAccepted(Event):
    """The units are here and inspected; their shares are credited and refunded."""

    topic: ClassVar[str] = "returns.return_accepted"
    at: datetime
    lines: tuple[ReturnLine, ...]
    refund: RefundPlan


@attrs.frozen
class ReturnRejected(Event):
    """The shop does not take the units back."""

    topic: ClassVar[str] = "returns.return_rejected"
    note: str


@attrs.frozen
class ReturnSetApart(Event):
    """The exchange that it was a part of has ended without it, and what came in is still to be decided."""

    topic: ClassVar[str] = "returns.return_set_apart"
    part_of: str


@attrs.frozen
class ReturnCancelled(Event):
    """The customer keeps the units."""

    topic: ClassVar[str] = "returns.return_cancelled"
    by: str
    at: datetime
    reason: str


@attrs.frozen
class ReturnExpired(Event):
    """Nothing came in time."""

    topic: ClassVar[str] = "returns.return_expired"
    at: datetime


@attrs.frozen
class ReturnRefined(Event):
    """Somebody moved the return to another sub-state of the shop's own; nothing else about it changed."""

    topic: ClassVar[str] = "returns.return_refined"
    sub_state: str
    reason: str
