"""Filing documents, as steps on an open unit. Nobody is asked here: a wish is stored with its key."""

from collections.abc import Sequence

from tokolib.documents.filing.events import (
    FilingLeased,
    FilingObserved,
    FilingOpened,
    FilingPresumed,
    FilingRequested,
    FilingUnasked,
    NoteFiled,
)
from tokolib.documents.filing.model import NO_REFUNDS, FiledNote, Keeper, TaxFiling, filing_id
from tokolib.documents.filing.ports import FILINGS
from tokolib.documents.filing.states import is_stuck
from tokolib.documents.filing.told import takes_all, told_invoice, told_note
from tokolib.documents.model import Invoice
from tokolib.effects.keys import idempotency_key, operation_id
from tokolib.effects.lifecycle import above, may_lease, mismatch, sends
from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Outcome, Verdict
from tokolib.effects.resend import LEASE, wait
from tokolib.kernel.ids import FilingId
from tokolib.kernel.money import Money
from tokolib.kernel.unit import Unit
from tokolib.payments.words import own_word


async def open_filing(unit: Unit, invoice: Invoice, keeper: Keeper) -> TaxFiling:
    """The filing of an *invoice* that is issued in this very unit, with the wish that *keeper* keeps it."""
    opened = FilingOpened(
        filing_id=filing_id(invoice.id),
        order_id=invoice.order_id,
        document_id=invoice.id,
        provider=keeper.name,
        document=told_invoice(invoice),
        at=unit.now,
        void_within=keeper.void_within,
        no_refunds=keeper.no_refunds,
    )
    filing = unit[FILINGS].record(None, opened)
    return await _request(unit, filing, EffectKind.TAX_COMMIT, invoice.id, invoice.tax)


async def file_note(unit: Unit, invoice: Invoice, notes: Sequence[Invoice]) -> None:
    """Wish that the last of an invoice's *notes*, issued in this very unit, is taken off it where it is filed.

    A cancelled order whose note takes back everything before anything else did, while no return can have told of it, is
    void: the supply never was. Whatever goes back otherwise is a refund. Where the provider keeps none, nobody is
    asked: a person states it there.
    """
    filing = await unit[FILINGS].find(filing_id(invoice.id))
    if filing is None:
        return
    note = notes[-1]
    slices = told_note(filing.document, notes, [each for known in filing.notes for each in known.slices])
    if not slices:
        return
    at_once = filing.void_within.holds(filing.document.on, note.issued_on)
    whole = note.is_of_cancellation and not filing.notes and takes_all(filing.document, slices)
    kind = EffectKind.TAX_VOID if whole and at_once else EffectKind.TAX_REFUND
    filed = FiledNote(document_id=note.id, number=note.number, slices=slices)
    filing = unit[FILINGS].record(filing, NoteFiled(filed))
    filing = await _request(unit, filing, kind, note.id, Money(filed.tax, invoice.currency))
    if kind is EffectKind.TAX_REFUND and filing.no_refunds:
        wish = filing.operations[-1]
        word = own_word(wish, EffectState.FAILED, NO_REFUNDS, at=unit.now, actor=unit.ctx.actor)
        unit[FILINGS].record(filing, FilingObserved(wish.id, word, unit.now))


async def ask_again(unit: Unit, filing: TaxFiling) -> TaxFiling:
    """*filing* with a new attempt at the wish that was refused, where one was: only a definite no makes a new key."""
    refused = filing.turn
    if refused is None or refused.standing is not EffectState.FAILED:
        return filing
    return await _request(unit, filing, refused.kind, refused.subject, refused.amount)


async def claim(unit: Unit, filing_id: str, operation_id: str, again_after: int | None) -> Operation | None:
    """Lease an operation whose turn it is; see `effects.ports.Wish.claim`. None is ever given up: the law waits."""
    filing = await unit[FILINGS].find(filing_id)
    turn = filing.turn if filing is not None else None
    if filing is None or turn is None or turn.id != operation_id or is_stuck(turn):
        return None
    if not may_lease(turn, unit.now, again_after):
        return None
    leased = FilingLeased(
        operation_id=turn.id,
        at=unit.now,
        lease_until=unit.now + LEASE,
        next_at=unit.now + wait(turn.tries + 1),
        send=sends(turn, again_after),
    )
    return unit[FILINGS].record(filing, leased).operation(turn.id)


async def unask(unit: Unit, id: FilingId, operation_id: str) -> TaxFiling:
    """Note that no tax provider of its name is there to be told of a document that is due; a person is told."""
    filing = await unit[FILINGS].get(id)
    operation = filing.operation(operation_id)
    if operation is None or operation.unasked_since is not None:
        return filing
    return unit[FILINGS].record(filing, FilingUnasked(operation.id, unit.now))


async def presume_sent(unit: Unit, filing: TaxFiling) -> TaxFiling:
    """*filing* after a restore: what waits for an answer may have been told, and is told again under its key."""
    turn = filing.turn
    if turn is None or filing.ask_at is None:
        return filing
    return unit[FILINGS].record(filing, FilingPresumed(turn.id, unit.now))


async def fold(unit: Unit, seen: Observation) -> Outcome:
    """Fold *seen* into its filing; silence that says nothing new is not written down again."""
    filing = await unit[FILINGS].find(seen.intent)
    known = filing.operation(seen.operation_id) if filing is not None else None
    if filing is None or known is None:
        return Outcome(Verdict.QUARANTINED, reason="documents.unknown_filing")
    if reason := mismatch(known, seen):
        return Outcome(Verdict.QUARANTINED, filing.id, filing.order_id, known, reason)
    news = seen.state is EffectState.REVIEW or above((known, seen))
    if seen.fact in known.facts or not news:
        return Outcome(Verdict.DUPLICATE, filing.id, filing.order_id, known)
    after = unit[FILINGS].record(filing, FilingObserved(known.id, seen, unit.now))
    return Outcome(Verdict.APPLIED, filing.id, filing.order_id, after.operation(known.id))


async def _request(unit: Unit, filing: TaxFiling, kind: EffectKind, subject: str, amount: Money) -> TaxFiling:
    """*filing* with one more wish, due at once."""
    id = operation_id(filing.id, len(filing.operations) + 1, await unit.epoch())
    same = [each for each in filing.operations if each.subject == subject]
    attempt = 1 + sum(each.standing is EffectState.FAILED for each in same)
    operation = Operation(
        id=id,
        kind=kind,
        provider=filing.provider,
        intent=filing.id,
        subject=subject,
        amount=amount,
        attempt=attempt,
        key=idempotency_key(id, attempt),
        requested_at=unit.now,
        next_at=unit.now,
    )
    return unit[FILINGS].record(filing, FilingRequested(operation))
