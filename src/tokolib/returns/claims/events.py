"""What happens to a claim."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.ids import ReturnId
from tokolib.returns.claims.model import Claim, Recharge
from tokolib.returns.evidence import Evidence


@attrs.frozen
class ClaimOpened(Event):
    """The customer says that something is wrong."""

    topic: ClassVar[str] = "returns.claim_opened"
    claim: Claim


@attrs.frozen
class EvidenceAdded(Event):
    """More was shown."""

    topic: ClassVar[str] = "returns.claim_evidence_added"
    evidence: tuple[Evidence, ...]


@attrs.frozen
class ClaimApproved(Event):
    """The shop makes up for it: at once, or when the goods are back."""

    topic: ClassVar[str] = "returns.claim_approved"
    by: str
    at: datetime
    return_id: ReturnId | None


@attrs.frozen
class ClaimRejected(Event):
    """The shop doesn't."""

    topic: ClassVar[str] = "returns.claim_rejected"
    by: str
    at: datetime
    note: str


@attrs.frozen
class ClaimWithdrawn(Event):
    """The customer lets it be."""

    topic: ClassVar[str] = "returns.claim_withdrawn"
    by: str
    at: datetime
    reason: str


@attrs.frozen
class ClaimRecharged(Event):
    """Somebody else owes the shop for it."""

    topic: ClassVar[str] = "returns.claim_recharged"
    recharge: Recharge
