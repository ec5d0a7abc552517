"""The system's clock and ids."""

import os
import threading
from datetime import UTC, timedelta

import pytest

from tokolib.adapters import system
from tokolib.adapters.system import SystemClock, SystemIds
from tokolib.kernel.ids import ALPHABET


def test_the_clock_is_aware_and_goes_on() -> None:
    """now() is aware, in UTC, and never earlier than before."""
    clock = SystemClock()

    first, second = clock.now(), clock.now()

    assert UTC is first.tzinfo
    assert timedelta(0) <= second - first < timedelta(seconds=5)


def test_an_id_is_a_prefix_and_26_characters() -> None:
    """An id reads `ord_` and 26 characters of the alphabet that misreads nothing."""
    prefix, _, number = SystemIds().new("ord").partition("_")

    assert "ord" == prefix
    assert 26 == len(number)
    assert set(number) <= set(ALPHABET)


def test_later_ids_sort_after_earlier_ones() -> None:
    """Ten thousand ids, many in each millisecond, are already in order and all different."""
    ids = SystemIds()

    made = [ids.new("ord") for _ in range(10_000)]

    assert sorted(set(made)) == made


def test_a_clock_that_is_set_back_disturbs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the clock falls back, ids go on from the last one; when luck runs out, from the next millisecond."""
    ids = SystemIds()
    before = ids.new("ord")
    monkeypatch.setattr(system.time, "time_ns", lambda: 0)

    after = [ids.new("ord") for _ in range(100)]
    ids._luck = (1 << system.RANDOM_BITS) - 1
    late = ids.new("ord")

    assert sorted([before, *after, late]) == [before, *after, late]


def test_threads_never_make_the_same_id() -> None:
    """Eight threads make sixteen thousand different ids."""
    ids, made = SystemIds(), list[str]()

    def make() -> None:
        made.extend([ids.new("ord") for _ in range(2_000)])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 16_000 == len(set(made))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_makes_ids_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parent and child go on from the same last id, in the same millisecond, and still differ."""
    monkeypatch.setattr(system.time, "time_ns", lambda: 1_773_480_413_000_000_000)
    ids = SystemIds()
    ids.new("ord")
    reader, writer = os.pipe()

    child = os.fork()
    if child == 0:
        os.write(writer, ids.new("ord").encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reader, 100).decode()
    os.close(reader)
    os.close(writer)

    assert 30 == len(theirs)
    assert theirs != ids.new("ord")


def test_secrets_are_long_and_never_the_same() -> None:
    """A secret is 43 URL-safe characters: 256 bits."""
    ids = SystemIds()

    made = {ids.secret() for _ in range(100)}

    assert 100 == len(made)
    assert {43} == {len(secret) for secret in made}
