"""The books of a settlement: what lay with the provider is cleared, into what it pays out, and what it kept.

A payment's money lies on `money:<provider>` since the order booked it. A settled row takes its gross from there, so
that what is left is what the provider has not settled yet: zero, once it has settled all. The other side is
`payout:<provider>` (the net, which the bank confirms), `fee:<provider>`, `fee_tax:<provider>` (PPN, which a PKP may
credit), `withheld:<provider>` (income tax paid in advance) and `rounding:<provider>`.
"""

from datetime import datetime
from typing import Final

from tokolib.kernel.rows import Entry
from tokolib.reconciliation.model import RowKind, Settlement, SettlementRow

_ALONE: Final = {RowKind.RESERVE: "reserve", RowKind.ADJUSTMENT: "adjustment"}
SUSPENSE: Final = "suspense"
KIND: Final = "reconciliation.settlement"


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


def entries(settlement: Settlement, at: datetime) -> tuple[Entry, ...]:
    """The posting of a row that is posted or booked apart; its id is the row's, so that it can exist only once."""
    row = settlement.row
    parts = (
        ("payout", row.net.minor_units),
        ("fee", row.fee.minor_units),
        ("fee_tax", row.fee_tax.minor_units),
        ("withheld", row.withheld.minor_units),
        ("rounding", row.left_over),
    )
    legs = [
        (settlement.clearing, -row.gross.minor_units),
        *((f"{name}:{row.provider}", units) for name, units in parts),
    ]
    return tuple(
        Entry(f"{settlement.id}.{n}", settlement.id, account, units, row.currency.code, KIND, settlement.id, at)
        for n, (account, units) in enumerate(legs, start=1)
        if units
    )
