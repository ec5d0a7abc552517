"""`python -m tokolib verify FILE`: the proof of the books of a shop on one SQLite file."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tokolib.adapters.sqlite import SqliteStorage
from tokolib.kernel.errors import NotFound
from tokolib.records.collections import COLLECTIONS
from tokolib.shop import open as open_shop


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
    if not file.is_file():
        raise NotFound("file", str(file))
    with open_shop(SqliteStorage(file, COLLECTIONS), tenant=tenant) as shop:
        report = shop.verify()
    if not quiet:
        for kind, count in report.checked:
            print(f"{count:>10,} {kind}")
        for violation in report.violations:
            print(violation)
        if report.more:
            print(f"… and {report.more} more")
    print(report)
    return 0 if report.ok else 1
