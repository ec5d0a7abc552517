"""Counters and keys."""

from collections.abc import Callable
from typing import Any

import pytest

from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import LARGEST_INTEGER, Seen
from tokolib.kernel.storage import Storage, UnitOfWork
from tokolib.kernel.storage_errors import KeyMismatch, KeyTaken, Refused, StorageError
from tokolib.testing.storage_checks.driven import Driven, one_try, patiently
from tokolib.testing.storage_checks.setting import NOTES, Setting


class CounterChecks(Setting):
    """A counter stays within its bounds, whoever counts."""

    def test_a_counter_starts_at_zero_and_adds_up(self, store: Driven) -> None:
        """value() is 0 before anything was counted, and the sum of all deltas after."""
        with store.unit() as unit:
            assert 0 == unit.value("c")
            unit.count("c", 5)
            unit.count("c", -2)
        with store.unit() as unit:
            unit.count("c", 0)

        with store.reading() as unit:
            assert 3 == unit.value("c")

    def test_floor_and_ceiling_are_exact(self, store: Driven) -> None:
        """A bound itself is reached; one step further is refused, says what was left, and changes nothing."""
        with store.unit() as unit:
            unit.count("c", 10, ceiling=10)
            unit.count("below", -3, floor=-3)

        for delta, refusal in ((1, Refused("count", "c", 1, 0)), (-11, Refused("count", "c", -11, 10))):
            with pytest.raises(Refused) as refused, store.unit() as unit:
                unit.count("other", 1)
                unit.count("c", delta, ceiling=10)
            assert refusal.problem() == refused.value.problem()
        with pytest.raises(Refused), store.unit() as unit:
            unit.count("below", -1, floor=-3)
        with pytest.raises(Refused), store.unit() as unit:
            unit.count("new", -1)
        with store.reading() as unit:
            values = [unit.value(name) for name in ("c", "below", "other", "new")]
        assert [10, -3, 0, 0] == values

    def test_no_bounds_means_none(self, store: Driven) -> None:
        """With floor None a counter may go below zero."""
        with store.unit() as unit:
            unit.count("c", -7, floor=None)
            unit.count("c", -7, floor=None)

        with store.reading() as unit:
            assert -14 == unit.value("c")

    def test_a_counter_never_wraps(self, store: Driven) -> None:
        """A counter goes to 2^63 - 1; what would not fit is refused, in both directions."""
        with store.unit() as unit:
            unit.count("c", 2**62)
            unit.count("c", 2**62 - 1)
            unit.count("d", -LARGEST_INTEGER, floor=None)
        with pytest.raises(Refused), store.unit() as unit:
            unit.count("c", 1)
        with pytest.raises(Refused), store.unit() as unit:
            unit.count("d", -1, floor=None)

        with store.reading() as unit:
            assert (LARGEST_INTEGER, -LARGEST_INTEGER) == (unit.value("c"), unit.value("d"))

    def test_eight_rivals_stop_at_the_ceiling(self, store: Driven) -> None:
        """Eight rivals who want twenty uses of a coupon for twelve get twelve."""

        async def use(unit: UnitOfWork) -> int:
            unit.count("uses", 1, ceiling=12)
            return 1

        async def rival(storage: Storage) -> int:
            got = 0
            for _ in range(3):
                try:
                    got += await patiently(storage, use)
                except Refused:
                    continue
            return got

        got = store.together([rival] * 8)
        assert 12 == sum(one for one in got if isinstance(one, int))
        with store.reading() as unit:
            assert 12 == unit.value("uses")


class KeyChecks(Setting):
    """A key answers the same, however often it is sent."""

    def test_first_replay_and_mismatch(self, store: Driven) -> None:
        """seen() is None the first time, the answer with the same fingerprint, an error with another."""
        with store.unit() as unit:
            assert unit.seen("place", "k", "print") is None
            unit.remember("place", "k", "print", b"ord_1")

        with store.reading() as unit:
            assert Seen(b"ord_1") == unit.seen("place", "k", "print")
            with pytest.raises(KeyMismatch) as refused:
                unit.seen("place", "k", "another")
            assert Seen(b"ord_1") == unit.seen("place", "k", "print")
        assert KeyMismatch("place", "k").problem() == refused.value.problem()

    def test_scopes_and_partitions_do_not_share_keys(self, store: Driven) -> None:
        """The same key in another scope or partition is another key."""
        with store.unit() as unit:
            unit.remember("place", "k", "print", b"1")
            unit.remember("refund", "k", "print", b"2")
        with store.unit("q") as unit:
            assert unit.seen("place", "k", "print") is None
            unit.remember("place", "k", "other", b"3")

        with store.reading() as unit:
            assert (b"1", b"2") == (unit.seen("place", "k", "print").result, unit.seen("refund", "k", "print").result)

    def test_a_key_is_forgotten_with_its_unit(self, store: Driven) -> None:
        """A key lives and dies with the effect it stands for."""
        with pytest.raises(Refused), store.unit() as unit:
            unit.remember("place", "k", "print", b"1")
            unit.adjust("kopi", -1)

        with store.reading() as unit:
            assert unit.seen("place", "k", "print") is None

    def test_a_key_is_taken_once(self, store: Driven) -> None:
        """remember() of a key that another unit took meanwhile is refused, and may be retried whole."""
        with store.unit() as unit:
            unit.remember("place", "k", "print", b"1")

        with pytest.raises(KeyTaken) as refused, store.unit() as unit:
            unit.remember("place", "fresh", "print", b"2")
            unit.remember("place", "k", "print", b"2")

        assert KeyTaken("place", "k").problem() == refused.value.problem()
        assert refused.value.retryable

    def test_one_key_from_eight_rivals_has_one_effect(self, store: Driven) -> None:
        """Eight requests with one key at once store one document, and all answer the same."""

        def rival(number: int) -> Callable[[Storage], Any]:
            async def place(unit: UnitOfWork) -> bytes:
                seen = await resolved(unit.seen("place", "k", "print"))
                if seen is not None:
                    return seen.result
                unit.insert(NOTES, f"n{number}", b"1", {})
                unit.remember("place", "k", "print", b"n%d" % number)
                return b"n%d" % number

            return lambda storage: patiently(storage, place)

        answers = store.together([rival(number) for number in range(8)])
        assert 1 == len(set(answers))
        with store.reading() as unit:
            assert 1 == len(unit.get_many(NOTES, [f"n{number}" for number in range(8)]))

    def test_without_looking_first_one_of_eight_wins(self, store: Driven) -> None:
        """Eight units that remember one key without asking first: one commits, seven are told, retryably."""

        async def remember(unit: UnitOfWork) -> bool:
            unit.remember("place", "k", "print", b"1")
            return True

        found = store.together([lambda storage: one_try(storage, remember)] * 8)
        assert 1 == sum(one is True for one in found)
        assert all(one.retryable for one in found if isinstance(one, StorageError))
