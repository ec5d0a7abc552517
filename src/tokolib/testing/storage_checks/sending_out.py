"""The outbox: every committed event goes out, in the order of its stream, to one relay at a time."""

from datetime import timedelta
from typing import Any, Final

import pytest

from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Claimed, Kind, StoredEvent
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import AlreadyExists, Misuse, StorageError
from tokolib.testing.storage_checks.driven import PATIENCE, Driven
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
