"""The books in their own currency: M10. Each order is worth what its frozen rate says, account by account."""

from typing import Final

from tokolib.desk.verify.money import check_batch, leg_of
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, rows
from tokolib.kernel.rows import Entry, Kind
from tokolib.kernel.unit import Unit
from tokolib.orders.book_currency import BOOK_LEDGER, Balances, added, book_entries, worths_of
from tokolib.orders.model import Order
from tokolib.orders.postings import RECEIVABLE, legs

REPAIR: Final = "post the missing or reversing legs, at the rate that the order froze"


async def check_book_postings(unit: Unit, postings: Tally, found: Findings) -> None:
    """M1 of each posting in the currency of the books."""
    batch: list[Entry] = []
    async for entry in rows(unit, Kind.LEDGER, Entry, name=BOOK_LEDGER):
        found.saw("postings in the currency of the books")
        postings.found(*leg_of(entry))
        if batch and batch[0].batch != entry.batch:
            check_batch(batch, found)
            batch = []
        batch.append(entry)
    if batch:
        check_batch(batch, found)


def check_stated(replayed: Replayed, order: Order, postings: Tally, found: Findings) -> None:
    """M10 of one order: what is posted adds up to what its accounts are worth. Its legs are told."""
    if (rate := order.book_rate) is None:
        found.expect(order.accounts == (), "M10", f"order {order.id}", "keeps accounts without a rate", REPAIR)
        return
    row = f"order {order.id}"
    stated: dict[str, int] = {}
    balances: Balances = ()
    for step in replayed.steps:
        if isinstance(step.after, Order):
            balances = added(balances, legs(step.after, step.recorded.event))
            for entry in book_entries(step.after, step.recorded.event, step.recorded.at):
                postings.said(*leg_of(entry))
                stated[entry.account] = stated.get(entry.account, 0) + entry.amount
    found.expect(rate.currency == order.currency.code, "M10", row, f"is stated by a rate of {rate.currency}", REPAIR)
    found.expect(balances == order.accounts, "M10", row, "its accounts are not what was posted", REPAIR)
    worth = worths_of(rate, balances)
    left = {account: units for account, units in stated.items() if units}
    found.expect(left == worth, "M10", row, f"is stated as {left}, and worth {worth}", REPAIR)
    if order.placed_at and not order.due.minor_units:
        owed = stated.get(RECEIVABLE, 0)
        found.expect(owed == 0, "M10", row, f"is even, and {owed} {rate.books} are still owed", REPAIR)
