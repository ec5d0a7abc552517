"""What happens to a stored row of a settlement report."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.kernel.ids import OrderId
from tokolib.reconciliation.bank import Match
from tokolib.reconciliation.difference import Difference, OnDifference
from tokolib.reconciliation.model import BankLine, Frozen, SettlementRow


@attrs.frozen(kw_only=True)
class SettlementPosted(Event):
    """A row fits the books: the payment is settled, and the posting is made."""

    topic: ClassVar[str] = "reconciliation.settlement_posted"
    settlement_id: str
    row: SettlementRow
    clearing: str
    order_id: OrderId | None
    operation_id: str | None
    at: datetime
    frozen: Frozen | None = None
    shipment_id: str = ""
    difference: Difference | None = None
    pays_claim: str = ""


@attrs.frozen(kw_only=True)
class SettlementSetAside(Event):
    """A row contradicts the books or belongs to nothing in them; no money moved, and a person looks."""

    topic: ClassVar[str] = "reconciliation.settlement_set_aside"
    settlement_id: str
    row: SettlementRow
    reason: str
    order_id: OrderId | None
    at: datetime


@attrs.frozen(kw_only=True)
class SettlementBookedApart(Event):
    """A person let a row that was set aside be booked without a payment."""

    topic: ClassVar[str] = "reconciliation.settlement_booked_apart"
    settlement_id: str
    clearing: str
    reason: str
    at: datetime


@attrs.frozen(kw_only=True)
class ClaimPaid(Event):
    """A later row made up for so much of what a courier had remitted too little."""

    topic: ClassVar[str] = "reconciliation.claim_paid"
    amount: int
    by: str
    """The row."""


@attrs.frozen(kw_only=True)
class ClaimClosed(Event):
    """A person gave up what is left of a claim."""

    topic: ClassVar[str] = "reconciliation.claim_closed"
    closed_as: OnDifference
    reason: str
    at: datetime


@attrs.frozen(kw_only=True)
class PayoutReceived(Event):
    """The bank has what was paid out for a row."""

    topic: ClassVar[str] = "reconciliation.payout_received"
    by: str
    """The stored line of the bank statement."""


@attrs.frozen(kw_only=True)
class BankLineTaken(Event):
    """A line of a bank statement was stored."""

    topic: ClassVar[str] = "reconciliation.bank_line_taken"
    entry_id: str
    account: str
    line: BankLine
    at: datetime


@attrs.frozen(kw_only=True)
class BankLineMatched(Event):
    """A line is a payout, by itself or together with others; the posting is made."""

    topic: ClassVar[str] = "reconciliation.bank_line_matched"
    match: Match | None
    """Of the last line of several; None for the others."""
    matched_with: str


@attrs.frozen(kw_only=True)
class BankLineAside(Event):
    """A person said that a line is no payout."""

    topic: ClassVar[str] = "reconciliation.bank_line_aside"
    reason: str
