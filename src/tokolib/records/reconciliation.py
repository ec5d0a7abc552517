"""How rows of settlement reports, and lines of bank statements, are stored."""

from typing import Final

from tokolib.effects.queue import place
from tokolib.kernel.clock import sortable
from tokolib.kernel.rows import Row
from tokolib.reconciliation import events
from tokolib.reconciliation.bank import BankEntry
from tokolib.reconciliation.lifecycle import evolve, evolve_line
from tokolib.reconciliation.model import Settlement, SettlementState
from tokolib.records import collections
from tokolib.records.record import Record


def _row(settlement: Settlement) -> Row:
    row = settlement.row
    return {
        "provider": row.provider,
        "batch": row.batch,
        "payout": row.payout,
        "kind": row.kind.value,
        "settled_on": row.on.isoformat(),
        "standing": settlement.standing.value,
        "why": settlement.why,
        "taken_at": sortable(settlement.taken_at),
        "order_id": settlement.order_id,
        "operation_id": settlement.operation_id,
        "currency": row.currency.code,
        "currency_digits": row.currency.digits,
        "gross": row.gross.minor_units,
        "fee": row.fee.minor_units,
        "fee_tax": row.fee_tax.minor_units,
        "withheld": row.withheld.minor_units,
        "net": row.net.minor_units,
        "shipment_id": settlement.shipment_id or None,
        "claim_due": _claim_due(settlement),
        "paid": None if settlement.standing is SettlementState.REVIEW else int(bool(settlement.paid_by)),
        "waits": place(settlement.taken_at, settlement.id) if settlement.standing is SettlementState.REVIEW else None,
    }


def _claim_due(settlement: Settlement) -> str | None:
    """By when an open claim is to be made up for; None where there is none."""
    made = settlement.difference
    return made.due_on.isoformat() if made is not None and made.is_open and made.due_on is not None else None


SETTLEMENTS: Final = Record(
    collection=collections.SETTLEMENTS,
    noun="settlement",
    cls=Settlement,
    evolve=evolve,
    events=(
        events.SettlementPosted,
        events.SettlementSetAside,
        events.SettlementBookedApart,
        events.ClaimPaid,
        events.ClaimClosed,
        events.PayoutReceived,
    ),
    row=_row,
)


def _line_row(entry: BankEntry) -> Row:
    money = entry.line.amount
    return {
        "account": entry.account,
        "standing": entry.standing.value,
        "booked_on": entry.on.isoformat(),
        "currency": money.currency.code,
        "currency_digits": money.currency.digits,
        "amount": money.minor_units,
        "matched_with": entry.matched_with or None,
    }


BANK_LINES: Final = Record(
    collection=collections.BANK_LINES,
    noun="bank line",
    cls=BankEntry,
    evolve=evolve_line,
    events=(events.BankLineTaken, events.BankLineMatched, events.BankLineAside),
    row=_line_row,
)
