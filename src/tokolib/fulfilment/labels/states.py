"""The state of a label: read off what became of its wishes."""

from enum import StrEnum
from typing import Final

from tokolib.fulfilment.bookings.states import Wishes, doubted, given_back, refused, unanswered
from tokolib.kernel.machine import Case, Derived, otherwise


class LabelState(StrEnum):
    """How far a label is."""

    WAITING = "waiting"
    """The courier was not asked yet, or has not answered."""
    REVIEW = "review"
    """Nobody can tell whether it was bought or given back, or it was bought twice: a person looks."""
    BOUGHT = "bought"
    """It stands, and is paid for."""
    VOIDED = "voided"
    """It was given back."""
    REFUSED = "refused"
    """The courier did not sell it."""


L = LabelState

LABEL: Final = Derived[LabelState, Wishes](
    name="label",
    about="A parcel's label at a courier: read off what the courier has answered.",
    states={
        L.WAITING: "the courier was not asked yet, or has not answered",
        L.REVIEW: "nobody can tell whether it was bought or given back, or it was bought twice: a person looks",
        L.BOUGHT: "it stands, and is paid for",
        L.VOIDED: "it was given back",
        L.REFUSED: "the courier did not sell it",
    },
    cases=(
        Case(L.REVIEW, doubted),
        Case(L.WAITING, unanswered),
        Case(L.REFUSED, refused),
        Case(L.VOIDED, given_back),
        otherwise(L.BOUGHT),
    ),
    ends=frozenset({L.BOUGHT, L.VOIDED, L.REFUSED}),
    exits={L.WAITING: ("shipments.advance_label", "shipments.resolve_label"), L.REVIEW: ("shipments.resolve_label",)},
)
"""The life of a label."""
