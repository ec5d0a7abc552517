"""The state of a filing: read off what became of its wishes."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState, Operation
from tokolib.kernel.machine import Case, Derived, Guard, otherwise


class FilingState(StrEnum):
    """How far a tax provider keeps a document as it is."""

    WAITING = "waiting"
    """The provider was not asked yet, or has not answered."""
    REVIEW = "review"
    """The provider refused, or its answer doesn't fit: a person decides."""
    FILED = "filed"
    """The provider keeps the invoice and all that went back of it."""
    VOIDED = "voided"
    """The provider counts it as never issued."""


Wishes: TypeAlias = Sequence[Operation]
"""The last attempt at each wish, in their order."""


def is_stuck(one: Operation) -> bool:
    """Whether a machine can't go on with *one*: it was refused, or its answer doesn't fit."""
    return not one.succeeded and (not is_open(one) or one.state is EffectState.REVIEW)


_refused: Final = Guard[Wishes](
    "refused",
    "the provider refused a document, or answered what doesn't fit",
    lambda wishes: any(map(is_stuck, wishes)),
)
_unanswered: Final = Guard[Wishes](
    "unanswered",
    "the provider has not confirmed a document yet",
    lambda wishes: any(not each.succeeded for each in wishes),
)
_taken_back_whole: Final = Guard[Wishes](
    "taken_back_whole",
    "the provider has voided the invoice",
    lambda wishes: any(each.kind is EffectKind.TAX_VOID for each in wishes),
)

FILING: Final = Derived[FilingState, Wishes](
    name="tax_filing",
    about="How far a tax provider keeps an invoice and its credit notes: read off what it has answered.",
    states={
        FilingState.WAITING: "the provider was not asked yet, or has not answered",
        FilingState.REVIEW: "the provider refused, or its answer doesn't fit: a person decides",
        FilingState.FILED: "the provider keeps the invoice and all that went back of it",
        FilingState.VOIDED: "the provider counts it as never issued",
    },
    cases=(
        Case(FilingState.REVIEW, _refused),
        Case(FilingState.WAITING, _unanswered),
        Case(FilingState.VOIDED, _taken_back_whole),
        otherwise(FilingState.FILED),
    ),
    ends=frozenset({FilingState.FILED, FilingState.VOIDED}),
    exits={
        FilingState.WAITING: ("invoices.file", "invoices.resolve"),
        FilingState.REVIEW: ("invoices.file", "invoices.resolve"),
    },
)
"""The life of an invoice at a tax provider."""


def state_of(wishes: Wishes) -> FilingState:
    """The state of a filing, by the last attempt at each of its wishes."""
    return FILING.read(wishes)
