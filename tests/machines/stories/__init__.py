"""Stories of one thing each: how it comes into a state, and what a member of staff or the world then does with it."""

from stories import (  # each notes its stories among the exits
    claims,
    documents,
    exchanges,
    goods,
    orders,
    payments,
    returns,
)
from stories.guards import OTHERS
from stories.stand import EXITS, stand

__all__ = [
    "EXITS",
    "OTHERS",
    "claims",
    "documents",
    "exchanges",
    "goods",
    "orders",
    "payments",
    "returns",
    "stand",
    "tell_all",
]


def tell_all() -> None:
    """Every story, told to its end; each exit's state is read before and after."""
    for story in EXITS.values():
        now, leave = story(stand())
        now()
        leave()
        now()
    for other in OTHERS:
        other(stand())
