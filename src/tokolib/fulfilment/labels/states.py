"""The state of a label: read off what became of its wishes."""

from enum import StrEnum
from typing import Final

import attrs

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectState, Operation
from tokolib.kernel.machine import Case, Derived, Guard, otherwise


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


@attrs.frozen
class Wishes:
    """The last attempt to buy it, and the last to give it back."""

    buying: Operation
    voiding: Operation | None

    @property
    def last(self) -> Operation:
        """What was wished for last."""
        return self.buying if self.voiding is None else self.voiding


_G = Guard[Wishes]
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
        Case(L.REVIEW, _G("doubted", "a person has to look", lambda w: bool(w.buying.reviews or w.last.reviews))),
        Case(L.WAITING, _G("unanswered", "the courier has not answered yet", lambda w: is_open(w.last))),
        Case(
            L.REFUSED,
            _G("not_sold", "the courier did not sell it", lambda w: w.buying.standing is EffectState.FAILED),
        ),
        Case(
            L.VOIDED,
            _G("given_back", "the courier took it back", lambda w: w.voiding is not None and w.voiding.succeeded),
        ),
        otherwise(L.BOUGHT),
    ),
    ends=frozenset({L.BOUGHT, L.VOIDED, L.REFUSED}),
    exits={L.WAITING: ("shipments.advance_label", "shipments.resolve_label"), L.REVIEW: ("shipments.resolve_label",)},
)
"""The life of a label."""
