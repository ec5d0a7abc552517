"""Time as the rooms see it: aware instants from a clock that is passed in, and days in the shop's own zone."""

from datetime import UTC, date, datetime
from typing import ClassVar, Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, NaiveDatetime, TokolibError, shortened, shown

EARLIEST: Final = datetime(1, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""A day inside the calendar's ends: every instant between them is one in every zone."""


class Clock(Protocol):
    """**Port.** Tells the time; the only source of "now"."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


@attrs.frozen
class UnknownZone(TokolibError):
    """No time-zone data by that name."""

    code: ClassVar[str] = "kernel.unknown_zone"
    zone: str = attrs.field(converter=shortened)

    def __str__(self) -> str:
        return f"no time zone {self.zone!r}"

    @property
    def hint(self) -> str:
        return "use an IANA name such as Asia/Jakarta; on slim systems: pip install tzdata"


def zone(name: str) -> ZoneInfo:
    """The IANA time zone *name*.

    Raises:
        UnknownZone: no such zone, or no time-zone data on this system.
    """
    if (text := str(name)) != shortened(text):  # no zone is; and Python's own error would repeat all of it
        raise UnknownZone(text)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as error:
        raise UnknownZone(text) from error


def aware(instant: datetime, name: str) -> datetime:
    """*instant* in UTC.

    Raises:
        NaiveDatetime: it has no zone.
        InvalidInput: it lies at an end of the calendar, where other zones have no date for it, or is no datetime.
    """
    if not isinstance(instant, datetime):
        raise InvalidInput((Fault(name, "kernel.wrong_type", "must be a datetime", shown(instant)),))
    if instant.tzinfo is UTC and EARLIEST <= instant < LATEST:
        return instant
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise NaiveDatetime(name, str(instant))
    if not EARLIEST <= instant < LATEST:
        message = "must lie between the years 1 and 9999, in every time zone"
        raise InvalidInput((Fault(name, "kernel.no_instant", message, str(instant)),))
    return instant.astimezone(UTC)


def day(instant: datetime, zone_name: str) -> date:
    """The calendar day of *instant* in the shop's zone: the day that tax, invoices and reports go by.

    Raises:
        NaiveDatetime: the instant has no zone; Python would read it in the host's own.
        UnknownZone: no such zone.
    """
    return aware(instant, "instant").astimezone(zone(zone_name)).date()


def sortable(instant: datetime) -> str:
    """An instant as text of one width, in UTC, so that text order is time order: for index columns."""
    return aware(instant, "instant").isoformat(timespec="microseconds")
