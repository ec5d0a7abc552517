"""Instants as the backends keep them: whole microseconds since the Unix epoch, UTC."""

from datetime import UTC, datetime, timedelta
from typing import Final

from tokolib.kernel.clock import aware

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def to_micros(instant: datetime, name: str) -> int:
    """Microseconds since the epoch.

    Raises:
        NaiveDatetime: *instant* has no zone.
    """
    since = aware(instant, name) - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_micros(micros: int) -> datetime:
    """The aware UTC instant."""
    return EPOCH + timedelta(microseconds=micros)
