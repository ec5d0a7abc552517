"""The books of a settlement: what lay with the provider is cleared, into what it pays out, and what it kept.

A payment's money lies on `money:<provider>` since the order booked it. A settled row takes its gross from there, so
that what is left is what the provider has not settled yet: zero, once it has settled all. The other side is
`payout:<provider>` (the net, which the bank confirms), `fee:<provider>`, `fee_tax:<provider>` (PPN, which a PKP may
credit), `withheld:<provider>` (income tax paid in advance) and `rounding:<provider>`.

Where the provider exchanged the net, it goes to `exchanged:<provider>`, and out of it in the other currency into
`payout:<provider>`. In the books of an order that froze a rate the row is worth what that rate says, and what the
exchange really brought lies on the other side of `exchanged`: the difference is on `exchange`, a gain where it is
negative.

What a courier remitted too little (or too much) for a parcel goes to `claim:<courier>`, where it is owed until a later
row brings it or a person gives it up; to `fee:<courier>`; or to `write_off:<courier>`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tokolib.kernel.rows import Entry
from tokolib.reconciliation.bank import BankEntry, Match
from tokolib.reconciliation.difference import OnDifference
from tokolib.reconciliation.model import RowKind, Settlement, SettlementRow

_ALONE: Final = {RowKind.RESERVE: "reserve", RowKind.ADJUSTMENT: "adjustment"}
SUSPENSE: Final = "suspense"
EXCHANGE: Final = "exchange"
"""What exchanging brought or cost beside the rates that the orders froze."""
KIND: Final = "reconciliation.settlement"
BANK_KIND: Final = "reconciliation.bank_line"
_Legs = Sequence[tuple[str, int]]


def clearing(provider: str) -> str:
    """Where the money of a payment lies until it is settled."""
    return f"money:{provider}"


def clearing_of(row: SettlementRow, provider: str) -> str:
    """The account that a row empties, whose payment was made by *provider*; a row about no payment has its own."""
    own = _ALONE.get(row.kind)
    return clearing(provider) if own is None else f"{own}:{row.provider}"


def suspense(row: SettlementRow) -> str:
    """Where money lies that belongs to no payment, and that a person let in."""
    return f"{SUSPENSE}:{row.provider}"


def payout(provider: str) -> str:
    """Where lies what a provider has paid out, until the bank has it."""
    return f"payout:{provider}"


def account_of(as_: OnDifference, provider: str) -> str:
    """Where what a courier remitted too little goes."""
    return f"{as_}:{provider}"


def exchanged(provider: str) -> str:
    """Where one currency becomes another."""
    return f"exchanged:{provider}"


def entries(settlement: Settlement, at: datetime) -> tuple[Entry, ...]:
    """The postings of a row that is posted or booked apart; their ids are the row's, so that they exist only once."""
    row = settlement.row
    into = payout(row.provider) if row.exchanged is None else exchanged(row.provider)
    legs = [
        (settlement.clearing, -settlement.cleared.minor_units),
        (into, row.net.minor_units),
        *_deducted(settlement),
    ]
    posted = _entries(settlement, settlement.id, legs, row.currency.code, at)
    if row.exchanged is None:
        return posted
    units = row.exchanged.minor_units
    paid = [(payout(row.provider), units), (into, -units)]
    return posted + _entries(settlement, f"{settlement.id}.paid", paid, row.exchanged.currency.code, at)


def book_entries(settlement: Settlement, at: datetime) -> tuple[Entry, ...]:
    """The posting of a row in the currency of the books; none where its order froze no rate."""
    if (frozen := settlement.frozen) is None:
        return ()
    row = settlement.row
    costs = [(account, frozen.rate.units(units)) for account, units in _deducted(settlement)]
    net = frozen_net(settlement)
    if row.exchanged is None:
        brought = [(payout(row.provider), net)]
    else:
        real = row.exchanged.minor_units
        brought = [(exchanged(row.provider), real), (EXCHANGE, net - real)]
    legs = [(settlement.clearing, -frozen.worth(settlement.cleared)), *costs, *brought]
    return _entries(settlement, settlement.id, legs, frozen.rate.books, at)


