"""Stock when everybody wants the last one at once."""

from collections.abc import Callable
from typing import Any

from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Level
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import HoldGone, Refused, StorageError
from tokolib.testing.storage_checks.driven import Driven, one_try, patiently
from tokolib.testing.storage_checks.holding import level
from tokolib.testing.storage_checks.setting import NOTES, NOW, SOON, Setting, demand, event


class RivalChecks(Setting):
    """Never oversold, never stuck."""

    def test_stock_is_never_oversold(self, store: Driven) -> None:
        """Eight rivals who want forty-eight of thirty get thirty, and the rest are refused."""
        with store.unit() as unit:
            unit.adjust("kopi", 30)

        def rival(number: int) -> Callable[[Storage], Any]:
            async def job(storage: Storage) -> int:
                got = 0
                for turn in range(6):

                    async def hold(unit: UnitOfWork, turn: int = turn) -> int:
                        unit.hold([demand(f"h{number}.{turn}")], until=SOON, now=NOW)
                        return 1

                    try:
                        got += await patiently(storage, hold)
                    except Refused:
                        continue
                return got

            return job

        got = store.together([rival(number) for number in range(8)])
        assert 30 == sum(one for one in got if isinstance(one, int))
        assert Level(30, 30, 0) == level(store)

    def test_one_hold_id_from_eight_rivals_holds_once(self, store: Driven) -> None:
        """Eight units that hold under one id at once make one hold, and none sees a driver's error."""
        with store.unit() as unit:
            unit.adjust("kopi", 30)

        async def hold(unit: UnitOfWork) -> bool:
            unit.hold([demand("h", quantity=3)], until=SOON, now=NOW)
            return True

        assert [True] * 8 == store.together([lambda storage: patiently(storage, hold)] * 8)
        assert Level(30, 3, 27) == level(store)

    def test_two_resources_in_opposite_order_end(self, store: Driven) -> None:
        """Units that hold kopi and teh, others that hold teh and kopi: no one waits for ever."""
        with store.unit() as unit:
            unit.adjust("kopi", 40)
            unit.adjust("teh", 40)

        def rival(number: int) -> Callable[[Storage], Any]:
            order = ("kopi", "teh") if number % 2 else ("teh", "kopi")

            async def job(storage: Storage) -> bool:
                for turn in range(5):

                    async def hold(unit: UnitOfWork, turn: int = turn) -> None:
                        demands = [demand(f"h{number}.{turn}.{resource}", resource) for resource in order]
                        unit.hold(demands, until=SOON, now=NOW)

                    await patiently(storage, hold)
                return True

            return job

        assert [True] * 8 == store.together([rival(number) for number in range(8)])
        assert (0, 0) == (level(store).available, level(store, "teh").available)

    def test_rows_in_opposite_order_end(self, store: Driven) -> None:
        """Units that change the same documents, counters and histories in opposite orders: no one waits for ever."""
        for id in ("a", "b"):
            with store.unit() as unit:
                unit.insert(NOTES, id, b"0", {})

        def rival(number: int) -> Callable[[Storage], Any]:
            order = ("a", "b") if number % 2 else ("b", "a")

            async def change(unit: UnitOfWork) -> None:
                docs = await resolved(unit.get_many(NOTES, order))
                for id in order:
                    unit.count(id, 1)
                    unit.replace(NOTES, id, b"%d" % docs[id].version, {}, expected=docs[id].version)
                    unit.append(id, [event(id, docs[id].version)], expected=docs[id].version - 1)

            async def job(storage: Storage) -> bool:
                for _ in range(3):
                    await patiently(storage, change)
                return True

            return job

        assert [True] * 8 == store.together([rival(number) for number in range(8)])
        with store.reading() as unit:
            assert [24] * 4 == [unit.value(id) for id in "ab"] + [len(unit.history(id)) for id in "ab"]

    def test_one_of_eight_takes_a_hold(self, store: Driven) -> None:
        """Eight units that take one hold at once: the goods leave once."""
        with store.unit() as unit:
            unit.adjust("kopi", 5)
            unit.hold([demand("h", quantity=5)], until=None, now=NOW)

        async def take(unit: UnitOfWork) -> bool:
            await resolved(unit.holds(["h"]))
            unit.take(["h"], now=NOW)
            return True

        found = store.together([lambda storage: one_try(storage, take)] * 8)
        assert 1 == sum(one is True for one in found)
        assert all(isinstance(one, HoldGone) or one.retryable for one in found if isinstance(one, StorageError))
        assert Level(0, 0, 0) == level(store)
