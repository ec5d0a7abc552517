"""Statements: what can be used of a gift card or of a customer's store credit, and every movement that led there."""

from collections.abc import Sequence
from datetime import datetime

from tokolib.effects.keys import intent_of
from tokolib.kernel.hosting import resolved
from tokolib.kernel.ids import CustomerId, OrderId
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.rows import Entry, Page
from tokolib.kernel.unit import Unit
from tokolib.payments.ports import INTENTS
from tokolib.payments.tenders import STORE_CREDIT
from tokolib.stored_value.model import GiftCard, Movement, Statement, is_good
from tokolib.stored_value.postings import LEDGER, Cause
from tokolib.stored_value.steps import grants_of, pots_of


async def of_card(unit: Unit, card: GiftCard) -> Statement:
    """The statement of a gift card."""
    (pot,) = await pots_of(unit, [card])
    left = pot.left if is_good(card, unit.now) else 0
    return await _statement(unit, card.account, Money(left, card.amount.currency))


async def of_customer(unit: Unit, customer: CustomerId, currency: Currency) -> Statement:
    """The statement of a customer's store credit in one currency."""
    return await _statement(unit, f"{STORE_CREDIT.name}:{customer}", await left_of(unit, customer, currency))


async def left_of(unit: Unit, customer: CustomerId, currency: Currency) -> Money:
    """The store credit that a customer can use now."""
    pots = await pots_of(unit, await grants_of(unit, customer, currency.code))
    return Money(sum(pot.left for pot in pots), currency)


async def _statement(unit: Unit, account: str, balance: Money) -> Statement:
    entries = [each for each in await _entries(unit, account) if each.unit == balance.currency.code]
    orders = await _orders(unit, entries)
    movements = [
        Movement(
            id=each.batch,
            at=each.at,
            kind=Cause(each.kind).word,
            amount=Money(-each.amount, balance.currency),
            order_id=orders.get(each.batch),
        )
        for each in sorted(entries, key=_by_time)
    ]
    return Statement(balance, tuple(movements))


def _by_time(entry: Entry) -> tuple[datetime, str]:
    """When it was posted; of the same moment by the id without its kind, which rises with time."""
    return entry.at, entry.id.partition("_")[2]


async def _entries(unit: Unit, account: str) -> list[Entry]:
    found: list[Entry] = []
    after: str | None = None
    while True:
        page: Page[Entry] = await resolved(unit.work.ledger(LEDGER, account=account, after=after))
        found.extend(page.items)
        if (after := page.after) is None:
            return found


async def _orders(unit: Unit, entries: Sequence[Entry]) -> dict[str, OrderId]:
    """The orders whose payments moved something, by the posting."""
    of = {each.batch: intent for each in entries if (intent := intent_of(each.batch))}
    intents = await unit[INTENTS].get_many(sorted(set(of.values())))
    return {batch: intents[id].order_id for batch, id in of.items() if id in intents}
