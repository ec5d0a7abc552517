"""Where the money of an order is, as reasons: what came, what became of each part of it, what was let be."""

from collections.abc import Iterator
from typing import Final

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Money
from tokolib.payments.dispositions import new_credit, whereabouts
from tokolib.payments.model import Intent
from tokolib.payments.totals import DUPLICATE, SURPLUS

_WHY: Final = {SURPLUS: "surplus", DUPLICATE: "duplicate"}


def account_of(intent: Intent) -> Reason:
    """Where every rupiah of *intent* is; what `whereabouts` says in minor units."""
    parts = (*_came(intent), *_let_be(intent))
    return Reason("payments.account", (("amount", intent.amount),), None, tuple(parts))


def has_more_to_tell(intent: Intent) -> bool:
    """Whether something else has become of it than that it pays the order, or is still to come."""
    found = whereabouts(intent)
    return found.pays != found.captured or found.written_off > 0 or found.lost > 0


def _came(intent: Intent) -> Iterator[Reason]:
    found, show = whereabouts(intent), intent.amount.currency
    if found.captured == 0:
        return
    parts: list[Reason] = []
    if found.pays:
        parts.append(reason("payments.pays", Money(found.pays, show)))
    parts += _went(intent)
    if found.retained:
        most = Money(intent.terms.over, show)
        parts.append(reason("payments.retained", Money(found.retained, show), most=most))
    if found.disputed:
        parts.append(reason("payments.disputed", Money(found.disputed, show)))
    yield reason("payments.came", Money(found.captured, show), *parts)


def _went(intent: Intent) -> Iterator[Reason]:
    """What went back, or became store credit, by the cause of it; what has no answer yet is told below."""
    credit = {each.id for each in new_credit(intent)}
    sums: dict[str, int] = {}
    open_of: dict[str, int] = {}
    for each in intent.operations:
        if each.kind is EffectKind.REFUND and each.standing is not EffectState.FAILED:
            code = _code(each, as_credit=each.id in credit)
            sums[code] = sums.get(code, 0) + each.amount.minor_units
            open_of[code] = open_of.get(code, 0) + (each.amount.minor_units if is_open(each) else 0)
    for code, amount in sums.items():
        waiting = Money(open_of[code], intent.amount.currency)
        below = () if waiting.is_zero else (reason("payments.on_its_way", waiting),)
        yield reason(code, Money(amount, intent.amount.currency), *below)


def _code(refund: Operation, *, as_credit: bool) -> str:
    words = ("payments.credited" if as_credit else "payments.went_back", _WHY.get(refund.reason, ""))
    return "_".join(filter(None, words))


def _let_be(intent: Intent) -> Iterator[Reason]:
    show = intent.amount.currency
    if not intent.lost.is_zero:
        yield reason("payments.lost", intent.lost)
    if intent.written_off:
        most = Money(intent.terms.short, show)
        yield reason("payments.written_off", Money(intent.written_off, show), most=most)
    if intent.closed is None and not intent.outstanding.is_zero:
        yield reason("payments.outstanding", intent.outstanding)
    if intent.terms.falls_back and intent.totals.refunded + intent.totals.pending_refund:
        yield reason("payments.no_customer")
