"""The outbox when something went wrong: dead letters, replay, purge."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from tokolib.kernel.rows import Claimed, DeadLetter, Kind
from tokolib.kernel.storage_errors import BadCursor, Misuse
from tokolib.testing.storage_checks.driven import Driven
from tokolib.testing.storage_checks.setting import MICROSECOND, NOW, Setting, event, events, everything, pages

LEASE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)


def claimed(store: Driven, now: datetime, partition: str = "p") -> list[str]:
    """The ids that a claim answers, sorted: streams have an order inside, and none among them."""
    return sorted(one.event.id for one in store.outbox(partition).claim(now=now, lease=LEASE))


def dead(store: Driven, partition: str = "p") -> list[str]:
    """The ids of all dead letters, in their order."""
    return [letter.event.id for letter in pages(store.outbox(partition).dead)]


class DeadLetterChecks(Setting):
    """What can't be delivered waits for somebody's decision."""

    @pytest.fixture
    def queued(self, store: Driven) -> Driven:
        """Three events in stream a, two in stream b."""
        with store.unit() as unit:
            unit.append("a", events("a", 3), expected=0)
            unit.append("b", events("b", 2), expected=0)
        return store

    def test_a_dead_letter_holds_back_its_stream_and_no_other(self, queued: Driven) -> None:
        """bury() ends the tries of an event: it is never claimed, its stream waits behind it, and others go on."""
        assert ["a.1", "a.2", "a.3", "b.1", "b.2"] == claimed(queued, NOW)
        queued.outbox().done(["a.1"], now=NOW)
        queued.outbox().bury("a.2", now=NOW, error="too large")

        assert ["b.1", "b.2"] == claimed(queued, NOW + HOUR)
        with queued.unit() as unit:
            unit.append("a", events("a", 1, after=3), expected=3)
            unit.append("b", events("b", 1, after=2), expected=2)
        assert ["b.1", "b.2", "b.3"] == claimed(queued, NOW + 2 * HOUR)

    def test_a_dead_letter_says_what_it_is(self, queued: Driven) -> None:
        """dead() answers the event, its tries with the last one, what that ended with, and when it was given up."""
        queued.outbox().retry("a.1", at=NOW, error="no route to host")
        queued.outbox().retry("a.1", at=NOW, error="no route to host")
        queued.outbox().bury("a.1", now=NOW + MICROSECOND, error="unknown topic ☕")

        page = queued.outbox().dead()
        assert (DeadLetter(event("a", 1), 3, "unknown topic ☕", NOW + MICROSECOND),) == page.items
        assert page.after is None
        rows = {row.event_id: (row.done, row.buried, row.tries) for row in everything(queued)[Kind.OUTBOX]}
        assert (False, True, 3) == rows["a.1"]

    @pytest.mark.parametrize("error", ["nul\0", "half \ud83d", b"no", None])
    def test_what_a_try_ended_with_is_text(self, queued: Driven, error: Any) -> None:
        """retry() and bury() refuse what no backend keeps as text, for an unknown event too; nothing is moved."""
        outbox = queued.outbox()
        for id in ("a.1", "unknown"):
            with pytest.raises(Misuse):
                outbox.retry(id, at=NOW + HOUR, error=error)
            with pytest.raises(Misuse):
                outbox.bury(id, now=NOW, error=error)

        assert ["a.1", "a.2", "a.3", "b.1", "b.2"] == claimed(queued, NOW)

    def test_any_event_may_be_buried_but_a_done_one(self, queued: Driven) -> None:
        """bury() needs no claim; a done event stays done, and an unknown one is nothing to bury."""
        outbox = queued.outbox()
        outbox.done(["a.1"], now=NOW)
        outbox.bury("a.1", now=NOW, error="late")
        outbox.bury("a.3", now=NOW, error="out of the middle")
        outbox.bury("unknown", now=NOW, error="what?")

        assert ["a.3"] == dead(queued)
        assert ["a.2", "b.1", "b.2"] == claimed(queued, NOW)

    def test_a_dead_letter_is_given_back_by_no_retry(self, queued: Driven) -> None:
        """retry() of a dead letter changes nothing, however late it comes."""
        queued.outbox().bury("a.1", now=NOW, error="too large")
        queued.outbox().retry("a.1", at=NOW, error="late")

        (letter,) = queued.outbox().dead().items
        assert DeadLetter(event("a", 1), 1, "too large", NOW) == letter
        assert ["b.1", "b.2"] == claimed(queued, NOW)

    def test_dead_letters_are_listed_in_order_in_pages(self, store: Driven) -> None:
        """dead() goes by stream and sequence number, page by page, whatever the order in which they were buried."""
        with store.unit() as unit:
            for stream in ("c", "a", "b"):
                unit.append(stream, events(stream, 11), expected=0)
        outbox = store.outbox()
        for seq in (11, 2, 10):
            for stream in ("b", "c", "a"):
                outbox.bury(f"{stream}.{seq}", now=NOW - seq * HOUR, error="no")

        expected = [f"{stream}.{seq}" for stream in ("a", "b", "c") for seq in (2, 10, 11)]
        assert expected == dead(store)
        first = outbox.dead(limit=4)
        assert expected[:4] == [letter.event.id for letter in first.items]
        outbox.done(expected[:5], now=NOW)
        assert expected[5:7] == [letter.event.id for letter in outbox.dead(after=first.after, limit=2).items]

    def test_a_page_of_dead_letters_is_asked_for_properly(self, queued: Driven) -> None:
        """dead() refuses a page of nothing, and a cursor of another question."""
        for limit in (0, -1, True):
            with pytest.raises(Misuse):
                queued.outbox().dead(limit=limit)
        for cursor in ("", "a", '["a"]', "[1,2,3]"):
            with pytest.raises(BadCursor):
                queued.outbox().dead(after=cursor)

    def test_a_revived_letter_goes_out_with_no_tries(self, queued: Driven) -> None:
        """revive() lets dead letters go out at once, as if for the first time, their streams behind them."""
        outbox = queued.outbox()
        for id in ("a.1", "b.1"):
            outbox.retry(id, at=NOW + 9 * HOUR, error="no")
            outbox.bury(id, now=NOW, error="no")

        assert 1 == outbox.revive(["a.1"], now=NOW + HOUR)
        assert ["b.1"] == dead(queued)
        found = list(outbox.claim(now=NOW + HOUR, lease=LEASE))
        assert [Claimed(event("a", seq), 0) for seq in (1, 2, 3)] == found

    def test_only_dead_letters_are_revived(self, queued: Driven) -> None:
        """revive() counts the dead letters among its ids; done, waiting and unknown ones stay as they are."""
        outbox = queued.outbox()
        outbox.done(["b.1"], now=NOW)
        outbox.retry("b.2", at=NOW + HOUR, error="later")
        outbox.bury("a.1", now=NOW, error="no")

        assert 1 == outbox.revive(["a.1", "b.1", "b.2", "unknown"], now=NOW)
        assert 0 == outbox.revive(["a.1"], now=NOW)
        assert 0 == outbox.revive([], now=NOW)
        assert ["a.1", "a.2", "a.3"] == claimed(queued, NOW)
        assert [Claimed(event("b", 2), 1)] == [
            one for one in outbox.claim(now=NOW + HOUR, lease=LEASE) if one.event.stream == "b"
        ]

    def test_a_dead_letter_is_laid_to_rest(self, queued: Driven) -> None:
        """done() ends a dead letter, and its stream goes on behind it."""
        queued.outbox().bury("a.1", now=NOW, error="too large")
        queued.outbox().done(["a.1"], now=NOW)

        assert [] == dead(queued)
        assert 0 == queued.outbox().revive(["a.1"], now=NOW)
        assert ["a.2", "a.3", "b.1", "b.2"] == claimed(queued, NOW)

    def test_dead_letters_are_found_in_their_partition_only(self, queued: Driven) -> None:
        """Another partition, with events of the same ids, neither sees nor moves them."""
        with queued.unit("q") as unit:
            unit.append("a", events("a", 1), expected=0)
        queued.outbox().bury("a.1", now=NOW, error="no")
        queued.outbox("q").bury("b.1", now=NOW, error="no")

        assert [] == dead(queued, "q")
        assert 0 == queued.outbox("q").revive(["a.1"], now=NOW)
        assert ["a.1"] == claimed(queued, NOW, "q")
        queued.outbox("q").done(["a.1"], now=NOW)
        assert ["a.1"] == dead(queued)
