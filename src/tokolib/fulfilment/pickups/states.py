"""The state of a pickup: read off what became of its wishes."""

from enum import StrEnum
from typing import Final

from tokolib.fulfilment.bookings.states import Wishes, doubted, given_back, refused, unanswered
from tokolib.kernel.machine import Case, Derived, otherwise


class PickupState(StrEnum):
    """How far a pickup is."""

    WAITING = "waiting"
    """The courier was not asked yet, or has not answered."""
    REVIEW = "review"
    """Nobody can tell whether it was booked or cancelled, or it was booked twice: a person looks."""
    BOOKED = "booked"
    """The courier comes."""
    CANCELLED = "cancelled"
    """It was cancelled in time."""
    REFUSED = "refused"
    """The courier does not come."""


P = PickupState

PICKUP: Final = Derived[PickupState, Wishes](
    name="pickup",
    about="A courier fetches labelled parcels: read off what it has answered.",
    states={
        P.WAITING: "the courier was not asked yet, or has not answered",
        P.REVIEW: "nobody can tell whether it was booked or cancelled, or it was booked twice: a person looks",
        P.BOOKED: "the courier comes",
        P.CANCELLED: "it was cancelled in time",
        P.REFUSED: "the courier does not come",
    },
    cases=(
        Case(P.REVIEW, doubted),
        Case(P.WAITING, unanswered),
        Case(P.REFUSED, refused),
        Case(P.CANCELLED, given_back),
        otherwise(P.BOOKED),
    ),
    ends=frozenset({P.BOOKED, P.CANCELLED, P.REFUSED}),
    exits={P.WAITING: ("pickups.advance", "pickups.resolve"), P.REVIEW: ("pickups.resolve",)},
)
"""The life of a pickup."""
