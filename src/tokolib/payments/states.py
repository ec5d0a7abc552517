"""The state of an intent: one pure function of its operations, so it can't drift from them."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectState, Operation
from tokolib.kernel.machine import Case, Derived, Guard, otherwise
from tokolib.payments.tenders import Settlement
from tokolib.payments.totals import ASKED, Totals, totals


class IntentState(StrEnum):
    """How far the payment of an order is."""

    OPEN = "open"
    """Nothing was asked for or paid yet, and nobody is waited for: cash on delivery under way."""
    AWAITING_CUSTOMER = "awaiting_customer"
    PROCESSING = "processing"
    """A gateway was asked, or will be, and has not answered."""
    PARTIALLY_PAID = "partially_paid"
    AUTHORISED = "authorised"
    """What isn't paid yet is reserved at a gateway, to be captured as goods leave."""
    CAPTURED = "captured"
    """Paid in full, or nothing was due."""
    OVERPAID = "overpaid"
    """Paid too much; the surplus is being given back."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    """Every charge was declined or taken back; another may be tried."""


class Closing(StrEnum):
    """Why no more money is expected."""

    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Payment(NamedTuple):
    """What the state of an intent is read off."""

    amount: int
    settlement: Settlement
    closed: Closing | None
    sums: Totals
    charges: Sequence[Operation]
    """What was asked for or came in, whatever became of it."""
    waiting: Sequence[Operation]
    """Those of them without a definite answer."""

    @property
    def is_paid(self) -> bool:
        """Whether money is there, or none is due."""
        return self.sums.received > self.sums.disputed or self.amount == 0


def _ended(closing: Closing) -> Guard[Payment]:
    says = f"its order is {closing}, and no money of the customer's is here"
    return Guard(f"{closing}_without_money", says, lambda one: one.closed is closing and one.sums.net == 0)


def _asks_customer(one: Payment) -> bool:
    return any(each.state is EffectState.ACTION_REQUIRED for each in one.waiting)


_reserved: Final = Guard[Payment](
    "reserved",
    "what isn't paid of what is due is reserved at a gateway",
    lambda one: one.sums.reserved > 0 and one.sums.net < one.amount <= one.sums.net + one.sums.reserved,
)
_paid_in_part: Final = Guard[Payment](
    "paid_in_part",
    "money came, and the shop has less of it than is due",
    lambda one: one.is_paid and one.sums.net < one.amount,
)
_paid_too_much: Final = Guard[Payment](
    "paid_too_much", "the shop has more than is due", lambda one: one.is_paid and one.sums.net > one.amount
)
_paid: Final = Guard[Payment]("paid", "money came, or none is due", lambda one: one.is_paid)
_customer_asked: Final = Guard[Payment]("customer_asked", "a provider waits for the customer", _asks_customer)
_charge_open: Final = Guard[Payment]("charge_open", "a charge has no definite answer", lambda one: bool(one.waiting))
_charge_failed: Final = Guard[Payment](
    "charge_failed", "charges were tried, and none of them stands", lambda one: bool(one.charges)
)
_on_receipt: Final = Guard[Payment](
    "on_receipt", "the customer transfers the money by himself", lambda one: one.settlement is Settlement.ON_RECEIPT
)

INTENT: Final = Derived[IntentState, Payment](
    name="payment_intent",
    about="How far the payment of an order is: read off what its operations add up to.",
    states={
        IntentState.OPEN: "nothing was asked for or paid, and nobody is waited for",
        IntentState.AWAITING_CUSTOMER: "the customer has to do something: transfer, scan, confirm",
        IntentState.PROCESSING: "a gateway was asked, or will be, and has not answered",
        IntentState.PARTIALLY_PAID: "less came in than is due",
        IntentState.AUTHORISED: "what isn't paid yet is reserved at a gateway, to be captured as goods leave",
        IntentState.CAPTURED: "paid in full, or nothing was due",
        IntentState.OVERPAID: "paid too much; the surplus is being given back",
        IntentState.CANCELLED: "its order was cancelled, and no money is here",
        IntentState.EXPIRED: "its order was not paid in time, and no money is here",
        IntentState.FAILED: "every charge was declined or taken back; another may be tried",
    },
    cases=(
        Case(IntentState.CANCELLED, _ended(Closing.CANCELLED)),  # else money that is there counts more than a wish
        Case(IntentState.EXPIRED, _ended(Closing.EXPIRED)),
        Case(IntentState.AUTHORISED, _reserved),
        Case(IntentState.PARTIALLY_PAID, _paid_in_part),
        Case(IntentState.OVERPAID, _paid_too_much),
        Case(IntentState.CAPTURED, _paid),
        Case(IntentState.AWAITING_CUSTOMER, _customer_asked),
        Case(IntentState.PROCESSING, _charge_open),
        Case(IntentState.FAILED, _charge_failed),
        Case(IntentState.AWAITING_CUSTOMER, _on_receipt),
        otherwise(IntentState.OPEN),
    ),
    ends=frozenset({IntentState.CAPTURED, IntentState.CANCELLED, IntentState.EXPIRED}),
    exits={
        IntentState.OPEN: ("payments.received", "orders.cancel"),
        IntentState.AWAITING_CUSTOMER: ("payments.received", "payments.resolve", "orders.cancel"),
        IntentState.PROCESSING: ("payments.advance", "payments.resolve"),
        IntentState.PARTIALLY_PAID: ("payments.received", "payments.charge", "payments.refund"),
        IntentState.AUTHORISED: ("shipments.hand_over", "orders.cancel"),
        IntentState.OVERPAID: ("payments.paid_out", "payments.refund"),
        IntentState.FAILED: ("payments.charge", "payments.received", "orders.cancel"),
    },
)
"""The life of a payment."""


def state_of(
    amount: int, settlement: Settlement, closed: Closing | None, operations: Sequence[Operation]
) -> IntentState:
    """The state of an intent over *amount*. Money that is there counts more than what was intended."""
    charges = [each for each in operations if each.kind in ASKED]
    waiting = [each for each in charges if is_open(each)]
    return INTENT.read(Payment(amount, settlement, closed, totals(operations), charges, waiting))
