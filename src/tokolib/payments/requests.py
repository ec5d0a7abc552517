"""How a wish is written down: its number, its attempt and its key."""

from datetime import datetime

from tokolib.effects.keys import idempotency_key, operation_id
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.money import Money
from tokolib.payments.model import Intent
from tokolib.payments.tenders import LOCAL, STORED


def request(
    intent: Intent,
    kind: EffectKind,
    provider: str,
    amount: Money,
    *,
    at: datetime,
    epoch: int,
    reason: str = "",
    about: str = "",
) -> Operation:
    """The next operation of *intent*, in the shop's *epoch*; a gateway's is due at once, a person's and stored value's
    never.
    """
    requested = [each for each in intent.operations if each.key]
    id = operation_id(intent.id, len(requested) + 1, epoch)
    attempt = attempt_of(intent, kind, about)
    return Operation(
        id=id,
        kind=kind,
        provider=provider,
        intent=intent.id,
        subject=intent.order_id,
        amount=amount,
        attempt=attempt,
        key=idempotency_key(id, attempt),
        requested_at=at,
        reason=reason,
        about=about,
        next_at=None if provider in LOCAL or provider in STORED else at,
    )


def attempt_of(intent: Intent, kind: EffectKind, about: str) -> int:
    """One more than the definite failures of the same wish: only they make an attempt rise."""
    same = (each for each in intent.operations if each.key and each.kind is kind and each.about == about)
    return 1 + sum(each.standing is EffectState.FAILED for each in same)
