"""Selling gift cards: against money over the counter, or as a part of an order that is paid."""

from datetime import datetime

from tokolib.kernel.money import CurrencyMismatch, Money
from tokolib.kernel.unit import Unit
from tokolib.payments.model import Intent
from tokolib.payments.steps import intent_of_order
from tokolib.payments.tenders import STORED
from tokolib.payments.words import check_local
from tokolib.stored_value.errors import BoughtWithStoredValue, NotPaidFor
from tokolib.stored_value.model import GiftCard, sold_counter
from tokolib.stored_value.postings import SALES, Cause, clearing
from tokolib.stored_value.steps import check_worth, issue


async def sell(unit: Unit, amount: Money, method: str, valid_until: datetime | None) -> tuple[GiftCard, str]:
    """A gift card against *amount*, which came by a local *method*; and its code.

    Raises:
        BoughtWithStoredValue: *method* is stored value. NotLocal: people don't handle it.
        what `check_worth` raises. Nothing was recorded.
    """
    if method in STORED:
        raise BoughtWithStoredValue(method, "")
    check_local(method)
    await check_worth(unit, amount, valid_until)
    return issue(unit, amount, valid_until, Cause.SOLD, clearing(method))


async def sell_in(unit: Unit, order_id: str, amount: Money, valid_until: datetime | None) -> tuple[GiftCard, str]:
    """A gift card for which an order has paid; and its code. What the order booked as a sale becomes a debt.

    Raises:
        NotFound: no such order. BoughtWithStoredValue: a part of it was paid so.
        NotPaidFor: not so much is paid, or the order bought others for it.
        CurrencyMismatch, what `check_worth` raises. Nothing was recorded.
    """
    await check_worth(unit, amount, valid_until)
    intent = await intent_of_order(unit, order_id)
    if amount.currency != intent.amount.currency:
        raise CurrencyMismatch(intent.amount.currency.code, amount.currency.code)
    for each in intent.operations:
        if each.provider in STORED and each.succeeded:
            raise BoughtWithStoredValue(each.provider, intent.order_id)
    paid = _paid(intent)
    bought = await unit.counter(sold_counter(intent.order_id))
    if bought + amount.minor_units > paid:
        raise NotPaidFor(intent.order_id, amount, Money(max(0, paid - bought), amount.currency))
    unit.count(sold_counter(intent.order_id), amount.minor_units, ceiling=paid)
    return issue(unit, amount, valid_until, Cause.SOLD, SALES, order_id=intent.order_id)


def _paid(intent: Intent) -> int:
    """What buys gift cards: nothing while the order isn't paid in full."""
    held = intent.totals.held - intent.totals.pending_refund
    return held if held >= intent.amount.minor_units else 0
