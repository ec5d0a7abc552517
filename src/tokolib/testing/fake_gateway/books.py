"""What the fake provider's books hold, and what each kind of it does to the shop's balance."""

from datetime import datetime
from typing import Final

import attrs

from tokolib.effects.model import Details, EffectKind, EffectState
from tokolib.kernel.money import Money
from tokolib.payments.ports import Can

CAN: Final = frozenset(Can) - {Can.LATE_EVIDENCE}
"""What a fake world can do, unless it is told otherwise."""


@attrs.define
class Entry:
    """A charge, or a movement about one, as the provider's books have it."""

    kind: EffectKind
    reference: str
    key: str
    about: str
    amount: Money
    state: EffectState
    sequence: int
    at: datetime
    made_at: datetime
    details: Details = ()


SIGNS: Final = {  # what each kind that succeeded does to the shop's balance
    EffectKind.CHARGE: 1,
    EffectKind.AUTHORISE: 0,
    EffectKind.CAPTURE: 1,
    EffectKind.REFUND: -1,
    EffectKind.REVERSAL: -1,
    EffectKind.CHARGEBACK: -1,
    EffectKind.CHARGEBACK_REVERSAL: 1,
    EffectKind.EVIDENCE: 0,
    EffectKind.VOID: 0,
}

MOVES: Final = (EffectKind.REFUND, EffectKind.CHARGEBACK, EffectKind.CHARGEBACK_REVERSAL)
"""What changes how much of a charge is left to be refunded; what failed has given it free again."""
