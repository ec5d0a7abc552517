"""What happens to a return."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.returns.model import Approval, RefundPlan, Return, ReturnLine


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
class ReturnRefined(Event):
    """Somebody moved the return to another sub-state of the shop's own; nothing else about it changed."""

    topic: ClassVar[str] = "returns.return_refined"
    sub_state: str
    reason: str
