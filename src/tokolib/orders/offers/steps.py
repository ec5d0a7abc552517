"""Offers, as steps on an open unit."""

from datetime import datetime, timedelta

from tokolib.checkout.errors import QuoteChanged, QuoteExpired
from tokolib.checkout.model import Promised, Quote
from tokolib.checkout.ports import QUOTES
from tokolib.checkout.promising import latest_term
from tokolib.inventory import steps as stock
from tokolib.kernel.clock import sortable
from tokolib.kernel.ids import OfferId, OrderId, QuoteId
from tokolib.kernel.unit import Unit
from tokolib.orders import goods
from tokolib.orders.offers import events as e
from tokolib.orders.offers.errors import (
    NothingToSend,
    NotTheNewestVersion,
    OfferChanged,
    OfferLapsed,
    OfferNeedsTender,
    OfferTaken,
    OfferTermTooLong,
    OtherCart,
)
from tokolib.orders.offers.lifecycle import check
from tokolib.orders.offers.model import Offer, OfferState, OfferVersion
from tokolib.orders.offers.ports import OFFERS
from tokolib.orders.ports import ORDERS


async def draft(unit: Unit, quote_id: QuoteId, note: str) -> Offer:
    """An offer of a cart, with the cart's quote as its first version; nothing is promised yet.

    Raises:
        NotFound, QuoteExpired, OfferNeedsTender: nothing was stored.
    """
    quote = await _quote(unit, quote_id)
    id, first = OfferId(unit.new_id("off")), _version(unit, 1, quote, note)
    made = Offer(id, 1, OfferState.DRAFT, quote.cart_id, quote.customer, unit.now, (first,))
    return unit[OFFERS].record(None, e.OfferDrafted(made))


async def revise(unit: Unit, id: str, quote_id: QuoteId, note: str) -> Offer:
    """A new version; the one that was sent stands until this one is sent.

    Raises:
        NotFound, IllegalOfferTransition, QuoteExpired, OfferNeedsTender, OtherCart: nothing was changed.
    """
    offer = await unit[OFFERS].get(id)
    check(offer, e.OfferRevised)
    quote = await _quote(unit, quote_id)
    if quote.cart_id != offer.cart_id:
        raise OtherCart(offer.id, offer.cart_id, quote.cart_id)
    return unit[OFFERS].record(offer, e.OfferRevised(_version(unit, offer.newest.number + 1, quote, note)))


async def send(unit: Unit, id: str, to: str, until: datetime, *, hold: bool) -> Offer:
    """The newest version is promised *until* then; with *hold*, its goods are put aside for as long.

    Raises:
        NotFound, IllegalOfferTransition, NothingToSend, QuoteExpired, OfferLapsed, OfferTermTooLong, OutOfStock:
            nothing was changed.
    """
    offer = await unit[OFFERS].get(id)
    check(offer, e.OfferSent)
    newest = offer.newest
    if newest.sent_at is not None:
        raise NothingToSend(offer.id, newest.number, newest.to)
    if until <= unit.now:
        raise OfferLapsed(offer.id, newest.number, until.isoformat())
    quote = await _quote(unit, newest.quote_id)
    latest = latest_term(quote, await unit.settings(), unit.now)
    if latest is not None and until > latest:
        raise OfferTermTooLong(offer.id, until.isoformat(), latest.isoformat())
    await stock.release(unit, offer.holds)
    holds = await _held(unit, offer, quote, until) if hold else ()
    return unit[OFFERS].record(offer, e.OfferSent(to, until, holds, unit.now))


async def promised(unit: Unit, id: str, number: int) -> Promised:
    """What an order is to be made of when version *number* is accepted; goods put aside for it are free for that order.

    Raises:
        NotFound, IllegalOfferTransition, NotTheNewestVersion, OfferLapsed, OfferTaken: nothing was changed.
    """
    offer = await unit[OFFERS].get(id)
    check(offer, e.OfferAccepted)
    standing = offer.standing
    if standing is None or standing.until is None or standing.number != number:
        raise NotTheNewestVersion(offer.id, number, 0 if standing is None else standing.number)
    if offer.order_id is not None and not (await unit[ORDERS].get(offer.order_id)).declined:
        raise OfferTaken(offer.id, offer.order_id)
    if unit.now >= standing.until:
        raise OfferLapsed(offer.id, number, standing.until.isoformat())
    await stock.release(unit, offer.holds)
    return Promised(standing.quote_id, standing.until)


async def accepted(unit: Unit, id: str, number: int, order_id: OrderId) -> Offer:
    """The offer as the order that was made of it."""
    return unit[OFFERS].record(await unit[OFFERS].get(id), e.OfferAccepted(number, order_id, unit.now))


async def decline(unit: Unit, id: str, reason: str) -> Offer:
    """The customer doesn't want it as it is.

    Raises:
        NotFound, IllegalOfferTransition: nothing was changed.
    """
    offer = await unit[OFFERS].get(id)
    check(offer, e.OfferDeclined)
    await stock.release(unit, offer.holds)
    return unit[OFFERS].record(offer, e.OfferDeclined(reason, unit.now))


async def withdraw(unit: Unit, id: str, reason: str) -> Offer:
    """The shop offers it no longer.

    Raises:
        NotFound, IllegalOfferTransition: nothing was changed.
    """
    offer = await unit[OFFERS].get(id)
    check(offer, e.OfferWithdrawn)
    await stock.release(unit, offer.holds)
    return unit[OFFERS].record(offer, e.OfferWithdrawn(reason, unit.now))


async def expire(unit: Unit, id: str) -> bool:
    """Whether the term of a sent offer had come to its end by now: it is expired, its goods are free."""
    offer = await unit[OFFERS].get(id)
    if offer.until is None or offer.until > unit.now:
        return False
    await stock.release(unit, offer.holds)
    unit[OFFERS].record(offer, e.OfferExpired(unit.now))
    return True


async def overdue(unit: Unit, *, limit: int) -> tuple[str, ...]:
    """Sent offers whose term is over, the longest first; at most *limit*."""
    after_now = sortable(unit.now + timedelta(microseconds=1))  # the index's range is half-open
    sent = {"state": OfferState.SENT.value}
    page = await unit[OFFERS].where("by_state", equals=sent, since="", until=after_now, limit=limit)
    return tuple(offer.id for offer in page.items)


def broken(id: str, number: int, error: QuoteChanged) -> OfferChanged:
    """What a quote that has changed means for the version of an offer that was made of it."""
    return OfferChanged(id, number, error.differences)


def _version(unit: Unit, number: int, quote: Quote, note: str) -> OfferVersion:
    return OfferVersion(number, quote.id, quote.total, unit.now, note)


async def _quote(unit: Unit, id: QuoteId) -> Quote:
    quote = await unit[QUOTES].get(id)
    if unit.now >= quote.valid_until:
        raise QuoteExpired(quote.id, quote.valid_until.isoformat())
    if quote.depends_on_tender:
        raise OfferNeedsTender(quote.id)
    return quote


async def _held(unit: Unit, offer: Offer, quote: Quote, until: datetime) -> tuple[str, ...]:
    """The ids of holds of the goods of *quote* that are there, leased *until* the offer's term."""
    held: list[str] = []
    shelves, _ = goods.apart(goods.of_lines(quote.lines, quote.wishes.location))
    for where, demands in goods.placed(shelves).items():
        held += await stock.hold(
            unit,
            demands,
            location=where,
            channel=quote.channel,
            owner=offer.id,
            until=until,
            attempt=offer.newest.number,
        )
    return tuple(held)
