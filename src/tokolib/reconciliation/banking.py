"""Taking a bank statement in: each line is stored once, and one that is a payout moves its money to the bank."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import attrs

from tokolib.kernel.clock import zone
from tokolib.kernel.money import Currency, Money
from tokolib.kernel.unit import Unit, every
from tokolib.orders.book_currency import BOOK_LEDGER
from tokolib.orders.postings import LEDGER
from tokolib.reconciliation.bank import BankEntry, BankLineState, Match, entry_id
from tokolib.reconciliation.errors import NotWaiting
from tokolib.reconciliation.events import BankLineAside, BankLineMatched, BankLineTaken, PayoutReceived
from tokolib.reconciliation.meaning import day_begins
from tokolib.reconciliation.model import BankLine, Settlement, SettlementRow
from tokolib.reconciliation.paying import Meeting, line_place, meet, payouts
from tokolib.reconciliation.ports import BANK_LINES, SETTLEMENTS
from tokolib.reconciliation.postings import bank_entries, frozen_net, stated_bank_entries
from tokolib.reconciliation.terms import ReconcileTerms


@attrs.frozen(kw_only=True)
class BankTaken:
    """What became of the lines of a statement."""

    matched: tuple[BankEntry, ...]
    """Those that are payouts, and are in the books from now on; lines that came before among them."""
    waiting: tuple[BankEntry, ...]
    """Those of the account that no payout was found for, whether they came now or before."""
    known: int
    """How many of the lines had been stored before."""


async def take_in_bank(unit: Unit, account: str, lines: Sequence[BankLine], terms: ReconcileTerms) -> BankTaken:
    """Store *lines* of an *account*, each once, and match all that wait there with what was settled."""
    ids = {entry_id(account, line): line for line in lines}
    known = await unit[BANK_LINES].get_many(list(ids))
    for id in [id for id in ids if id not in known]:
        unit[BANK_LINES].record(None, BankLineTaken(entry_id=id, account=account, line=ids[id], at=unit.now))
    waiting = await every(unit[BANK_LINES], "by_account", {"account": account, "standing": BankLineState.WAITING.value})
    rows = await every(unit[SETTLEMENTS], "by_paid", {"paid": 0})
    matched: list[BankEntry] = []
    for money in sorted({each.line.amount.currency for each in waiting}, key=lambda each: each.code):
        matched += await _match(unit, money, waiting, rows, terms)
    gone = {each.id for each in matched}
    return BankTaken(
        matched=tuple(sorted(matched, key=_place)),
        waiting=tuple(sorted((each for each in waiting if each.id not in gone), key=_place)),
        known=len(known),
    )


def _place(entry: BankEntry) -> tuple[object, ...]:
    return (*line_place(entry.line), entry.id)


async def _match(
    unit: Unit, money: Currency, waiting: Sequence[BankEntry], rows: Sequence[Settlement], terms: ReconcileTerms
) -> list[BankEntry]:
    """The lines in one currency that are payouts, with their postings made."""
    near = [each for each in waiting if each.line.amount.currency == money]
    open_ = {each.row.name: each for each in rows if each.row.paid_out.currency == money}
    # A stored line is told apart by its id: a statement without ids of its own numbers its lines anew each time.
    by_line = {each.id: each for each in near}
    made = payouts([open_[name].row for name in sorted(open_)])
    met = meet(made, [attrs.evolve(each.line, id=each.id) for each in near], terms)
    found: list[BankEntry] = []
    for each in met.meetings:
        if abs(each.differs_by) <= terms.tolerance:
            entries = sorted((by_line[line.id] for line in each.lines), key=_place)
            found += await _book(unit, entries, [open_[row.name] for row in _rows(each)])
    return found


def _rows(meeting: Meeting) -> Iterable[SettlementRow]:
    return [row for payout in meeting.payouts for row in payout.rows]


async def _book(unit: Unit, entries: Sequence[BankEntry], rows: Sequence[Settlement]) -> list[BankEntry]:
    """The lines of a meeting, matched with its rows; the money has left the providers for the bank."""
    last = entries[-1]
    money = last.line.amount.currency
    match = Match(
        lines=tuple(each.id for each in entries),
        settlements=tuple(sorted(each.id for each in rows)),
        amount=Money.total((each.line.amount for each in entries), money),
        payouts=_summed((each.row.provider, each.row.paid_out.minor_units) for each in rows),
        stated=_summed((each.row.provider, frozen_net(each)) for each in rows if _is_stated(each)),
        books=next((each.frozen.rate.books for each in rows if each.frozen is not None and _is_stated(each)), ""),
        on=day_begins(last.line.on, zone((await unit.settings()).zone)),
    )
    for row in rows:
        unit[SETTLEMENTS].record(row, PayoutReceived(by=last.id))
    made = []
    for each in entries:
        kept = match if each is last else None
        made.append(unit[BANK_LINES].record(each, BankLineMatched(match=kept, matched_with=last.id)))
    unit.post(LEDGER, bank_entries(made[-1]))
    if stated := stated_bank_entries(made[-1]):
        unit.post(BOOK_LEDGER, stated)
    return made


def _is_stated(row: Settlement) -> bool:
    """Whether what was paid out for *row* is worth something in the books beside: in its own currency still."""
    return row.frozen is not None and row.row.exchanged is None


def _summed(parts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    made: dict[str, int] = defaultdict(int)
    for provider, units in parts:
        made[provider] += units
    return tuple(sorted((provider, units) for provider, units in made.items() if units))


async def set_line_aside(unit: Unit, id: str, reason: str) -> BankEntry:
    """A line that waits, set aside for *reason*; the same again changes nothing.

    Raises:
        NotFound: no such line. NotWaiting: it is in the books. Nothing was recorded.
    """
    state = await unit[BANK_LINES].get(id)
    if state.standing is BankLineState.ASIDE:
        return state
    if state.standing is not BankLineState.WAITING:
        raise NotWaiting(id, state.standing)
    return unit[BANK_LINES].record(state, BankLineAside(reason=reason))
