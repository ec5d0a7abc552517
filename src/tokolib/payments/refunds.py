"""From which charges a refund is taken: the latest first, each by the way that it came."""

import attrs

from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.payments.model import Intent
from tokolib.payments.tenders import BANK_TRANSFER, LOCAL
from tokolib.payments.totals import MONEY_IN


@attrs.frozen
class Slice:
    """A part of a refund, taken from one charge."""

    provider: str
    about: str
    """The charge's operation id; empty when no single charge has so much left."""
    amount: int


def plan(intent: Intent, amount: int, method: str | None) -> tuple[Slice, ...]:
    """*amount* minor units as parts of charges, by *method* or else by the way each charge came.

    Money that came by a gateway goes back through it; the rest is handed over by a person.
    """
    slices, rest = [], amount
    for charge in reversed([each for each in intent.operations if each.kind in MONEY_IN and each.succeeded]):
        part = min(rest, _left(intent, charge))
        if part > 0:
            slices.append(Slice(method or _way_back(charge), charge.id, part))
            rest -= part
    if rest > 0:
        slices.append(Slice(method or BANK_TRANSFER.name, "", rest))
    return tuple(slices)


def _way_back(charge: Operation) -> str:
    local = LOCAL.get(charge.provider)
    return charge.provider if local is None else local.payout


def _left(intent: Intent, charge: Operation) -> int:
    names = {charge.id, charge.key, *charge.references} - {""}
    about = [each for each in intent.operations if each.about in names and each.standing is not EffectState.FAILED]
    done: dict[EffectKind, int] = {}
    for each in about:
        done[each.kind] = done.get(each.kind, 0) + each.amount.minor_units
    lost = max(0, done.get(EffectKind.CHARGEBACK, 0) - done.get(EffectKind.CHARGEBACK_REVERSAL, 0))
    return charge.amount.minor_units - done.get(EffectKind.REFUND, 0) - done.get(EffectKind.REVERSAL, 0) - lost
