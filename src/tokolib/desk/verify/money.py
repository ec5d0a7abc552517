"""The books of money: M1 over every posting, M2 to M6, O2 and O3 over every order."""

from collections.abc import Iterator, Mapping

import attrs

from tokolib.checkout.agreement import agreed, no_later
from tokolib.checkout.lines import QuoteLine
from tokolib.checkout.model import Quote
from tokolib.desk.verify import differences, stored_value
from tokolib.desk.verify.books import Books
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, rows
from tokolib.documents.taken_off import is_after_tax
from tokolib.kernel.events import Event
from tokolib.kernel.rows import Entry, Kind
from tokolib.kernel.unit import Unit
from tokolib.orders.events import GoodsShipped, OrderPlaced, OrderReinstated
from tokolib.orders.model import Order, OrderState
from tokolib.orders.postings import LEDGER, RECEIVABLE, entries
from tokolib.orders.shares import with_charges, worths
from tokolib.payments.model import Intent
from tokolib.payments.states import Closing
from tokolib.returns.model import Return

BOOKS = "post the missing or reversing legs, from the history of the order, row or bank line that they are of"
ORDER = "restore the order's rows from a backup"
_CLOSINGS: Mapping[OrderState, Closing] = {
    OrderState.CANCELLED: Closing.CANCELLED,
    OrderState.EXPIRED: Closing.EXPIRED,
}


async def check_postings(unit: Unit, postings: Tally, passed: stored_value.Passed, found: Findings) -> None:
    """M1: the legs of each posting. Legs of one posting follow each other, since its id begins theirs."""
    batch: list[Entry] = []
    async for entry in rows(unit, Kind.LEDGER, Entry, found, name=LEDGER):
        found.saw("postings")
        passed.learn(entry)
        if not stored_value.is_about(entry):
            postings.found(*leg_of(entry))
        if batch and batch[0].batch != entry.batch:
            check_batch(batch, found)
            batch = []
        batch.append(entry)
    if batch:
        check_batch(batch, found)


def check_batch(batch: list[Entry], found: Findings) -> None:
    """M1 of one posting."""
    row = f"posting {batch[0].batch}"
    found.expect(len(batch) >= 2, "M1", row, f"{len(batch)} leg", BOOKS)
    found.expect(len({entry.unit for entry in batch}) == 1, "M1", row, "several currencies", BOOKS)
    found.expect(len({entry.refers_to for entry in batch}) == 1, "M1", row, "several orders", BOOKS)
    total = sum([entry.amount for entry in batch])
    found.expect(total == 0, "M1", row, f"its legs sum to {total}", BOOKS)
    if any(stored_value.is_about(entry) for entry in batch):
        stored_value.check_batch(batch, row, found)


def leg_of(entry: Entry) -> tuple[str, ...]:
    """A leg as both the ledger and the order's history tell it."""
    said = f"{entry.amount} {entry.unit} on {entry.account}"
    return f"posting {entry.id}", said, entry.kind, entry.refers_to, entry.batch, entry.at.isoformat()


async def check_order(books: Books, replayed: Replayed, order: Order, postings: Tally, found: Findings) -> None:
    """M2 to M5, M8, O2 and O3 of one order, and its postings against its history."""
    found.saw("orders")
    row = f"order {order.id}"
    _components(order, row, found)
    _postings(replayed, order, row, postings, found)
    await _payments(books, replayed, order, row, found)
    await _snapshot(books, order, row, found)
    for step in replayed.steps:
        if isinstance(step.before, Order):
            _permitted(step.before, step.recorded.event, row, found)


def _permitted(before: Order, event: Event, row: str, found: Findings) -> None:
    came = before.captured - before.refunded + before.reserved + before.written_off
    paid = came >= before.asked_first
    match event:
        case GoodsShipped():
            found.expect(before.shippable, "O2", row, "goods left unpaid and without credit terms", ORDER)
        case OrderPlaced(credit_terms=credit_terms):
            found.expect(paid or credit_terms, "O2", row, "placed unpaid and without credit terms", ORDER)
        case OrderReinstated():
            found.expect(paid, "O2", row, "reinstated unpaid", ORDER)
        case _:
            pass


def _components(order: Order, row: str, found: Findings) -> None:
    for line in order.lines:
        quoted = line.line
        discount = sum(each.amount for each in quoted.discounts)
        tax = sum(each.amount for each in quoted.taxes)
        gross = quoted.base - discount + (0 if quoted.includes_tax else tax)
        found.expect(gross == quoted.total, "M2", row, f"line {line.id} is {quoted.total}, not {gross}", ORDER)
        found.expect(quoted.net + tax == quoted.total, "M2", row, f"line {line.id}: net and tax differ", ORDER)
        found.expect(0 <= discount <= quoted.base, "M2", row, f"line {line.id}: discount {discount}", ORDER)
        if quoted.shares:
            shared = [sum(getattr(each, name) for each in quoted.shares) for name in ("base", "net", "total")]
            same = shared == [quoted.base, quoted.net, quoted.total]
            found.expect(same, "M3", row, f"line {line.id}: its components' shares differ", ORDER)
    for charge in order.charges:
        tax = sum(each.amount for each in charge.taxes)
        found.expect(charge.net + tax == charge.total, "M2", row, f"charge {charge.id}: net and tax differ", ORDER)
        found.expect(sum(charge.shares) == charge.total, "M3", row, f"charge {charge.id}: its shares differ", ORDER)
        after = sum(each.amount for each in charge.discounts if is_after_tax(each, order.policies.tax_base))
        taxable = sum(part.taxable for part in charge.parts)
        found.expect(taxable == charge.net + after, "M3", row, f"charge {charge.id}: its parts differ", ORDER)
    found.expect(order.total.minor_units >= 0, "M2", row, f"its total is {order.total}", ORDER)


