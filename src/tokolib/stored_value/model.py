"""Stored value: what a shop owes its customers and takes in payment. Gift cards, and grants of store credit.

What is left on one is no field of it but a counter of the storage, lowered on the condition that it stays at zero or
above: two orders can't spend the same rupiah, however they race. Every change of it is a posting in the books.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.ids import CustomerId, GiftCardId, GrantId, LineId, OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.personal import PERSONAL
from tokolib.payments.tenders import GIFT_CARD, STORE_CREDIT


class GiftCardState(StrEnum):
    """Whether a gift card pays."""

    ACTIVE = "active"
    """It pays until its date."""
    BLOCKED = "blocked"
    """Lost, stolen or in doubt: it pays nothing until it is unblocked, and keeps what is on it."""
    EXPIRED = "expired"
    """Its date has come; what was on it is the shop's income. Money that comes back opens it again."""
    TAKEN_BACK = "taken_back"
    """The order that bought it was cancelled, or its line came back: nothing is on it, for good."""


class GrantState(StrEnum):
    """Whether a grant of store credit pays."""

    ACTIVE = "active"
    EXPIRED = "expired"
    """Its date has come; what was left of it is taken back. Money that comes back opens it again."""


@attrs.frozen(kw_only=True)
class GiftCard:
    """One gift card. Its code is kept as a digest only: whoever reads the storage can't spend it."""

    id: GiftCardId
    version: int
    digest: str
    ending: str
    """The last four characters of its code, for people."""
    amount: Money
    """What it was issued with."""
    valid_until: datetime | None
    """From then on it pays nothing; None: it is good for ever."""
    state: GiftCardState
    issued_at: datetime
    order_id: OrderId | None = None
    """The order that bought it, where one did."""
    reason: str = ""
    """Why it was given away, or blocked."""

    @property
    def provider(self) -> str:
        """The tender that it is."""
        return GIFT_CARD.name

    @property
    def account(self) -> str:
        """Its account in the books: what the shop owes on it."""
        return f"{GIFT_CARD.name}:{self.id}"

    @property
    def is_stopped(self) -> bool:
        """Whether it pays nothing, whatever its date."""
        return self.state is not GiftCardState.ACTIVE


@attrs.frozen(kw_only=True)
class Grant:
    """Store credit that a customer was given once, with a date of its own."""

    id: GrantId
    version: int
    customer: CustomerId = attrs.field(metadata=PERSONAL)
    amount: Money
    """What was granted."""
    valid_until: datetime | None
    """From then on it pays nothing; None: it is good for ever."""
    state: GrantState
    granted_at: datetime
    reason: str

    @property
    def provider(self) -> str:
        """The tender that it is."""
        return STORE_CREDIT.name

    @property
    def account(self) -> str:
        """Its account in the books: what the shop owes this customer."""
        return f"{STORE_CREDIT.name}:{self.customer}"

    @property
    def is_stopped(self) -> bool:
        """Whether it pays nothing, whatever its date."""
        return self.state is not GrantState.ACTIVE


Value = GiftCard | Grant

_BALANCE: Final = "balance:"
_STOPPED: Final = "stopped:"


def balance_counter(value_id: str) -> str:
    """The counter of what is left on a gift card or of a grant, in minor units: never below zero."""
    return _BALANCE + value_id


def stopped_counter(value_id: str) -> str:
    """The counter that is 1 while it is stopped, else 0, so that a payment and a block can't miss each other."""
    return _STOPPED + value_id


def value_in(counter: str) -> str:
    """The gift card or grant that a counter belongs to; empty when it is another counter."""
    for prefix in (_BALANCE, _STOPPED):
        if counter.startswith(prefix):
            return counter.removeprefix(prefix)
    return ""


def is_good(value: Value, now: datetime) -> bool:
    """Whether it pays *now*."""
    return not value.is_stopped and (value.valid_until is None or now < value.valid_until)


@attrs.frozen
class FromGiftCard:
    """A wish to pay from a gift card: *amount*, or all that it has, as far as there is something left to pay."""

    code: str = attrs.field(repr=False)
    """As it is printed, or typed."""
    amount: Money | None = None


@attrs.frozen
class FromStoreCredit:
    """A wish to pay from the customer's store credit: *amount*, or all there is, as far as something is left to pay."""

    amount: Money | None = None


@attrs.frozen
class CardLine:
    """A line of an order that may be a gift card: untaxed, for the tax is due on what the card buys."""

    line_id: LineId
    key: str
    """Its SKU, case-folded."""
    price: Money
    """What was paid for each unit, all discounts taken off."""
    units: int
    """How many units the order still has: neither cancelled nor returned."""


@attrs.frozen
class IssuedCard:
    """A gift card, and the code to be printed on it."""

    card: GiftCard
    code: str | None = attrs.field(repr=False)
    """Told once. None when the same key issued it before: give it a `new_code` if the first one was lost."""


@attrs.frozen(kw_only=True)
class Movement:
    """One change of what is owed on a gift card, or to a customer."""

    id: str
    at: datetime
    kind: str
    """`issued`, `sold`, `granted`, `redeemed`, `returned`, `withdrawn`, `taken_back` or `expired`."""
    amount: Money
    """Positive when it grew."""
    order_id: OrderId | None
    """The order that was paid with it, or whose money came back."""


@attrs.frozen
class Statement:
    """What can be paid with a gift card, or a customer's store credit, and what moved it; the oldest movement first."""

    balance: Money
    """What can be used now: zero while a card is blocked, though its movements add up to what is on it, and nothing of
    what is past its date."""
    movements: tuple[Movement, ...]
