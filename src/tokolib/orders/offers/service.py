"""The door `offers`: quotes that staff sends to customers, and the orders that they become."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

import attrs

from tokolib.checkout.errors import QuoteChanged
from tokolib.checkout.model import Promised, Quote
from tokolib.checkout.ports import QUOTES
from tokolib.checkout.providing import TaxDesk
from tokolib.effects.ports import Observe
from tokolib.inventory.again import looking_again
from tokolib.kernel.clock import aware
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.events import Recorded
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import OfferId, QuoteId
from tokolib.kernel.lines import given_reason, line
from tokolib.kernel.rows import Page
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once
from tokolib.orders.model import Order
from tokolib.orders.offers import steps
from tokolib.orders.offers.model import Offer, OfferState
from tokolib.orders.offers.ports import OFFERS
from tokolib.orders.ordering import Ordering, OrderWish
from tokolib.payments.ports import Gateways
from tokolib.stored_value.paying import Credit


@attrs.frozen
class OfferService(Service[Colour]):
    """What staff promises customers."""

    work: Work
    blocking: bool
    observe: Observe
    gateways: Gateways
    taxes: TaxDesk
    """Who works taxes out beside the shop's own tables."""

    @command
    async def draft(self, quote: Quote | QuoteId, *, note: str = "", key: str | None = None) -> Offer:
        """An offer of a cart's quote, as its first version; nothing is promised yet. With *key*, it is made once.

        Staff states prices on the cart: `LineWish(sku, price=, reason=)`, and charges and address on its quote.

        Raises:
            QuoteExpired: the quote's own term is over. OfferNeedsTender: its price depends on how it is paid.
            NotFound, InvalidInput, KeyReused. In all cases nothing was stored.
        """
        id, said = _quote_id(quote), line("note", note)

        async def step(unit: Unit) -> Offer:
            async def make() -> str:
                return (await steps.draft(unit, id, said)).id

            made, _ = await once(unit, "offers.draft", key, [id, said], make)
            return await unit[OFFERS].get(made)

        return await self.work.write("offers.draft", step)

    @command
    async def revise(
        self, offer: Offer | OfferId, quote: Quote | QuoteId, *, note: str = "", key: str | None = None
    ) -> Offer:
        """The offer with another quote of the same cart as its new version. With *key*, it is written once.

        The old versions stay readable, and the last one that was sent stands until the new one is sent.

        Raises:
            OtherCart: the quote is of another cart. QuoteExpired, OfferNeedsTender: as for `draft`.
            IllegalOfferTransition: it was accepted or withdrawn. NotFound, InvalidInput, KeyReused.
            In all cases nothing was changed.
        """
        id, wanted, said = _id(offer), _quote_id(quote), line("note", note)

        async def step(unit: Unit) -> Offer:
            async def write() -> str:
                return (await steps.revise(unit, id, wanted, said)).id

            await once(unit, "offers.revise", key, [id, wanted, said], write)
            return await unit[OFFERS].get(id)

        return await self.work.write("offers.revise", step)

    @command
    async def send(self, offer: Offer | OfferId, *, to: str, until: datetime, hold: bool = False) -> Offer:
        """The newest version is promised, figure by figure, up to the instant *until*; the host sends it (the event
        `orders.offer_sent`). With *hold*, its goods are put aside for as long.

        A version that was sent before is replaced: it can't be accepted any more, and its goods are free.

        Raises:
            NothingToSend: it was sent already. OfferTermTooLong: a tax rule, a rate or an answer about taxes that it
            rests on ends before. OfferLapsed: *until* has passed. QuoteExpired: its quote's own term was over before
            it was sent. OutOfStock: its goods can't be put aside. IllegalOfferTransition, NotFound, NaiveDatetime,
            InvalidInput (nobody it is sent to). In all cases nothing was changed.
        """
        id, receiver, term = _id(offer), line("to", to, required=True), aware(until, "until")

        async def step(unit: Unit) -> Offer:
            return await steps.send(unit, id, receiver, term, hold=hold)

        return await self._write("offers.send", step)

    @command
    async def accept(
        self,
        offer: Offer | OfferId,
        *,
        version: int,
        tender: str,
        key: str,
        credit: Iterable[Credit] = (),
        plan: str = "",
    ) -> Order:
        """The order that an offer's sent *version* becomes, at exactly its figures, whatever prices and promotions say
        by now. *tender*, *key*, *credit* and *plan* are those of `orders.place`, and stock is held as there.

        The same *key* with the same request answers the same order. Where a gateway declined the payment, the offer
        can be accepted again.

        Raises:
            NotTheNewestVersion: another version was sent since. OfferLapsed: its term is over.
            OfferTaken: an order was made of it already. IllegalOfferTransition: it isn't sent.
            OfferChanged: the shop can't keep to it: other taxes hold, or it was made for another tender.
            OutOfStock, LimitReached: somebody was faster; the offer stands as it did.
            IllegalCartTransition: its cart was ordered otherwise, or merged.
            NotFound, and what else `orders.place` refuses of a quote. In all cases nothing was stored.
            PaymentDeclined: the gateway said no; the order is cancelled, and the offer can be accepted again.
        """
        id = _id(offer)

        async def wanted(unit: Unit) -> Promised:
            return await steps.promised(unit, id, version)

        async def done(unit: Unit, order: Order) -> None:
            await steps.accepted(unit, id, version, order.id)

        async def look(unit: Unit) -> str:
            found = (await unit[OFFERS].get(id)).numbered(version)
            return "" if found is None else found.quote_id

        source = await self.work.read(look)
        wish = OrderWish(wanted, source, tender, key, tuple(credit), plan, done)
        try:
            return await Ordering(self.work, self.observe, self.gateways, self.taxes).write("offers.accept", wish)
        except QuoteChanged as error:
            raise steps.broken(id, version, error) from error

    @command
    async def decline(self, offer: Offer | OfferId, *, reason: str = "") -> Offer:
        """The customer doesn't want it as it is; goods that were put aside are free. A new version may follow.

        Raises:
            NotFound, IllegalOfferTransition, InvalidInput: nothing was changed.
        """
        id, why = _id(offer), given_reason(reason, required=False)

        async def step(unit: Unit) -> Offer:
            return await steps.decline(unit, id, why)

        return await self.work.write("offers.decline", step)

    @command
    async def withdraw(self, offer: Offer | OfferId, *, reason: str) -> Offer:
        """The shop offers it no longer, for good; goods that were put aside are free.

        Raises:
            NotFound, IllegalOfferTransition, InvalidInput (no reason): nothing was changed.
        """
        id, why = _id(offer), given_reason(reason)

        async def step(unit: Unit) -> Offer:
            return await steps.withdraw(unit, id, why)

        return await self.work.write("offers.withdraw", step)

    @command
    async def get(self, offer: OfferId) -> Offer:
        """An offer with all its versions.

        Raises:
            NotFound: there is none of that id.
        """

        async def step(unit: Unit) -> Offer:
            return await unit[OFFERS].get(offer)

        return await self.work.read(step)

    @command
    async def figures(self, offer: Offer | OfferId, version: int) -> Quote:
        """The quote of one *version*: every figure with its reason, as long as the shop keeps its books.

        Raises:
            NotFound: there is no such offer. InvalidInput: it has no such version.
        """
        id = _id(offer)

        async def step(unit: Unit) -> Quote:
            found = (await unit[OFFERS].get(id)).numbered(version)
            if found is None:
                raise InvalidInput((Fault("version", "orders.no_such_version", "must be one of it", shown(version)),))
            return await unit[QUOTES].get(found.quote_id)

        return await self.work.read(step)

    @command
    async def history(self, offer: Offer | OfferId) -> tuple[Recorded, ...]:
        """Everything that ever happened to an offer, oldest first: when, by whom, what.

        Raises:
            NotFound: there is no such offer.
        """
        id = _id(offer)

        async def step(unit: Unit) -> tuple[Recorded, ...]:
            await unit[OFFERS].get(id)
            return await unit[OFFERS].history(id)

        return await self.work.read(step)

    @command
    async def in_state(self, state: OfferState, *, after: str | None = None, limit: int = 100) -> Page[Offer]:
        """Offers in a state, those whose term ends first in front, in pages of at most `Limits.page`.

        Raises:
            InvalidInput: a *limit* below 1.
        """

        async def step(unit: Unit) -> Page[Offer]:
            most, equals = await unit.page_size(limit), {"state": state.value}
            return await unit[OFFERS].where("by_state", equals=equals, after=after, limit=most)

        return await self.work.read(step)

    async def _write(self, permission: str, step: Callable[[Unit], Awaitable[Offer]]) -> Offer:
        """Write; where somebody was faster with the same goods, decide again."""
        return await looking_again(self.work, permission, step)


def _id(offer: Offer | OfferId) -> OfferId:
    return offer.id if isinstance(offer, Offer) else offer


def _quote_id(quote: Quote | QuoteId) -> QuoteId:
    return quote.id if isinstance(quote, Quote) else quote
