"""Gift cards that an order bought, taken back because the order, or their line, is undone."""

from collections.abc import Sequence

from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.payments.events import CardTakenBack
from tokolib.payments.model import BoughtCard, Intent
from tokolib.payments.ports import INTENTS
from tokolib.stored_value.errors import GiftCardSpent
from tokolib.stored_value.events import GiftCardTakenBack
from tokolib.stored_value.model import GiftCard, balance_counter
from tokolib.stored_value.ports import GIFT_CARDS
from tokolib.stored_value.postings import SALES, Cause, post
from tokolib.stored_value.spending import Pot
from tokolib.stored_value.steps import as_read, pots_of, stop


async def take_back(unit: Unit, intent: Intent, cards: Sequence[BoughtCard], count: int, reason: str) -> Intent:
    """*intent* without *count* of *cards*, those that are as they were issued: nothing is on them any more.

    Raises:
        GiftCardSpent: so many aren't. Nothing was recorded.
    """
    if count <= 0:
        return intent
    held = await unit[GIFT_CARDS].get_many([each.card_id for each in cards])
    pots = await pots_of(unit, [held[each.card_id] for each in cards])
    whole = [pot for pot in pots if pot.left == pot.value.amount.minor_units]
    if len(whole) < count:
        spent = next(pot for pot in pots if pot not in whole)
        raise GiftCardSpent(
            intent.order_id, spent.value.id, spent.value.amount, Money(spent.left, spent.value.amount.currency)
        )
    for pot in whole[:count]:
        intent = _take(unit, intent, pot, reason)
    return intent


def _take(unit: Unit, intent: Intent, pot: Pot, reason: str) -> Intent:
    card = pot.value
    if not isinstance(card, GiftCard):
        raise TypeError(f"{card.id} is no gift card")
    unit.count(balance_counter(card.id), -pot.left, floor=0, ceiling=0)
    if card.is_stopped:
        as_read(unit, card)
    else:
        stop(unit, card)
    post(unit, card, Cause.TAKEN_BACK, card.account, SALES, card.amount)
    unit[GIFT_CARDS].record(card, GiftCardTakenBack(reason, unit.now))
    return unit[INTENTS].record(intent, CardTakenBack(card.id))
