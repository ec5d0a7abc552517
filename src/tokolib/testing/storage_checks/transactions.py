"""Units of work: all or nothing, one at a time on a thread, and over when they are over."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Kind
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import AlreadyExists, Busy, Misuse, StorageError, VersionConflict
from tokolib.testing.storage_checks.driven import Driven, one_try, patiently
from tokolib.testing.storage_checks.setting import (
    GOODS,
    NOTES,
    NOW,
    SOON,
    Setting,
    demand,
    entry,
    event,
    events,
    everything,
    goods,
    write_some_of_everything,
)

Use = Callable[[Any], object]

WRITES: Final[dict[str, Use]] = {
    "insert": lambda unit: unit.insert(NOTES, "a", b"1", {}),
    "replace": lambda unit: unit.replace(NOTES, "a", b"1", {}, expected=1),
    "delete": lambda unit: unit.delete(NOTES, "a", expected=1),
    "append": lambda unit: unit.append("s", events("s", 1), expected=0),
    "post": lambda unit: unit.post("money", [entry("e")]),
    "count": lambda unit: unit.count("c", 1),
    "hold": lambda unit: unit.hold([demand("h")], until=SOON, now=NOW),
    "keep": lambda unit: unit.keep(["h"], now=NOW),
    "take": lambda unit: unit.take(["h"], now=NOW),
    "release": lambda unit: unit.release(["h"]),
    "adjust": lambda unit: unit.adjust("kopi", 1),
    "remember": lambda unit: unit.remember("place", "k", "print", b"1"),
}
READS: Final[dict[str, Use]] = {
    "get": lambda unit: unit.get(NOTES, "a"),
    "read": lambda unit: unit.read(),
    "get_many": lambda unit: unit.get_many(NOTES, ["a"]),
    "find": lambda unit: unit.find(GOODS, "by_rank"),
    "history": lambda unit: unit.history("s"),
    "ledger": lambda unit: unit.ledger("money"),
    "levels": lambda unit: unit.levels(["kopi"], now=NOW),
    "holds": lambda unit: unit.holds(["h"]),
    "seen": lambda unit: unit.seen("place", "k", "print"),
    "value": lambda unit: unit.value("c"),
    "scan": lambda unit: unit.scan(Kind.STOCK),
}
ENDINGS: Final[dict[str, Use]] = {"flush": lambda unit: unit.flush(), "commit": lambda unit: unit.commit()}


class TransactionChecks(Setting):
    """A unit is one change or none."""

    def test_rollback_leaves_no_trace(self, store: Driven) -> None:
        """rollback() takes back documents, facts, histories, ledgers, counters, stock, holds, keys and outbox."""
        with store.unit() as unit:
            write_some_of_everything(unit, "before")
        before = everything(store)

        unit = store.begin()
        write_some_of_everything(unit, "after")
        unit.replace(GOODS, "before", b"2", goods("changed"), expected=1, facts={})
        unit.append("stream-before", events("stream-before", 1, after=2), expected=2)
        unit.count("counter-before", 4)
        unit.take(["hold-before"], now=NOW)
        unit.flush()
        unit.rollback()

        assert before == everything(store)
        with store.reading() as unit:
            assert ["before"] == [doc.id for doc in unit.find(GOODS, "by_code").items]

    def test_a_refusal_leaves_no_trace(self, store: Driven) -> None:
        """When one write of a unit is refused, none of the others has happened."""
        with store.unit() as unit:
            write_some_of_everything(unit, "before")
        before = everything(store)

        with pytest.raises(AlreadyExists), store.unit() as unit:
            write_some_of_everything(unit, "after")
            unit.flush()
            unit.insert(GOODS, "more", b"1", goods("before"))

        assert before == everything(store)

    def test_a_unit_reads_what_it_has_recorded(self, store: Driven) -> None:
        """Every read of a unit sees the writes before it, committed or not."""
        unit = store.begin()
        write_some_of_everything(unit, "a")

        assert b"{}" == unit.get(GOODS, "a").body
        assert ["a"] == [doc.id for doc in unit.find(GOODS, "by_code", equals={"code": "a"}).items]
        assert 2 == len(unit.history("stream-a"))
        assert (entry("a"),) == unit.ledger("money").items
        assert 3 == unit.value("counter-a")
        assert 3 == unit.levels(["stock-a"], now=NOW)["stock-a"].available
        assert 2 == unit.holds(["hold-a"])["hold-a"].quantity
        assert b"done" == unit.seen("place", "a", "print").result
        unit.rollback()

    def test_others_see_committed_states_only(self, store: Driven) -> None:
        """A reading unit sees one consistent state: two documents that change together never differ."""

        async def write(storage: Storage) -> bool:
            async def raise_both(unit: UnitOfWork) -> None:
                for id in ("a", "b"):
                    doc = await resolved(unit.get(NOTES, id))
                    version = doc.version if doc else 0
                    unit.replace(NOTES, id, b"%d" % version, {}, expected=version)
                    await resolved(unit.flush())

            for _ in range(8):
                await patiently(storage, raise_both)
            return True

        async def read(storage: Storage) -> bool:
            same = True
            for _ in range(12):
                unit = await resolved(storage.begin("p", read_only=True))
                try:
                    first = await resolved(unit.get(NOTES, "a"))
                    second = await resolved(unit.get(NOTES, "b"))
                finally:
                    await resolved(unit.rollback())
                same = same and first is not None and second is not None and first.body == second.body
            return same

        with store.unit() as unit:
            unit.insert(NOTES, "a", b"0", {})
            unit.insert(NOTES, "b", b"0", {})
        assert [True, True, True, True] == store.together([write, read, write, read])

    @pytest.mark.parametrize("name", WRITES)
    def test_a_read_only_unit_refuses_writes(self, store: Driven, name: str) -> None:
        """Every write of a read-only unit is refused when it is recorded."""
        with store.reading() as unit, pytest.raises(Misuse):
            WRITES[name](unit)

    @pytest.mark.parametrize("ending", ["commit", "rollback", "refusal"])
    def test_a_closed_unit_refuses_everything(self, store: Driven, ending: str) -> None:
        """After commit, rollback or a refusal, reads, writes, flush and commit are refused; rollback is harmless."""
        unit = store.begin()
        if ending == "refusal":
            unit.adjust("kopi", -1)
            with pytest.raises(StorageError):
                unit.flush()
        else:
            getattr(unit, ending)()

        for use in (WRITES | READS | ENDINGS).values():
            with pytest.raises(Misuse):
                use(unit)
        unit.rollback()

    def test_a_refusal_in_a_read_closes_the_unit(self, store: Driven) -> None:
        """A read sends what was recorded; when that is refused, the read says so and the unit is over."""
        unit = store.begin()
        unit.adjust("kopi", -1)
        with pytest.raises(StorageError):
            unit.value("c")
        with pytest.raises(Misuse):
            unit.value("c")

        with store.unit() as after:
            assert 0 == after.value("c")

    @pytest.mark.parametrize("inner", ["reads", "writes"])
    @pytest.mark.parametrize("outer", ["reads", "writes"])
    def test_a_second_unit_inside_the_first_is_refused(self, store: Driven, outer: str, inner: str) -> None:
        """One thread, or task, has one open unit: another is refused, at once or after a bounded wait."""

        async def nested(storage: Storage) -> None:
            unit = await resolved(storage.begin("p", read_only=outer == "reads"))
            with pytest.raises((Misuse, Busy)):
                await resolved(storage.begin("p", read_only=inner == "reads"))
            assert 0 == await resolved(unit.value("c"))
            await resolved(unit.commit())

        store.drive(nested(store.storage))
        with store.unit() as unit:
            unit.count("c", 1)
        with store.reading() as unit:
            assert 1 == unit.value("c")

    def test_a_history_has_no_gap_and_no_double(self, store: Driven) -> None:
        """append() is refused unless it follows the last event, and its events count on without a gap."""
        with store.unit() as unit:
            unit.append("s", events("s", 2), expected=0)

        for expected in (0, 1, 3):
            with pytest.raises(VersionConflict) as refused, store.unit() as unit:
                unit.append("t", events("t", 1), expected=0)
                unit.append("s", events("s", 1, after=expected), expected=expected)
            assert VersionConflict("history", "s", expected).problem() == refused.value.problem()
        with store.unit() as unit, pytest.raises(Misuse):
            unit.append("s", [event("s", 4)], expected=2)
        with store.reading() as unit:
            assert events("s", 2) == list(unit.history("s"))
            assert [] == list(unit.history("t"))

    def test_a_ledger_takes_an_id_once(self, store: Driven) -> None:
        """post() is refused when an entry's id is taken; ledgers do not share ids."""
        with store.unit() as unit:
            unit.post("money", [entry("a")])
            unit.post("points", [entry("a")])

        with pytest.raises(AlreadyExists) as refused, store.unit() as unit:
            unit.post("money", [entry("b"), entry("a", amount=1)])

        assert AlreadyExists("money", "a", "id").problem() == refused.value.problem()
        with store.reading() as unit:
            assert (entry("a"),) == unit.ledger("money").items


