"""From which charges a refund is taken, each by the way that it came."""

from collections.abc import Sequence

import attrs

from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.policies import CreditRefund, RefundOrder
from tokolib.kernel.spread import spread
from tokolib.payments.model import Intent
from tokolib.payments.reserves import names
from tokolib.payments.tenders import BANK_TRANSFER, LOCAL, STORED
from tokolib.payments.totals import MONEY_IN


@attrs.frozen
class Slice:
    """A part of a refund, taken from one charge."""

    provider: str
    about: str
    """The charge's operation id; empty when no single charge has so much left."""
    amount: int


def plan(intent: Intent, amount: int, method: str | None, order: RefundOrder) -> tuple[Slice, ...]:
    """*amount* minor units as parts of charges in that *order*, by *method* or else by the way each charge came.

    Where the payment's terms say so, what gift cards and store credit paid goes back to them whatever the *method*.

    Money that came by a gateway goes back through it; the rest is handed over by a person.
    """
    came = [each for each in intent.operations if each.kind in MONEY_IN and each.succeeded]
    charges = sorted(came, key=lambda each: each.requested_at)  # a receipt's place among operations tells no time
    if order is RefundOrder.LATEST_FIRST:
        charges.reverse()
    left = [max(0, _left(intent, charge)) for charge in charges]
    parts = _parts(min(amount, sum(left)), left, order)
    taken = zip(charges, parts, strict=True)
    slices = [Slice(_way(intent, charge, method), charge.id, part) for charge, part in taken if part]
    if rest := amount - sum(parts):
        slices.append(Slice(method or BANK_TRANSFER.name, "", rest))
    return tuple(slices)


def _parts(amount: int, left: Sequence[int], order: RefundOrder) -> tuple[int, ...]:
    if order is RefundOrder.BY_SHARE:
        return spread(amount, left, at_most=left)
    parts = []
    for most in left:
        parts.append(min(amount, most))
        amount -= parts[-1]
    return tuple(parts)


def _way(intent: Intent, charge: Operation, method: str | None) -> str:
    stays = charge.provider in STORED and intent.terms.credit_refund is CreditRefund.TO_ITS_SOURCE
    return _way_back(charge) if stays or method is None else method


def _way_back(charge: Operation) -> str:
    local = LOCAL.get(charge.provider)
    return charge.provider if local is None else local.payout


def _left(intent: Intent, charge: Operation) -> int:
    known = names(charge)
    about = [each for each in intent.operations if each.about in known and each.standing is not EffectState.FAILED]
    done: dict[EffectKind, int] = {}
    for each in about:
        done[each.kind] = done.get(each.kind, 0) + each.amount.minor_units
    lost = max(0, done.get(EffectKind.CHARGEBACK, 0) - done.get(EffectKind.CHARGEBACK_REVERSAL, 0))
    return charge.amount.minor_units - done.get(EffectKind.REFUND, 0) - done.get(EffectKind.REVERSAL, 0) - lost
