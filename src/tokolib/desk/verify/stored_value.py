"""Gift cards and store credit: X4 and M1. What is left is what the books owe, and what was paid is what orders took."""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.walk import Findings, posted, rows
from tokolib.effects.keys import intent_of
from tokolib.effects.model import EffectKind
from tokolib.kernel.ids import OrderId
from tokolib.kernel.rows import CounterRow, Entry, Kind
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order, OrderState
from tokolib.payments.model import Intent
from tokolib.payments.tenders import LOCAL, STORED
from tokolib.stored_value.model import (
    GiftCard,
    GiftCardState,
    GrantState,
    Value,
    balance_counter,
    stopped_counter,
    value_in,
)
from tokolib.stored_value.postings import BREAKAGE, GIVEN, LEDGER, SALES, Cause, clearing

_COUNTER: Final = "set the counter to what the books owe on it"
_BOOKS: Final = "post the missing or reversing legs from the payments' operations"
_SALE: Final = "block the card, and charge the order again or write off what was spent"
_COLLECTIONS: Final = {"gft": "gift_cards", "crd": "credit_grants"}
_MADE: Final[frozenset[str]] = frozenset({Cause.ISSUED, Cause.SOLD, Cause.GRANTED})
_PAID: Final[Mapping[str, EffectKind]] = {
    Cause.REDEEMED: EffectKind.CHARGE,
    Cause.RETURNED: EffectKind.REFUND,
    Cause.FORFEITED: EffectKind.REFUND,
}


_THROUGH: Final = tuple(clearing(name) for name in STORED)
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    Cause.ISSUED: (GIVEN,),
    Cause.SOLD: (SALES, *(clearing(name) for name in LOCAL)),
    Cause.GRANTED: (GIVEN, *_THROUGH),
    Cause.REDEEMED: _THROUGH,
    Cause.RETURNED: _THROUGH,
    Cause.WITHDRAWN: (GIVEN,),
    Cause.TAKEN_BACK: (SALES,),
    Cause.EXPIRED: (BREAKAGE,),
    Cause.FORFEITED: (BREAKAGE, *_THROUGH),
}
"""Which accounts may stand beside that of the gift card or the customer."""


def collection_of(id: str) -> str:
    """Where the gift card or grant *id* is kept; empty when it is neither's id."""
    return _COLLECTIONS.get(id.partition("_")[0], "")


def is_about(entry: Entry) -> bool:
    """Whether a posting is about a gift card or a grant, and no order's."""
    return bool(collection_of(entry.refers_to))


def check_batch(batch: Sequence[Entry], row: str, found: Findings) -> None:
    """M4: the two legs of a posting say the same of everything but the account; nobody changed one of them."""
    first = batch[0]
    ids = [entry.id for entry in batch] == [f"{first.batch}.1", f"{first.batch}.2"]
    same = len({(entry.kind, entry.at, entry.refers_to) for entry in batch}) == 1
    beside = [entry.account for entry in batch if entry.account.partition(":")[0] not in STORED]
    sound = ids and same and len(beside) == (2 if first.kind == Cause.FORFEITED else 1)
    sound = sound and all(account in _BESIDE.get(first.kind, ()) for account in beside)
    found.expect(sound, "M4", row, "was changed", _BOOKS)


