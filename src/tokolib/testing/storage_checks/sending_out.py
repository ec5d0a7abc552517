"""The outbox: every committed event goes out, in the order of its stream, to one relay at a time.

What can't be delivered, and what goes out again, stands in `sending_again`.
"""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from typing import Any, Final

import attrs
import pytest

from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Claimed, Kind, StoredEvent
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import AlreadyExists, Misuse, StorageError
from tokolib.testing.storage_checks.driven import PATIENCE, Driven, Job, insisted, patiently
from tokolib.testing.storage_checks.setting import MICROSECOND, NOW, Setting, event, events, everything

LEASE: Final = timedelta(minutes=1)


def ids(claimed: Any) -> list[str]:
    """The ids of claimed events."""
    return [one.event.id for one in claimed]


class OutboxChecks(Setting):
    """Events are claimed under a lease, then done or given back."""

    @pytest.fixture
    def sent(self, store: Driven) -> Driven:
        """Three events in stream a, two in stream b."""
        with store.unit() as unit:
            unit.append("b", events("b", 2), expected=0)
            unit.append("a", events("a", 3), expected=0)
        return store

    def test_only_committed_events_go_out(self, store: Driven) -> None:
        """What was rolled back is never claimed; what was committed is, whole."""
        unit = store.begin()
        unit.append("s", events("s", 1), expected=0)
        unit.flush()
        unit.rollback()
        assert [] == list(store.outbox().claim(now=NOW, lease=LEASE))

        with store.unit() as unit:
            unit.append("s", events("s", 1), expected=0)
        assert [Claimed(event("s", 1), 0)] == list(store.outbox().claim(now=NOW, lease=LEASE))
        assert [] == list(store.outbox("q").claim(now=NOW, lease=LEASE))

    def test_an_event_has_an_id_of_its_own(self, sent: Driven) -> None:
        """append() of an event whose id is taken in the partition is refused."""
        with pytest.raises(AlreadyExists), sent.unit() as unit:
            unit.append("c", [StoredEvent("a.1", "c", 1, "t", b"", NOW)], expected=0)

    def test_a_claimed_event_waits_for_its_lease(self, sent: Driven) -> None:
        """Claimed events are nobody else's until the lease ends; then they go out again."""
        outbox = sent.outbox()
        first = ids(outbox.claim(now=NOW, lease=LEASE))

        assert {"a.1", "a.2", "a.3", "b.1", "b.2"} == set(first)
        assert [] == ids(outbox.claim(now=NOW + LEASE - MICROSECOND, lease=LEASE))
        assert set(first) == set(ids(outbox.claim(now=NOW + LEASE, lease=LEASE)))

    def test_done_events_stay_but_go_out_no_more(self, sent: Driven) -> None:
        """done() ends the way of an event, which can still be read; again, or for an unknown id, it is harmless."""
        outbox = sent.outbox()
        outbox.claim(now=NOW, lease=LEASE)
        for _ in range(2):
            outbox.done(["a.1", "a.2", "b.1", "unknown"], now=NOW)
        outbox.done([], now=NOW)

        assert ["a.3", "b.2"] == sorted(ids(outbox.claim(now=NOW + LEASE, lease=LEASE)))
        rows = {row.event_id: row.done for row in everything(sent)[Kind.OUTBOX]}
        assert {"a.1": True, "a.2": True, "a.3": False, "b.1": True, "b.2": False} == rows
        assert 5 == len(everything(sent)[Kind.HISTORY])

    def test_an_event_given_back_waits_and_counts(self, sent: Driven) -> None:
        """retry() sets the moment of the next claim and raises the tries by one; a done event stays done."""
        outbox = sent.outbox()
        outbox.claim(now=NOW, lease=LEASE)
        outbox.done(["a.1", "a.2", "b.1", "b.2"], now=NOW)
        outbox.retry("a.1", at=NOW, error="late")
        later = NOW + timedelta(hours=1)
        outbox.retry("a.3", at=later, error="no route to host")

        assert [] == ids(outbox.claim(now=later - MICROSECOND, lease=LEASE))
        assert [Claimed(event("a", 3), 1)] == list(outbox.claim(now=later, lease=LEASE))

    def test_an_event_given_back_goes_out_without_the_leased_ones_behind_it(self, sent: Driven) -> None:
        """retry() frees one event; those behind it are still another relay's until their lease ends."""
        outbox = sent.outbox()
        outbox.claim(now=NOW, lease=LEASE)
        outbox.retry("a.1", at=NOW, error="no")

        assert ["a.1"] == ids(outbox.claim(now=NOW, lease=2 * LEASE))
        assert ["b.1", "b.2"] == ids(outbox.claim(now=NOW + LEASE, lease=LEASE))

    def test_a_claim_of_nothing_is_refused_and_leases_nothing(self, sent: Driven) -> None:
        """claim() of no events, for no time or for ever, is refused, whatever waits; nothing is leased by it."""
        wrong: list[dict[str, Any]] = [
            {"limit": 0},
            {"limit": True},
            {"lease": timedelta(0)},
            {"lease": -LEASE},
            {"lease": timedelta.max},
        ]
        for question in wrong:
            for partition in ("p", "q"):
                with pytest.raises(Misuse):
                    sent.outbox(partition).claim(**{"now": NOW, "lease": LEASE} | question)

        assert 5 == len(sent.outbox().claim(now=NOW, lease=LEASE))

    def test_a_stream_keeps_its_order(self, sent: Driven) -> None:
        """Events of a stream go out in order, and none overtakes an earlier one that waits."""
        outbox = sent.outbox()
        first = ids(outbox.claim(now=NOW, lease=LEASE, limit=1))
        assert first[0] in ("a.1", "b.1")
        stream = first[0][0]
        other = "b" if stream == "a" else "a"

        assert all(id.startswith(other) for id in ids(outbox.claim(now=NOW, lease=LEASE)))
        outbox.retry(first[0], at=NOW + timedelta(hours=1), error="no")
        rest = NOW + 2 * LEASE
        assert all(id.startswith(other) for id in ids(outbox.claim(now=rest, lease=LEASE)))
        outbox.done(first, now=rest)
        again = [id for id in ids(outbox.claim(now=rest, lease=LEASE)) if id.startswith(stream)]
        assert again == sorted(again)
        assert f"{stream}.2" == again[0]

    def test_pages_of_a_stream_follow_each_other(self, store: Driven) -> None:
        """A backlog longer than a claim is drained in order, one claim after the other."""
        with store.unit() as unit:
            unit.append("s", events("s", 120), expected=0)

        outbox, found = store.outbox(), []
        while claimed := ids(outbox.claim(now=NOW, lease=LEASE, limit=50)):
            outbox.done(claimed, now=NOW)
            found += claimed
        assert [f"s.{seq}" for seq in range(1, 121)] == found

    def test_a_late_event_is_not_skipped(self, sent: Driven) -> None:
        """An event is found whatever was claimed before it: its stream, its id and its instant may all be earlier."""
        outbox = sent.outbox()
        outbox.done(ids(outbox.claim(now=NOW, lease=LEASE)), now=NOW)
        with sent.unit() as unit:
            unit.append("_", [event("_", 1, at=NOW - timedelta(hours=1))], expected=0)
        with sent.unit() as unit:
            unit.append("a", [event("a", 4, at=NOW - timedelta(hours=2))], expected=3)

        assert ["_.1", "a.4"] == sorted(ids(outbox.claim(now=NOW, lease=LEASE)))

    def test_a_long_backlog_is_drained_in_bounded_memory(self, store: Driven) -> None:
        """claim() answers no more than its limit, and needs memory for that much only, however long the backlog is."""
        streams, each, body = 500, 20, b"x" * 1_000
        for first in range(0, streams, 100):
            with store.unit() as unit:
                for number in range(first, first + 100):
                    named = f"s{number}"
                    unit.append(named, [attrs.evolve(one, payload=body) for one in events(named, each)], expected=0)

        outbox, found, peaks = store.outbox(), list[str](), list[int]()
        while True:
            with _peak(peaks) if len(peaks) < 3 else nullcontext():
                claimed = list(outbox.claim(now=NOW, lease=LEASE, limit=200))
            if not claimed:
                break
            assert len(claimed) <= 200
            outbox.done(ids(claimed), now=NOW)
            found += ids(claimed)

        assert streams * each == len(found)
        place = {id: number for number, id in enumerate(found)}
        for number in range(streams):
            order = [place[f"s{number}.{seq}"] for seq in range(1, each + 1)]
            assert order == sorted(order)
        assert max(peaks) < streams * each * len(body) // 4

    def test_two_relays_share_no_event(self, store: Driven) -> None:
        """Relays that claim at once get different events, and together all of them."""
        with store.unit() as unit:
            for number in range(40):
                unit.append(f"s{number}", events(f"s{number}", 1), expected=0)

        async def relay(storage: Storage) -> list[str]:
            outbox, found, busy = storage.outbox("p"), list[str](), 0
            while busy < PATIENCE:
                try:
                    claimed = await resolved(outbox.claim(now=NOW, lease=LEASE, limit=4))
                except StorageError as error:
                    assert error.retryable
                    busy += 1
                    await resolved(storage.pause(busy))
                    continue
                if not claimed:
                    break
                found += [one.event.id for one in claimed]
            return found

        answers = store.together([relay] * 4)
        found = [id for one in answers if isinstance(one, list) for id in one]
        assert 40 == len(found)
        assert 40 == len(set(found))

    def test_events_of_units_that_commit_side_by_side_all_go_out(self, store: Driven) -> None:
        """A relay that runs while units commit, in whatever order, misses none and turns no stream round."""
        finished: list[str] = []

        def writer(name: str) -> Job[list[str]]:
            async def write(storage: Storage) -> list[str]:
                try:
                    for seq in range(10):
                        await patiently(storage, partial(_append_slowly, storage=storage, stream=name, seq=seq))
                finally:
                    finished.append(name)
                return []

            return write

        async def relay(storage: Storage) -> list[str]:
            outbox, found, tries = storage.outbox("p"), list[str](), 0
            while True:
                over, tries = len(finished) == 2, tries + 1
                try:
                    claimed = ids(await resolved(outbox.claim(now=NOW, lease=LEASE, limit=3)))
                except StorageError as error:
                    assert error.retryable
                    claimed, over = [], False
                if over and not claimed:
                    return found
                found += claimed
                await insisted(storage, partial(outbox.done, claimed, now=NOW))
                await resolved(storage.pause(min(tries, 3)))

        answers = store.together([writer("a"), writer("b"), relay])
        found = answers[-1]
        assert isinstance(found, list)
        for stream in ("a", "b"):
            assert [f"{stream}.{seq}" for seq in range(1, 11)] == [id for id in found if id.startswith(stream)]
        assert 20 == len(found)


async def _append_slowly(unit: UnitOfWork, storage: Storage, stream: str, seq: int) -> None:
    """Leave some time between what is sent and its commit, where another unit may overtake."""
    unit.append(stream, [event(stream, seq + 1)], expected=seq)
    await resolved(unit.flush())
    await resolved(storage.pause(2))


@contextmanager
def _peak(peaks: list[int]) -> Iterator[None]:
    """Note how many more bytes than before were in use at the same time."""
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        yield
        peaks.append(tracemalloc.get_traced_memory()[1] - before)
    finally:
        if not tracing:
            tracemalloc.stop()
