"""What the operations of an intent add up to. Every figure is derived here and nowhere else."""

from collections.abc import Sequence
from typing import Final

import attrs

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.money import Currency, Money

K = EffectKind
SURPLUS: Final = "payments.surplus"
"""The reason of a refund that gives back what was paid too much."""
MONEY_IN: Final = frozenset({K.CHARGE, K.CAPTURE})


@attrs.frozen
class Totals:
    """Sums in minor units of one currency."""

    captured: int
    """Charges that stand, less reversals."""
    refunded: int
    pending_refund: int
    """Refunds without a definite answer; they count against the cap."""
    disputed: int
    """Chargebacks less their reversals; a reversal that is heard of first gives nothing that was not taken."""
    surplus_refunds: int
    """The part of refunds, done or pending, that gives back an overpayment."""

    @property
    def refundable(self) -> int:
        """What may still be refunded: 0 ≤ refunded + pending + disputed ≤ captured."""
        return max(0, self.captured - self.refunded - self.pending_refund - self.disputed)

    @property
    def overdrawn(self) -> int:
        """How much more went back than came in, which only the outside can do: a reversal after a refund."""
        return max(0, self.refunded + self.pending_refund + self.disputed - self.captured)

    @property
    def kept(self) -> int:
        """What counts as paid: neither lost in a dispute nor given back as too much."""
        return self.captured - self.disputed - self.surplus_refunds

    @property
    def held(self) -> int:
        """What of the customer's money the shop has."""
        return self.captured - self.refunded - self.disputed


@attrs.frozen
class Delta:
    """How one observation changed the figures: what the caller posts."""

    captured: Money
    refunded: Money
    pending_refund: Money
    disputed: Money

    @property
    def is_zero(self) -> bool:
        """Whether no money moved or was promised."""
        return all(part.is_zero for part in (self.captured, self.refunded, self.pending_refund, self.disputed))


def totals(operations: Sequence[Operation]) -> Totals:
    """The sums of *operations*."""
    done: dict[EffectKind, int] = {}
    pending = surplus = 0
    for each in operations:
        amount = each.amount.minor_units
        if each.succeeded:
            done[each.kind] = done.get(each.kind, 0) + amount
        if each.kind is K.REFUND:
            pending += amount if is_open(each) else 0
            surplus += amount if each.reason == SURPLUS and each.standing is not EffectState.FAILED else 0
    return Totals(
        captured=sum([done.get(kind, 0) for kind in MONEY_IN]) - done.get(K.REVERSAL, 0),
        refunded=done.get(K.REFUND, 0),
        pending_refund=pending,
        disputed=max(0, done.get(K.CHARGEBACK, 0) - done.get(K.CHARGEBACK_REVERSAL, 0)),
        surplus_refunds=surplus,
    )


def difference(before: Totals, after: Totals, currency: Currency) -> Delta:
    """What changed between two sums."""
    return Delta(
        captured=Money(after.captured - before.captured, currency),
        refunded=Money(after.refunded - before.refunded, currency),
        pending_refund=Money(after.pending_refund - before.pending_refund, currency),
        disputed=Money(after.disputed - before.disputed, currency),
    )