def _postings(replayed: Replayed, order: Order, row: str, postings: Tally, found: Findings) -> None:
    balances: dict[str, int] = {}
    for entry in _posted(replayed):
        postings.said(*leg_of(entry))
        balances[entry.account] = balances.get(entry.account, 0) + entry.amount
    unplaced = order.refunded - order.captured - order.written_off + order.retained + order.forfeited
    owed = order.due.minor_units if order.placed_at else unplaced
    money = sum([amount for account, amount in balances.items() if account.startswith("money:")])
    found.expect(balances.get(RECEIVABLE, 0) == owed, "M4", row, "the receivable is not what is due", BOOKS)
    here = order.paid.minor_units - order.lost
    found.expect(money == here, "M4", row, f"the books hold {money}, not {here}", BOOKS)


def _posted(replayed: Replayed) -> Iterator[Entry]:
    """The legs that an order's history makes."""
    for step in replayed.steps:
        if isinstance(step.after, Order):
            yield from entries(step.after, step.recorded.event, step.recorded.at)


async def _payments(books: Books, replayed: Replayed, order: Order, row: str, found: Findings) -> None:
    intent = await books.find("intents", order.intent_id, Intent)
    if intent is None:
        found.broken("M4", row, f"its payment intent {order.intent_id} is gone", ORDER)
        return
    sums = intent.totals
    came, went = sums.captured - sums.disputed, sums.refunded
    found.expect(order.captured == came, "M4", row, f"captured {order.captured}, its payments say {came}", ORDER)
    found.expect(order.refunded == went, "M4", row, f"refunded {order.refunded}, its payments say {went}", ORDER)
    closed = _CLOSINGS.get(order.state)
    found.expect(intent.closed is closed, "M8", row, f"is {order.state}, its payment is {intent.state}", ORDER)
    idle = 0 if closed is None else max(0, sums.refundable - order.forfeited)
    found.expect(idle == 0, "M8", row, f"is {order.state}, and keeps {idle}", "refund what the order keeps")
    found.expect(order.reserved == sums.reserved, "M4", row, f"reserved {order.reserved}, not {sums.reserved}", ORDER)
    found.expect(order.lost == sums.lost, "M4", row, f"lost {order.lost}, its payments say {sums.lost}", ORDER)
    differences.check_order(replayed, order, intent, row, found)
    for held in intent.reserves:
        taken, most = held.captured + held.pending, held.authorisation.amount.minor_units
        found.expect(taken <= most, "M5", row, f"{taken} captured of {most} reserved", "review the captures")


def _as_agreed(agreed: QuoteLine, ordered: QuoteLine) -> bool:
    """Whether a line was ordered as it was quoted; it may leave from elsewhere, and come sooner."""
    sent = attrs.evolve(agreed, sources=ordered.sources, awaited=ordered.awaited)
    return sent == ordered and no_later(agreed.awaited, ordered.awaited)


async def _snapshot(books: Books, order: Order, row: str, found: Findings) -> None:
    if order.quote_id is None:
        return  # a basket's: its history holds all that it was made of
    quote = await books.find("quotes", order.quote_id, Quote)
    if quote is None:
        found.broken("O3", row, f"its quote {order.quote_id} is gone", ORDER)
        return
    lines, charges = order.agreed
    kept = len(lines) == len(quote.lines) and all(map(_as_agreed, quote.lines, lines))
    same = kept and charges == quote.charges
    found.expect(same and order.quote_hash == quote.hash, "O3", row, "differs from its quote", ORDER)


def check_quote(quote: Quote, found: Findings) -> None:
    """O3: a quote says what its hash says."""
    same = quote.hash == agreed(quote.lines, quote.charges, quote.wishes, quote.currency)
    found.expect(same, "O3", f"quote {quote.id}", "its hash is not that of what it says", ORDER)


def check_return(goods: Return, order: Order | None, found: Findings) -> None:
    """M6: what a return gives back is the sum of its units' shares."""
    if goods.refund is None:
        return
    found.saw("returns")
    if order is None:
        found.broken("M6", f"return {goods.id}", f"its order {goods.order_id} is gone", ORDER)
        return
    charges = with_charges(goods.refund.worths)
    shares = worths(order, [line.run for line in goods.lines], charges=charges)
    total = sum(worth.total for worth in shares)
    same = shares == goods.refund.worths and total == goods.refund.credit.minor_units
    found.expect(same, "M6", f"return {goods.id}", "its refund is not the sum of its shares", ORDER)
