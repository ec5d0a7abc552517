"""Instants as the backends keep them: whole microseconds since the Unix epoch, UTC."""

from datetime import UTC, datetime, timedelta
from typing import Final

from tokolib.kernel.clock import aware
from tokolib.kernel.storage_errors import Misuse

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


def after_lease(now: datetime, lease: timedelta) -> datetime:
    """When a *lease* from *now* on ends.

    Raises:
        Misuse: it lasts no time, or beyond the last year that there is.
    """
    if lease <= timedelta(0):
        raise Misuse(f"a lease of {lease} holds nothing")
    try:
        return now + lease
    except OverflowError as error:
        raise Misuse(f"a lease of {lease} from {now} never ends") from error
