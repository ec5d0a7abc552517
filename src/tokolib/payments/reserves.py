"""What stands reserved at gateways: authorisations, less what was captured of them and what was released."""

from collections.abc import Sequence
from typing import Final

import attrs

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Operation

K = EffectKind
FINAL: Final = "payments.final"
"""The reason of a capture that is the last one: the gateway releases the rest."""


@attrs.frozen
class Reserve:
    """One authorisation that stood, and what has become of it, in minor units."""

    authorisation: Operation
    captured: int
    pending: int
    """What was asked to be captured and has no definite answer."""
    released: bool
    """Whether no more can be captured: the rest was released, or the authorisation has ended."""

    @property
    def left(self) -> int:
        """What is still reserved, with what is being captured right now."""
        return 0 if self.released else max(0, self.authorisation.amount.minor_units - self.captured)

    @property
    def free(self) -> int:
        """What may still be asked to be captured."""
        return max(0, self.left - self.pending)


def names(operation: Operation) -> frozenset[str]:
    """By what others say that they are about *operation*: its id, its key, and its references at the provider."""
    return frozenset({operation.id, operation.key, *operation.references} - {""})


def reserves(operations: Sequence[Operation]) -> tuple[Reserve, ...]:
    """The authorisations among *operations* that have been given, the earliest first."""
    given = [each for each in operations if each.kind is K.AUTHORISE and _was_given(each, operations)]
    return tuple(_reserve(each, operations) for each in given)


def _was_given(authorisation: Operation, operations: Sequence[Operation]) -> bool:
    return authorisation.succeeded or any(_about(authorisation, operations, K.CAPTURE))


def _about(authorisation: Operation, operations: Sequence[Operation], kind: EffectKind) -> list[Operation]:
    known = names(authorisation)
    return [each for each in operations if each.kind is kind and each.about in known]


def _reserve(authorisation: Operation, operations: Sequence[Operation]) -> Reserve:
    captures = _about(authorisation, operations, K.CAPTURE)
    done = [each for each in captures if each.succeeded]
    ended = authorisation.standing is EffectState.FAILED or any(each.reason == FINAL for each in done)
    return Reserve(
        authorisation,
        captured=sum(each.amount.minor_units for each in done),
        pending=sum(each.amount.minor_units for each in captures if is_open(each)),
        released=ended or any(each.succeeded for each in _about(authorisation, operations, K.VOID)),
    )
