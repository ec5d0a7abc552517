"""Storages with one fault each: the kit's check that is named for it must fail, and pass without the fault.

A kit that lets a wrong adapter through is worth nothing. Each fault here is one that real shops have had.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.memory.journal import Journal
from tokolib.adapters.memory.outbox import MemoryOutbox
from tokolib.adapters.memory.stock import apply_stock
from tokolib.adapters.memory.unit import MemoryUnit
from tokolib.adapters.memory.writing import apply
from tokolib.adapters.units.writes import Batch, Hold
from tokolib.kernel.hosting import drive
from tokolib.kernel.rows import Claimed, Collection, Demand, HoldState, StoredHold
from tokolib.kernel.storage_errors import CommitUnknown
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import COLLECTIONS, MICROSECOND, events
from tokolib.testing.storage_kit import StorageKit


class Faulty(MemoryStorage):
    """A storage in memory whose units are of another kind."""

    kind: type[MemoryUnit] = MemoryUnit

    def begin(self, partition: str, *, read_only: bool = False) -> MemoryUnit:
        tables = self._enter(partition)
        most = self.capabilities.max_body
        return self.kind(self._shapes, tables, max_body=most, read_only=read_only, leave=self._turn.leave)


def faulty(kind: type[MemoryUnit]) -> type[Faulty]:
    """A storage with units of a kind."""
    return type("Faulty", (Faulty,), {"kind": kind})


class HoldsWithoutLooking(MemoryUnit):
    def hold(self, demands: Sequence[Demand], *, until: datetime | None, now: datetime) -> None:
        tables = self._read()
        for each in demands:
            on_hand, held = tables.stock.get(each.resource, (0, 0))
            self._journal.put(tables.stock, each.resource, (on_hand, held + each.quantity))
            state = HoldState.KEPT if until is None else HoldState.LEASED
            found = StoredHold(each.hold_id, each.resource, each.quantity, each.owner, state, until)
            self._journal.put(tables.holds, each.hold_id, found)


class ReplacesAnyVersion(MemoryUnit):
    def replace(self, collection: Collection, id: str, body: bytes, columns: Any, **rest: Any) -> None:
        doc = self.get(collection, id)
        stored = rest["expected"] if doc is None else doc.version
        super().replace(collection, id, body, columns, **rest | {"expected": stored})


class CountsTheLastMoment(MemoryUnit):
    def keep(self, holds: Sequence[str], *, now: datetime) -> None:
        super().keep(holds, now=now - MICROSECOND)

    def take(self, holds: Sequence[str], *, now: datetime) -> None:
        super().take(holds, now=now - MICROSECOND)


class AnswersTooEarly(Faulty):
    """What a commit has acknowledged happens when the next unit ends."""

    def __init__(self, collections: Sequence[Collection]) -> None:
        super().__init__(collections)
        self.late: list[tuple[Batch, Any]] = []

    def begin(self, partition: str, *, read_only: bool = False) -> MemoryUnit:
        tables, late = self._enter(partition), self.late

        class Early(MemoryUnit):
            def commit(self) -> None:
                batch, self._batch = self._batch, Batch()
                super().commit()
                late.append((batch, tables))

        def leave() -> None:
            while late:
                apply(*late.pop(0), Journal())
            self._turn.leave()

        return Early(self._shapes, tables, max_body=self.capabilities.max_body, read_only=read_only, leave=leave)


class KeepsItsKeys(MemoryUnit):
    def rollback(self) -> None:
        keys = dict(self._tables.keys)
        super().rollback()
        self._tables.keys.update(keys)


class HoldsWhatItCan(MemoryUnit):
    def hold(self, demands: Sequence[Demand], *, until: datetime | None, now: datetime) -> None:
        for each in demands[:-1]:
            apply_stock(Batch(stock=[Hold(each, until, now)]), self._read(), Journal())
        super().hold(demands[-1:], until=until, now=now)


class NeverExpires(MemoryUnit):
    def hold(self, demands: Sequence[Demand], *, until: datetime | None, now: datetime) -> None:
        super().hold(demands, until=None, now=now)


class LendsToEverybody(Faulty):
    def outbox(self, partition: str) -> MemoryOutbox:
        found = super().outbox(partition)
        claim = found.claim
        found.claim = lambda *, lease, **rest: claim(lease=MICROSECOND, **rest)  # type: ignore[method-assign]
        return found


class AsksBehindTheLast(Faulty):
    """Whose relay asks for ids above the last one that it saw."""

    def __init__(self, collections: Sequence[Collection]) -> None:
        super().__init__(collections)
        self.last = ""

    def outbox(self, partition: str) -> MemoryOutbox:
        found = super().outbox(partition)
        claim = found.claim

        def above(**given: Any) -> Sequence[Claimed]:
            claimed = [each for each in claim(**given) if each.event.id > self.last]
            self.last = max([self.last, *(each.event.id for each in claimed)])
            return claimed

        found.claim = above  # type: ignore[method-assign]
        return found


class ForgetsTheTenant(Faulty):
    def begin(self, partition: str, *, read_only: bool = False) -> MemoryUnit:
        return super().begin("everybody", read_only=read_only)


class ReleasesTwice(MemoryUnit):
    def release(self, holds: Sequence[str]) -> None:
        tables = self._read()
        for id in holds:
            found = tables.holds.get(id)
            if found is not None and found.state is HoldState.RELEASED:
                on_hand, held = tables.stock[found.resource]
                self._journal.put(tables.stock, found.resource, (on_hand, held - found.quantity))
        super().release(holds)


class GuessesTheZone(MemoryUnit):
    def hold(self, demands: Sequence[Demand], *, until: datetime | None, now: datetime) -> None:
        super().hold(demands, until=None if until is None else until.replace(tzinfo=UTC), now=now)


class WritesFactsApart(MemoryUnit):
    def rollback(self) -> None:
        tables = self._tables
        facts = {(name, id): kept.facts for name, docs in tables.documents.items() for id, kept in docs.kept.items()}
        super().rollback()
        for (name, id), rows in facts.items():
            docs = tables.documents[name]
            if (kept := docs.kept.get(id)) is not None:
                docs.change(id, kept._replace(facts=rows))


Fault = Callable[[pytest.MonkeyPatch], type[MemoryStorage]]


def retries_blindly(patch: pytest.MonkeyPatch) -> type[MemoryStorage]:
    """The core takes a lost answer for a refusal."""
    patch.setattr(CommitUnknown, "retryable", True)
    return MemoryStorage


def of(storage: type[MemoryStorage]) -> Fault:
    """The fault is the storage's."""
    return lambda _: storage


