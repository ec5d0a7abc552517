"""Schema, closing, durability, and what must never leak."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokolib.kernel.asks import Get, Recall
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Can, Demand, Entry, Kind, Seen, StoredEvent
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import StorageError, Unsupported
from tokolib.testing.storage_checks.driven import Drive, Driven, patiently
from tokolib.testing.storage_checks.setting import (
    COLLECTIONS,
    GOODS,
    NOTES,
    NOW,
    SOON,
    MakeStorage,
    Reopen,
    Setting,
    everything,
    write_some_of_everything,
)

NASTY = st.text(alphabet=st.characters(exclude_categories=()), max_size=12)
NUMBER = st.integers(-(2**70), 2**70)


class SchemaChecks(Setting):
    """A storage makes what it needs, once."""

    def test_migrating_twice_changes_nothing(self, store: Driven) -> None:
        """The second migrate() has nothing to do, and keeps what was stored."""
        with store.unit() as unit:
            write_some_of_everything(unit, "a")
        before = everything(store)

        assert [] == list(store.migrate())
        assert before == everything(store)

    def test_what_is_lacking_has_its_reason(self, store: Driven) -> None:
        """Every lack that `capabilities` declares says why, in words."""
        assert all(len(reason.split()) > 2 for reason in store.storage.capabilities.lacks.values())

    def test_what_is_lacking_is_refused(self, store: Driven, tmp_path: Path) -> None:
        """A storage that can't join or back up refuses it with the reason that it declares, and makes nothing."""
        lacks, target = store.storage.capabilities.lacks, tmp_path / "copy"
        if Can.JOIN in lacks:
            with pytest.raises(Unsupported) as refused:
                store.drive(resolved(store.storage.join(object(), "p")))
            assert Unsupported(Can.JOIN, lacks[Can.JOIN]).problem() == refused.value.problem()
        if Can.BACKUP in lacks:
            with pytest.raises(Unsupported) as refused:
                store.drive(resolved(store.storage.backup(target)))
            assert Unsupported(Can.BACKUP, lacks[Can.BACKUP]).problem() == refused.value.problem()
            assert not target.exists()

    def test_a_closed_storage_refuses_units(self, make_storage: MakeStorage, drive: Drive) -> None:
        """After close() no unit begins; closing again is harmless."""
        store = Driven(make_storage(COLLECTIONS), drive)
        store.migrate()
        store.close()
        store.close()

        with pytest.raises(TokolibError):
            store.begin()

    def test_pauses_end(self, store: Driven) -> None:
        """pause() waits a little, however often it was called before."""
        store.drive(_paused(store))


class DurabilityChecks(Setting):
    """What was acknowledged is there; what was not is nowhere."""

    def test_a_second_opening_sees_what_was_committed(self, store: Driven, reopen: Reopen) -> None:
        """What is committed is read through a storage opened beside; one that can't be shared is refused, or empty."""
        with store.unit() as unit:
            write_some_of_everything(unit, "a")
        unit = store.begin()
        write_some_of_everything(unit, "b")
        unit.rollback()

        if store.storage.capabilities.can(Can.MULTI_PROCESS):
            assert everything(store) == _seen_beside(store, reopen)
        else:
            assert _none_seen_beside(store, reopen)

    def test_what_was_committed_survives_closing(self, make_storage: MakeStorage, reopen: Reopen, drive: Drive) -> None:
        """After closing and opening again everything committed is there, or the storage says that it forgets."""
        store = Driven(make_storage(COLLECTIONS), drive)
        store.migrate()
        with store.unit() as unit:
            write_some_of_everything(unit, "a")
        before = everything(store)
        store.close()

        again = Driven(reopen(store.storage), drive)
        try:
            done = list(again.migrate())
            after = everything(again)
        finally:
            again.close()
        if not store.storage.capabilities.can(Can.DURABLE):
            assert after in (before, {kind: [] for kind in before})
        else:
            assert [] == done
            assert before == after

    def test_a_key_answers_after_opening_again(self, make_storage: MakeStorage, reopen: Reopen, drive: Drive) -> None:
        """A key tells its answer after closing and opening again, and other rows what they were, facts too."""
        store = Driven(make_storage(COLLECTIONS), drive)
        store.migrate()
        with store.unit() as unit:
            write_some_of_everything(unit, "a")
        durable = store.storage.capabilities.can(Can.DURABLE)
        store.close()

        again = Driven(reopen(store.storage), drive)
        again.migrate()
        with again.unit() as unit:
            key, doc = unit.read(Recall("place", "a", "print"), Get(GOODS, "a"))
            if doc is not None:
                unit.replace(GOODS, "a", b"2", {"code": "a", "city": None, "rank": 1}, expected=1)
        facts = [row.facts for row in everything(again)[Kind.DOCUMENTS]]
        again.close()
        expected = (Seen(b"done"), [{"goods_line": ({"sku": "a", "quantity": 1},)}])
        assert (key, facts) == expected if durable else (key, facts) in (expected, (None, []))

    def test_an_unfinished_unit_is_nowhere(self, make_storage: MakeStorage, reopen: Reopen, drive: Drive) -> None:
        """What a unit has sent but not committed is not seen through a storage opened beside, and never comes."""
        store = Driven(make_storage(COLLECTIONS), drive)
        store.migrate()
        with store.unit() as unit:
            write_some_of_everything(unit, "a")
        before = everything(store)
        unfinished = store.begin()
        write_some_of_everything(unfinished, "b")
        unfinished.flush()

        try:
            if store.storage.capabilities.can(Can.MULTI_PROCESS):
                assert before == _seen_beside(store, reopen)
                unfinished.rollback()
                assert before == _seen_beside(store, reopen)
            else:
                assert _none_seen_beside(store, reopen)
        finally:
            unfinished.rollback()
            store.close()


