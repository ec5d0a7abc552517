"""The books of settlements: M9. Each settled row has its payment, and clearing holds what is not settled yet."""

from collections import defaultdict
from datetime import date, datetime
from typing import Final

from tokolib.desk.verify.books import Books
from tokolib.desk.verify.money import leg_of
from tokolib.desk.verify.streams import Replayed
from tokolib.desk.verify.tally import Tally
from tokolib.desk.verify.walk import Findings, posted
from tokolib.effects.keys import intent_of
from tokolib.effects.model import Operation
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.postings import LEDGER
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS
from tokolib.reconciliation.bank import BankEntry
from tokolib.reconciliation.books import KINDS, signed
from tokolib.reconciliation.difference import OnDifference
from tokolib.reconciliation.events import SettlementBookedApart, SettlementPosted
from tokolib.reconciliation.model import Settlement, SettlementState
from tokolib.reconciliation.postings import (
    account_of,
    bank_entries,
    book_closing_entries,
    book_entries,
    clearing,
    closing_entries,
    entries,
    payout,
    stated_bank_entries,
)

RECEIVED: Final = "hold the bank's statement against the payouts, and restore the rows of both from a backup"
_ASK: Final = "ask the courier for it, or give it up: shop.settlements.close_claim(settlement, ...)"
_CLEAR: Final = "reconcile the provider: shop.settlements.reconcile(provider, bank, since=...)"


class Clearing:
    """What lies with each provider: what payments brought there, less what was settled; by currency."""

    def __init__(self) -> None:
        self._brought: dict[tuple[str, str], int] = defaultdict(int)
        self._settled: dict[tuple[str, str], int] = defaultdict(int)

    def learn(self, state: object) -> None:
        """Count what a payment, or a settled row, moves on a clearing account; of anything else nothing."""
        match state:
            case Intent():
                for each in state.operations:
                    if each.succeeded and each.kind in KINDS:
                        place = (clearing(each.provider), each.amount.currency.code)
                        self._brought[place] += signed(each.amount, KINDS[each.kind]).minor_units
            case BankEntry() if state.match is not None:
                for provider, units in state.match.payouts:
                    self._settled[payout(provider), state.line.amount.currency.code] += units
            case Settlement() if state.clearing:
                paid = state.row.paid_out
                self._brought[payout(state.row.provider), paid.currency.code] += paid.minor_units
                self._settled[payout(state.row.provider), paid.currency.code] += 0
                code, made = state.row.currency.code, state.difference
                self._settled[state.clearing, code] += state.cleared.minor_units
                if made is not None and made.as_ is OnDifference.CLAIM:
                    given_up = 0 if made.closed_as is None else made.total - made.paid
                    claimed = account_of(OnDifference.CLAIM, state.row.provider)
                    self._brought[claimed, code] += made.total - given_up
                    self._settled[claimed, code] += 0
            case _:
                pass

    async def check(self, unit: Unit, found: Findings) -> None:
        """Each clearing account from which something was settled holds what is not settled yet, and no more."""
        for account in sorted({account for account, _ in self._settled}):
            held = await balances(unit, LEDGER, account)
            for currency in sorted({unit for name, unit in self._settled if name == account} | held.keys()):
                place = (account, currency)
                expected = self._brought.get(place, 0) - self._settled.get(place, 0)
                actual = held.get(currency, 0)
                said = f"holds {actual}, and {expected} is not settled"
                found.expect(actual == expected, "M9", f"account {account} {currency}", said, _CLEAR)


async def balances(unit: Unit, ledger: str, account: str) -> dict[str, int]:
    """What stands on an account of a ledger, by currency."""
    found: dict[str, int] = defaultdict(int)
    async for entry in posted(unit, ledger, account=account):
        found[entry.unit] += entry.amount
    return found


async def check_settlement(
    books: Books, replayed: Replayed, postings: Tally, book_postings: Tally, today: date, found: Findings
) -> None:
    """M9 of one row: the operation that it settles. Its legs are told, to be found in the ledger."""
    state = replayed.state
    if not isinstance(state, Settlement):
        return
    found.saw("settlements")
    if state.standing is not SettlementState.REVIEW and replayed.steps:
        at = _posted_at(replayed)
        for entry in entries(state, at):
            postings.said(*leg_of(entry))
        for entry in book_entries(state, at):
            book_postings.said(*leg_of(entry))
        for entry in closing_entries(state):
            postings.said(*leg_of(entry))
        for entry in book_closing_entries(state):
            book_postings.said(*leg_of(entry))
        _claimed(state, today, found)
    if state.operation_id is not None:
        said = f"it settles {state.operation_id}, which the books don't have so"
        found.expect(await _settles(books, state, state.operation_id), "M9", f"settlement {state.id}", said, _CLEAR)


def _posted_at(replayed: Replayed) -> datetime:
    """When a row came into the books; what happens to its claim comes later."""
    moved = (SettlementPosted, SettlementBookedApart)
    return next(each.recorded.at for each in replayed.steps if isinstance(each.recorded.event, moved))


def _claimed(state: Settlement, today: date, found: Findings) -> None:
    """A claim is asked for while its day has not passed, and told when it has."""
    made = state.difference
    if made is None or not made.is_open or made.due_on is None:
        return
    if today > made.due_on:
        left = Money(made.left, state.row.currency)
        said = f"{state.row.provider} remitted {left} too little, and was to make up for it by {made.due_on}"
        found.waits("M9", f"settlement {state.id}", said, _ASK)


async def _settles(books: Books, state: Settlement, operation_id: str) -> bool:
    """Whether the operation is there, with the very amount; that it succeeded may have changed since."""
    intent = await books.find(INTENTS.name, intent_of(operation_id), Intent)
    operation: Operation | None = None if intent is None else intent.operation(operation_id)
    if operation is None or operation.kind not in KINDS:
        return False
    return signed(operation.amount, KINDS[operation.kind]) == state.cleared


def check_line(state: BankEntry, postings: Tally, book_postings: Tally, received: Tally, found: Findings) -> None:
    """M11 of one bank line: the rows that it brought. Its legs are told, to be found in the ledgers."""
    found.saw("bank lines")
    for entry in bank_entries(state):
        postings.said(*leg_of(entry))
    for entry in stated_bank_entries(state):
        book_postings.said(*leg_of(entry))
    if state.match is not None:
        for id in state.match.settlements:
            received.said(f"settlement {id}", state.id)
        for id in state.match.lines:
            received.said(f"bank line {id}", state.id)
    if state.matched_with:
        received.found(f"bank line {state.id}", state.matched_with)


def say_received(state: Settlement, received: Tally) -> None:
    """M11: which bank line a row says that it came with."""
    if state.paid_by:
        received.found(f"settlement {state.id}", state.paid_by)
