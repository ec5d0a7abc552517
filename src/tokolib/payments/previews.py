"""What a command would do to a payment, shown before it is done."""

import attrs

from tokolib.effects.model import EffectKind
from tokolib.kernel.money import Money
from tokolib.kernel.preview import Preview
from tokolib.payments.model import Intent


@attrs.frozen
class MoneyMove:
    """Money that is asked for, captured, released or given back."""

    kind: EffectKind
    tender: str
    """By what: a gateway's name, `cash`, `bank_transfer`, `store_credit`, …"""
    amount: Money

    @property
    def label(self) -> str:
        """What a difference names it by."""
        return f"{self.kind} by {self.tender}"


@attrs.frozen
class PaymentStanding:
    """Where the money of an order stands, as its payment keeps it."""

    captured: Money
    """What came in."""
    refunded: Money
    """What has gone back."""
    pending: Money
    """What is on its way back."""
    refundable: Money
    """What may still go back."""


@attrs.frozen(kw_only=True)
class RefundPreview(Preview):
    """What a refund would do."""

    before: PaymentStanding
    after: PaymentStanding
    moves: tuple[MoneyMove, ...]
    """How it would go back, in the order in which it is asked for."""


def moves(before: Intent, after: Intent) -> tuple[MoneyMove, ...]:
    """What was wished for between two versions of a payment, in order."""
    known = {each.id for each in before.operations}
    return tuple(MoneyMove(each.kind, each.provider, each.amount) for each in after.operations if each.id not in known)


def shown_refund(before: Intent, after: Intent, request: str) -> RefundPreview:
    """What a refund that made *after* of *before* does."""
    return RefundPreview(
        subject=before.order_id,
        command="payments.refund",
        request=request,
        before=_standing(before),
        after=_standing(after),
        moves=moves(before, after),
    )


def _standing(intent: Intent) -> PaymentStanding:
    sums, currency = intent.totals, intent.amount.currency
    return PaymentStanding(
        captured=Money(sums.captured, currency),
        refunded=Money(sums.refunded, currency),
        pending=Money(sums.pending_refund, currency),
        refundable=intent.refundable,
    )
