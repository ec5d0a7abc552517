"""The whole check, in one consistent state of the storage."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import attrs

from tokolib.checkout.model import Quote
from tokolib.desk.ports import Archive
from tokolib.desk.verify import (
    coupons,
    exchange,
    filings,
    keys,
    money,
    movements,
    numbers,
    papers,
    payments,
    plans,
    stock,
    stored_value,
)
from tokolib.desk.verify.books import Books
from tokolib.desk.verify.keys import Keys
from tokolib.desk.verify.movements import Movements
from tokolib.desk.verify.report import Report
from tokolib.desk.verify.settlements import RECEIVED, Clearing, check_line, check_settlement, say_received
from tokolib.desk.verify.streams import Look, Replayed, check_streams
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings
from tokolib.documents.filing.model import TaxFiling
from tokolib.documents.model import Invoice, Series
from tokolib.effects.keys import intent_of
from tokolib.fulfilment.model import Shipment
from tokolib.kernel.configuration import SETTINGS_ID, ShopSettings
from tokolib.kernel.unit import Unit
from tokolib.orders.model import Order
from tokolib.payments.model import Intent, Quarantine
from tokolib.reconciliation.bank import BankEntry
from tokolib.reconciliation.model import Settlement
from tokolib.returns.model import Return
from tokolib.stored_value.model import GiftCard, Grant

T = TypeVar("T")


@attrs.define
class Tallies:
    """All that one room tells and another has."""

    postings: Tally = attrs.field(factory=lambda: Tally("M4", money.BOOKS))
    book_postings: Tally = attrs.field(factory=lambda: Tally("M10", exchange.REPAIR))
    received: Tally = attrs.field(factory=lambda: Tally("M11", RECEIVED))
    payments: Tally = attrs.field(factory=lambda: Tally("M4", money.ORDER))
    holds: Tally = attrs.field(factory=lambda: Tally("S4", movements.RESTORE))
    shipments: Tally = attrs.field(factory=lambda: Tally("S4", movements.RESTORE))
    uses: Tally = attrs.field(factory=lambda: Tally("X4", coupons.RESTORE))
    counted: Tally = attrs.field(factory=lambda: Tally("X4", coupons.RESTORE))
    numbers: Tally = attrs.field(factory=lambda: Tally("I1", numbers.REPAIR))
    stock: Movements = attrs.field(factory=Movements)
    keys: Keys = attrs.field(factory=Keys)

    def each(self) -> Iterator[Tally]:
        """Every one of them."""
        for group in (self, self.stock, self.keys):
            yield from (
                tally for field in attrs.fields(type(group)) if isinstance(tally := getattr(group, field.name), Tally)
            )

    def closer(self) -> "Tallies":
        """The same for a second look at what is uneven."""
        made = Tallies()
        for group, own in ((made, self), (made.stock, self.stock), (made.keys, self.keys)):
            for field in attrs.fields(type(own)):
                if isinstance(tally := getattr(own, field.name), Tally):
                    setattr(group, field.name, tally.closer())
        return made


async def check(unit: Unit, archive: Archive) -> Report:
    """Every promise over every row; it changes nothing.

    Memory grows with the assortment, and with the longest history of an order: not with the sales.
    """
    tallies = Tallies()
    found = await _check(unit, archive, tallies)
    if not all(tally.is_even for tally in tallies.each()):
        closer = tallies.closer()
        found = await _check(unit, archive, closer)
        for tally in closer.each():
            tally.tell(found)
    return found.report()


async def _check(unit: Unit, archive: Archive, tallies: Tallies) -> Findings:
    found, books, clearing, gains = Findings(), Books(unit, archive), Clearing(), exchange.Gains()
    await check_streams(unit, archive, found, _looks(unit, books, tallies, clearing, gains, found))
    passed = stored_value.Passed()
    await money.check_postings(unit, tallies.postings, passed, found)
    passed.check(found)
    await exchange.check_book_postings(unit, tallies.book_postings, found)
    await stored_value.check_counters(unit, books, found)
    await clearing.check(unit, found)
    await gains.check(unit, found)
    await movements.check_levels(unit, tallies.stock, found)
    await stock.check_holds(unit, tallies.holds, found)
    await numbers.check_numbers(unit, books, tallies.numbers, found)
    await coupons.check_uses(unit, tallies.uses, tallies.counted, found)
    await keys.check_keys(unit, books, tallies.keys, found)
    return found


def _looks(
    unit: Unit, books: Books, tallies: Tallies, clearing: Clearing, gains: exchange.Gains, found: Findings
) -> Mapping[str, Look]:
    async def orders(batch: Sequence[Replayed]) -> None:
        known = [(each, order) for each in batch if isinstance(order := each.state, Order)]
        quotes = [order.quote_id for _, order in known if order.quote_id is not None]
        await books.bring(intents=[order.intent_id for _, order in known], quotes=quotes)
        standing = await books.holds([id for _, order in known for id in order.holds])
        for each, order in known:
            await money.check_order(books, each, order, tallies.postings, found)
            await exchange.check_stated(books, each, order, tallies.book_postings, found)
            stock.check_order(order, standing, tallies.stock, found)
            stock.say_shipped(each, order, tallies.shipments, tallies.stock.left)
            await stock.say_holds(unit, each, order, tallies.holds)
            payments.check_pending(unit, order, found)
            plans.check_plan(each, order, await books.find("intents", order.intent_id, Intent), found)
            coupons.say_uses(order, tallies.uses)
            keys.say_key(order, tallies.keys.placed)
            tallies.payments.said(f"payment {order.intent_id}", order.id)

    async def intents(batch: Sequence[Replayed]) -> None:
        settings = await books.find("settings", SETTINGS_ID, ShopSettings)
        epoch = settings.epoch if settings else 0
        for each in batch:
            if isinstance(intent := each.state, Intent):
                payments.check_intent(unit, each, intent, epoch, tallies.keys.references, found)
                plans.check_notices(each, intent, unit.now, found)
                tallies.payments.found(f"payment {intent.id}", intent.order_id)
                clearing.learn(intent)

    async def returns(batch: Sequence[Replayed]) -> None:
        back = of(batch, Return)
        await books.bring(orders=[each.order_id for each in back])
        for each in back:
            order = await books.find("orders", each.order_id, Order)
            money.check_return(each, order, found)
            stock.check_return(each, order, tallies.stock.back)

    async def invoices(batch: Sequence[Replayed]) -> None:
        issued = of(batch, Invoice)
        await books.bring(orders=[each.order_id for each in issued])
        for each in issued:
            found.saw("fiscal documents")
            numbers.say_document(each, tallies.numbers, tallies.keys.issued)
            await papers.check_document(books, each, found)

    async def series(batch: Sequence[Replayed]) -> None:
        for each in of(batch, Series):
            numbers.say_lost(each, tallies.numbers)

    async def quotes(batch: Sequence[Replayed]) -> None:
        for each in of(batch, Quote):
            money.check_quote(each, found)

    async def shipments(batch: Sequence[Replayed]) -> None:
        for each in of(batch, Shipment):
            stock.check_shipment(each, tallies.shipments)

    async def quarantines(batch: Sequence[Replayed]) -> None:
        for each in of(batch, Quarantine):
            payments.check_quarantine(each, found)

    async def settlements(batch: Sequence[Replayed]) -> None:
        settled = [each.operation_id for each in of(batch, Settlement) if each.operation_id is not None]
        await books.bring(intents=[intent_of(id) for id in settled])
        for each in batch:
            await check_settlement(books, each, tallies.postings, tallies.book_postings, unit.now.date(), found)
            gains.learn(each.state)
            if isinstance(each.state, Settlement):
                say_received(each.state, tallies.received)
            clearing.learn(each.state)

    async def bank_lines(batch: Sequence[Replayed]) -> None:
        for each in of(batch, BankEntry):
            check_line(each, tallies.postings, tallies.book_postings, tallies.received, found)
            clearing.learn(each)

    async def gift_cards(batch: Sequence[Replayed]) -> None:
        for each in of(batch, GiftCard):
            await stored_value.check_value(unit, books, each, found)

    async def credit_grants(batch: Sequence[Replayed]) -> None:
        for each in of(batch, Grant):
            await stored_value.check_value(unit, books, each, found)

    async def tax_filings(batch: Sequence[Replayed]) -> None:
        for each in of(batch, TaxFiling):
            found.saw("tax filings")
            await filings.check_filing(books, each, unit.now, found)

    goods = (orders, returns, invoices, series, quotes, shipments, tax_filings)
    by_batch = (*goods, intents, quarantines, settlements, bank_lines, gift_cards, credit_grants)
    looks = {look.__name__: Look(look) for look in by_batch}
    return {**looks, "stock_items": Look(at_step=tallies.stock.learn)}


def of(batch: Sequence[Replayed], kind: type[T]) -> list[T]:
    """The aggregates of a batch that are what they should be."""
    return [each.state for each in batch if isinstance(each.state, kind)]
