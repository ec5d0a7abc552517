"""What becomes of money that is not exactly what is due: written off, kept, given back, or made store credit.

Everything is reckoned from sums of all that came, so it does not matter in which order it came; only whether two
payments count as one made twice can depend on what had gone back before.
"""

from collections.abc import Sequence
from typing import NamedTuple

import attrs

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.payments.model import Intent
from tokolib.payments.reserves import names
from tokolib.payments.tenders import STORE_CREDIT, STORED
from tokolib.payments.totals import DUPLICATE, MONEY_IN, SURPLUS


class Part(NamedTuple):
    """A part of what was paid too much, and what becomes of it."""

    reason: str
    amount: int
    as_credit: bool
    """Whether it becomes the customer's store credit; else it goes back."""


def to_write_off(intent: Intent, owed: int) -> int:
    """How much of *owed*, in minor units, is missing and let be: all that is, or nothing where that is too much.

    Something must have come from outside: an order of which gift cards pay all but a little waits for that little.
    What went back for any other reason, or was taken by a customer's bank, is not missing in this sense.
    """
    sums = intent.totals
    came = sums.received - sums.surplus_refunds + sums.reserved
    missing = owed - came
    if intent.closed is not None or not 0 < missing <= intent.terms.short:
        return 0
    return missing if came > _from_stored(intent) else 0


def to_retain(intent: Intent, owed: int) -> int:
    """How much of what came beyond *owed*, in minor units, the shop keeps: all of it, or nothing."""
    sums = intent.totals
    over = sums.left + sums.surplus_refunds - owed
    if intent.closed is not None or over > intent.terms.over:
        return 0
    return max(0, sums.left - owed)


def too_much(intent: Intent) -> tuple[Part, ...]:
    """What is to be given back now of what came beyond the payment's amount: first what was paid twice."""
    amount, sums = intent.amount.minor_units, intent.totals
    surplus = max(0, min(sums.left - amount, sums.refundable))
    if surplus == 0 or to_retain(intent, amount):
        return ()
    twice = paid_twice(amount, _charges(intent), sums.left + sums.surplus_refunds - amount)
    twice = min(surplus, max(0, twice - _given_back(intent, DUPLICATE)))
    parts = (
        Part(DUPLICATE, twice, intent.terms.credits_duplicate),
        Part(SURPLUS, surplus - twice, intent.terms.credits_surplus),
    )
    return tuple([each for each in parts if each.amount])


def paid_twice(amount: int, charges: Sequence[int], over: int) -> int:
    """How much of the *over* that *charges* come to above *amount* are payments made twice: whole ones only.

    A payment was made twice if another is as large, or if both pay all that is due; the larger ones are found first.
    """
    seen: set[int] = set()
    found = 0
    for each in sorted([min(charge, amount) for charge in charges], reverse=True):
        if each in seen and found + each <= over:
            found += each
        seen.add(each)
    return found


@attrs.frozen(kw_only=True)
class Whereabouts:
    """Where every rupiah of a payment is, in minor units: all but `written_off` and `lost` add up to `captured`."""

    captured: int
    """What came in and was not reversed."""
    pays: int
    """What pays the order."""
    refunded: int
    """What has gone back."""
    refunding: int
    """What was asked to go back and has no definite answer."""
    credited: int
    """What became new store credit."""
    retained: int
    """What was too much, and kept within the tolerance."""
    disputed: int
    """What customers' banks have taken."""
    written_off: int
    """What never came, and was let be within the tolerance."""
    lost: int
    """What was taken although it had gone back already."""


def whereabouts(intent: Intent) -> Whereabouts:
    """Where the money of *intent* is."""
    sums = intent.totals
    credited = sum([each.amount.minor_units for each in new_credit(intent) if each.succeeded])
    crediting = sum([each.amount.minor_units for each in new_credit(intent) if is_open(each)])
    gone = sums.refunded + sums.pending_refund + sums.disputed
    return Whereabouts(
        captured=sums.captured,
        pays=sums.captured - gone - intent.retained,
        refunded=sums.refunded - credited,
        refunding=sums.pending_refund - crediting,
        credited=credited + crediting,
        retained=intent.retained,
        disputed=sums.disputed,
        written_off=intent.written_off,
        lost=sums.lost,
    )


def new_credit(intent: Intent) -> tuple[Operation, ...]:
    """The refunds that made, or will make, store credit of what did not come from any."""
    return tuple(
        each
        for each in intent.operations
        if each.kind is EffectKind.REFUND and each.provider == STORE_CREDIT.name
        if not _goes_to_its_own(intent, each)
    )


def _goes_to_its_own(intent: Intent, refund: Operation) -> bool:
    charge = intent.operation(refund.about)
    return charge is not None and charge.provider == refund.provider


def _from_stored(intent: Intent) -> int:
    charges = [each for each in intent.operations if each.kind is EffectKind.CHARGE and each.provider in STORED]
    return sum([each.amount.minor_units for each in charges if each.succeeded])


def _charges(intent: Intent) -> list[int]:
    came = [each for each in intent.operations if each.kind in MONEY_IN and each.succeeded]
    return [each.amount.minor_units - _reversed(intent, each) for each in came]


def _reversed(intent: Intent, charge: Operation) -> int:
    known = names(charge)
    about = [each for each in intent.operations if each.kind is EffectKind.REVERSAL and each.about in known]
    return sum([each.amount.minor_units for each in about if each.succeeded])


def _given_back(intent: Intent, reason: str) -> int:
    back = [each for each in intent.operations if each.kind is EffectKind.REFUND and each.reason == reason]
    return sum([each.amount.minor_units for each in back if each.standing is not EffectState.FAILED])
