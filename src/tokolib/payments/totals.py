"""What the operations of an intent add up to. Every figure is derived here and nowhere else."""

from collections.abc import Sequence
from typing import Final

import attrs

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.money import Currency, Money
from tokolib.payments.disputes import disputes
from tokolib.payments.reserves import reserves

K = EffectKind
SURPLUS: Final = "payments.surplus"
"""The reason of a refund that gives back what was paid too much."""
DUPLICATE: Final = "payments.duplicate"
"""The reason of a refund that gives back a payment that was made twice."""
TOO_MUCH: Final = frozenset({SURPLUS, DUPLICATE})
TAKEN: Final = "payments.taken_by_bank"
"""Why a refund that nobody had made was stopped: the bank has given the customer that money."""
CONTESTED: Final = "payments.contested"
"""The same, where the bank only asks for it: it has not decided."""
HANDED_OVER: Final = "payments.handed_over"
"""Why a refund was stopped that took the place of another: that one was made after all, or before anybody knew."""
STOPPED: Final = frozenset({TAKEN, CONTESTED})
MONEY_IN: Final = frozenset({K.CHARGE, K.CAPTURE})
ASKED: Final = frozenset({K.CHARGE, K.AUTHORISE})
"""What the customer is asked for: to pay, or to have it reserved."""


@attrs.frozen
class Totals:
    """Sums in minor units of one currency."""

    captured: int
    """Charges and captures that stand, less reversals; never less than what went back, for that is `lost`.

    What a customer's bank takes in a dispute stays in it, and is told by `disputed`.
    """
    refunded: int
    received: int
    """Charges and captures that stand, less reversals."""
    reserved: int
    """Authorisations that stand, less what was captured of them."""
    pending_capture: int
    """Captures without a definite answer; what they ask for is still reserved."""
    pending_refund: int
    """Refunds without a definite answer; they count against the cap."""
    disputed: int
    """What customers' banks have taken of it, as far as it had not gone back already; a reversal that is heard of first
    gives nothing that was not taken."""
    contested: int
    """What disputes are about that nobody has decided yet."""
    claimed: int
    """What of `contested` no bank has taken yet: nobody gives it back until the bank has decided."""
    taken_back: int
    """What the outside took of what came in, and has not given back: reversals, and what is `disputed`."""
    lost: int
    """What the outside took although it had gone back already: a chargeback or a reversal after a refund."""
    surplus_refunds: int
    """The part of refunds, done or pending, that gives back an overpayment."""

    @property
    def left(self) -> int:
        """What the shop has and has promised to nobody: 0 ≤ refunded + pending + disputed ≤ captured."""
        return max(0, self.net - self.pending_refund)

    @property
    def refundable(self) -> int:
        """What may still be refunded: what is `left`, less what banks ask for and have not taken."""
        return max(0, self.net - self.pending_refund - self.claimed)

    @property
    def promised_twice(self) -> int:
        """What is to go back, or went, and a bank has taken or asks for: so much of the refunds isn't to be made."""
        return self.lost + max(0, self.claimed - self.left)

    @property
    def net(self) -> int:
        """What of the customer's money the shop has: captured, less what went back or a bank has taken."""
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
    pending = surplus = capturing = 0
    kinds: set[EffectKind] = set()
    contested = claimed = 0
    for each in operations:
        amount = each.amount.minor_units
        kinds.add(each.kind)
        if each.succeeded:
            done[each.kind] = done.get(each.kind, 0) + amount
        if each.kind is K.CAPTURE and is_open(each):
            capturing += amount
        if each.kind is K.REFUND:
            pending += amount if is_open(each) else 0
            surplus += amount if each.reason in TOO_MUCH and each.standing is not EffectState.FAILED else 0
    if K.CHARGEBACK in kinds:
        contested, claimed = _contested(operations)
    came = sum([done.get(kind, 0) for kind in MONEY_IN]) - done.get(K.REVERSAL, 0)
    back = done.get(K.REFUND, 0) + pending
    taken = max(0, done.get(K.CHARGEBACK, 0) - done.get(K.CHARGEBACK_REVERSAL, 0))  # told backwards, nothing yet
    lost = max(0, back + taken - came)
    return Totals(
        received=came,
        captured=came + max(0, lost - taken),
        reserved=sum([each.left for each in reserves(operations)]) if K.AUTHORISE in kinds else 0,
        pending_capture=capturing,
        refunded=done.get(K.REFUND, 0),
        pending_refund=pending,
        disputed=taken - min(taken, lost),
        taken_back=done.get(K.REVERSAL, 0) + taken - min(taken, lost),
        contested=contested,
        claimed=claimed,
        lost=lost,
        surplus_refunds=surplus,
    )


def _contested(operations: Sequence[Operation]) -> tuple[int, int]:
    """What open disputes are about, and how much of that no bank has taken."""
    waiting = [each for each in disputes(operations, ()) if not each.is_over]
    return (
        sum([each.amount.minor_units for each in waiting]),
        sum([each.amount.minor_units for each in waiting if not each.taken]),
    )


def difference(before: Totals, after: Totals, currency: Currency) -> Delta:
    """What changed between two sums."""
    return Delta(
        captured=Money(after.captured - before.captured, currency),
        refunded=Money(after.refunded - before.refunded, currency),
        pending_refund=Money(after.pending_refund - before.pending_refund, currency),
        disputed=Money(after.disputed - before.disputed, currency),
    )
