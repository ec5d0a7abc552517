"""The books in their own currency: M10. Each order is worth what its frozen rate says, account by account.

What was settled of it is worth the same, and the exchange account has what came or went beside that.
"""

from collections import defaultdict
from typing import Final

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.money import check_batch, leg_of
from tokolib.desk.verify.settlements import balances
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, rows
from tokolib.kernel.rows import Entry, Kind
from tokolib.kernel.unit import Unit
from tokolib.orders.book_currency import BOOK_LEDGER, Balances, added, book_entries, worths_of
from tokolib.orders.model import Order
from tokolib.orders.postings import RECEIVABLE, legs
from tokolib.reconciliation.model import Settlement, SettlementState
from tokolib.reconciliation.postings import EXCHANGE, gain

REPAIR: Final = "post the missing or reversing legs, at the rate that the order froze"


async def check_book_postings(unit: Unit, postings: Tally, found: Findings) -> None:
    """M1 of each posting in the currency of the books."""
    batch: list[Entry] = []
    async for entry in rows(unit, Kind.LEDGER, Entry, found, name=BOOK_LEDGER):
        found.saw("postings in the currency of the books")
        postings.found(*leg_of(entry))
        if batch and batch[0].batch != entry.batch:
            check_batch(batch, found)
            batch = []
        batch.append(entry)
    if batch:
        check_batch(batch, found)


class Gains:
    """What exchanging brought beside the frozen rates, as the rows tell; by currency of the books."""

    def __init__(self) -> None:
        self._told: dict[str, int] = defaultdict(int)

    def learn(self, state: object) -> None:
        """Count the gain of a row."""
        if isinstance(state, Settlement) and state.frozen is not None:
            self._told[state.frozen.rate.books] += gain(state)

    async def check(self, unit: Unit, found: Findings) -> None:
        """The exchange account has all of it, and nothing else."""
        held = await balances(unit, BOOK_LEDGER, EXCHANGE)
        for code in sorted(self._told.keys() | held.keys()):
            told, actual = self._told.get(code, 0), -held.get(code, 0)
            found.expect(
                actual == told, "M10", f"account {EXCHANGE} {code}", f"has gained {actual}, not {told}", REPAIR
            )


async def check_stated(books: Books, replayed: Replayed, order: Order, postings: Tally, found: Findings) -> None:
    """M10 of one order: what is posted adds up to what its accounts are worth. Its legs are told."""
    if (rate := order.book_rate) is None:
        found.expect(order.accounts == (), "M10", f"order {order.id}", "keeps accounts without a rate", REPAIR)
        return
    row = f"order {order.id}"
    stated: dict[str, int] = {}
    own: Balances = ()
    for step in replayed.steps:
        if isinstance(step.after, Order):
            own = added(own, legs(step.after, step.recorded.event))
            for entry in book_entries(step.after, step.recorded.event, step.recorded.at):
                postings.said(*leg_of(entry))
                stated[entry.account] = stated.get(entry.account, 0) + entry.amount
    found.expect(rate.currency == order.currency.code, "M10", row, f"is stated by a rate of {rate.currency}", REPAIR)
    found.expect(own == order.accounts, "M10", row, "its accounts are not what was posted", REPAIR)
    worth = worths_of(rate, own)
    left = {account: units for account, units in stated.items() if units}
    found.expect(left == worth, "M10", row, f"is stated as {left}, and worth {worth}", REPAIR)
    for account, (gross, settled) in (await _settled(books, order)).items():
        said = f"{settled} of {account} is settled, which is worth {rate.units(gross)}"
        found.expect(settled == rate.units(gross), "M10", row, said, REPAIR)
    if order.placed_at and not order.due.minor_units:
        owed = stated.get(RECEIVABLE, 0)
        found.expect(owed == 0, "M10", row, f"is even, and {owed} {rate.books} are still owed", REPAIR)


async def _settled(books: Books, order: Order) -> dict[str, tuple[int, int]]:
    """What rows have taken off each account of an order: in its own currency, and as they state it."""
    taken: dict[str, tuple[int, int]] = {}
    for row in await books.settlements(order.id):
        if row.standing is SettlementState.POSTED:
            gross, worth = taken.get(row.clearing, (0, 0))
            stated = 0 if row.frozen is None else row.frozen.worth(row.cleared)
            taken[row.clearing] = (gross + row.cleared.minor_units, worth + stated)
    return taken
