"""Selling gift cards: against money over the counter, or as a part of an order that is paid."""

from collections.abc import Sequence
from datetime import datetime

from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.unit import Unit
from tokolib.payments.events import CardBought
from tokolib.payments.model import BoughtCard, Intent
from tokolib.payments.ports import INTENTS
from tokolib.payments.steps import intent_of_order
from tokolib.payments.tenders import STORED
from tokolib.payments.words import check_local
from tokolib.stored_value.errors import BoughtWithStoredValue, NoGiftCardLine, NotPaidFor
from tokolib.stored_value.model import CardLine, GiftCard
from tokolib.stored_value.ports import CardLines
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


async def sell_in(
    unit: Unit, order_id: str, amount: Money, valid_until: datetime | None, sku: str, lines: CardLines
) -> tuple[GiftCard, str]:
    """A gift card that a unit of an order's line is; and its code. What the order booked as a sale becomes a debt.

    Raises:
        NotFound: no such order. BoughtWithStoredValue: a part of it was paid so.
        NoGiftCardLine: no unit of it, or of *sku*, can be that card, or those of several goods can.
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
    line = _line(intent, await lines(unit, order_id), amount, sku)
    left = Money(_paid(intent) - intent.in_cards.minor_units, amount.currency)
    if amount > left:
        raise NotPaidFor(intent.order_id, amount, max(left, Money(0, amount.currency)))
    card, code = issue(unit, amount, valid_until, Cause.SOLD, SALES, order_id=intent.order_id)
    unit[INTENTS].record(intent, CardBought(BoughtCard(card.id, line.line_id, amount)))
    return card, code


def _line(intent: Intent, lines: Sequence[CardLine], amount: Money, sku: str) -> CardLine:
    """The line of which one more unit becomes a gift card of *amount*."""
    sold = [each.line_id for each in intent.cards]
    named = [each for each in lines if not sku or each.key == sku.casefold()]
    fitting = [each for each in named if each.price == amount and sold.count(each.line_id) < each.units]
    skus = tuple(dict.fromkeys(each.key for each in fitting))
    if len(skus) != 1:
        raise NoGiftCardLine(intent.order_id, amount, sku, skus)
    return fitting[0]


def _paid(intent: Intent) -> int:
    """What buys gift cards: nothing while the order isn't paid in full."""
    held = intent.totals.net - intent.totals.pending_refund
    return held if held >= intent.amount.minor_units else 0
