"""What the state of a booking is read off: the last attempt to book it, and the last to take it back."""

from typing import Final

import attrs

from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectState, Operation
from tokolib.kernel.machine import Guard


@attrs.frozen
class Wishes:
    """The last attempt to book it, and the last to give it back."""

    buying: Operation
    voiding: Operation | None

    @property
    def last(self) -> Operation:
        """What was wished for last."""
        return self.buying if self.voiding is None else self.voiding


_G = Guard[Wishes]

doubted: Final = _G("doubted", "a person has to look", lambda w: bool(w.buying.reviews or w.last.reviews))
unanswered: Final = _G("unanswered", "the courier has not answered yet", lambda w: is_open(w.last))
refused: Final = _G("refused", "the courier said no", lambda w: w.buying.standing is EffectState.FAILED)
given_back: Final = _G(
    "given_back", "the courier took it back", lambda w: w.voiding is not None and w.voiding.succeeded
)
