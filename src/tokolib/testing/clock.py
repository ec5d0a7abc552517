"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from tokolib.kernel.clock import aware

START: Final = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, nine in the morning in Jakarta."""


def _aware(instant: datetime) -> datetime:
    return aware(instant, "instant")


@attrs.define
class ManualClock:
    """Tells the same instant until it is moved: `tokolib.open(url, clock=ManualClock())`."""

    instant: datetime = attrs.field(default=START, converter=_aware)
    """What it tells, in UTC. Set it to jump, backwards too, as real clocks do."""

    def now(self) -> datetime:
        """The instant."""
        return self.instant

    def forward(self, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0) -> datetime:
        """The instant that is so much later, which it tells from now on."""
        self.instant += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.instant
