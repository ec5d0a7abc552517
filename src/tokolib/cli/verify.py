"""`python -m tokolib verify FILE`: the proof of the books of a shop on one SQLite file."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tokolib.adapters.sqlite import SqliteStorage
from tokolib.adapters.system import SystemClock, SystemIds
from tokolib.desk.verify.check import check
from tokolib.desk.verify.report import Report
from tokolib.kernel.ctx import AllowAll, Ctx
from tokolib.kernel.errors import NotFound
from tokolib.kernel.events import stream_of
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.settings import SETTINGS_ID
from tokolib.kernel.storage_errors import Unavailable
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.records.archive import RecordArchive
from tokolib.records.collections import COLLECTIONS, SETTINGS
from tokolib.records.registry import repositories


def verify(
    file: Path,
    /,
    *,
    tenant: Annotated[str, Parameter(help="The shop in the file, where it holds several.")] = "default",
    quiet: Annotated[bool, Parameter(help="Print the last line only.")] = False,
) -> int:
    """Check every promise over every row of the shop in FILE. Nothing is changed.

    The last line is `verify: OK` or `verify: FAILED (…)` with the ids of the broken promises.
    """
    report = _checked(file, tenant)
    if not quiet:
        for kind, count in report.checked:
            print(f"{count:>10,} {kind}")
        for violation in report.violations:
            print(violation)
        if report.more:
            print(f"… and {report.more} more")
    print(report)
    return 0 if report.ok else 1


def _checked(file: Path, tenant: str) -> Report:
    """The report; the file is only read, whatever it is, so it may be a copy, a backup, or no shop at all."""
    if not file.is_file():
        raise NotFound("file", str(file))
    storage = SqliteStorage(file, COLLECTIONS, read_only=True)

    async def step(unit: Unit) -> Report:
        stream = stream_of(SETTINGS.name, SETTINGS_ID)
        known = await resolved(unit.work.get(SETTINGS, SETTINGS_ID)), await resolved(unit.work.history(stream))
        if not any(known):
            raise NotFound("shop", tenant)
        return await check(unit, RecordArchive())

    try:
        if lacking := storage.migrate(dry_run=True):
            raise Unavailable(f"{file} is no shop of this tokolib: it lacks {', '.join(lacking)}")
        work = Work(storage, repositories(), SystemClock(), SystemIds(), AllowAll(), Ctx(tenant))
        return drive(work.read(step), "verify")
    finally:
        storage.close()
