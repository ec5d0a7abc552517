"""One thing that waits for a person: what it is, why no rule decides it, since when, and the ways out."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import attrs

from tokolib.effects.model import Observation, Operation
from tokolib.kernel.ids import OrderId
from tokolib.kernel.money import Money
from tokolib.reconciliation.model import SettlementRow


class ReviewKind(StrEnum):
    """What a person has to do."""

    OPERATION = "operation"
    """Find out what became of a charge, a refund or another wish that nobody has answered for."""
    OBSERVATION = "observation"
    """Say whether something that contradicts a payment is true."""
    QUARANTINE = "quarantine"
    """Find out whose money it is that a provider tells of."""
    REFUSED = "refused"
    """See to what a provider has refused: a refund, a capture, the release of a reservation."""
    UNASKED = "unasked"
    """Bring back a gateway, tax provider or courier that the shop has no more, or find out without it."""
    DISPUTE = "dispute"
    """Answer a customer's bank."""
    LOSS = "loss"
    """Ask for money that went back twice."""
    PAYOUT = "payout"
    """Hand a refund over."""
    FILING = "filing"
    """See to what a tax provider doesn't keep."""
    BY_HAND = "by_hand"
    """State credit notes at a tax provider that can't be told of any; one item for each provider."""
    LABEL = "label"
    """Find out what became of a label that no courier has answered for, or that was bought twice."""
    RETURN_LABEL = "return_label"
    """Find out what became of a return label that no courier has answered for, or that was bought twice."""
    PICKUP = "pickup"
    """Find out what became of a pickup that no courier has answered for, or that was booked twice."""
    UNCOLLECTED = "uncollected"
    """Decide what a customer gets who did not come for goods in time."""
    SETTLEMENT = "settlement"
    """Explain a row of a settlement report."""
    BLOCK = "block"
    """Decide on an order that was stopped, and whose time for it is over."""


@attrs.frozen
class WayOut:
    """A command of the shop that takes an item out of the queue."""

    command: str
    """The door and the command: `payments.resolve`."""
    does: str
    """What calling it says."""


@attrs.frozen(kw_only=True)
class ReviewItem:
    """One thing that waits for a person. It is read off the thing itself, so it goes as soon as that is settled."""

    id: str
    """The same as long as it waits."""
    kind: ReviewKind
    what: str
    """The thing in words, by its names here and outside."""
    why: str
    """Why no rule could decide, as a stable code or the provider's word."""
    since: datetime
    amount: Money
    provider: str
    """Whose word is missing or doubted."""
    order_id: OrderId | None
    """None while nobody knows whose it is."""
    operation: Operation | None
    """What was sent: the wish with its key, its tries and all that stands; None where there was none."""
    seen: tuple[Observation, ...]
    """What was seen of it, in the order in which it came."""
    row: SettlementRow | None
    """What a settlement report says, where it is about one."""
    ways: tuple[WayOut, ...]
    """Each takes it out of the queue."""


@attrs.frozen(kw_only=True)
class Waiting:
    """How much waits for people."""

    total: int
    kinds: Mapping[ReviewKind, int]
    """How many of each kind there are; only of those that there are."""
    oldest: datetime | None
    """Since when the longest waiting one does; None when none does."""
    more: bool
    """Whether only a part was counted: there are at least so many."""


_RESOLVE: Final = WayOut("payments.resolve", "say what became of it, as the provider shows it")
_ADVANCE: Final = WayOut("payments.advance", "look it up once more; a definite answer settles it")
_DISMISS: Final = WayOut("reviews.dismiss", "put it away, with the reason")
WAYS: Final[Mapping[ReviewKind, tuple[WayOut, ...]]] = {
    ReviewKind.OPERATION: (_RESOLVE, _ADVANCE),
    ReviewKind.OBSERVATION: (WayOut("reviews.accept", "take it for true: this money moved for this order"), _DISMISS),
    ReviewKind.QUARANTINE: (WayOut("reviews.accept", "say for which order this money moved"), _DISMISS),
    ReviewKind.REFUSED: (_DISMISS,),
    ReviewKind.UNASKED: (WayOut("tick", "in a shop that is opened with this gateway or tax provider"), _RESOLVE),
    ReviewKind.DISPUTE: (
        WayOut("payments.submit_evidence", "answer the customer's bank"),
        WayOut("payments.decide_dispute", "say how the bank has decided"),
    ),
    ReviewKind.LOSS: (WayOut("reviews.dismiss", "it was paid back, or is given up, for this reason"),),
    ReviewKind.PAYOUT: (
        WayOut("payments.paid_out", "the money was handed over"),
        WayOut("payments.payout_failed", "it could not be; it may be refunded otherwise"),
    ),
    ReviewKind.FILING: (
        WayOut("invoices.file", "ask the tax provider once more, under a new key where it has refused"),
        WayOut("invoices.resolve", "say what it keeps, as it shows it or you have seen to it"),
    ),
    ReviewKind.BY_HAND: (WayOut("invoices.stated_by_hand", "all of them were stated at the provider"),),
    ReviewKind.LABEL: (WayOut("shipments.resolve_label", "say what the courier has, or that it has nothing"),),
    ReviewKind.RETURN_LABEL: (WayOut("return_labels.resolve", "say what the courier has, or that it has nothing"),),
    ReviewKind.PICKUP: (WayOut("pickups.resolve", "say whether the courier comes, or that it does not"),),
    ReviewKind.UNCOLLECTED: (
        WayOut(
            "shipments.decide_missed", "say what the customer got: the money (orders.cancel), or another chance (plan)"
        ),
    ),
    ReviewKind.SETTLEMENT: (
        WayOut("settlements.take_in", "hand the report over again, once the books have what it tells of"),
        WayOut("settlements.book_apart", "book it without a payment of ours, for this reason"),
    ),
    ReviewKind.BLOCK: (
        WayOut("orders.unblock", "nothing stands against it any more: its goods may leave"),
        WayOut("orders.cancel", "the bargain is off"),
        WayOut("orders.block", "the same code and owner with a later `until`: it is decided later"),
    ),
}
"""The ways out of each kind; an item may have more, or others."""
REFUND_AGAIN: Final = WayOut("payments.refund", "give as much back by another method")
RELEASE_AGAIN: Final = WayOut("orders.cancel", "ask once more to give it up")
CAPTURE_AGAIN: Final = WayOut("orders.capture", "ask once more for the money of goods that have left, or to release")
DISMISS: Final = _DISMISS


def in_words(**said: Any) -> str:
    """What is there of *said*, as one line."""
    return ", ".join(f"{name} {value}" for name, value in said.items() if value)
