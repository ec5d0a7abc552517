"""Gift cards among the goods of an order: which lines may be some, and what becomes of them when they are undone."""

from collections.abc import Iterable

from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.lines import OrderLine
from tokolib.orders.model import Order, OrderState
from tokolib.orders.ports import ORDERS
from tokolib.payments.ports import INTENTS
from tokolib.stored_value.model import CardLine
from tokolib.stored_value.taking_back import take_back


async def card_lines(unit: Unit, order_id: str, /) -> tuple[CardLine, ...]:
    """Implements `stored_value.ports.CardLines`."""
    order = await unit[ORDERS].get(order_id)
    if order.state not in (OrderState.PLACED, OrderState.COMPLETED) or order.cancel_requested is not None:
        return ()
    return tuple(
        CardLine(each.id, each.key, Money(each.line.total // each.units, order.currency), _left(each))
        for each in order.lines
        if each.line.total % each.units == 0 and not any(tax.amount for tax in each.line.taxes)
    )


async def take_back_cards(unit: Unit, order: Order, reason: str, *, lines: Iterable[str] | None = None) -> None:
    """The gift cards that *order* bought are taken back; of *lines*, as many as these have no units for any more.

    Raises:
        GiftCardSpent: one of them was used, or has expired. Nothing was recorded.
    """
    intent = await unit[INTENTS].get(order.intent_id)
    if not intent.cards:
        return
    if lines is None:
        await take_back(unit, intent, intent.cards, len(intent.cards), reason)
        return
    for each in order.lines:
        if each.id in lines:
            cards = [card for card in intent.cards if card.line_id == each.id]
            intent = await take_back(unit, intent, cards, len(cards) - _left(each), reason)


def _left(line: OrderLine) -> int:
    return len(line.sold)
