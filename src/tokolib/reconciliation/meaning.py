"""Which payment a row tells of, as our books know it, and what is wrong with it if it can't be settled."""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Source
from tokolib.kernel.changed import changed
from tokolib.payments.model import Intent
from tokolib.payments.refunding import unsent_refunds
from tokolib.payments.tenders import COD
from tokolib.reconciliation.books import KINDS, movement, signed
from tokolib.reconciliation.items import Why
from tokolib.reconciliation.model import OUT, RowKind, SettlementRow
from tokolib.reconciliation.pairing import pair

EFFECTS: Final = {
    RowKind.CHARGE: EffectKind.CHARGE,
    RowKind.COLLECTION: EffectKind.CHARGE,
    RowKind.REFUND: EffectKind.REFUND,
    RowKind.REVERSAL: EffectKind.REVERSAL,
    RowKind.CHARGEBACK: EffectKind.CHARGEBACK,
    RowKind.CHARGEBACK_REVERSAL: EffectKind.CHARGEBACK_REVERSAL,
}
"""What a row of each kind says has happened."""


def observed(row: SettlementRow, zone: ZoneInfo) -> Observation:
    """What a gateway's row says, as an observation: that it happened, with the amount that the gateway settled."""
    takes_back = row.kind in OUT | {RowKind.CHARGEBACK_REVERSAL}
    return Observation(
        provider=row.provider,
        kind=EFFECTS[row.kind],
        state=EffectState.SUCCEEDED,
        amount=abs(row.gross),
        occurred_at=settled_at(row, zone),
        source=Source.QUERY,
        key=row.key,
        reference=row.reference,
        about=row.key if takes_back else "",
    )


def settled_at(row: SettlementRow, zone: ZoneInfo) -> datetime:
    """The beginning of the day on which a row was settled."""
    return day_begins(row.on, zone)


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a calendar day."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)


@attrs.frozen
class Meant:
    """The operation that a row is about, or why it is about none."""

    operation: Operation | None
    why: Why | None


def meant(intent: Intent, row: SettlementRow, settled: frozenset[str], zone: str) -> Meant:
    """Which operation of *intent* a gateway's *row* tells of; *settled* are those that other rows have settled."""
    known = [each for each in intent.operations if each.provider == row.provider and each.kind in KINDS]
    free = [changed(movement(intent, each, zone), booked=True) for each in known if each.id not in settled]
    paired = pair(free, [row])
    if found := [*paired.pairs, *paired.foreign]:
        return _fit(intent, found[0].movement.id, row)
    told = [each for each in known if each.id in settled and KINDS[each.kind] is row.kind]
    again = next((each for each in told if {row.key, row.reference} & {each.key, *each.references} - {""}), None)
    return Meant(again, None if again is None else Why.DOUBLE_ROW)


def _fit(intent: Intent, id: str, row: SettlementRow) -> Meant:
    operation = next(each for each in intent.operations if each.id == id)
    if operation.amount.currency != row.currency:
        return Meant(operation, Why.OTHER_CURRENCY)
    return Meant(operation, None if signed(operation.amount, row.kind) == row.gross else Why.OTHER_AMOUNT)


def bearable(intent: Intent, row: SettlementRow) -> bool:
    """Whether the payment has what *row* takes: our books don't learn of more going back than came in.

    What is promised, and nobody was asked to send, is there: a refund takes the place of such a promise.
    """
    if row.kind is RowKind.CHARGEBACK_REVERSAL:
        return row.gross <= intent.disputed
    there = intent.totals.left
    if row.kind is RowKind.REFUND:
        there += sum(each.amount.minor_units for each in unsent_refunds(intent))
    return row.kind not in OUT or -row.gross.minor_units <= there


def is_undone(intent: Intent, row: SettlementRow) -> bool:
    """Whether the charge that *row* reverses stands as failed: our books have taken it back already."""
    names = {row.key, row.reference} - {""}
    return any(
        names & {each.key, *each.references} and each.standing is EffectState.FAILED for each in intent.operations
    )


def collection(intent: Intent, row: SettlementRow, settled: frozenset[str]) -> Meant:
    """The cash of *intent* that a courier's *row* tells of, if somebody has recorded it before the courier did."""
    cash = [
        each
        for each in intent.operations
        if each.provider == COD.name and each.kind is EffectKind.CHARGE and each.succeeded
    ]
    free = [each for each in cash if each.id not in settled]
    if same := [each for each in free if each.amount == row.gross]:
        return Meant(same[0], None)
    if intent.amount.currency != row.currency:
        return Meant(None, Why.OTHER_CURRENCY)
    if row.gross <= intent.outstanding:
        return Meant(None, None)
    return Meant(None, Why.DOUBLE_ROW if len(free) < len(cash) and not free else Why.OTHER_AMOUNT)
