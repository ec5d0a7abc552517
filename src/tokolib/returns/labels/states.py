"""The state of a return label: read off what became of its wishes."""

from enum import StrEnum
from typing import Final

from tokolib.fulfilment.bookings.states import Wishes, doubted, given_back, refused, unanswered
from tokolib.kernel.machine import Case, Derived, otherwise


class ReturnLabelState(StrEnum):
    """How far a return label is."""

    WAITING = "waiting"
    """The courier was not asked yet, or has not answered."""
    REVIEW = "review"
    """Nobody can tell whether it was bought or given back, or it was bought twice: a person looks."""
    BOUGHT = "bought"
    """The customer can send the goods with it."""
    VOIDED = "voided"
    """It was given back."""
    REFUSED = "refused"
    """The courier did not sell it."""


L = ReturnLabelState

RETURN_LABEL: Final = Derived[ReturnLabelState, Wishes](
    name="return_label",
    about="The label by which a customer sends goods back: read off what its courier has answered.",
    states={
        L.WAITING: "the courier was not asked yet, or has not answered",
        L.REVIEW: "nobody can tell whether it was bought or given back, or it was bought twice: a person looks",
        L.BOUGHT: "the customer can send the goods with it",
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
    exits={L.WAITING: ("return_labels.advance", "return_labels.resolve"), L.REVIEW: ("return_labels.resolve",)},
)
"""The life of a return label."""
