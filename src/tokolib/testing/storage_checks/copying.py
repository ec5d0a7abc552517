"""Backups: a copy of everything committed, taken while others write."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import BackupReport, Can, Kind
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import Misuse
from tokolib.testing.storage_checks.driven import Driven, insisted, patiently
from tokolib.testing.storage_checks.setting import (
    NOTES,
    OpenBackup,
    Setting,
    entry,
    event,
    everything,
    write_some_of_everything,
)

ROUNDS = 30


class BackupChecks(Setting):
    """A backup is a state that was committed, or it isn't there."""

    @pytest.fixture
    def copied(self, store: Driven, request: pytest.FixtureRequest) -> Callable[[Path], Driven]:
        """Opens a backup, if the storage can make one."""
        if not store.storage.capabilities.can(Can.BACKUP):
            pytest.skip(store.storage.capabilities.lacks[Can.BACKUP])
        open_backup: OpenBackup = request.getfixturevalue("open_backup")

        def opened(target: Path) -> Driven:
            copy = Driven(open_backup(target), store.drive)
            copy.migrate()
            return copy

        return opened

    def test_a_backup_opens_as_what_was_copied(
        self, store: Driven, copied: Callable[[Path], Driven], tmp_path: Path
    ) -> None:
        """A backup has every row of every partition, needs no repair, and lives on without the original."""
        with store.unit() as unit:
            write_some_of_everything(unit, "a")
        with store.unit("q") as unit:
            write_some_of_everything(unit, "b")
        target = tmp_path / "copy"
        report: BackupReport = store.drive(resolved(store.storage.backup(target)))
        with store.unit() as unit:
            write_some_of_everything(unit, "later")

        copy = copied(target)
        try:
            found = everything(copy), everything(copy, "q")
            with copy.unit() as unit:
                unit.adjust("stock-a", 1)
        finally:
            copy.close()
        assert (3 * [1], 3 * [1]) == tuple(
            [len(rows[kind]) for kind in (Kind.DOCUMENTS, Kind.KEYS, Kind.HOLDS)] for rows in found
        )
        assert everything(store, "q") == found[1]
        assert (str(target), target.stat().st_size > 0) == (str(report.path), report.size > 0)
        assert report.taken_at.tzinfo is not None

    def test_a_backup_under_writes_is_a_committed_state(
        self, store: Driven, copied: Callable[[Path], Driven], tmp_path: Path
    ) -> None:
        """Whoever writes meanwhile, a copy has all that was acknowledged before it, and nothing of it is half."""
        target, acknowledged = tmp_path / "copy", list[int]()

        async def write(storage: Storage) -> tuple[int, int]:
            for number in range(1, ROUNDS + 1):

                async def change(unit: UnitOfWork, number: int = number) -> None:
                    if number == 1:
                        unit.insert(NOTES, "a", b"1", {})
                    else:
                        unit.replace(NOTES, "a", b"%d" % number, {}, expected=number - 1)
                    await resolved(unit.flush())
                    unit.append("s", [event("s", number)], expected=number - 1)
                    unit.post("money", [entry(f"e{number:02}")])
                    unit.count("c", 1)
                    unit.adjust("kopi", 1)

                await patiently(storage, change)
                acknowledged.append(number)
                await resolved(storage.pause(1))
            return 0, 0

        async def copy(storage: Storage) -> tuple[int, int]:
            while len(acknowledged) < 3:
                await resolved(storage.pause(1))
            before = len(acknowledged)
            await insisted(storage, partial(storage.backup, target))
            return before, len(acknowledged) + 1

        before, after = next(found for found in store.together([write, copy])[1:] if isinstance(found, tuple))
        backup = copied(target)
        try:
            with backup.reading() as unit:
                number = int(unit.get(NOTES, "a").body)
                counted = [unit.value("c"), len(unit.history("s")), len(unit.ledger("money").items)]
                counted.append(unit.levels(["kopi"], now=entry("x").at)["kopi"].on_hand)
        finally:
            backup.close()
        assert [number] * 4 == counted
        assert before <= number <= after

    def test_a_backup_replaces_nothing(self, store: Driven, copied: Any, tmp_path: Path) -> None:
        """backup() refuses a name that is taken, and leaves what is there."""
        target = tmp_path / "copy"
        target.write_bytes(b"mine")

        with pytest.raises(Misuse):
            store.drive(resolved(store.storage.backup(target)))
        assert b"mine" == target.read_bytes()