class VersionChecks(Setting):
    """Of those who change one document at once, one wins."""

    def test_of_eight_rivals_one_wins(self, store: Driven) -> None:
        """Eight units replace version 1 at once: one does, seven are told, and the loser's other writes are gone."""
        with store.unit() as unit:
            unit.insert(NOTES, "a", b"0", {})

        def rival(number: int) -> Callable[[Storage], Any]:
            async def replace(unit: UnitOfWork) -> int:
                unit.replace(NOTES, "a", b"%d" % number, {}, expected=1)
                unit.count("winners", 1)
                return number

            return lambda storage: one_try(storage, replace)

        found = store.together([rival(number) for number in range(8)])
        winners = [one for one in found if isinstance(one, int)]
        assert 1 == len(winners)
        assert all(one.retryable for one in found if isinstance(one, StorageError))
        with store.reading() as unit:
            assert b"%d" % winners[0] == unit.get(NOTES, "a").body
            assert 1 == unit.value("winners")

    def test_no_update_is_lost(self, store: Driven) -> None:
        """Eight rivals who read, add one and replace, again when told to, count to eighty together."""
        with store.unit() as unit:
            unit.insert(NOTES, "a", b"0", {})

        async def add_one(unit: UnitOfWork) -> None:
            doc = await resolved(unit.get(NOTES, "a"))
            assert doc is not None
            unit.replace(NOTES, "a", b"%d" % (int(doc.body) + 1), {}, expected=doc.version)

        async def rival(storage: Storage) -> bool:
            for _ in range(10):
                await patiently(storage, add_one)
            return True

        assert [True] * 8 == store.together([rival] * 8)
        with store.reading() as unit:
            assert b"80" == unit.get(NOTES, "a").body
