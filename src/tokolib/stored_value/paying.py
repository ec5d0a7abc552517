"""Paying an order from gift cards and store credit: planned before anything is written, claimed where it is placed."""

from collections.abc import Sequence
from typing import Final

from tokolib.effects.model import EffectKind
from tokolib.effects.ports import Observe
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.ctx import Customer
from tokolib.kernel.errors import Fault, InvalidInput, TokolibError
from tokolib.kernel.ids import CustomerId, IntentId
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.storage_errors import Refused, StorageError
from tokolib.kernel.unit import Unit
from tokolib.payments.events import OperationRequested
from tokolib.payments.ports import INTENTS
from tokolib.payments.requests import request
from tokolib.payments.tenders import GIFT_CARD, STORE_CREDIT
from tokolib.payments.words import redeemed
from tokolib.stored_value import codes
from tokolib.stored_value.errors import CreditNeedsCustomer, GiftCardRefused, InsufficientBalance, NotTheirCredit
from tokolib.stored_value.model import (
    FromGiftCard,
    FromStoreCredit,
    GiftCard,
    balance_counter,
    stopped_counter,
)
from tokolib.stored_value.postings import Cause, clearing, post
from tokolib.stored_value.spending import CreditWish, Part, spend
from tokolib.stored_value.steps import card_of, check_amount, grants_of, lower, pots_of

Credit = FromGiftCard | FromStoreCredit
MOST: Final = 20
"""So many gift cards pay one order."""


def fingerprint_of(credit: Sequence[Credit]) -> str:
    """By what an idempotency key knows again what *credit* asks for; it tells no codes, and is empty for nothing.

    Raises:
        InvalidInput: the same card, or store credit, is named twice; too many are. GiftCardMistyped: a code can't be
            one. InvalidAmount: an amount of nothing.
    """
    if len(credit) > MOST:
        raise InvalidInput((Fault("credit", "stored_value.too_many", f"must be at most {MOST}", str(len(credit))),))
    made = tuple([(*_named(each), each.amount) for each in credit])
    for at, each in enumerate(made):
        if each[:2] in [other[:2] for other in made[:at]]:
            raise InvalidInput((Fault(f"credit[{at}]", "stored_value.named_twice", "is named before", each[0]),))
    return fingerprint(made) if made else ""


def _named(wish: Credit) -> tuple[str, str]:
    if wish.amount is not None:
        check_amount(wish.amount)
    match wish:
        case FromGiftCard(code=code):
            return GIFT_CARD.name, codes.digest_of(codes.read(code))
        case FromStoreCredit():
            return STORE_CREDIT.name, ""


async def plan(unit: Unit, credit: Sequence[Credit], total: Money, customer: CustomerId | None) -> tuple[Part, ...]:
    """What each gift card and grant pays of *total*; nothing is claimed yet.

    Raises:
        GiftCardRefused, GiftCardMistyped, InsufficientBalance, CreditNeedsCustomer, NotTheirCredit,
        CurrencyMismatch (of another currency than *total*). Nothing was recorded.
    """
    return spend(total.minor_units, [await _wish(unit, each, total, customer) for each in credit], total.currency)


async def _wish(unit: Unit, wish: Credit, total: Money, customer: CustomerId | None) -> CreditWish:
    if wish.amount is not None and wish.amount.currency != total.currency:
        raise CurrencyMismatch(total.currency.code, wish.amount.currency.code)
    amount = None if wish.amount is None else wish.amount.minor_units
    match wish:
        case FromGiftCard(code=code):
            card = await card_of(unit, code)
            if card.amount.currency != total.currency:
                raise CurrencyMismatch(total.currency.code, card.amount.currency.code)
            return CreditWish(GIFT_CARD.name, amount, await pots_of(unit, [card]))
        case FromStoreCredit():
            grants = await grants_of(unit, _holder(unit, customer), total.currency.code)
            return CreditWish(STORE_CREDIT.name, amount, await pots_of(unit, grants))


def _holder(unit: Unit, customer: CustomerId | None) -> CustomerId:
    if customer is None:
        raise CreditNeedsCustomer("")
    if isinstance(unit.ctx.actor, Customer) and unit.ctx.actor.id != customer:
        raise NotTheirCredit(str(unit.ctx.actor))
    return customer


async def redeem(unit: Unit, intent_id: IntentId, parts: Sequence[Part], observe: Observe) -> None:
    """Claim *parts*, post them, and tell the payment of their order that they are paid; nothing is read."""
    for part in parts:
        intent = await unit[INTENTS].get(intent_id)
        provider = part.value.provider
        wish = request(intent, EffectKind.CHARGE, provider, part.amount, at=unit.now, epoch=await unit.epoch())
        unit[INTENTS].record(intent, OperationRequested(wish))
        lower(unit, part.value, part.amount.minor_units)
        post(unit, part.value, Cause.REDEEMED, part.value.account, clearing(provider), part.amount, batch=wish.id)
        await observe(unit, redeemed(wish, part.value.id, at=unit.now, actor=unit.ctx.actor))


def named_refusal(error: StorageError, parts: Sequence[Part]) -> TokolibError:
    """What it means that the storage refuses, at commit, a counter of *parts*; any other error stays."""
    if not isinstance(error, Refused):
        return error
    for part in parts:
        value = part.value
        if error.name == balance_counter(value.id):
            left = Money(max(0, error.available), part.amount.currency)
            return InsufficientBalance(value.provider, part.amount, left)
        if error.name == stopped_counter(value.id):
            if isinstance(value, GiftCard):
                return GiftCardRefused(value.ending)
            return InsufficientBalance(value.provider, part.amount, Money(0, part.amount.currency))
    return error
