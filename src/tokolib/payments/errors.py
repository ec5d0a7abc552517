"""What the payments room refuses."""

from datetime import datetime
from typing import ClassVar, Final

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import Money
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class UnknownTender(TokolibError):
    """This shop knows no such way to pay. Nothing was stored."""

    code: ClassVar[str] = "payments.unknown_tender"
    tender: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"no tender {self.tender!r}; this shop takes {', '.join(self.known)}"

    @property
    def hint(self) -> str:
        return "give the gateway a name in open(gateways=[...]), or use one of the local methods"


@attrs.frozen
class TenderRefused(TokolibError):
    """The shop doesn't accept this tender for this order. Nothing was stored."""

    code: ClassVar[str] = "payments.tender_refused"
    tender: str
    why: str
    """The code of the reason: `payments.tender_not_offered`, `_too_little`, `_too_much`, `_conditions` or `_risk`;
    `checkout.no_cod` where the courier doesn't collect it."""
    explained: str
    """The reason in English."""

    def __str__(self) -> str:
        return self.explained

    @property
    def hint(self) -> str:
        return "choose another tender, or another delivery; carts.options(cart) tells which are accepted"


@attrs.frozen
class NotLocal(TokolibError):
    """A person can only confirm money that a person handles. Nothing was stored."""

    code: ClassVar[str] = "payments.not_local"
    method: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method!r} is not handled by people; local methods are {', '.join(self.known)}"

    @property
    def hint(self) -> str:
        return "name the method the money came or went by, such as method='cash'"


@attrs.frozen
class NoGateway(TokolibError):
    """This order is not paid through a gateway. Nothing was stored."""

    code: ClassVar[str] = "payments.no_gateway"
    order_id: str
    tender: str

    def __str__(self) -> str:
        return f"order {self.order_id} is paid by {self.tender}, which no gateway collects"

    @property
    def hint(self) -> str:
        return "name the gateway to charge, or record what a person received"


@attrs.frozen
class CannotAuthorise(TokolibError):
    """The shop captures money as goods leave, and this gateway can't reserve any. Nothing was stored."""

    code: ClassVar[str] = "payments.cannot_authorise"
    gateway: str

    def __str__(self) -> str:
        return f"gateway {self.gateway!r} can't reserve money, and this shop captures it at hand-over"

    @property
    def hint(self) -> str:
        return "take another tender, or have the money captured at once: Policies(capture='at_order')"


@attrs.frozen
class InvalidAmount(TokolibError):
    """An amount that can't be paid, received or refunded. Nothing was stored."""

    code: ClassVar[str] = "payments.invalid_amount"
    amount: Money
    reason: str

    def __str__(self) -> str:
        return f"{self.amount}: {self.reason}"

    @property
    def hint(self) -> str:
        return "payments.next_action(order) tells what is to be paid; payments.intent(order) what came and may go back"


@attrs.frozen
class RefundTooLarge(TokolibError):
    """More would go back than came in and is still here. Nothing was stored."""

    code: ClassVar[str] = "payments.refund_too_large"
    status: ClassVar[int] = 409
    order_id: str
    asked: Money
    refundable: Money
    claimed: Money
    """What customers' banks ask for in disputes that nobody has decided, and have not taken yet."""

    def __str__(self) -> str:
        return f"order {self.order_id}: {self.asked} asked back, {self.refundable} can be refunded"

    @property
    def hint(self) -> str:
        if not self.claimed.is_zero:
            return (
                f"a bank asks for {self.claimed} in a dispute, so the customer could have it twice: "
                "submit evidence, or say how it ended with payments.decide_dispute; what stays can go back then"
            )
        return "captured money less refunds made, refunds under way and disputes is what can be refunded"


@attrs.frozen
class KeptByGiftCards(TokolibError):
    """What the order's gift cards were bought with can't go back while they are good. Nothing was stored."""

    code: ClassVar[str] = "payments.kept_by_gift_cards"
    status: ClassVar[int] = 409
    order_id: str
    asked: Money
    cards: Money
    """What the gift cards that it bought were issued with."""
    most: Money
    """What can go back all the same."""

    def __str__(self) -> str:
        return (
            f"order {self.order_id} bought gift cards of {self.cards} that are good: "
            f"{self.asked} asked back, {self.most} can go back"
        )

    @property
    def hint(self) -> str:
        return "cancel the order, or accept the return of the card's line: both take back a card that is unspent"


