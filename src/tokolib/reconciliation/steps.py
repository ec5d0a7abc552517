"""Taking rows in on an open unit: each is stored once; what fits the books is posted, all else waits for a person."""

from datetime import date
from typing import Final

import attrs

from tokolib.effects.keys import intent_of
from tokolib.effects.model import Verdict
from tokolib.effects.ports import Observe
from tokolib.kernel.clock import zone
from tokolib.kernel.errors import NotFound
from tokolib.kernel.ids import OperationId, OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.orders.book_currency import BOOK_LEDGER
from tokolib.orders.ports import ORDERS
from tokolib.orders.postings import LEDGER
from tokolib.payments.events import QuarantineDecided
from tokolib.payments.folding import intent_of_seen, quarantine_id
from tokolib.payments.model import Intent
from tokolib.payments.ports import INTENTS, QUARANTINES
from tokolib.payments.set_aside import Decision
from tokolib.reconciliation.books import KINDS
from tokolib.reconciliation.collecting import find_collection
from tokolib.reconciliation.difference import OnDifference
from tokolib.reconciliation.errors import NoClaim, NotExchangeable, NotInReview
from tokolib.reconciliation.events import (
    ClaimClosed,
    ClaimPaid,
    SettlementBookedApart,
    SettlementPosted,
    SettlementSetAside,
)
from tokolib.reconciliation.exchange import stated_row
from tokolib.reconciliation.finding import Found, reason_of, rows_of, settled_by
from tokolib.reconciliation.items import Why
from tokolib.reconciliation.meaning import bearable, is_undone, meant, observed
from tokolib.reconciliation.model import (
    ALONE,
    Frozen,
    RowKind,
    Settlement,
    SettlementRow,
    SettlementState,
    contradiction_id,
    settlement_id,
)
from tokolib.reconciliation.ports import SETTLEMENTS
from tokolib.reconciliation.postings import (
    account_of,
    book_closing_entries,
    book_entries,
    clearing,
    clearing_of,
    closing_entries,
    entries,
    suspense,
)
from tokolib.reconciliation.terms import ReconcileTerms

CHANGED: Final = "row_changed"
"""Why a row is in review that was taken in before and says something else now."""


@attrs.frozen
class Taken:
    """What became of one row."""

    settlement: Settlement
    known: bool
    """Whether it had been settled before: nothing was changed."""
    learned: bool
    """Whether our books learned of the money by this row."""
    short: Money | None
    """What is still due of an order after its courier's row."""


async def take_in(unit: Unit, row: SettlementRow, terms: ReconcileTerms, *, observe: Observe) -> Taken:
    """Store *row*, once, and post it if it fits the books; else it waits in review, and moves nothing.

    One that waits is looked at again when it is delivered again.
    """
    repository = unit[SETTLEMENTS]
    known = await repository.find(settlement_id(row))
    if known is not None and known.row != row:
        known = await repository.find(contradiction_id(row))
        if known is None:
            return _set_aside(unit, None, contradiction_id(row), row, Found(why=CHANGED))
        return Taken(known, known=True, learned=False, short=None)
    if known is not None and known.standing is not SettlementState.REVIEW:
        return Taken(known, known=True, learned=False, short=None)
    found = await _find(unit, row, terms, observe)
    if found.why:
        return _set_aside(unit, known, settlement_id(row), row, found)
    claims = account_of(OnDifference.CLAIM, row.provider)
    emptied = clearing_of(row, found.provider) if found.claim is None else claims
    frozen = await frozen_for(unit, found.order_id, emptied)
    if frozen is not None and row.exchanged is not None and row.exchanged.currency != frozen.rate.into:
        return _set_aside(unit, known, settlement_id(row), row, attrs.evolve(found, why=Why.OTHER_CURRENCY))
    posted = SettlementPosted(
        settlement_id=settlement_id(row),
        row=row,
        clearing=emptied,
        order_id=found.order_id,
        operation_id=found.operation_id,
        at=unit.now,
        frozen=frozen,
        shipment_id=found.shipment_id,
        difference=found.difference,
        pays_claim="" if found.claim is None else found.claim.id,
    )
    made = post(unit, known, posted)
    if found.claim is not None:
        repository.record(found.claim, ClaimPaid(amount=row.gross.minor_units, by=made.id))
    return Taken(made, known=False, learned=found.learned, short=found.short)


