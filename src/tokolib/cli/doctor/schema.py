"""What is right and wrong with a storage's schema, as `schema check` tells it, with the way out."""

from collections.abc import Iterator
from typing import Final

from tokolib.cli.doctor.finding import Finding, ok, refused, warning, wrong
from tokolib.cli.schema import report
from tokolib.kernel.errors import HostMismatch
from tokolib.kernel.hosting import drive
from tokolib.kernel.storage import Storage

UPGRADE: Final = "python -m tokolib schema upgrade URL"
SHOWN: Final = 3


def schema(storage: Storage) -> Iterator[Finding]:
    """Each thing that is wrong; one line when all is well.

    Raises:
        StorageError: the storage can't be asked.
    """
    try:
        told = drive(report(storage), "schema check")
    except HostMismatch:
        yield ok("schema", "can only be asked in an async program")
        return
    for error in told.changed:
        yield refused("schema", error)
    if told.pending:
        more = f" and {len(told.pending) - SHOWN} more" if len(told.pending) > SHOWN else ""
        names = f"{', '.join(told.pending[:SHOWN])}{more}"
        if storage.capabilities.self_upgrading:
            yield warning("schema", f"pending: {names}", f"tokolib.open applies it; or run {UPGRADE}")
        else:
            yield wrong("schema", f"pending: {names}", UPGRADE)
    for name in told.missing:
        yield wrong("schema", f"missing: {name}", "restore it from a backup: somebody took it away")
    for name in told.foreign:
        yield ok("schema", f"foreign: {name} begins with our prefix and is left alone")
    if told.ok:
        yield ok("schema", "up to date")
