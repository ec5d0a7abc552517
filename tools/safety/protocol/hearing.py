"""Bugs in how observations are believed, folded and counted."""

from itertools import count
from typing import Any

import attrs

from safety.protocol.seeding import Seed, seeded
from tokolib.effects.keys import seen_operation_id
from tokolib.effects.lifecycle import mismatch
from tokolib.effects.model import EffectState, Observation, Operation
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.ids import OperationId
from tokolib.payments.model import Intent
from tokolib.payments.totals import Totals


def _all_but(reason: str) -> Any:
    def believing(operation: Operation, seen: Observation) -> str:
        found = mismatch(operation, seen)
        return "" if found == reason else found

    return believing


@seeded("tokolib.effects.lifecycle", "mismatch")
def amount_unchecked(_: Any) -> Any:
    """A message about another amount is believed."""
    return _all_but("effects.other_amount")


@seeded("tokolib.effects.lifecycle", "mismatch")
def currency_unchecked(_: Any) -> Any:
    """A message about as much of another currency is believed."""
    return _all_but("effects.other_currency")


@seeded("tokolib.effects.lifecycle", "mismatch")
def account_unchecked(_: Any) -> Any:
    """A message of another account is believed."""
    return _all_but("effects.other_provider")


@seeded("tokolib.effects.lifecycle", "above")
def fold_by_arrival(_: Any) -> Any:
    """The last message heard stands, and not the highest fact."""
    return lambda _: True


@seeded("tokolib.effects.lifecycle", "above")
def deny_after_settlement_ignored(sound: Any) -> Any:
    """What has settled stands for ever: a bank that takes it back later isn't heard."""
    return lambda pair: pair[0].standing is not EffectState.SUCCEEDED and sound(pair)


def _by_key_only(sound: Any) -> Any:
    return lambda intent, seen: sound(intent, attrs.evolve(seen, reference=""))


@seeded("tokolib.payments.fold", "own_id", Seed("tokolib.payments.fold", "find", _by_key_only))
def observed_twice(_: Any) -> Any:
    """What the outside did by itself, told twice, happened twice.

    Without the guard behind it, which finds an operation by the provider's reference. What we asked for ourselves has
    an id, and can't be doubled: its sums are derived from its state, however often that is told.
    """
    numbers = count()

    def own_id(intent: Intent, seen: Observation) -> OperationId:
        told = fingerprint(seen.provider, seen.kind, seen.reference, next(numbers))
        return seen_operation_id(intent.id, told[:12])

    return own_id


@seeded("tokolib.payments.totals:Totals", "refundable")
def pending_refund_uncounted(_: Any) -> Any:
    """A refund under way is not counted, so a second one is asked for."""

    def refundable(sums: Totals) -> int:
        return max(0, sums.captured - sums.refunded - sums.disputed)

    return property(refundable)


@seeded("tokolib.payments.model", "totals")
def chargeback_counted_twice(sound: Any) -> Any:
    """What a customer's bank takes after a refund is counted as if it had not gone back already."""

    def totals(operations: Any) -> Totals:
        sums: Totals = sound(operations)
        return attrs.evolve(sums, disputed=sums.disputed + sums.lost, lost=0)

    return totals


BUGS = (
    amount_unchecked,
    currency_unchecked,
    account_unchecked,
    fold_by_arrival,
    deny_after_settlement_ignored,
    observed_twice,
    pending_refund_uncounted,
    chargeback_counted_twice,
)
