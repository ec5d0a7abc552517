"""What offers promise, and orders from elsewhere state: Q1, Q2, and the holds that offers may have."""

from collections.abc import Mapping
from typing import Final

from tokolib.checkout.model import Quote
from tokolib.desk.verify.books import Books
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings
from tokolib.inventory.holds import resource_of
from tokolib.kernel.rows import HoldState, StoredHold
from tokolib.orders import goods
from tokolib.orders.foreign.model import TakenOver
from tokolib.orders.model import Order
from tokolib.orders.offers.events import OfferAccepted
from tokolib.orders.offers.model import Offer
from tokolib.pricing.model import ChargeKind

_RESTORE: Final = "restore the offer from a backup"
_STANDING: Final = (HoldState.LEASED, HoldState.KEPT)


async def check_offer(
    books: Books, replayed: Replayed, offer: Offer, standing: Mapping[str, StoredHold], found: Findings
) -> None:
    """Q1: its versions are their quotes, its order is one of the version that it was accepted as, and what it holds
    ends with its term.
    """
    row = f"offer {offer.id}"
    for number, version in enumerate(offer.versions, start=1):
        found.expect(version.number == number, "Q1", row, f"version {version.number} is the {number}.", _RESTORE)
        quote = await books.find("quotes", version.quote_id, Quote)
        if quote is not None:
            same = (quote.total, quote.cart_id) == (version.total, offer.cart_id)
            found.expect(same, "Q1", row, f"version {number} is not quote {quote.id}", _RESTORE)
    for step in replayed.steps:
        match step.recorded.event:
            case OfferAccepted(number=number, order_id=order_id):
                await _check_order(books, offer, number, order_id, found)
            case _:
                pass
    for id in offer.holds:
        if (hold := standing.get(id)) is not None:
            fits = hold.state not in _STANDING or (hold.until is not None and hold.until == offer.until)
            found.expect(fits, "Q1", row, f"hold {id} is {hold.state} until {hold.until}", _RESTORE)


async def _check_order(books: Books, offer: Offer, number: int, order_id: str, found: Findings) -> None:
    """That the order is of that version, the last one that was sent: none is sent after it was accepted."""
    row, sent = f"offer {offer.id}", offer.standing
    found.expect(sent is not None and sent.number == number, "Q1", row, f"version {number} was not sent last", _RESTORE)
    order, version = await books.find("orders", order_id, Order), offer.numbered(number)
    if order is None or version is None:
        return
    lines, charges = order.agreed
    total = sum(line.total for line in lines) + sum(charge.total for charge in charges)
    same = (order.quote_id, total) == (version.quote_id, version.total.minor_units)
    found.expect(same, "Q1", row, f"order {order.id} is not version {number}", _RESTORE)


async def say_holds(books: Books, offer: Offer, holds: Tally) -> None:
    """S4: the holds that there must be for an offer, with what they are of."""
    for version in offer.sent():
        quote = await books.find("quotes", version.quote_id, Quote)
        there = {} if quote is None else goods.of_lines(quote.lines, quote.wishes.location)
        for id in version.holds:
            holds.said(f"hold {id}", f"of {there.get(resource_of(id), 0)}")


async def check_foreign(books: Books, taken: TakenOver, found: Findings) -> None:
    """Q2: its order has the total and the lines that were stated, and the difference that they leave."""
    row = f"foreign order {taken.id}"
    order = await books.find("orders", taken.order_id, Order)
    if order is None:
        found.broken("Q2", row, f"its order {taken.order_id} is gone", _RESTORE)
        return
    lines, charges = order.agreed
    theirs = {each.path: each.theirs for each in taken.figures}
    ours = {f"lines[{at}].total": line.total for at, line in enumerate(lines)}
    ours["total"] = sum(line.total for line in lines) + sum(charge.total for charge in charges)
    found.expect(ours.items() <= theirs.items(), "Q2", row, f"order {order.id} is not what was stated", _RESTORE)
    rest = sum(charge.total for charge in charges if charge.kind is ChargeKind.DIFFERENCE)
    same = (rest, theirs.get("total"), order.basket_hash) == (taken.difference, taken.total, taken.hash)
    found.expect(same, "Q2", row, f"the difference of order {order.id} is {rest}", _RESTORE)
