"""Gift cards and store credit on an open unit: issued, granted, and what is left of them as it is now."""

from collections.abc import Sequence
from datetime import datetime

from tokolib.kernel.asks import Value as Ask
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.ids import CustomerId, GiftCardId, GrantId, OrderId
from tokolib.kernel.money import LARGEST, Money
from tokolib.kernel.unit import Unit, every
from tokolib.payments.errors import InvalidAmount
from tokolib.stored_value import codes
from tokolib.stored_value.errors import GiftCardRefused
from tokolib.stored_value.events import CreditGranted, GiftCardIssued
from tokolib.stored_value.model import GiftCard, Grant, GrantState, Value, balance_counter, is_good, stopped_counter
from tokolib.stored_value.ports import GIFT_CARDS, GRANTS
from tokolib.stored_value.postings import GIVEN, Cause, post
from tokolib.stored_value.spending import Pot


def check_amount(amount: Money) -> None:
    """Pass for more than nothing.

    Raises:
        InvalidAmount: it isn't.
    """
    if amount.minor_units <= 0:
        raise InvalidAmount(amount, "must be more than zero")


async def check_worth(unit: Unit, amount: Money, valid_until: datetime | None) -> None:
    """Pass for an amount and a date that something new can have.

    Raises:
        InvalidAmount: not more than zero. InvalidInput: a currency that the shop doesn't sell in, or a date that has
            come.
    """
    check_amount(amount)
    faults = list((await unit.settings()).currency_faults("amount", amount.currency.code))
    if valid_until is not None and valid_until <= unit.now:
        faults.append(Fault("valid_until", "stored_value.past", "must be in the future", valid_until.isoformat()))
    if faults:
        raise InvalidInput(tuple(faults))


def issue(
    unit: Unit,
    amount: Money,
    valid_until: datetime | None,
    cause: Cause,
    paid_from: str,
    *,
    order_id: OrderId | None = None,
    reason: str = "",
) -> tuple[GiftCard, str]:
    """A new gift card, paid out of the account *paid_from*, and its code."""
    code = codes.new_code(unit)
    issued = GiftCardIssued(
        card_id=GiftCardId(unit.new_id("gft")),
        digest=codes.digest_of(code),
        ending=code[-codes.ENDING :],
        amount=amount,
        valid_until=valid_until,
        at=unit.now,
        order_id=order_id,
        reason=reason,
    )
    card = unit[GIFT_CARDS].record(None, issued)
    unit.count(balance_counter(card.id), amount.minor_units)
    post(unit, card, cause, paid_from, card.account, amount)
    return card, code


def grant(
    unit: Unit,
    customer: CustomerId,
    amount: Money,
    valid_until: datetime | None,
    reason: str,
    *,
    paid_from: str = GIVEN,
    operation: str = "",
) -> Grant:
    """New store credit, paid out of the account *paid_from*: given, or the refund that *operation* is."""
    granted = CreditGranted(
        grant_id=GrantId(unit.new_id("crd")),
        customer=customer,
        amount=amount,
        valid_until=valid_until,
        at=unit.now,
        reason=reason,
    )
    made = unit[GRANTS].record(None, granted)
    unit.count(balance_counter(made.id), amount.minor_units)
    post(unit, made, Cause.GRANTED, paid_from, made.account, amount, batch=operation)
    return made


async def card_of(unit: Unit, typed: str) -> GiftCard:
    """The gift card of a code, if it pays now.

    Raises:
        GiftCardMistyped: the code can't be one. GiftCardRefused: it is no card's that pays; which, isn't told.
    """
    code = codes.read(typed)
    page = await unit[GIFT_CARDS].where("by_digest", equals={"digest": codes.digest_of(code)}, limit=1)
    if not page.items or not is_good(page.items[0], unit.now):
        raise GiftCardRefused(code[-codes.ENDING :])
    return page.items[0]


async def grants_of(unit: Unit, customer: str, currency: str) -> tuple[Grant, ...]:
    """The customer's grants of a currency that pay now, the one that expires first in front."""
    wanted = {"customer": customer, "currency": currency, "state": GrantState.ACTIVE.value}
    return tuple(each for each in await every(unit[GRANTS], "by_customer", wanted) if is_good(each, unit.now))


async def check_room(unit: Unit, customer: str, amount: Money) -> None:
    """Pass where all that a customer was ever granted, with *amount*, is still an amount of money.

    Whatever comes back to a grant, what is left is never more than was granted: the balance can be told for ever.

    Raises:
        InvalidAmount: it isn't. Nothing was recorded.
    """
    granted = 0
    for state in GrantState:
        wanted = {"customer": customer, "currency": amount.currency.code, "state": state.value}
        granted += sum(each.amount.minor_units for each in await every(unit[GRANTS], "by_customer", wanted))
    if granted + amount.minor_units > LARGEST:
        most = Money(max(0, LARGEST - granted), amount.currency)
        raise InvalidAmount(amount, f"must be at most {most}, with all that the customer was granted before")


async def pots_of(unit: Unit, values: Sequence[Value]) -> tuple[Pot, ...]:
    """*values*, each with what is left of it."""
    left = await unit.read(*(Ask(balance_counter(each.id)) for each in values))
    return tuple(Pot(value, amount) for value, amount in zip(values, left, strict=True))


def lower(unit: Unit, value: Value, amount: int) -> None:
    """Take *amount* from what is left, on the condition that it is there and that nobody has stopped it meanwhile.

    Nothing is read, so that nothing can change in between: the storage refuses, and the caller decides again.
    """
    unit.count(balance_counter(value.id), -amount, floor=0)
    as_read(unit, value)


def as_read(unit: Unit, value: Value) -> None:
    """Go on only if *value* still pays, or still doesn't, as it did when it was read."""
    stopped = int(value.is_stopped)
    unit.count(stopped_counter(value.id), 0, floor=stopped, ceiling=stopped)


def stop(unit: Unit, value: Value) -> None:
    """Let it pay nothing from now on."""
    unit.count(stopped_counter(value.id), 1, floor=1, ceiling=1)


def start(unit: Unit, value: Value) -> None:
    """Let it pay again."""
    unit.count(stopped_counter(value.id), -1, floor=0, ceiling=0)
