"""A copy of a whole file, taken while others write: it is there when it is sound, or not at all."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import attrs

from tokolib.adapters.sqlite.connecting import Settings, connect
from tokolib.adapters.sqlite.translation import translating
from tokolib.kernel.errors import shown
from tokolib.kernel.rows import BackupReport
from tokolib.kernel.storage_errors import Misuse, Unavailable


def copy(settings: Settings, target: Path) -> BackupReport:
    """Everything that is committed now, in a new file *target*; its folder must be there.

    `VACUUM INTO` reads one state, in one transaction. The copy is made beside its place, synced and checked, and only
    then gets its name, so that whoever sees a file by that name sees a whole one.

    Source: sqlite.org/lang_vacuum.html, section 2.1, "VACUUM INTO".

    Raises:
        Misuse: something is there already.
        Unavailable: it can't be written, or the file that is copied is damaged.
        Busy: the file stayed locked.
    """
    if not Path(settings.path).is_file():
        raise Unavailable(f"{settings.path}: there is no such file")
    try:
        if target.exists():
            raise FileExistsError
        return _copied(settings, target)
    except FileExistsError as error:
        raise Misuse(f"{shown(str(target))} is there already; name a file that isn't") from error
    except (OSError, ValueError) as error:
        raise Unavailable(f"{shown(str(target))}: {error}", "name a file that this process may write") from error


def _copied(settings: Settings, target: Path) -> BackupReport:
    beside = target.with_name(f".backup-{token_hex(8)}.part")  # whoever copies to the same place has another
    try:
        taken_at = _write(settings, beside)
        _check(beside)
        return BackupReport(str(target), _settle(beside, target), taken_at)
    finally:
        beside.unlink(missing_ok=True)


def _write(settings: Settings, beside: Path) -> datetime:
    connection = connect(attrs.evolve(settings, read_only=True))  # which leaves the journal as it is
    try:
        with translating():
            connection.execute("PRAGMA query_only = OFF")  # or SQLite would not write the copy either
            taken_at = datetime.now(tz=UTC)
            connection.execute("VACUUM INTO ?", (str(beside),))
    finally:
        connection.close()
    return taken_at


def _check(beside: Path) -> None:
    with translating():
        copied = sqlite3.connect(beside)
        try:
            [found] = copied.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            copied.close()
    if found != "ok":
        raise Unavailable(f"the copy is damaged: {found}", "look for the fault in the file itself: verify it")


def _settle(beside: Path, target: Path) -> int:
    """Have the copy reach the disk and then get its name; its size in bytes."""
    with beside.open("rb") as written:
        os.fsync(written.fileno())
        size = os.fstat(written.fileno()).st_size
    os.link(beside, target)  # which refuses a name that is taken, as a renaming doesn't
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return size
