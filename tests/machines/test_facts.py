"""An operation lives by its table too: what moves it are facts, and a fact is never refused, only passed over."""

from datetime import UTC, datetime

import attrs
import pytest

from tokolib import IDR
from tokolib.effects.lifecycle import OPERATION, fold, leased
from tokolib.effects.model import SETTLED, EffectKind, EffectState, Observation, Operation, Source

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
OPERATION_1 = Operation(
    id="int_1.1", kind=EffectKind.CHARGE, provider="fake", intent="int_1", subject="ord_1",
    amount=IDR(100), attempt=1, key="int_1.1.1", requested_at=NOW,
)  # fmt: skip


def operation(state):
    if state is EffectState.REVIEW:
        return attrs.evolve(OPERATION_1, standing=EffectState.UNKNOWN, reviews=("x",))
    return attrs.evolve(OPERATION_1, standing=state)


def seen(state, sequence=1):
    return Observation(
        provider="fake", kind=EffectKind.CHARGE, state=state, amount=IDR(100), occurred_at=NOW, source=Source.ANSWER,
        sequence=sequence, failure="x",
    )  # fmt: skip


@pytest.mark.parametrize("state", EffectState)
@pytest.mark.parametrize("fact", EffectState)
def test_a_fact_moves_an_operation_along_its_table_or_not_at_all(state, fact):
    """The latest fact by the provider's own sequence: whatever the table has no edge for changes no state."""
    before = operation(state)
    assert state is before.state

    after = fold(before, seen(fact)).state

    assert (OPERATION.target(state, fact) or state) is after


@pytest.mark.parametrize("state", [each for each in EffectState if each not in SETTLED])
def test_a_lease_moves_an_operation_along_its_table(state):
    """Whoever takes it to send or ask makes it unknown when nothing was known, and nothing else."""
    after = leased(operation(state), at=NOW, lease_until=NOW, next_at=NOW, send=True).state

    assert after in {state, OPERATION.target(state, EffectState.UNKNOWN)}
