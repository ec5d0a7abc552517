"""Commands on a storage: `Work` runs a step again when that is safe, and never when it isn't."""

from typing import Any, Final

import pytest

from tokolib.kernel.ctx import AllowAll, Ctx
from tokolib.kernel.hosting import MaybeAwaitable, resolved
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import CommitUnknown, VersionConflict
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work, once
from tokolib.testing.clock import ManualClock
from tokolib.testing.ids import SeededIds
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import Setting

LOST: Final = "the wire broke"


class OnceLost:
    """*inner*, whose first commit happens, or doesn't, and is never answered."""

    def __init__(self, inner: Storage, *, happens: bool) -> None:
        self._inner = inner
        self._happens = happens
        self._answers = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def begin(self, partition: str, *, read_only: bool = False) -> Any:
        """An open unit."""
        unit = await resolved(self._inner.begin(partition, read_only=read_only))
        if read_only or self._answers:
            return unit
        self._answers = True
        return _Unanswered(unit, happens=self._happens)


class _Unanswered:
    def __init__(self, inner: UnitOfWork, *, happens: bool) -> None:
        self._inner = inner
        self._happens = happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def commit(self) -> None:
        ending: MaybeAwaitable[None] = self._inner.commit() if self._happens else self._inner.rollback()
        await resolved(ending)
        raise CommitUnknown(LOST)


def work_on(storage: Any) -> Work:
    """The wiring of a service that needs no repository."""
    return Work(storage, {}, ManualClock(), SeededIds(), AllowAll(), Ctx())


class CommandChecks(Setting):
    """What the core does with a storage's answers, on this storage."""

    @pytest.mark.parametrize("happens", [True, False], ids=["it happened", "it did not"])
    def test_an_unknown_commit_is_not_repeated(self, store: Driven, happens: bool) -> None:
        """When the answer to a commit is lost, the command says so and runs once: nobody knows whether it happened."""
        runs: list[Unit] = []

        async def step(unit: Unit) -> None:
            runs.append(unit)
            unit.count("sold", 1)

        with pytest.raises(CommitUnknown):
            store.drive(work_on(OnceLost(store.storage, happens=happens)).write("sell", step))

        assert 1 == len(runs)
        with store.reading(Ctx().tenant) as unit:
            assert int(happens) == unit.value("sold")

    @pytest.mark.parametrize("happens", [True, False], ids=["it happened", "it did not"])
    def test_a_key_tells_what_an_unknown_commit_did(self, store: Driven, happens: bool) -> None:
        """Sent again with its key, a command whose commit went unanswered has happened exactly once."""
        work = work_on(OnceLost(store.storage, happens=happens))

        async def step(unit: Unit) -> tuple[str, bool]:
            async def sell() -> str:
                unit.count("sold", 1)
                return "sold"

            return await once(unit, "sell", "web-1", {"sku": "kopi"}, sell)

        with pytest.raises(CommitUnknown):
            store.drive(work.write("sell", step))
        assert ("sold", not happens) == store.drive(work.write("sell", step))
        assert ("sold", False) == store.drive(work.write("sell", step))
        with store.reading(Ctx().tenant) as unit:
            assert 1 == unit.value("sold")

    def test_a_conflict_runs_the_whole_step_again(self, store: Driven) -> None:
        """After a retryable refusal the step runs anew in a new unit, and what the first run recorded is gone."""
        runs: list[int] = []

        async def step(unit: Unit) -> None:
            runs.append(await unit.counter("sold"))
            unit.count("sold", 1)
            if len(runs) == 1:
                await unit.flush()
                raise VersionConflict("goods", "a", 1)

        store.drive(work_on(store.storage).write("sell", step))

        assert [0, 0] == runs
        with store.reading(Ctx().tenant) as unit:
            assert 1 == unit.value("sold")
