"""Observations that we make ourselves: a person's word about money, and our own about a wish never sent."""

from datetime import datetime
from typing import Final

import attrs

from tokolib.effects.model import EffectKind, EffectState, Observation, Operation, Source
from tokolib.effects.words import word
from tokolib.kernel.ctx import Actor
from tokolib.kernel.errors import Fault, InvalidInput, NotFound
from tokolib.kernel.money import LARGEST, Money
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.payments.disputes import DECIDED_LOST, LOST, Dispute, decided_id
from tokolib.payments.errors import Contradiction, InvalidAmount, NotLocal
from tokolib.payments.model import Intent
from tokolib.payments.tenders import LOCAL, STORE_CREDIT
from tokolib.payments.totals import STOPPED

LONGEST_TEXT: Final = 20_000


def prose(path: str, text: str) -> str:
    """*text* of several lines, without blanks around it.

    Raises:
        InvalidInput: nothing, too long, or with invisible characters other than line breaks.
    """
    trimmed = text.strip()
    if 0 < len(trimmed) <= LONGEST_TEXT and trimmed.replace("\n", "").isprintable():
        return trimmed
    message = f"must be 1 to {LONGEST_TEXT} printable characters and line breaks"
    raise InvalidInput((Fault(path, "payments.bad_text", message, repr(trimmed[:40])),))


def check_amount(intent: Intent, amount: Money) -> None:
    """Pass for more than zero of the intent's currency.

    Raises:
        InvalidAmount, CurrencyMismatch: it isn't.
    """
    if amount.currency != intent.amount.currency:
        raise CurrencyMismatch(intent.amount.currency.code, amount.currency.code)
    if amount.minor_units <= 0:
        raise InvalidAmount(amount, "must be more than zero")


def check_local(method: str) -> None:
    """Pass for a method that people handle.

    Raises:
        NotLocal: it isn't.
    """
    if method not in LOCAL:
        raise NotLocal(method[:100], tuple(LOCAL))


def check_way_back(method: str) -> None:
    """Pass for a method by which money can go back whichever way it came: people's, and store credit.

    Raises:
        NotLocal: it isn't one.
    """
    if method not in LOCAL and method != STORE_CREDIT.name:
        raise NotLocal(method[:100], (*LOCAL, STORE_CREDIT.name))


def receipt(intent: Intent, amount: Money, method: str, reference: str, *, at: datetime, actor: Actor) -> Observation:
    """A person's word that *amount* arrived by a local *method*; *reference* names this one payment.

    Raises:
        InvalidAmount, CurrencyMismatch, NotLocal: such money can't have arrived.
    """
    check_amount(intent, amount)
    check_local(method)
    if intent.totals.captured + amount.minor_units > LARGEST:
        raise InvalidAmount(amount, "with what came before, it is more than any order's books hold")
    return Observation(
        provider=method,
        kind=EffectKind.CHARGE,
        state=EffectState.SUCCEEDED,
        amount=amount,
        occurred_at=at,
        source=Source.PERSON,
        intent=intent.id,
        reference=reference,
        actor=str(actor),
    )


def payout(
    intent: Intent, id: str, *, at: datetime, actor: Actor, reference: str = "", failure: str = ""
) -> Observation:
    """A person's word that a refund was handed over, or (with *failure*) that it could not be.

    Raises:
        NotFound: *intent* has no such refund.
        NotLocal: a gateway makes this refund, not a person.
        Contradiction: it was said before, otherwise: a refund that is over is made anew, never turned round.
    """
    operation = intent.operation(id)
    if operation is None or operation.kind is not EffectKind.REFUND:
        raise NotFound("refund", id)
    check_local(operation.provider)
    said = EffectState.FAILED if failure else EffectState.SUCCEEDED
    if operation.failure not in STOPPED:  # the shop has stopped it, and can't know what a hand has given
        _check_fits(intent, operation, said, reference)
    return word(operation, said, source=Source.PERSON, at=at, reference=reference, failure=failure, actor=str(actor))


