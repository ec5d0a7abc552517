"""Moments as people tell them: an instant, or a day in the shop's zone."""

from datetime import date, datetime, time, timedelta

from tokolib.kernel.clock import aware, zone
from tokolib.kernel.errors import Fault, InvalidInput, shown

Moment = datetime | date | None


def moment(value: object, zone_name: str, name: str, *, whole_day: bool = False) -> datetime | None:
    """*value*, a `Moment`, as an instant in UTC; a date is its first moment in the zone, or its end with *whole_day*.

    Raises:
        NaiveDatetime: an instant without a zone.
        UnknownZone: no such zone.
        InvalidInput: anything else, text for one: a promotion must not run for ever because its end was unreadable.
    """
    match value:
        case None:
            return None
        case datetime():
            return aware(value, name)
        case date() if date(1900, 1, 1) <= value < date(3000, 1, 1):
            day = value + timedelta(days=1) if whole_day else value
            return aware(datetime.combine(day, time.min, zone(zone_name)), name)
        case _:
            wanted = "must be an aware datetime, or a date from 1900 to 2999, which begins in the shop's zone"
            raise InvalidInput((Fault(name, "not_a_moment", wanted, shown(value)),))
