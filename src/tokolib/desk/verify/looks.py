"""What is looked at in the aggregates of each collection, batch by batch."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import attrs

from tokolib.checkout.model import Quote
from tokolib.desk.verify import (
    bookings,
    claims,
    collections,
    counts,
    coupons,
    exchange,
    exchanges,
    filings,
    holding,
    keys,
    licences,
    lots,
    money,
    movements,
    numbers,
    offers,
    papers,
    payments,
    plans,
    policies,
    return_labels,
    returns,
    stock,
    stored_value,
)
from tokolib.desk.verify.books import Books
from tokolib.desk.verify.settlements import Clearing, check_line, check_settlement, say_received
from tokolib.desk.verify.streams import Look, Replayed
from tokolib.desk.verify.tallies import Tallies
from tokolib.desk.verify.walk import Findings
from tokolib.documents.filing.model import TaxFiling
from tokolib.documents.model import Invoice, Series
from tokolib.effects.keys import intent_of
from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.labels.steps import LABELS_BOOKED
from tokolib.fulfilment.licences.model import Licence
from tokolib.fulfilment.manifests.model import Manifest
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.pickups.model import Pickup
from tokolib.fulfilment.pickups.steps import PICKUPS_BOOKED
from tokolib.inventory.backorder import Backorder
from tokolib.inventory.counts.model import Count
from tokolib.inventory.expected.model import ExpectedReceipt
from tokolib.inventory.lots.model import Lot, lot_id
from tokolib.inventory.transfers.model import Transfer
from tokolib.kernel.configuration import SETTINGS_ID, ShopSettings
from tokolib.kernel.unit import Unit
from tokolib.orders.foreign.model import TakenOver
from tokolib.orders.model import Order
from tokolib.orders.offers.model import Offer
from tokolib.payments.model import Intent
from tokolib.payments.set_aside import Quarantine
from tokolib.reconciliation.bank import BankEntry
from tokolib.reconciliation.model import Settlement
from tokolib.returns.claims.model import Claim
from tokolib.returns.exchanges.model import Exchange
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.labels.steps import RETURN_LABELS_BOOKED
from tokolib.returns.model import Return
from tokolib.stored_value.model import GiftCard, Grant

T = TypeVar("T")


@attrs.frozen
class Looks:
    """One look at a shop, and where it notes what it sees."""

    unit: Unit
    books: Books
    tallies: Tallies
    clearing: Clearing
    gains: exchange.Gains
    found: Findings

    def by_collection(self) -> Mapping[str, Look]:
        """Each method under the name of its collection."""
        batches = (
            self.orders,
            self.offers,
            self.foreign_orders,
            self.returns,
            self.return_labels,
            self.exchanges,
            self.claims,
            self.invoices,
            self.series,
            self.quotes,
            self.shipments,
            self.labels,
            self.pickups,
            self.manifests,
            self.licences,
            self.transfers,
            self.counts,
            self.lots,
            self.expected_receipts,
            self.backorders,
            self.tax_filings,
            self.intents,
            self.quarantines,
            self.settlements,
            self.bank_lines,
            self.gift_cards,
            self.credit_grants,
        )
        looks = {batch.__name__: Look(batch) for batch in batches}
        return {**looks, "stock_items": Look(at_step=self.tallies.stock.learn)}

    async def orders(self, batch: Sequence[Replayed]) -> None:
        """Money, stock, coupons and keys of each."""
        known = [(each, order) for each in batch if isinstance(order := each.state, Order)]
        quotes = [order.quote_id for _, order in known if order.quote_id is not None]
        await self.books.bring(intents=[order.intent_id for _, order in known], quotes=quotes)
        standing = await self.books.holds([id for _, order in known for id in order.holds])
        for each, order in known:
            await money.check_order(self.books, each, order, self.tallies.postings, self.found)
            await exchange.check_stated(self.books, each, order, self.tallies.book_postings, self.found)
            policies.check_rules(each, order, self.found)
            policies.say_withheld(each, order, self.tallies.withheld)
            returns.say_agreed(each, self.tallies.agreed)
            returns.say_returned(each, order, self.tallies.returned, self.found)
            stock.check_order(each, order, standing, self.tallies.stock, self.found)
            stock.say_units(order, self.tallies.units)
            licences.say_units(order, self.tallies.licences)
            claims.say_allowances(each, self.tallies.claimed)
            stock.say_shipped(each, order, self.tallies.shipments, self.tallies.stock.left)
            await holding.say_holds(self.unit, each, order, self.tallies.holds)
            payments.check_pending(self.unit, order, self.found)
            intent = await self.books.find("intents", order.intent_id, Intent)
            plans.check_plan(each, order, intent, self.found)
            coupons.say_uses(order, self.tallies.uses)
            keys.say_key(order, self.tallies.keys.placed)
            self.tallies.payments.said(f"payment {order.intent_id}", order.id)

    async def offers(self, batch: Sequence[Replayed]) -> None:
        """The figures that each promised, the order that it became, and what it holds."""
        known = [(each, offer) for each in batch if isinstance(offer := each.state, Offer)]
        await self.books.bring(
            quotes=[version.quote_id for _, offer in known for version in offer.versions],
            orders=[offer.order_id for _, offer in known if offer.order_id is not None],
        )
        standing = await self.books.holds([id for _, offer in known for id in offer.holds])
        for each, offer in known:
            await offers.check_offer(self.books, each, offer, standing, self.found)
            await offers.say_holds(self.books, offer, self.tallies.holds)

    async def foreign_orders(self, batch: Sequence[Replayed]) -> None:
        """The order that each is here."""
        taken = of(batch, TakenOver)
        await self.books.bring(orders=[each.order_id for each in taken])
        for each in taken:
            await offers.check_foreign(self.books, each, self.found)

    async def transfers(self, batch: Sequence[Replayed]) -> None:
        """What each has on its way."""
        for each in of(batch, Transfer):
            movements.say_transfer(each, self.tallies.stock)

    async def counts(self, batch: Sequence[Replayed]) -> None:
        """What each has found, and which SKUs it is open for."""
        for each in of(batch, Count):
            counts.say_count(each, self.tallies.variances, self.tallies.counting)

    async def lots(self, batch: Sequence[Replayed]) -> None:
        """Where each may be found."""
        for each in of(batch, Lot):
            lots.say_lot(each, self.tallies.stock)

    async def backorders(self, batch: Sequence[Replayed]) -> None:
        """What may be promised of each."""
        for each in of(batch, Backorder):
            movements.say_backorder(each, self.tallies.stock)

    async def expected_receipts(self, batch: Sequence[Replayed]) -> None:
        """What has come of each."""
        for each in of(batch, ExpectedReceipt):
            movements.say_receipt(each, self.tallies.stock)

    async def intents(self, batch: Sequence[Replayed]) -> None:
        """What each adds up to, and what its order and its reports must say."""
        settings = await self.books.find("settings", SETTINGS_ID, ShopSettings)
        epoch = settings.epoch if settings else 0
        for each in batch:
            if isinstance(intent := each.state, Intent):
                payments.check_intent(self.unit, each, intent, epoch, self.tallies.keys.references, self.found)
                plans.check_notices(each, intent, self.unit.now, self.found)
                self.tallies.payments.found(f"payment {intent.id}", intent.order_id)
                self.clearing.learn(intent)

    async def returns(self, batch: Sequence[Replayed]) -> None:
        """Units and money that came back."""
        back = of(batch, Return)
        labels = [id for each in back for id in each.labels]
        await self.books.bring(orders=[each.order_id for each in back], return_labels=labels)
        for each in back:
            named = [await self.books.find("return_labels", id, ReturnLabel) for id in each.labels]
            return_labels.check_named(each, named, self.found)
            order = await self.books.find("orders", each.order_id, Order)
            money.check_return(each, order, self.found)
            policies.check_withheld(each, self.tallies.withheld, self.found)
            policies.check_approval(each, self.found)
            stock.check_return(each, order, self.tallies.stock.back)
            returns.find_returned(each, self.tallies.returned)
            returns.check_received(each, self.found)
            returns.find_agreed(each, self.tallies.agreed)

    async def return_labels(self, batch: Sequence[Replayed]) -> None:
        """What was bought of couriers for goods that come back."""
        bought = of(batch, ReturnLabel)
        await self.books.bring(returns=[each.return_id for each in bought])
        for each in bought:
            self.found.saw("return labels")
            what = f"a label of return {each.return_id}"
            bookings.check_booking(RETURN_LABELS_BOOKED, each, what, self.tallies.carriage, self.unit.now, self.found)
            return_labels.check_label(each, await self.books.find("returns", each.return_id, Return), self.found)

    async def exchanges(self, batch: Sequence[Replayed]) -> None:
        """What each holds, and what it has come to."""
        known = [(each, exchange) for each in batch if isinstance(exchange := each.state, Exchange)]
        orders, back = [each.order_id for _, each in known], [each.return_id for _, each in known]
        await self.books.bring(orders=orders, returns=back)
        holds = await self.books.holds([id for each, _ in known for id in exchanges.ever_held(each)])
        for replayed, each in known:
            order = await self.books.find("orders", each.order_id, Order)
            exchanges.say_holds(replayed, self.tallies.set_aside)
            exchanges.check_held(replayed, each, holds, self.found)
            exchanges.check_settled(each, order, await self.books.find("returns", each.return_id, Return), self.found)

    async def claims(self, batch: Sequence[Replayed]) -> None:
        """What makes up for each."""
        made = of(batch, Claim)
        back = [each.return_id for each in made if each.return_id is not None]
        swaps = [each.exchange_id for each in made if each.exchange_id is not None]
        await self.books.bring(returns=back, exchanges=swaps)
        for each in made:
            goods = await self.books.find("returns", each.return_id, Return) if each.return_id else None
            swap = await self.books.find("exchanges", each.exchange_id, Exchange) if each.exchange_id else None
            claims.check_claim(each, goods, swap, self.tallies.claimed, self.found)

    async def invoices(self, batch: Sequence[Replayed]) -> None:
        """Each document, and the number that it has."""
        issued = of(batch, Invoice)
        await self.books.bring(orders=[each.order_id for each in issued])
        for each in issued:
            self.found.saw("fiscal documents")
            numbers.say_document(each, self.tallies.numbers, self.tallies.keys.issued)
            await papers.check_document(self.books, each, self.found)

    async def series(self, batch: Sequence[Replayed]) -> None:
        """Numbers that a restore has lost."""
        for each in of(batch, Series):
            numbers.say_lost(each, self.tallies.numbers)

    async def quotes(self, batch: Sequence[Replayed]) -> None:
        """Figures that add up."""
        for each in of(batch, Quote):
            money.check_quote(each, self.found)

    async def shipments(self, batch: Sequence[Replayed]) -> None:
        """Units that were claimed, left, and did not arrive."""
        found = of(batch, Shipment)
        astray = [each for each in found if each.astray]
        fetched = [each.pickup_id for each in found if each.pickup_id]
        named = [kept.label_id for each in found for kept in each.labels]
        await self.books.bring(orders=[each.order_id for each in astray], pickups=fetched, labels=named)
        for each in found:
            for kept in each.labels:
                label = await self.books.find("labels", kept.label_id, Label)
                bookings.check_named(each, kept, label, self.found)
            if each.pickup_id:
                pickup = await self.books.find("pickups", each.pickup_id, Pickup)
                bookings.check_fetched(each, pickup, self.found)
            if each.manifest_id:
                left = (each.manifest_id, each.location, each.handed_over_at)
                self.tallies.manifests.found(f"shipment {each.id}", *left)
            stock.check_shipment(each, self.tallies.shipments)
            stock.check_units(each, self.tallies.units)
            stock.check_parcels(each, self.found)
            collections.check_collection(each, self.found)
        for each in astray:
            order = await self.books.find("orders", each.order_id, Order)
            stock.check_astray(each, order, self.tallies.stock)

    async def labels(self, batch: Sequence[Replayed]) -> None:
        """What was bought of couriers."""
        for each in of(batch, Label):
            self.found.saw("labels")
            what = f"parcel {each.parcel} of {each.shipment_id}"
            bookings.check_booking(LABELS_BOOKED, each, what, self.tallies.carriage, self.unit.now, self.found)

    async def pickups(self, batch: Sequence[Replayed]) -> None:
        """What couriers are to fetch."""
        for each in of(batch, Pickup):
            self.found.saw("pickups")
            what = f"{len(each.shipments)} shipments at {each.location}"
            bookings.check_booking(PICKUPS_BOOKED, each, what, self.tallies.carriage, self.unit.now, self.found)

    async def manifests(self, batch: Sequence[Replayed]) -> None:
        """What drivers were given."""
        for each in of(batch, Manifest):
            self.found.saw("manifests")
            for id in each.shipments:
                self.tallies.manifests.said(f"shipment {id}", each.id, each.location, each.closed_at)

    async def licences(self, batch: Sequence[Replayed]) -> None:
        """What customers have of digital goods, and what is left in their pools."""
        known = list(of(batch, Licence))
        await self.books.bring(lots=[lot_id(each.key, each.code) for each in known])
        for each in known:
            self.found.saw("licences")
            licences.find_licence(each, self.tallies.licences)
            lot = await self.books.find("lots", lot_id(each.key, each.code), Lot)
            licences.check_stock(each, lot, self.found)

    async def quarantines(self, batch: Sequence[Replayed]) -> None:
        """What nobody has looked at yet."""
        for each in of(batch, Quarantine):
            payments.check_quarantine(each, self.found)

    async def settlements(self, batch: Sequence[Replayed]) -> None:
        """Each row, and the money that waits for one."""
        tallies, today = self.tallies, self.unit.now.date()
        settled = [each.operation_id for each in of(batch, Settlement) if each.operation_id is not None]
        await self.books.bring(intents=[intent_of(id) for id in settled])
        for each in batch:
            await check_settlement(self.books, each, tallies.postings, tallies.book_postings, today, self.found)
            self.gains.learn(each.state)
            if isinstance(each.state, Settlement):
                say_received(each.state, tallies.received)
            self.clearing.learn(each.state)

    async def bank_lines(self, batch: Sequence[Replayed]) -> None:
        """Each line, and the payout that it is."""
        tallies = self.tallies
        for each in of(batch, BankEntry):
            check_line(each, tallies.postings, tallies.book_postings, tallies.received, self.found)
            self.clearing.learn(each)

    async def gift_cards(self, batch: Sequence[Replayed]) -> None:
        """What is left on each."""
        for each in of(batch, GiftCard):
            await stored_value.check_value(self.unit, self.books, each, self.found)

    async def credit_grants(self, batch: Sequence[Replayed]) -> None:
        """What is left of each."""
        for each in of(batch, Grant):
            await stored_value.check_value(self.unit, self.books, each, self.found)

    async def tax_filings(self, batch: Sequence[Replayed]) -> None:
        """What a tax provider was told of each invoice."""
        for each in of(batch, TaxFiling):
            self.found.saw("tax filings")
            await filings.check_filing(self.books, each, self.unit.now, self.found)


def of(batch: Sequence[Replayed], kind: type[T]) -> list[T]:
    """The aggregates of a batch that are what they should be."""
    return [each.state for each in batch if isinstance(each.state, kind)]