async def frozen_for(unit: Unit, order_id: OrderId | None, account: str) -> Frozen | None:
    """How the frozen rate of an order counts for its next row out of an account; None where it froze none."""
    order = None if order_id is None else await unit[ORDERS].find(order_id)
    if order is None or order.book_rate is None:
        return None
    settled = [each for each in await rows_of(unit, order.id) if each.standing is SettlementState.POSTED]
    before = sum(each.cleared.minor_units for each in settled if each.clearing == account)
    return Frozen(order.book_rate, before)


def post(unit: Unit, known: Settlement | None, posted: SettlementPosted) -> Settlement:
    """The row, stored and in the books."""
    made = unit[SETTLEMENTS].record(known, posted)
    unit.post(LEDGER, entries(made, unit.now))
    if stated := book_entries(made, unit.now):
        unit.post(BOOK_LEDGER, stated)
    return made


def _set_aside(unit: Unit, known: Settlement | None, id: str, row: SettlementRow, found: Found) -> Taken:
    """*row* in review; delivered again for the same reason, it is as it was."""
    if known is not None and known.why == found.why:
        return Taken(known, known=True, learned=False, short=None)
    aside = SettlementSetAside(settlement_id=id, row=row, reason=str(found.why), order_id=found.order_id, at=unit.now)
    return Taken(unit[SETTLEMENTS].record(known, aside), known=False, learned=False, short=None)


async def _find(unit: Unit, row: SettlementRow, terms: ReconcileTerms, observe: Observe) -> Found:
    if abs(row.left_over) > terms.tolerance:
        return Found(why=Why.DOES_NOT_ADD_UP)
    if row.kind in ALONE:
        return Found(provider=row.provider)
    if row.kind is RowKind.COLLECTION:
        return await find_collection(unit, row, terms, observe)
    return await _find_payment(unit, row, observe)


async def _find_payment(unit: Unit, row: SettlementRow, observe: Observe) -> Found:
    """The operation of a gateway that *row* settles; one that our books don't know yet is observed."""
    here = (await unit.settings()).zone
    seen = observed(row, zone(here))
    intent = await intent_of_seen(unit, seen)
    if intent is None:
        await observe(unit, seen)
        return Found(why=Why.UNKNOWN_REFERENCE)
    settled = await settled_by(unit, intent.order_id)
    known = meant(intent, row, settled, here)
    operation = known.operation
    if known.why is not None:
        return Found(why=known.why, order_id=intent.order_id)
    if operation is not None and operation.succeeded:
        return Found(order_id=intent.order_id, operation_id=operation.id, provider=row.provider)
    if row.kind is RowKind.REVERSAL and is_undone(intent, row):
        return await _find_reversal(unit, intent, row)
    if operation is None and not bearable(intent, row):
        return Found(why=Why.MISSING_IN_BOOKS, order_id=intent.order_id)
    outcome = await observe(unit, seen if operation is None else attrs.evolve(seen, operation_id=operation.id))
    met = outcome.operation
    if outcome.verdict is Verdict.QUARANTINED or met is None:
        return Found(why=reason_of(outcome.reason), order_id=intent.order_id)
    if met.id in settled:
        return Found(why=Why.DOUBLE_ROW, order_id=intent.order_id)
    if not met.succeeded:
        return Found(why=Why.MISSING_IN_BOOKS, order_id=intent.order_id)
    return Found(order_id=intent.order_id, operation_id=met.id, provider=row.provider, learned=True)


async def _find_reversal(unit: Unit, intent: Intent, row: SettlementRow) -> Found:
    """A reversal of a charge that was settled and failed afterwards: it empties what that left, once."""
    rows = [each.row for each in await rows_of(unit, intent.order_id) if each.standing is SettlementState.POSTED]
    charged = sum(each.gross.minor_units for each in rows if each.kind is RowKind.CHARGE and each.key == row.key)
    back = sum(each.gross.minor_units for each in rows if each.kind is RowKind.REVERSAL and each.key == row.key)
    if charged + back + row.gross.minor_units < 0:
        why = Why.DOUBLE_ROW if back else Why.MISSING_IN_BOOKS
        return Found(why=why, order_id=intent.order_id)
    return Found(order_id=intent.order_id, provider=row.provider)


