"""What everybody in the simulation knows by now: the shop's own rows as last read, and what buyers remember."""

from collections.abc import Callable, Collection, Iterable, Iterator
from random import Random
from typing import Any, Final, TypeVar

import attrs

from tokolib.checkout.basket import Basket
from tokolib.checkout.model import Quote
from tokolib.documents.filing.model import TaxFiling
from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, Operation
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.inventory.expected.model import ExpectedReceipt
from tokolib.kernel.events import Event, parts_of
from tokolib.kernel.hosting import resolved
from tokolib.kernel.money import Money
from tokolib.kernel.rows import Level, StoredEvent
from tokolib.kernel.storage import Storage
from tokolib.orders.model import Order, OrderState
from tokolib.orders.offers.model import Offer
from tokolib.payments.model import Intent
from tokolib.payments.tenders import STORED
from tokolib.records.archive import RecordArchive
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.model import Return, ReturnState
from tokolib.stored_value.model import balance_counter
from tokolib.stored_value.paying import Credit

T = TypeVar("T")
PARTITION: Final = "default"
RECENT: Final = 12
"""How far back buyers remember carts, quotes and keys."""


@attrs.frozen
class Deal:
    """An order and its payment, as last read together."""

    order: Order
    intent: Intent

    @property
    def id(self) -> str:
        """The order's."""
        return self.order.id

    @property
    def is_dead(self) -> bool:
        """Whether the bargain is off."""
        return self.order.state in (OrderState.CANCELLED, OrderState.EXPIRED)

    def open_at(self, gateway: str) -> tuple[Operation, ...]:
        """What *gateway* has not answered for good."""
        return tuple(each for each in self.intent.operations if each.provider == gateway and is_open(each))


@attrs.frozen
class Wish:
    """An order that a buyer asked for, so that it can be asked for again."""

    key: str
    wanted: Basket | Quote
    tender: str
    credit: tuple[Credit, ...] = ()
    """The gift cards and the store credit that are to pay first."""
    plan: str = ""
    covered: bool = False
    """Whether those had what is asked of them, as far as the buyer knew."""


@attrs.frozen
class Word:
    """What a cashier said of a transfer, so that it can be said again."""

    order_id: str
    amount: Money
    method: str
    reference: str


