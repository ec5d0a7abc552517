"""The gateways that the model knows, and the bugs that can be seeded into it; each must be found."""

from enum import IntEnum
from typing import Final, NamedTuple


class Style(IntEnum):
    """What a gateway does with a request that it has seen before."""

    KEY = 1
    """It answers what became of the first."""
    REFERENCE = 2
    """It refuses the second and says nothing of the first; a look-up may lag."""
    NONE = 3
    """It carries it out again; a look-up may lag."""


class Bug(NamedTuple):
    """A mistake that somebody could make."""

    name: str
    """As in the model: `-DBUG_<name>`."""
    style: Style
    """A gateway with which it shows."""
    tells: str


BUGS: Final = (
    Bug("NO_REHOLD_CHECK", Style.KEY, "a late payment takes goods without looking whether they are free"),
    Bug("FORGOTTEN_LATE_REFUND", Style.KEY, "the goods are gone, and the late money is kept"),
    Bug("CHECK_THEN_ACT", Style.KEY, "stock is looked at in one unit and held in another"),
    Bug("FRESH_KEY", Style.KEY, "what is sent again has another key"),
    Bug("SILENCE_MEANS_FAILED", Style.KEY, "a lost answer is taken for a refusal"),
    Bug("NO_RELEASE_ON_EXPIRY", Style.KEY, "an order that expires keeps its hold"),
    Bug("RELEASED_TWICE", Style.KEY, "a hold that has ended is given back again"),
    Bug("HOLD_NOT_KEPT", Style.KEY, "the lease of a paid order goes on running"),
    Bug("PLACED_ON_A_LAPSED_LEASE", Style.KEY, "a payment after the term is placed on goods that are held no more"),
    Bug("CANCEL_WITHOUT_A_WISH", Style.KEY, "a cancellation drops a charge that is still open"),
    Bug("WISH_FORGOTTEN", Style.KEY, "the wish to cancel is stored, and the payment places the order all the same"),
    Bug("FOLD_BY_ARRIVAL", Style.KEY, "the last message heard stands, and not the highest fact"),
    Bug("PENDING_REFUND_UNCOUNTED", Style.KEY, "a refund under way is not counted, so a second one is asked for"),
    Bug("DUPLICATE_MEANS_FAILED", Style.REFERENCE, "'duplicate' is taken for a refusal of the charge itself"),
    Bug("NO_LOOKUP", Style.NONE, "what was sent is sent again without a look-up"),
    Bug("NONE_MEANS_FAILED", Style.NONE, "a look-up that finds nothing inside the lag is taken for a refusal"),
    Bug("NONE_INSIDE_THE_LAG", Style.NONE, "a look-up that finds nothing inside the lag lets it be sent again"),
    Bug("LAG_COUNTED_FROM_THE_LEASE", Style.NONE, "the lag is counted from before the call, and not from its end"),
    Bug("CLOCK_READ_AFTER_THE_ANSWER", Style.NONE, "the lag is judged by the time after the look-up"),
    Bug("LEASE_IGNORED", Style.NONE, "the second runner takes what the first has leased"),
)