async def state_exchanged(unit: Unit, operation_id: str, into: Money, on: date) -> Settlement:
    """What the money of an operation became, by a person's word; the same again changes nothing.

    Raises:
        NotFound: no such operation. NotExchangeable: it is none whose exchange can be stated. InvalidInput: *on* is no
            day. Nothing was recorded.
    """
    intent = await unit[INTENTS].find(intent_of(operation_id))
    operation = None if intent is None else intent.operation(OperationId(operation_id))
    if intent is None or operation is None:
        raise NotFound("operation", operation_id)
    if not operation.succeeded or operation.kind not in KINDS:
        raise NotExchangeable(operation_id, "moved_no_money")
    frozen = await frozen_for(unit, OrderId(intent.order_id), clearing(operation.provider))
    if frozen is None:
        raise NotExchangeable(operation_id, "no_frozen_rate")
    if into.currency != frozen.rate.into:
        raise NotExchangeable(operation_id, "other_currency")
    row = stated_row(operation, into, on)
    known = await unit[SETTLEMENTS].find(settlement_id(row))
    if known is not None and known.row == row:
        return known
    if operation.id in await settled_by(unit, intent.order_id):
        raise NotExchangeable(operation_id, "settled_before")
    posted = SettlementPosted(
        settlement_id=settlement_id(row),
        row=row,
        clearing=clearing(operation.provider),
        order_id=OrderId(intent.order_id),
        operation_id=operation.id,
        at=unit.now,
        frozen=frozen,
    )
    return post(unit, None, posted)


async def book_apart(unit: Unit, id: str, reason: str) -> Settlement:
    """A row in review, booked against `suspense:<provider>` for *reason*; the same again changes nothing.

    What the row told the payments, and nobody knew whose it was, waits no more: the same word has decided it.

    Raises:
        NotFound: no such row. NotInReview: it fits the books, and is in them. Nothing was recorded.
    """
    state = await unit[SETTLEMENTS].get(id)
    if state.standing is SettlementState.APART:
        return state
    if state.standing is not SettlementState.REVIEW:
        raise NotInReview(id, state.standing)
    apart = SettlementBookedApart(settlement_id=id, clearing=suspense(state.row), reason=reason, at=unit.now)
    made = unit[SETTLEMENTS].record(state, apart)
    unit.post(LEDGER, entries(made, unit.now))
    await _put_away(unit, state.row, reason)
    return made


async def _put_away(unit: Unit, row: SettlementRow, reason: str) -> None:
    if row.kind in ALONE or row.kind is RowKind.COLLECTION:
        return
    seen = observed(row, zone((await unit.settings()).zone))
    told = await unit[QUARANTINES].find(quarantine_id(seen))
    if told is None or told.decision is not None:
        return
    by = str(unit.ctx.actor)
    made = Decision(case=told.id, why=told.reason, accepted=False, reason=reason, by=by, at=unit.now)
    unit[QUARANTINES].record(told, QuarantineDecided(made))


async def close_claim(unit: Unit, id: str, as_: OnDifference, reason: str) -> Settlement:
    """What is left of a claim, given up as a fee or a loss for *reason*; the same again changes nothing.

    Raises:
        NotFound: no such row. NoClaim: nothing is claimed by it, or it was given up otherwise. Nothing was recorded.
    """
    state = await unit[SETTLEMENTS].get(id)
    made = state.difference
    if made is not None and made.closed_as is as_:
        return state
    if made is None or not made.is_open or as_ is OnDifference.CLAIM:
        raise NoClaim(id)
    closed = unit[SETTLEMENTS].record(state, ClaimClosed(closed_as=as_, reason=reason, at=unit.now))
    unit.post(LEDGER, closing_entries(closed))
    if stated := book_closing_entries(closed):
        unit.post(BOOK_LEDGER, stated)
    return closed
