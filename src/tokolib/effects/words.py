"""Words on an operation that we know: whoever says one, the observation names the operation that it is about."""

from datetime import datetime

from tokolib.effects.model import EffectState, Observation, Operation, Source


def word(
    operation: Operation,
    state: EffectState,
    *,
    source: Source,
    at: datetime,
    reference: str = "",
    about: str = "",
    failure: str = "",
    actor: str = "",
) -> Observation:
    """What *source* says at an instant: that *operation* is in *state*, for the amount that was asked for."""
    return Observation(
        provider=operation.provider,
        kind=operation.kind,
        state=state,
        amount=operation.amount,
        occurred_at=at,
        source=source,
        intent=operation.intent,
        operation_id=operation.id,
        key=operation.key,
        reference=reference,
        about=about,
        failure=failure,
        actor=actor,
    )
