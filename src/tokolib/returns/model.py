"""The return: units of one order that come back, and what the customer gets for them."""

from datetime import datetime
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.ids import LocationId, OperationId, OrderId, ReturnId, ReturnLabelId
from tokolib.kernel.money import Money
from tokolib.kernel.refinement import Refinement
from tokolib.orders.lines import Run
from tokolib.orders.shares import Worth
from tokolib.orders.withheld import Withheld
from tokolib.returns.evidence import Evidence
from tokolib.returns.proposals import Proposal


class ReturnState(StrEnum):
    """Where a return stands."""

    REQUESTED = "requested"
    NEGOTIATING = "negotiating"
    AUTHORISED = "authorised"
    RECEIVED = "received"
    INSPECTED = "inspected"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SETTLED = "settled"


class Disposition(StrEnum):
    """What becomes of a unit that came back."""

    RESTOCK = "restock"
    """Back on the shelf."""
    WRITE_OFF = "write_off"
    """Came back, and can't be sold again."""
    DAMAGED = "damaged"
    """In stock, in the state `damaged`: to be repaired, sent back or written off."""
    QUALITY = "quality"
    """In stock, in the state `quality`: to be looked at before it can be sold."""
    REFUSED = "refused"
    """Came, and is not taken back: it stays the customer's, and nothing is credited for it."""
    UNDELIVERED = "undelivered"
    """Never reached the customer: its shipment tells whether it is lost or back."""
    KEPT = "kept"
    """Stays with the customer, who need not bring it back."""


@attrs.frozen
class ReturnLine:
    """Units of one line that come back."""

    run: Run
    disposition: Disposition
    reason: str
    """Why the customer sends them back."""
    condition: str = ""
    """In which condition they came, as whoever inspected them says; empty where nobody said."""
    location: LocationId | None = None
    """Where they were received; None where they have not come."""

    @property
    def told(self) -> str:
        """Why they end where they do: what was found, or else why they came back."""
        return self.condition or self.reason


@attrs.frozen
class Receipt:
    """Units of a return that came in together."""

    runs: tuple[Run, ...]
    location: LocationId
    by: str
    at: datetime


@attrs.frozen
class Inspection:
    """What was found of the units that came in, and what becomes of each."""

    lines: tuple[ReturnLine, ...]
    """All that was received, with the units that were refused."""
    by: str
    at: datetime


@attrs.frozen
class Overruled:
    """That somebody of the shop takes back what its policy would not."""

    reason: str
    by: str
    at: datetime
    because: tuple[str, ...]
    """Why the policy refuses it: `final_sale`, `window_over`."""


@attrs.frozen
class Approval:
    """That somebody else than who asked for a return lets its refund go."""

    by: str
    at: datetime


@attrs.frozen
class RefundPart:
    """What of a refund goes back by one way."""

    tender: str
    """The gateway, local method, or kind of stored value by which it goes."""
    amount: Money
    operation_id: OperationId
    """Its operation among the order's payments; `payments.paid_out` takes it where a person hands it over."""


@attrs.frozen(kw_only=True)
class Unearned:
    """A promotion that goods which stay with the customer no longer earn, before the return and after."""

    promotion_id: str
    name: str
    minimum: Money | None
    """From which subtotal of goods it applied; None where it has other conditions only."""
    before: Money
    """The subtotal that was sold, at its prices before discounts."""
    after: Money
    """What of it stays sold."""
    discount: int
    """What it gave to goods that stay with the customer, in minor units, where the policy claws it back."""
    gifts: int
    """What its gifts are worth that stay, in minor units, where the policy says so."""


@attrs.frozen
class RefundPlan:
    """What the customer gets: `credit` is what the units were worth, `amount` what is paid back of it.

    The amount is smaller than the credit by the deductions, where an allowance had given some of it already, and when
    the order was not fully paid: the rest lowers what is still owed.
    """

    credit: Money
    amount: Money
    parts: tuple[RefundPart, ...]
    """How the amount goes back: a part for each charge that it is taken from; none where nothing is paid back."""
    worths: tuple[Worth, ...]
    """Line by line, with taxes and charges."""
    deductions: tuple[Withheld, ...] = ()
    """What of the credit is kept, by the return policy."""
    unearned: tuple[Unearned, ...] = ()
    """The promotions that goods which stay no longer earn, where the policy looks at that."""


@attrs.frozen
class Return:
    """One return of an order."""

    id: ReturnId
    version: int
    order_id: OrderId
    lines: tuple[ReturnLine, ...]
    state: ReturnState
    requested_at: datetime
    accepted_at: datetime | None = None
    refund: RefundPlan | None = None
    note: str = ""
    """Why it was rejected or cancelled."""
    sub_state: str = ""
    """Where it stands within its state, in the shop's own words; empty where the shop has not refined the state."""
    refinements: tuple[Refinement, ...] = ()
    """The tables of its sub-states: those of its order that are for returns."""
    requested_by: str = ""
    """Who asked for it, or took the goods in at once."""
    overruled: Overruled | None = None
    """Who lets it come back though the shop's policy would not, and why; None where nothing had to be overruled."""
    approval: Approval | None = None
    """Who has approved its refund; None where nobody has."""
    part_of: str = ""
    """The id of the exchange that it is a part of, and is settled with; empty where there is none, or it ended."""
    authorised_by: str = ""
    """Who agreed that the goods may be sent; empty where nobody has yet."""
    expires_at: datetime | None = None
    """When it ends by itself if nothing has come; None where it waits for good."""
    receipts: tuple[Receipt, ...] = ()
    """What came in, delivery by delivery."""
    inspection: Inspection | None = None
    """What was found of it; None until somebody has looked, and again when more comes in."""

    proposals: tuple[Proposal, ...] = ()
    """What customer and shop proposed to each other, the last one last: open while it is `negotiating`."""
    evidence: tuple[Evidence, ...] = ()
    """What was shown of the goods, by the customer or the shop."""
    labels: tuple[ReturnLabelId, ...] = ()
    """The labels that goods are sent back with: bought, asked for or doubtful, but not refused, nor given back."""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be settled."""
        return self.state not in _SETTLED

    @property
    def is_idly_labelled(self) -> bool:
        """Whether it has ended before anything came, and names labels that nobody has given back."""
        return bool(self.labels) and not self.is_open and not self.receipts

    @property
    def lapses_at(self) -> datetime | None:
        """When it ends by itself as things stand, or what is proposed lapses; None where nothing does."""
        if self.state is ReturnState.NEGOTIATING:
            return self.proposals[-1].until if self.proposals else None
        return self.expires_at if self.state is ReturnState.AUTHORISED else None


_SETTLED: Final = (
    ReturnState.ACCEPTED,
    ReturnState.REJECTED,
    ReturnState.CANCELLED,
    ReturnState.EXPIRED,
    ReturnState.SETTLED,
)