def _seen_beside(store: Driven, reopen: Reopen) -> dict[Kind, list[Any]]:
    """Every row that a storage opened beside sees."""
    beside = Driven(reopen(store.storage), store.drive)
    try:
        beside.migrate()
        return everything(beside)
    finally:
        beside.close()


def _none_seen_beside(store: Driven, reopen: Reopen) -> bool:
    """Whether a storage opened beside is refused or empty: two that don't know of each other damage what is shared."""
    try:
        return not any(_seen_beside(store, reopen).values())
    except StorageError:
        return True


class LeakChecks(Setting):
    """Nothing of a driver is seen, and nothing is left open."""

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(text=NASTY, number=NUMBER, data=st.data())
    def test_only_errors_of_the_port_come_out(self, store: Driven, text: str, number: int, data: Any) -> None:
        """Whatever text and numbers are given to whatever method, only tokolib's own errors are raised."""
        uses: list[Callable[[Any], object]] = [
            lambda unit: unit.get(NOTES, text),
            lambda unit: unit.get_many(NOTES, [text, "a"]),
            lambda unit: unit.find(GOODS, text),
            lambda unit: unit.find(GOODS, "by_code", equals={"code": text}),
            lambda unit: unit.find(GOODS, "by_rank", since=number, limit=number),
            lambda unit: unit.find(GOODS, "by_rank", after=text),
            lambda unit: unit.history(text, after=number, limit=number),
            lambda unit: unit.ledger(text, account=text, after=text, limit=number),
            lambda unit: unit.levels([text], now=NOW),
            lambda unit: unit.holds([text]),
            lambda unit: unit.seen(text, text, text),
            lambda unit: unit.value(text),
            lambda unit: unit.scan(Kind.HISTORY, name=text, after=text, limit=number),
            lambda unit: unit.scan(Kind.DOCUMENTS, name=text),
            lambda unit: unit.insert(NOTES, text, b"", {}),
            lambda unit: unit.insert(GOODS, "a", b"", {"code": text, "city": text, "rank": number}),
            lambda unit: unit.replace(NOTES, text, b"", {}, expected=number),
            lambda unit: unit.delete(NOTES, text, expected=number),
            lambda unit: unit.append(text, [StoredEvent(text, text, 1, text, b"", NOW)], expected=0),
            lambda unit: unit.post(text, [Entry(text, text, text, number, text, text, text, NOW)]),
            lambda unit: unit.count(text, number, floor=None),
            lambda unit: unit.count(text, 1, floor=number, ceiling=number),
            lambda unit: unit.hold([Demand(text, text, number, text)], until=SOON, now=NOW),
            lambda unit: unit.keep([text], now=NOW),
            lambda unit: unit.take([text], now=NOW),
            lambda unit: unit.release([text]),
            lambda unit: unit.adjust(text, number),
            lambda unit: unit.remember(text, text, text, b""),
        ]
        unit = store.begin("fuzz")
        try:
            for use in data.draw(st.lists(st.sampled_from(uses), max_size=6)):
                use(unit)
            unit.commit()
        except TokolibError:
            pass
        finally:
            unit.rollback()

    def test_a_partition_may_have_any_name(self, store: Driven) -> None:
        """Partitions are text like ids, and never part of a statement."""
        for name in ("", "it's", 'a"b', "toko ☕", "x" * 200):
            with store.unit(name) as unit:
                unit.insert(NOTES, "a", name.encode(), {})
        for name in ("", "it's", 'a"b', "toko ☕", "x" * 200):
            with store.reading(name) as unit:
                assert name.encode() == unit.get(NOTES, "a").body

    def test_many_units_leave_no_file_open(self, store: Driven) -> None:
        """Files, connections and threads are as many after hundreds of units as before."""
        with store.unit() as unit:
            unit.adjust("kopi", 1)
        before = _open_files(), threading.active_count()

        for number in range(200):
            with store.reading() as unit:
                unit.value("c")
            unit = store.begin()
            unit.adjust("kopi", -2 if number % 2 else 0)
            unit.rollback()

        assert before == (_open_files(), threading.active_count())

    def test_threads_come_and_go(self, store: Driven) -> None:
        """Fifty threads, or tasks, one after the other and at once, find the storage as they left it."""

        async def visit(unit: UnitOfWork) -> bool:
            unit.count("visits", 1)
            return True

        async def job(storage: Storage) -> bool:
            return await patiently(storage, visit)

        for _ in range(5):
            assert [True] * 10 == store.together([job] * 10)
        with store.reading() as unit:
            assert 50 == unit.value("visits")

    def test_two_storages_of_one_kind_share_nothing(
        self, store: Driven, make_storage: MakeStorage, drive: Drive
    ) -> None:
        """A fresh storage is empty, whatever others hold."""
        with store.unit() as unit:
            write_some_of_everything(unit, "a")

        other = Driven(make_storage(COLLECTIONS), drive)
        other.migrate()
        assert not any(everything(other).values())
        other.close()


def _open_files() -> int:
    return len(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else 0


async def _paused(store: Driven) -> None:
    for attempt in (1, 2, 3, 8, 1000):
        await resolved(store.storage.pause(attempt))