def frozen_net(settlement: Settlement) -> int:
    """What the net of a row is worth at the rate that its order froze, in minor units of the books; 0 without one."""
    if (frozen := settlement.frozen) is None:
        return 0
    costs = sum(frozen.rate.units(units) for _, units in _deducted(settlement))
    return frozen.worth(settlement.cleared) - costs


def gain(settlement: Settlement) -> int:
    """What exchanging a row's net brought beside the frozen rate, in minor units of the books; below zero: it cost."""
    if settlement.frozen is None or settlement.row.exchanged is None:
        return 0
    return settlement.row.exchanged.minor_units - frozen_net(settlement)


def closing_entries(settlement: Settlement) -> tuple[Entry, ...]:
    """The posting of a claim that a person gave up; none where nobody has."""
    made = settlement.difference
    if made is None or made.closed_as is None or made.closed_at is None:
        return ()
    left, provider = made.total - made.paid, settlement.row.provider
    legs = [(account_of(OnDifference.CLAIM, provider), -left), (account_of(made.closed_as, provider), left)]
    return _entries(settlement, f"{settlement.id}.claim", legs, settlement.row.currency.code, made.closed_at)


def book_closing_entries(settlement: Settlement) -> tuple[Entry, ...]:
    """The same in the currency of the books, at the rate that the row's order froze."""
    made, frozen = settlement.difference, settlement.frozen
    if frozen is None or made is None or made.closed_as is None or made.closed_at is None:
        return ()
    left, provider = frozen.rate.units(made.total) - frozen.rate.units(made.paid), settlement.row.provider
    legs = [(account_of(OnDifference.CLAIM, provider), -left), (account_of(made.closed_as, provider), left)]
    return _entries(settlement, f"{settlement.id}.claim", legs, frozen.rate.books, made.closed_at)


def _deducted(settlement: Settlement) -> _Legs:
    """What lies between what is cleared and the net, by account."""
    row, made = settlement.row, settlement.difference
    beyond = 0 if made is None else made.fee
    differing = [] if made is None else [(account_of(made.as_, row.provider), made.total)]
    return [*_kept(row, beyond), *differing]


def _kept(row: SettlementRow, beyond: int) -> _Legs:
    """What the provider kept, but for what it kept *beyond* what was agreed."""
    parts = (
        ("fee", row.fee.minor_units - beyond),
        ("fee_tax", row.fee_tax.minor_units),
        ("withheld", row.withheld.minor_units),
        ("rounding", row.left_over),
    )
    return [(f"{name}:{row.provider}", units) for name, units in parts]


def _entries(settlement: Settlement, batch: str, legs: _Legs, unit: str, at: datetime) -> tuple[Entry, ...]:
    return tuple(
        Entry(f"{batch}.{n}", batch, account, units, unit, KIND, settlement.id, at)
        for n, (account, units) in enumerate(legs, start=1)
        if units
    )


def bank(account: str) -> str:
    """What lies on a bank account."""
    return f"bank:{account}"


def bank_entries(entry: BankEntry) -> tuple[Entry, ...]:
    """The posting of the payouts that a bank line is, at the bank's day; none where it keeps no match."""
    if (match := entry.match) is None:
        return ()
    paid = sum(units for _, units in match.payouts)
    first = match.payouts[0][0] if match.payouts else ""
    legs = [
        (bank(entry.account), match.amount.minor_units),
        *((payout(provider), -units) for provider, units in match.payouts),
        (f"rounding:{first}", paid - match.amount.minor_units),
    ]
    return _bank_entries(entry, match, legs, match.amount.currency.code)


def stated_bank_entries(entry: BankEntry) -> tuple[Entry, ...]:
    """The same in the currency of the books, for what was paid out in another one."""
    if (match := entry.match) is None:
        return ()
    worth = sum(units for _, units in match.stated)
    legs = [(bank(entry.account), worth), *((payout(provider), -units) for provider, units in match.stated)]
    return _bank_entries(entry, match, legs, match.books)


def _bank_entries(entry: BankEntry, match: Match, legs: _Legs, unit: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(f"{entry.id}.{n}", entry.id, account, units, unit, BANK_KIND, entry.id, match.on)
        for n, (account, units) in enumerate(legs, start=1)
        if units
    )
