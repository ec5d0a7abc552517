"""Bugs that somebody could make in the protocol of payments, holds and events: each is caught, by a fixed plan.

What is planted stands in `tools/safety/protocol`, one function each. The plan of a bug is a story, perhaps with calls
that fail, or the steps of a simulation; without the bug the same plan breaks no promise. When a change of the library
or of the simulator makes a plan miss its bug, `PYTHONPATH=tools python -m safety.protocol --write BUG` hunts it anew.
"""

import os
import random
from collections.abc import Callable

import pytest
from safety.protocol.bugs import BUGS
from safety.protocol.hunts import HUNTS, hunt, pinned, play

SOAKS = os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE") == "soak"
PLANS = pinned()


@pytest.fixture(params=BUGS)
def name(request: pytest.FixtureRequest) -> str:
    """Each bug."""
    return str(request.param)


def test_a_seeded_bug_is_caught(name: str, count: Callable[[object], None]) -> None:
    """The plan that is pinned for it breaks a promise."""
    found = play(name, PLANS[name])

    count(f"{found}; {BUGS[name].tells}")
    assert found.caught is not None


def test_its_plan_breaks_nothing_without_the_bug(name: str) -> None:
    """It is the bug that is seen, and nothing else."""
    assert PLANS[name].play() is None


@pytest.mark.skipif(not SOAKS, reason="hunts with seeds that nobody has tried: `make soak`")
def test_it_is_caught_by_fresh_seeds(name: str, count: Callable[[object], None]) -> None:
    """Nothing hangs on the plan that is pinned."""
    found = hunt(name, random.SystemRandom().randrange(1, 10**9))

    count(f"fresh seeds, {found}")
    assert found.caught is not None


def test_each_bug_is_hunted_and_pinned() -> None:
    """No bug is forgotten, and no plan is left over."""
    assert set(BUGS) == set(HUNTS) == set(PLANS)


def test_a_bug_is_taken_out_again() -> None:
    """What was replaced is what it was, also where a class had it from its parent."""
    for bug in BUGS.values():
        before = [seed.stands() for seed in bug.seeds]
        with bug.planted():
            assert all(seed.stands() is not was for seed, was in zip(bug.seeds, before, strict=True))

        assert all(seed.stands() is was for seed, was in zip(bug.seeds, before, strict=True))