async def check_value(unit: Unit, books: Books, value: Value, found: Findings) -> None:
    """X4 of one gift card or grant: its counters, and each of its postings."""
    found.saw("gift cards" if value.provider == "gift_card" else "grants of store credit")
    row = f"{value.provider} {value.id}"
    owed = made = 0
    async for entry in posted(unit, LEDGER, refers_to=value.id):
        owed -= entry.amount if entry.account == value.account else 0
        made -= entry.amount if entry.account == value.account and entry.kind in _MADE else 0
        found.expect(entry.unit == value.amount.currency.code, "M1", row, f"posted in {entry.unit}", _BOOKS)
        await _check_paid(books, entry, row, found)
    left = await unit.counter(balance_counter(value.id))
    stopped = await unit.counter(stopped_counter(value.id))
    found.expect(made == value.amount.minor_units, "M1", row, f"made with {value.amount}, posted {made}", _BOOKS)
    found.expect(left == owed, "X4", row, f"has {left} left, the books owe {owed}", _COUNTER)
    found.expect(left >= 0, "X4", row, f"has {left} left", _COUNTER)
    found.expect(stopped == int(value.is_stopped), "X4", row, f"is {value.state}, and its stop is {stopped}", _COUNTER)
    over = value.state in (GiftCardState.EXPIRED, GiftCardState.TAKEN_BACK, GrantState.EXPIRED)
    found.expect(not over or left == 0, "X4", row, f"is {value.state} with {left} left", _COUNTER)
    if isinstance(value, GiftCard) and value.order_id is not None:
        await _check_bought(books, value, value.order_id, row, found)


async def _check_bought(books: Books, card: GiftCard, order_id: OrderId, row: str, found: Findings) -> None:
    """A card that an order bought is good only while the order stands, and still has the unit that it is."""
    order = await books.find("orders", order_id, Order)
    intent = None if order is None else await books.find("intents", order.intent_id, Intent)
    if order is None or intent is None:
        found.broken("X4", row, f"was bought by order {order_id}, which isn't there", _SALE)
        return
    bought = next((each for each in intent.cards if each.card_id == card.id), None)
    listed = (bought is not None) == (card.state is not GiftCardState.TAKEN_BACK)
    found.expect(listed, "X4", row, f"is {card.state}, and order {order_id} says otherwise", _SALE)
    if bought is None:
        return
    line = order.line(bought.line_id)
    units = 0 if line is None else len(line.sold)
    cards = sum(each.line_id == bought.line_id for each in intent.cards)
    stands = order.state in (OrderState.PLACED, OrderState.COMPLETED) and cards <= units
    found.expect(stands, "X4", row, f"is {card.state}, and its sale in order {order_id} was undone", _SALE)


async def _check_paid(books: Books, entry: Entry, row: str, found: Findings) -> None:
    """A posting that a payment made is one of its operations, of the same amount."""
    if (kind := _PAID.get(entry.kind)) is None:
        return
    intent = await books.find("intents", intent_of(entry.batch), Intent)
    operation = None if intent is None else intent.operation(entry.batch)
    sound = operation is not None and operation.succeeded and operation.kind is kind
    sound = sound and operation is not None and abs(entry.amount) == operation.amount.minor_units
    found.expect(sound, "X4", row, f"posting {entry.batch} is of no payment that was made", _BOOKS)


async def check_counters(unit: Unit, books: Books, found: Findings) -> None:
    """X4: no counter is left of a gift card or grant that is gone."""
    async for row in rows(unit, Kind.COUNTERS, CounterRow, found):
        if id := value_in(row.name):
            known = await books.has(collection_of(id) or "gift_cards", id)
            found.expect(known, "X4", f"counter {row.name}", "is of nothing that there is", _COUNTER)


@attrs.define
class Passed:
    """What passed between orders and stored value, by account and currency: it comes to nothing."""

    passed: dict[tuple[str, str], int] = attrs.field(factory=dict)

    def learn(self, entry: Entry) -> None:
        """Take in one leg."""
        if entry.account in _CLEARING:
            place = (entry.account, entry.unit)
            self.passed[place] = self.passed.get(place, 0) + entry.amount

    def check(self, found: Findings) -> None:
        """M1: whatever was paid with stored value was taken off it, and whatever went back was put on it."""
        for (account, currency), amount in sorted(self.passed.items()):
            if amount:
                found.broken("M1", f"account {account}", f"holds {amount} {currency}, and passes it on", _BOOKS)


_CLEARING: Final = frozenset(clearing(name) for name in STORED)