@attrs.define(eq=False)
class Book:
    """The rows as last read, and the memories of buyers and staff."""

    deals: dict[str, Deal] = attrs.field(factory=dict)
    shipments: dict[str, Shipment] = attrs.field(factory=dict)
    returns: dict[str, Return] = attrs.field(factory=dict)
    labels: dict[str, Label] = attrs.field(factory=dict)
    return_labels: dict[str, ReturnLabel] = attrs.field(factory=dict)
    pickups: dict[str, Pickup] = attrs.field(factory=dict)
    offers: dict[str, Offer] = attrs.field(factory=dict)
    receipts: dict[str, ExpectedReceipt] = attrs.field(factory=dict)
    carts: list[str] = attrs.field(factory=list)
    quotes: list[Quote] = attrs.field(factory=list)
    wishes: list[Wish] = attrs.field(factory=list)
    answers: dict[str, str] = attrs.field(factory=dict)
    """Which order was answered to which key."""
    words: list[Word] = attrs.field(factory=list)
    said: list[Word] = attrs.field(factory=list)
    """Everything that was ever said of money."""
    heard: set[Word] = attrs.field(factory=set)
    """What the shop has acknowledged of it."""
    codes: dict[str, str] = attrs.field(factory=dict)
    """The codes of gift cards, as their bearers have them."""
    shown: list[tuple[Credit, ...]] = attrs.field(factory=list)
    """The cards that buyers have shown, so that others may come with them as well."""
    left: dict[str, int] = attrs.field(factory=dict)
    """What the shop says is left on the gift cards and grants that were touched."""
    filings: dict[str, TaxFiling] = attrs.field(factory=dict)
    unheard: set[str] = attrs.field(factory=set)
    """Operations of filings that the tax provider has carried out, and the shop doesn't know of."""
    levels: dict[str, Level] = attrs.field(factory=dict)
    _archive: RecordArchive = attrs.field(factory=RecordArchive)

    def orders(self, luck: Random, fits: Callable[[Deal], Any]) -> Deal | None:
        """One of the orders that fit, the younger ones rather; None when none does."""
        found = [deal for deal in self.deals.values() if fits(deal)]
        return found[-1 - min(luck.randrange(len(found)), luck.randrange(len(found)))] if found else None

    def remember(self, memory: list[T], one: T) -> None:
        """Keep *one*, and forget what is too long ago."""
        memory.append(one)
        del memory[:-RECENT]

    async def read(self, storage: Storage, streams: Iterable[str], resources: list[str], now: Any) -> list[Deal]:
        """Read again whatever the *streams* are histories of, and the levels of *resources*; the orders among it."""
        named: dict[str, list[str]] = {}
        for stream in streams:
            kind, id = parts_of(stream)
            named.setdefault(kind, []).append(id)
        unit = await resolved(storage.begin(PARTITION, read_only=True))
        try:

            async def all_of(kind: str, ids: Iterable[str]) -> list[Any]:
                collection = next(each for each in self._archive.collections if each.name == kind)
                docs = await resolved(unit.get_many(collection, list(dict.fromkeys(ids)))) if ids else {}
                return [self._archive.read(kind, doc)[0] for doc in docs.values()]

            intents: list[Intent] = await all_of("intents", named.get("intents", ()))
            orders: list[Order] = await all_of("orders", [*named.get("orders", ()), *(i.order_id for i in intents)])
            known = {intent.id for intent in intents}
            intents += await all_of("intents", [order.intent_id for order in orders if order.intent_id not in known])
            for kind, kept in self._kept.items():
                for each in await all_of(kind, named.get(kind, ())):
                    kept[each.id] = each
            pots = dict.fromkeys((*named.get("gift_cards", ()), *named.get("credit_grants", ()), *_paid_with(intents)))
            self.left = {id: await resolved(unit.value(balance_counter(id))) for id in pots}
            if resources:
                self.levels = await resolved(unit.levels(resources, now=now))
        finally:
            await resolved(unit.rollback())
        by_order = {intent.order_id: intent for intent in intents}
        return [Deal(order, by_order[order.id]) for order in orders]

    @property
    def bookings(self) -> tuple[Label | ReturnLabel | Pickup, ...]:
        """All that was ever to be booked of couriers."""
        return (*self.labels.values(), *self.return_labels.values(), *self.pickups.values())

    @property
    def _kept(self) -> dict[str, dict[str, Any]]:
        """What is remembered as it was last read, by the name of its collection."""
        return {
            "shipments": self.shipments,
            "returns": self.returns,
            "labels": self.labels,
            "return_labels": self.return_labels,
            "pickups": self.pickups,
            "offers": self.offers,
            "expected_receipts": self.receipts,
            "tax_filings": self.filings,
        }

    def events(self, stored: Iterable[StoredEvent], topics: Collection[str]) -> Iterator[tuple[str, Event]]:
        """Those of *topics*, each with the id of whose history it is in."""
        for each in stored:
            if each.topic in topics:
                yield parts_of(each.stream)[1], self.event(each)

    def event(self, stored: StoredEvent) -> Event:
        """What a row of a history says."""
        return self._archive.read_event(stored).event

    def requested_returns(self) -> list[Return]:
        """Goods that customers want to send back, and nobody has said whether they may."""
        return [goods for goods in self.returns.values() if goods.state is ReturnState.REQUESTED]


def _paid_with(intents: Iterable[Intent]) -> Iterator[str]:
    """The gift cards and grants that have paid."""
    for intent in intents:
        for each in intent.operations:
            if each.provider in STORED and each.reference and each.kind is EffectKind.CHARGE:
                yield each.reference