FAULTS: Mapping[str, tuple[Fault, str, Mapping[str, Any]]] = {
    "predicate dropped": (of(faulty(HoldsWithoutLooking)), "test_stock_is_never_oversold", {}),
    "version unchecked": (of(faulty(ReplacesAnyVersion)), "test_a_stale_version_is_refused", {"expected": 1}),
    "expiry boundary": (of(faulty(CountsTheLastMoment)), "test_a_lease_ends_at_its_moment", {}),
    "ack before commit": (of(AnswersTooEarly), "test_what_commit_answered_is_there", {}),
    "key not rolled back": (of(faulty(KeepsItsKeys)), "test_a_key_is_forgotten_with_its_unit", {}),
    "partial all-or-nothing": (of(faulty(HoldsWhatItCan)), "test_all_demands_are_held_or_none", {}),
    "outbox by the last id": (of(AsksBehindTheLast), "test_a_late_event_is_not_skipped", {}),
    "lease ignored (outbox)": (of(LendsToEverybody), "test_a_claimed_event_waits_for_its_lease", {}),
    "lease ignored (stock)": (of(faulty(NeverExpires)), "test_a_lease_that_ran_out_frees_its_stock", {}),
    "tenant dropped": (of(ForgetsTheTenant), "test_partitions_do_not_see_each_other", {}),
    "double release": (of(faulty(ReleasesTwice)), "test_a_release_gives_back_once", {}),
    "naive time": (of(faulty(GuessesTheZone)), "test_a_naive_instant_passes_nowhere", {"name": "hold, until"}),
    "facts outside the transaction": (of(faulty(WritesFactsApart)), "test_rollback_leaves_no_trace", {}),
    "blind retry": (retries_blindly, "test_an_unknown_commit_is_not_repeated", {"happens": True}),
}


def run(check: str, storage: type[MemoryStorage], given: Mapping[str, Any]) -> None:
    """Run a check of the kit as pytest would, on a fresh storage."""
    store = Driven(storage(COLLECTIONS), drive)
    store.migrate()
    wanted = inspect.signature(getattr(StorageKit, check)).parameters
    if "stocked" in wanted:
        with store.unit() as unit:
            unit.adjust("kopi", 10)
            unit.adjust("teh", 10)
    if "sent" in wanted:
        with store.unit() as unit:
            unit.append("b", events("b", 2), expected=0)
            unit.append("a", events("a", 3), expected=0)
    fixtures = {"store": store, "stocked": store, "sent": store, "reopen": lambda _: storage(COLLECTIONS)} | dict(given)
    getattr(StorageKit(), check)(**{name: fixtures[name] for name in wanted if name != "self"})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_bug_is_caught_by_its_check(
    fault: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """The check sees the fault by itself: it fails in what it asserts, and in nothing that breaks on the way."""
    make, check, given = FAULTS[fault]

    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run(check, make(monkeypatch), given)
    record_property("counted", f"caught by {check}")


@pytest.mark.parametrize("fault", FAULTS)
def test_its_check_passes_without_the_bug(fault: str) -> None:
    """It is the fault that the check sees, and nothing else."""
    _, check, given = FAULTS[fault]

    run(check, MemoryStorage, given)
