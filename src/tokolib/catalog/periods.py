"""Instants and periods as drafts name them."""

from datetime import UTC, date, datetime, time

from tokolib.catalog.errors import InvalidProduct
from tokolib.catalog.faults import Faults, shown
from tokolib.kernel.clock import aware, zone
from tokolib.kernel.errors import Fault, InvalidInput


def period(
    since: str | date | datetime | None, until: str | date | datetime | None, name: str, zone_name: str
) -> tuple[datetime | None, datetime | None]:
    """The instants of a publication, in UTC.

    Raises:
        InvalidProduct: one can't be read or has no zone, or the end isn't after the beginning.
    """
    faults = Faults()
    found = publication(since, until, zone_name, faults)
    if faults.found:
        raise InvalidProduct(name, tuple(faults.found))
    return found


def instant(given: str | date | datetime, name: str, zone_name: str) -> datetime:
    """*given* (ISO 8601 with a zone, an aware datetime, or a date, which begins in *zone_name*) in UTC.

    Raises:
        InvalidProduct: not such a text, or before the year 1 or after 9999 in UTC.
        NaiveDatetime: a moment without a zone.
    """
    try:
        found = _moment(given) if isinstance(given, str) else given
        if isinstance(found, datetime):
            return aware(found, name)
        return datetime.combine(found, time.min, zone(zone_name)).astimezone(UTC)
    except ValueError as error:
        message = "is not ISO 8601, such as 2026-01-31T09:00:00+07:00"
        raise InvalidProduct(name, (Fault(name, "catalog.invalid_instant", message, shown(given)),)) from error
    except (OverflowError, InvalidInput) as error:
        message = "lies before the year 1 or after 9999 in UTC"
        raise InvalidProduct(name, (Fault(name, "catalog.invalid_instant", message, shown(given)),)) from error


def _moment(text: str) -> date:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def publication(
    since: str | date | datetime | None, until: str | date | datetime | None, zone_name: str, faults: Faults
) -> tuple[datetime | None, datetime | None]:
    """When a product begins and ceases to be published, faults added to *faults*."""
    start = faults.attempt("published_from", lambda: instant(since, "published_from", zone_name)) if since else None
    end = faults.attempt("published_until", lambda: instant(until, "published_until", zone_name)) if until else None
    if start and end and start >= end:
        faults.add("published_until", "catalog.empty_period", "is not after published_from", end.isoformat())
    return start, end
