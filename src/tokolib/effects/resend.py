"""When a wish whose answer was lost may be sent again, and when nobody may dare.

The key makes a second sending harmless only where the provider dedupes, and only as long as it remembers keys.
Without that, "I know nothing of it" counts only after the provider's own views have caught up.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import attrs

from tokolib.effects.model import EffectState, Operation

LEASE: Final = timedelta(minutes=2)
"""How long one runner has an operation for itself: at least three times the longest call."""
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
REVIEW_WAIT: Final = timedelta(hours=6)
"""How often what waits for a person is still looked up, and never sent: the provider may have found out by itself."""
MOST_TRIES: Final = 24
"""Silence for so many tries (about a day) is a case for a person."""


class Dedupe(StrEnum):
    """By what a provider recognises a request that it has seen."""

    KEY = "key"
    REFERENCE = "reference"
    """Our order reference must be unique: the second request is refused."""
    NONE = "none"


@attrs.frozen(kw_only=True)
class Terms:
    """What a provider promises about repeated requests."""

    dedupe: Dedupe
    key_ttl: timedelta | None = None
    """How long it remembers keys; None: for ever."""
    lookup: bool
    """Whether it can be asked by our key."""
    lookup_lag: timedelta = timedelta(0)
    """How long a request may stay invisible to a look-up."""


class Resend(StrEnum):
    """Whether to send again what was not found."""

    NOW = "now"
    LATER = "later"
    NEVER = "never"


def resend(terms: Terms, operation: Operation, asked_at: datetime) -> Resend:
    """Whether *operation*, sent before and not found by a look-up begun at *asked_at*, may be sent again.

    `sent_at` is when it was leased, and the request may have left at any moment of that lease. So the lag counts
    from the lease's end; and it must have passed when the look-up began, whenever its answer came. What a provider
    remembers of a key it remembers from the first sending on.
    """
    if operation.standing is not EffectState.UNKNOWN:
        return Resend.LATER  # the provider has acknowledged it once, so it is not lost
    sent_at = operation.sent_at or operation.requested_at
    remembered = asked_at - (operation.first_sent_at or sent_at)
    if terms.dedupe is not Dedupe.NONE and (terms.key_ttl is None or remembered < terms.key_ttl):
        return Resend.NOW
    if not terms.lookup or terms.dedupe is not Dedupe.NONE:
        return Resend.NEVER
    return Resend.NOW if asked_at - sent_at > LEASE + terms.lookup_lag else Resend.LATER


def wait(tries: int) -> timedelta:
    """How long to leave an operation alone after its *tries*th try: doubling, at most an hour."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(tries - 1, 7)
    return min(doubled, LONGEST_WAIT)
