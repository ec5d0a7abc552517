"""What ends stored value: its date, and the shop's word that it takes a part back."""

from datetime import timedelta

from tokolib.kernel.clock import sortable
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.payments.tenders import STORE_CREDIT
from tokolib.stored_value.errors import InsufficientBalance
from tokolib.stored_value.events import CreditExpired, CreditWithdrawn, GiftCardExpired
from tokolib.stored_value.model import GiftCard, GiftCardState, Grant, GrantState, Value, balance_counter, is_good
from tokolib.stored_value.ports import GIFT_CARDS, GRANTS
from tokolib.stored_value.postings import BREAKAGE, GIVEN, Cause, post
from tokolib.stored_value.spending import take
from tokolib.stored_value.steps import grants_of, lower, pots_of, stop


async def overdue(unit: Unit, *, limit: int) -> tuple[tuple[str, str], ...]:
    """What has expired and not been ended, at most *limit* of each kind: the port's name and the id."""
    found: list[tuple[str, str]] = []
    until = sortable(unit.now + timedelta(microseconds=1))  # the index's range is half-open
    cards = {"state": GiftCardState.ACTIVE.value}
    for card in (await unit[GIFT_CARDS].where("by_date", equals=cards, since="", until=until, limit=limit)).items:
        found.append((GIFT_CARDS.name, card.id))
    grants = {"state": GrantState.ACTIVE.value}
    for one in (await unit[GRANTS].where("by_date", equals=grants, since="", until=until, limit=limit)).items:
        found.append((GRANTS.name, one.id))
    return tuple(found)


async def expire(unit: Unit, port: str, id: str) -> bool:
    """End one of `overdue`: what is left of it is the shop's income. Whether it was due."""
    value: Value = await (unit[GIFT_CARDS] if port == GIFT_CARDS.name else unit[GRANTS]).get(id)
    if value.is_stopped or is_good(value, unit.now):
        return False
    left = await unit.counter(balance_counter(value.id))
    amount = Money(left, value.amount.currency)
    match value:
        case GiftCard():
            unit[GIFT_CARDS].record(value, GiftCardExpired(amount, unit.now))
        case Grant():
            unit[GRANTS].record(value, CreditExpired(amount, unit.now))
    unit.count(balance_counter(value.id), -left, floor=0, ceiling=0)
    stop(unit, value)
    if left:
        post(unit, value, Cause.EXPIRED, value.account, BREAKAGE, amount)
    return True


async def withdraw(unit: Unit, customer: CustomerId, amount: Money, reason: str) -> None:
    """Take *amount* of the customer's store credit back, from what expires first.

    Raises:
        InsufficientBalance: there isn't so much. Nothing was recorded.
    """
    pots = await pots_of(unit, await grants_of(unit, customer, amount.currency.code))
    if (has := sum(pot.left for pot in pots)) < amount.minor_units:
        raise InsufficientBalance(STORE_CREDIT.name, amount, Money(has, amount.currency))
    for part in take(amount.minor_units, pots, amount.currency):
        lower(unit, part.value, part.amount.minor_units)
        post(unit, part.value, Cause.WITHDRAWN, part.value.account, GIVEN, part.amount)
        if isinstance(part.value, Grant):
            unit[GRANTS].record(part.value, CreditWithdrawn(part.amount, reason))
