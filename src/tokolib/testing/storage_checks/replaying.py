"""Checks of what was sent: sent again, or forgotten."""

from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from tokolib.kernel.errors import NaiveDatetime
from tokolib.kernel.rows import Claimed, Kind
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.sending_again import HOUR, LEASE, claimed, dead
from tokolib.testing.storage_checks.setting import MICROSECOND, NOW, Setting, event, events, everything


class ReplayChecks(Setting):
    """What was delivered can go out again, until it is purged."""

    @pytest.fixture
    def delivered(self, store: Driven) -> Driven:
        """Three events of stream a, done at NOW, an hour and two hours later; one of stream b, done with the second."""
        with store.unit() as unit:
            unit.append("a", events("a", 3), expected=0)
            unit.append("b", events("b", 1), expected=0)
        outbox = store.outbox()
        outbox.claim(now=NOW, lease=LEASE)
        outbox.done(["a.1"], now=NOW)
        outbox.done(["a.2", "b.1"], now=NOW + HOUR)
        outbox.done(["a.3"], now=NOW + 2 * HOUR)
        return store

    def test_what_was_done_in_a_time_goes_out_again(self, delivered: Driven) -> None:
        """replay() takes what was done from *since* on and before *until*, and nothing else; it counts them."""
        later = NOW + 9 * HOUR
        outbox = delivered.outbox()
        assert 0 == outbox.replay(since=NOW + HOUR, until=NOW + HOUR, now=later)
        assert 0 == outbox.replay(since=NOW + 2 * HOUR, until=NOW, now=later)
        assert 2 == outbox.replay(since=NOW + HOUR, until=NOW + 2 * HOUR, now=later)

        assert ["a.2", "b.1"] == claimed(delivered, later)
        assert 1 == outbox.replay(since=NOW + HOUR, until=NOW + 2 * HOUR + MICROSECOND, now=later)

    def test_a_replayed_event_starts_anew(self, store: Driven) -> None:
        """A replayed event has no tries, is due at once, and is done at the moment of its new delivery."""
        with store.unit() as unit:
            unit.append("s", events("s", 1), expected=0)
        outbox = store.outbox()
        outbox.retry("s.1", at=NOW + 9 * HOUR, error="no")
        outbox.done(["s.1"], now=NOW)

        assert 1 == outbox.replay(since=NOW, until=NOW + HOUR, now=NOW + HOUR)
        assert [Claimed(event("s", 1), 0)] == list(outbox.claim(now=NOW + HOUR, lease=LEASE))
        outbox.done(["s.1"], now=NOW + 2 * HOUR)
        assert 0 == outbox.replay(since=NOW, until=NOW + 2 * HOUR, now=NOW + 3 * HOUR)
        assert 1 == outbox.replay(since=NOW + 2 * HOUR, until=NOW + 3 * HOUR, now=NOW + 3 * HOUR)

    def test_replaying_twice_is_harmless(self, delivered: Driven) -> None:
        """A second replay() finds nothing to do: what waits already goes out once, and keeps its lease."""
        later, outbox = NOW + 9 * HOUR, delivered.outbox()
        times: dict[str, Any] = {"since": NOW, "until": NOW + 3 * HOUR}
        assert 4 == outbox.replay(**times, now=later)
        assert ["a.1", "a.2", "a.3", "b.1"] == claimed(delivered, later)
        assert 0 == outbox.replay(**times, now=later)
        assert [] == claimed(delivered, later)

    def test_a_replayed_stream_keeps_its_order(self, delivered: Driven) -> None:
        """Replayed events stand before the ones of their stream that were never delivered, in their own order."""
        later, outbox = NOW + 9 * HOUR, delivered.outbox()
        with delivered.unit() as unit:
            unit.append("a", events("a", 2, after=3), expected=3)
        outbox.bury("a.5", now=NOW, error="no")
        assert 4 == outbox.replay(since=NOW, until=NOW + 3 * HOUR, now=later)

        first = [one.event.id for one in outbox.claim(now=later, lease=LEASE) if one.event.stream == "a"]
        assert ["a.1", "a.2", "a.3", "a.4"] == first
        assert ["a.5"] == dead(delivered)

    def test_a_dead_letter_is_not_replayed(self, delivered: Driven) -> None:
        """replay() is for what was delivered; a dead letter in between goes on waiting, its stream behind it."""
        later, outbox = NOW + 9 * HOUR, delivered.outbox()
        outbox.replay(since=NOW, until=NOW + 3 * HOUR, now=later)
        outbox.bury("a.2", now=later, error="no")
        assert ["a.1", "b.1"] == claimed(delivered, later)
        outbox.done(["a.1", "b.1"], now=later)

        assert 2 == outbox.replay(since=NOW, until=later + MICROSECOND, now=later)
        assert ["a.1", "b.1"] == claimed(delivered, later)
        assert ["a.2"] == dead(delivered)

    def test_what_is_purged_is_forgotten_but_its_history_stays(self, delivered: Driven) -> None:
        """purge() forgets what was done before a moment, which can't be replayed then; histories stay whole."""
        outbox = delivered.outbox()
        assert 3 == outbox.purge(before=NOW + 2 * HOUR)
        assert 0 == outbox.purge(before=NOW + 2 * HOUR)

        assert ["a.3"] == [row.event_id for row in everything(delivered)[Kind.OUTBOX]]
        assert ["a.1", "a.2", "a.3", "b.1"] == [row.id for row in everything(delivered)[Kind.HISTORY]]
        assert 1 == outbox.replay(since=NOW, until=NOW + 9 * HOUR, now=NOW + 9 * HOUR)
        assert ["a.3"] == claimed(delivered, NOW + 9 * HOUR)

    def test_a_purged_event_is_gone_for_the_outbox(self, delivered: Driven) -> None:
        """No late word about a purged event brings it back, and its stream goes on."""
        outbox = delivered.outbox()
        outbox.purge(before=NOW + 9 * HOUR)
        outbox.done(["a.1"], now=NOW)
        outbox.retry("a.2", at=NOW, error="late")
        outbox.bury("a.3", now=NOW, error="late")

        assert [] == everything(delivered)[Kind.OUTBOX]
        assert [] == claimed(delivered, NOW + 9 * HOUR)
        with delivered.unit() as unit:
            unit.append("a", events("a", 1, after=3), expected=3)
        assert ["a.4"] == claimed(delivered, NOW + 9 * HOUR)

    def test_only_what_was_done_is_purged(self, store: Driven) -> None:
        """What waits, what is claimed, and dead letters stay, however old; an event done at *before* does too."""
        with store.unit() as unit:
            for stream in ("waiting", "claimed", "dead", "done"):
                unit.append(stream, [event(stream, 1, at=NOW - 9 * HOUR)], expected=0)
        outbox = store.outbox()
        outbox.claim(now=NOW, lease=LEASE)
        outbox.retry("waiting.1", at=NOW, error="no")
        outbox.bury("dead.1", now=NOW - 9 * HOUR, error="no")
        outbox.done(["done.1"], now=NOW)

        assert 0 == outbox.purge(before=NOW)
        assert 1 == outbox.purge(before=NOW + MICROSECOND)
        assert ["dead.1"] == dead(store)
        assert ["claimed.1", "waiting.1"] == claimed(store, NOW + LEASE)

    def test_clocks_of_relays_may_differ(self, store: Driven) -> None:
        """replay() and purge() go by the moment of each delivery, whatever the order in which they were told."""
        with store.unit() as unit:
            for stream in ("a", "b", "c"):
                unit.append(stream, events(stream, 1), expected=0)
        outbox = store.outbox()
        for id, at in (("a.1", NOW + 2 * HOUR), ("b.1", NOW), ("c.1", NOW + HOUR)):
            outbox.done([id], now=at)

        assert 1 == outbox.replay(since=NOW, until=NOW + HOUR, now=NOW)
        assert ["b.1"] == claimed(store, NOW)
        assert 1 == outbox.purge(before=NOW + 2 * HOUR)
        assert ["a.1", "b.1"] == [row.event_id for row in everything(store)[Kind.OUTBOX]]

    def test_a_partition_is_replayed_and_purged_by_itself(self, delivered: Driven) -> None:
        """Another partition, with events of the same ids, is neither replayed nor purged with it."""
        with delivered.unit("q") as unit:
            unit.append("a", events("a", 1), expected=0)
        delivered.outbox("q").done(["a.1"], now=NOW)

        assert 1 == delivered.outbox("q").replay(since=NOW, until=NOW + HOUR, now=NOW)
        delivered.outbox("q").done(["a.1"], now=NOW)
        assert [] == claimed(delivered, NOW)
        assert 1 == delivered.outbox("q").purge(before=NOW + HOUR)
        assert 4 == len(everything(delivered)[Kind.OUTBOX])

    def test_the_outbox_reads_no_naive_instant(self, delivered: Driven) -> None:
        """An instant without a zone is refused by every call, even one about nothing; nothing is changed."""
        naive, outbox = NOW.replace(tzinfo=None), delivered.outbox()
        calls: list[Any] = [
            lambda: outbox.claim(now=naive, lease=LEASE),
            lambda: outbox.done([], now=naive),
            lambda: outbox.retry("a.1", at=naive, error=""),
            lambda: outbox.bury("a.1", now=naive, error=""),
            lambda: outbox.revive([], now=naive),
            lambda: outbox.replay(since=naive, until=NOW + HOUR, now=NOW),
            lambda: outbox.replay(since=NOW, until=naive, now=NOW),
            lambda: outbox.replay(since=NOW, until=NOW + HOUR, now=naive),
            lambda: outbox.purge(before=naive),
        ]
        before = everything(delivered)
        for call in calls:
            with pytest.raises(NaiveDatetime):
                call()
        assert before == everything(delivered)
        assert 4 == outbox.replay(since=NOW, until=NOW + 3 * HOUR, now=NOW)

    def test_instants_of_the_outbox_are_told_in_utc(self, store: Driven) -> None:
        """Instants are compared as such, whatever zone they are given in, and answered in UTC, to the microsecond."""
        jakarta = NOW.astimezone(timezone(timedelta(hours=7)))
        with store.unit() as unit:
            unit.append("s", events("s", 2), expected=0)
        store.outbox().bury("s.1", now=jakarta, error="no")

        (letter,) = store.outbox().dead().items
        assert (NOW, UTC) == (letter.buried_at, letter.buried_at.tzinfo)
        store.outbox().done(["s.1"], now=jakarta)
        assert 1 == store.outbox().replay(since=NOW, until=NOW + MICROSECOND, now=jakarta)