def finding(
    intent: Intent, id: str, *, happened: bool, at: datetime, actor: Actor, reference: str = "", failure: str = ""
) -> Observation:
    """A person's word on an operation that nobody has answered for: it happened, or (with *failure*) it did not.

    Raises:
        NotFound: *intent* has no such operation.
        Contradiction: it has a definite answer, and another one; or it is known by another reference.
    """
    operation = intent.operation(id)
    if operation is None:
        raise NotFound("operation", id)
    said = EffectState.SUCCEEDED if happened else EffectState.FAILED
    _check_fits(intent, operation, said, reference)
    return word(
        operation,
        said,
        source=Source.PERSON,
        at=at,
        reference=reference or operation.reference,
        about=operation.about,
        failure=failure,
        actor=str(actor),
    )


def _check_fits(intent: Intent, operation: Operation, said: EffectState, reference: str) -> None:
    """Pass for a word that contradicts nothing definite.

    Raises:
        Contradiction: another answer stands, or the operation is known by another reference.
    """
    if operation.is_settled and operation.standing is not said:
        raise Contradiction(intent.order_id, operation.id, f"payments.{operation.standing}_already")
    if reference and operation.references and reference not in operation.references:
        raise Contradiction(intent.order_id, reference, "effects.two_references")


def verdict(
    intent: Intent, dispute: Dispute, *, won: bool, at: datetime, actor: Actor, reference: str, reason: str
) -> Observation:
    """A person's word on how a dispute was decided: money that was taken comes back, or stays away for good."""
    chargeback = intent.operation(dispute.id)
    if chargeback is None:
        raise NotFound("dispute", dispute.id)
    told = Observation(
        provider=chargeback.provider,
        kind=chargeback.kind,
        state=EffectState.FAILED if won else EffectState.SUCCEEDED,
        amount=chargeback.amount,
        occurred_at=at,
        source=Source.PERSON,
        intent=intent.id,
        operation_id=chargeback.id,
        about=chargeback.about,
        sequence=chargeback.sequence,
        failure=reason or ("" if won else DECIDED_LOST),
        details=() if won else (LOST, *chargeback.details),
        actor=str(actor),
    )
    if not (won and dispute.taken):
        return told
    back = _told_before(intent, chargeback, reference) or decided_id(intent.id, dispute.id)
    before = intent.operation(back)
    about = chargeback.reference or chargeback.id
    again = before.sequence + 1 if before is not None and before.standing is EffectState.FAILED else 0
    back_again = attrs.evolve(told, kind=EffectKind.CHARGEBACK_REVERSAL, state=EffectState.SUCCEEDED, operation_id=back)
    return attrs.evolve(back_again, about=about, sequence=again, failure="", reference=reference, placed_by=str(actor))


def _told_before(intent: Intent, chargeback: Operation, reference: str) -> str:
    """The reversal that the provider has told of by *reference* already, by its id; empty when there is none."""
    same = (each for each in intent.operations if each.kind is EffectKind.CHARGEBACK_REVERSAL)
    known = (each for each in same if each.provider == chargeback.provider and reference in each.references)
    known = (each for each in known if each.succeeded)
    return next((each.id for each in known), "")


def redeemed(operation: Operation, value: str, *, at: datetime, actor: Actor) -> Observation:
    """*actor*'s word that a charge was paid from the gift card or grant *value*, which is its reference."""
    return word(operation, EffectState.SUCCEEDED, source=Source.PERSON, at=at, reference=value, actor=str(actor))


def given_back(intent: Intent, operation: Operation, *, at: datetime, actor: Actor) -> Observation:
    """*actor*'s word that a refund went to the gift card or grant that was charged, or to new store credit."""
    charge = intent.operation(operation.about)
    same = charge is not None and charge.provider == operation.provider
    return redeemed(operation, charge.reference if charge is not None and same else "", at=at, actor=actor)


def own_word(operation: Operation, state: EffectState, failure: str, *, at: datetime, actor: Actor) -> Observation:
    """Our own decision about an operation that no provider can speak for."""
    return word(operation, state, source=Source.SHOP, at=at, failure=failure, actor=str(actor))
