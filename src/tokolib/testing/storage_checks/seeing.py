"""Who sees what, and when: other units, other threads, other storages on the same place."""

import threading
from functools import partial
from typing import Any

import pytest

from tokolib.kernel.asks import Get, History, Holds, Ledger, Recall, Value
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Can
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import Misuse, Refused, StorageError
from tokolib.testing.storage_checks.driven import PATIENCE, Driven, Job, patiently
from tokolib.testing.storage_checks.setting import (
    GOODS,
    NOTES,
    NOW,
    SOON,
    Reopen,
    Setting,
    demand,
    everything,
    write_some_of_everything,
)
from tokolib.testing.storage_checks.transactions import ENDINGS, READS

QUESTIONS = (
    Get(GOODS, "a"),
    Value("counter-a"),
    History("stream-a"),
    Ledger("money"),
    Holds(["hold-a"]),
    Recall("place", "a", "print"),
)
LONGEST_WAIT = 1_000
"""Pauses for something that another job is about to do."""


class SeeingChecks(Setting):
    """A commit shows everything at once, to everybody; before it there is nothing to see."""

    def test_what_commit_answered_is_there(self, store: Driven, reopen: Reopen) -> None:
        """When commit() has answered, the very next unit sees it, here and in a storage opened beside."""
        many = store.storage.capabilities.can(Can.MULTI_PROCESS)
        beside = Driven(reopen(store.storage), store.drive) if many else store
        try:
            for number in range(1, 4):
                with store.unit() as unit:
                    unit.count("c", 1)
                for place in (store, beside):
                    with place.reading() as unit:
                        assert number == unit.value("c")
        finally:
            if many:
                beside.close()

    def test_what_is_not_committed_is_nobody_elses(self, store: Driven) -> None:
        """Beside an open unit others read the state before it, or wait; what it rolls back is never seen."""
        sent, seen = list[bool](), list[Any]()

        async def write(storage: Storage) -> bool:
            unit = await resolved(storage.begin("p"))
            try:
                write_some_of_everything(unit, "a")
                await resolved(unit.flush())
                sent.append(True)
                for _ in range(30):
                    if not seen:
                        await resolved(storage.pause(3))
            finally:
                sent.append(True)
                await resolved(unit.rollback())
            return True

        async def read(storage: Storage) -> bool:
            for _ in range(LONGEST_WAIT):
                if not sent:
                    await resolved(storage.pause(2))
            for attempt in range(1, PATIENCE + 1):
                try:
                    unit = await resolved(storage.begin("p", read_only=True))
                except StorageError as error:
                    assert error.retryable
                    await resolved(storage.pause(attempt))
                    continue
                try:
                    seen.append(await resolved(unit.read(*QUESTIONS)))
                    return True
                finally:
                    await resolved(unit.rollback())
            return False

        assert [True, True] == store.together([write, read])
        [(doc, value, history, ledger, holds, key)] = seen
        assert (None, 0, [], (), {}, None) == (doc, value, list(history), ledger.items, holds, key)
        assert not any(everything(store).values())

    def test_a_refused_commit_says_so(self, store: Driven) -> None:
        """commit() tells the refusal of what was still to be sent; then nothing has happened, and the unit is over."""
        unit = store.begin()
        write_some_of_everything(unit, "a")
        unit.count("uses", 2, ceiling=1)
        with pytest.raises(Refused) as refused:
            unit.commit()
        with pytest.raises(Misuse):
            unit.commit()

        assert Refused("count", "uses", 2, 1).problem() == refused.value.problem()
        assert not any(everything(store).values())

    def test_a_unit_is_its_threads_own(self, store: Driven) -> None:
        """A blocking unit is refused to any thread but the one that began it, which goes on as if nothing had been."""
        if store.storage.capabilities.asynchronous:
            pytest.skip("an awaited unit belongs to an event loop, and its tasks to nobody else")
        unit = store.begin()
        unit.count("c", 1)
        told: list[BaseException | None] = []

        def use_all() -> None:
            for use in (READS | ENDINGS).values():
                try:
                    use(unit)
                    told.append(None)
                except BaseException as error:  # noqa: BLE001 - looked at below, in the test's own thread
                    told.append(error)

        stranger = threading.Thread(target=use_all)
        stranger.start()
        stranger.join()
        unit.count("c", 1)
        unit.commit()

        assert [Misuse] * len(READS | ENDINGS) == [type(one) for one in told]
        with store.reading() as unit:
            assert 2 == unit.value("c")

    def test_storages_on_one_place_are_rivals_like_any(self, store: Driven, reopen: Reopen) -> None:
        """Four storages on one place lose no update, oversell nothing and take a key once, as processes would."""
        if not store.storage.capabilities.can(Can.MULTI_PROCESS):
            pytest.skip(store.storage.capabilities.lacks[Can.MULTI_PROCESS])
        with store.unit() as unit:
            unit.insert(NOTES, "a", b"0", {})
            unit.adjust("kopi", 6)
        others = [reopen(store.storage) for _ in range(3)]

        def rival(number: int, own: Storage) -> Job[tuple[int, bytes]]:
            async def job(_: Storage) -> tuple[int, bytes]:
                held, answer = 0, b""
                for turn in range(3):
                    await patiently(own, _add_one)
                    answer = await patiently(own, partial(_once, answer=b"%d" % number))
                    try:
                        held += await patiently(own, partial(_hold, hold_id=f"h{number}.{turn}"))
                    except Refused:
                        continue
                return held, answer

            return job

        try:
            found = store.together([rival(number, own) for number, own in enumerate([store.storage, *others])])
        finally:
            for other in others:
                store.drive(resolved(other.close()))
        told = [one for one in found if isinstance(one, tuple)]
        assert (4, 6, 1) == (len(told), sum(held for held, _ in told), len({answer for _, answer in told}))
        with store.reading() as unit:
            assert b"12" == unit.get(NOTES, "a").body
            assert 0 == unit.levels(["kopi"], now=NOW)["kopi"].available


async def _add_one(unit: UnitOfWork) -> None:
    doc = await resolved(unit.get(NOTES, "a"))
    assert doc is not None
    unit.replace(NOTES, "a", b"%d" % (int(doc.body) + 1), {}, expected=doc.version)


async def _once(unit: UnitOfWork, answer: bytes) -> bytes:
    seen = await resolved(unit.seen("place", "k", "print"))
    if seen is not None:
        return seen.result
    unit.remember("place", "k", "print", answer)
    return answer


async def _hold(unit: UnitOfWork, hold_id: str) -> int:
    unit.hold([demand(hold_id)], until=SOON, now=NOW)
    return 1
