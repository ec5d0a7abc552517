"""The state of an intent: one pure function of its operations, so it can't drift from them."""

from collections.abc import Sequence
from enum import StrEnum

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectState, Operation
from tokolib.payments.tenders import Settlement
from tokolib.payments.totals import MONEY_IN, Totals, totals


class IntentState(StrEnum):
    """How far the payment of an order is."""

    OPEN = "open"
    """Nothing was asked for or paid yet, and nobody is waited for: cash on delivery under way."""
    AWAITING_CUSTOMER = "awaiting_customer"
    PROCESSING = "processing"
    """A gateway was asked, or will be, and has not answered."""
    PARTIALLY_PAID = "partially_paid"
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


def state_of(
    amount: int, settlement: Settlement, closed: Closing | None, operations: Sequence[Operation]
) -> IntentState:
    """The state of an intent over *amount*. Money that is there counts more than what was intended."""
    sums = totals(operations)
    if closed is not None and sums.held == 0:
        return IntentState(closed.value)
    if sums.captured > sums.disputed or amount == 0:
        return _paid(amount, sums)
    return _unpaid(settlement, [each for each in operations if each.kind in MONEY_IN])


def _paid(amount: int, sums: Totals) -> IntentState:
    if sums.kept < amount:
        return IntentState.PARTIALLY_PAID
    return IntentState.OVERPAID if sums.held > amount else IntentState.CAPTURED


def _unpaid(settlement: Settlement, charges: Sequence[Operation]) -> IntentState:
    waiting = [each for each in charges if is_open(each)]
    if any(each.state is EffectState.ACTION_REQUIRED for each in waiting):
        return IntentState.AWAITING_CUSTOMER
    if waiting:
        return IntentState.PROCESSING
    if charges:
        return IntentState.FAILED
    return IntentState.AWAITING_CUSTOMER if settlement is Settlement.ON_RECEIPT else IntentState.OPEN
