"""`python -m tokolib verify FILE | URL`: the proof of the books of a shop, wherever it is kept."""

from typing import Annotated

from cyclopts import Parameter

from tokolib.adapters.addresses import without_password
from tokolib.adapters.system import SystemClock, SystemIds
from tokolib.cli.reading import storage_to_read
from tokolib.desk.verify.check import check
from tokolib.desk.verify.report import Report
from tokolib.kernel.configuration import SETTINGS_ID
from tokolib.kernel.ctx import AllowAll, Ctx
from tokolib.kernel.errors import NotFound
from tokolib.kernel.events import stream_of
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import Unavailable
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.records.archive import RecordArchive
from tokolib.records.collections import SETTINGS
from tokolib.records.registry import repositories
from tokolib.shop.doors import closed


def verify(
    place: Annotated[
        str, Parameter(help="An SQLite file, or a URL such as sqlite:///kedai.db?prefix=shop_ or postgresql://….")
    ],
    /,
    *,
    tenant: Annotated[str, Parameter(help="The shop in the storage, where it holds several.")] = "default",
    quiet: Annotated[bool, Parameter(help="Print the last line only.")] = False,
) -> int:
    """Check every promise over every row of the shop at PLACE. Nothing is changed.

    What only waits for somebody is printed as an alarm, and breaks nothing.
    The last line is `verify: OK` or `verify: FAILED (…)` with the ids of the broken promises.
    """
    report = _checked(place, tenant)
    if not quiet:
        for kind, count in report.checked:
            print(f"{count:>10,} {kind}")
        for violation in report.violations:
            print(violation)
        if report.more:
            print(f"… and {report.more} more")
        for alarm in report.alarms:
            print(f"alarm: {alarm}")
        if report.more_alarms:
            print(f"alarm: … and {report.more_alarms} more")
    print(report)
    return 0 if report.ok else 1


def _checked(place: str, tenant: str) -> Report:
    """The report; the storage is only read, whatever it is, so it may be a copy, a backup, or no shop at all."""
    storage = storage_to_read(place)
    try:
        return drive(_report(storage, place, tenant), "verify")
    finally:
        drive(closed(storage), "verify")


async def _report(storage: Storage, place: str, tenant: str) -> Report:
    async def step(unit: Unit) -> Report:
        stream = stream_of(SETTINGS.name, SETTINGS_ID)
        known = await resolved(unit.work.get(SETTINGS, SETTINGS_ID)), await resolved(unit.work.history(stream))
        if not any(known):
            raise NotFound("shop", tenant)
        return await check(unit, RecordArchive())

    if lacking := await resolved(storage.migrate(dry_run=True)):
        raise Unavailable(
            f"{without_password(place)} is no shop of this tokolib: it lacks {', '.join(lacking)}",
            "a URL says which names its tables have: ?prefix=shop_, on PostgreSQL &schema=kedai too",
        )
    work = Work(storage, repositories(), SystemClock(), SystemIds(), AllowAll(), Ctx(tenant))
    return await work.read(step)