@attrs.frozen
class ChargeInProgress(TokolibError):
    """A charge of this order has no definite answer yet, so a second one could charge twice. Nothing was stored."""

    code: ClassVar[str] = "payments.charge_in_progress"
    status: ClassVar[int] = 409
    order_id: str
    operation_id: str
    state: str

    def __str__(self) -> str:
        return f"order {self.order_id}: charge {self.operation_id} is {self.state}"

    @property
    def hint(self) -> str:
        return "ask for its outcome with shop.payments.advance(order) first"


@attrs.frozen
class NothingDue(TokolibError):
    """The order is paid already. Nothing was stored."""

    code: ClassVar[str] = "payments.nothing_due"
    status: ClassVar[int] = 409
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} has nothing left to pay"

    @property
    def hint(self) -> str:
        return "money that arrived all the same is recorded with payments.received; what is too much goes back"


@attrs.frozen
class IllegalPaymentTransition(IllegalTransition):
    """The payment was cancelled or has expired. Nothing was stored."""

    code: ClassVar[str] = "payments.illegal_transition"
    thing: ClassVar[str] = "payment"


_OVER: Final = {
    "payments.succeeded_already": (
        "has happened, and can't be said not to have",
        "only its provider can turn it round; money that has come back is a payment: payments.received",
    ),
    "payments.failed_already": (
        "has failed, and can't be said to have happened",
        "what is over is never turned round: ask for it anew with payments.refund or payments.charge",
    ),
}
"""By the reason why a word on an operation contradicts the books: what stands there, and the way out."""


@attrs.frozen
class Contradiction(TokolibError):
    """A person's word contradicts the books. Nothing was stored."""

    code: ClassVar[str] = "payments.contradiction"
    status: ClassVar[int] = 409
    order_id: str
    reference: str
    reason: str

    def __str__(self) -> str:
        if self.reason in _OVER:
            return f"order {self.order_id}: operation {self.reference} {_OVER[self.reason][0]}"
        return f"order {self.order_id}: {self.reference!r} contradicts what is recorded ({self.reason})"

    @property
    def hint(self) -> str:
        return _OVER.get(self.reason, ("", "a reference names one payment of one amount; check both"))[1]


@attrs.frozen
class ReferenceTaken(TokolibError):
    """A reference of the bank's or the courier's has paid another order already. Nothing was stored."""

    code: ClassVar[str] = "payments.reference_taken"
    status: ClassVar[int] = 409
    order_id: str
    """The order that it was to pay now."""
    method: str
    reference: str
    taken_by: str
    """The order that it has paid."""

    def __str__(self) -> str:
        return f"order {self.order_id}: {self.method} {self.reference!r} has paid order {self.taken_by} already"

    @property
    def hint(self) -> str:
        return "check which order it paid; of a transfer for several, name each part, as in 'row 17, part 2'"


@attrs.frozen
class DisputeOver(TokolibError):
    """The bank has decided this dispute; nothing was stored."""

    code: ClassVar[str] = "payments.dispute_over"
    status: ClassVar[int] = 409
    dispute_id: str
    state: str

    def __str__(self) -> str:
        return f"dispute {self.dispute_id} is {self.state}, and no evidence or word can change that"

    @property
    def hint(self) -> str:
        if self.state == "won":
            return "a bank that decides anew says so itself: its message is folded in, or opens another dispute"
        return "should the bank give the money back all the same, say so: payments.decide_dispute(dispute, won=True)"


@attrs.frozen
class EvidenceTooLate(TokolibError):
    """The dispute's term has passed, and its gateway takes no evidence after that; nothing was stored."""

    code: ClassVar[str] = "payments.evidence_too_late"
    status: ClassVar[int] = 409
    dispute_id: str
    due_until: datetime

    def __str__(self) -> str:
        return f"dispute {self.dispute_id}: evidence was due until {self.due_until:%Y-%m-%d %H:%M} UTC"

    @property
    def hint(self) -> str:
        return "once the bank has decided, say how: payments.decide_dispute"
