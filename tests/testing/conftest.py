"""Simulations of many seeds on one kind of storage, in both colours, with what they must have reached."""

import asyncio
import itertools
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PROFILE = os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE", "dev")
TIMES = {"dev": 1, "ci": 4, "soak": 100}[PROFILE]
"""10,000 steps in all before each push, 40,000 by a server, and a million when there is time."""
LENGTH = 250
"""Steps of one run."""
VERIFY_EVERY = LENGTH // 2 + 1
"""The whole books are proved once in the middle, where much is open, and once at the end, where nothing is."""
FIRST = random.SystemRandom().randrange(10**6, 10**9) if PROFILE == "soak" else 0
"""The long form takes other seeds each time; one that fails prints how to take it again."""

Make = Callable[[], str]


@pytest.fixture
def make_storage(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Make]:
    """What gives a new storage of a kind each time: `make_storage("sqlite")()`."""
    numbers = itertools.count()

    def kind_of(kind: str) -> Make:
        if kind == "postgres":
            server = request.getfixturevalue("newest_postgres")
            return lambda: f"{server.database()}?durable=0"
        return lambda: f"sqlite:///{tmp_path / str(next(numbers))}.db?durable=0" if kind == "sqlite" else "memory://"

    return kind_of


@pytest.fixture
def run_seeds(make_storage: Any, record_property: Callable[[str, object], None]) -> Iterator[Callable[..., None]]:
    """Plays seeds until so many steps counted: `run_seeds("sqlite", blocking=3_000, awaited=1_000, first=0)`."""
    from tokolib.testing import asimulate, simulate

    def play(seed: int, kind: str, awaited: bool) -> Any:
        options = {"steps": LENGTH, "storage": make_storage(kind), "verify_every": VERIFY_EVERY}
        return asyncio.run(asimulate(seed, **options)) if awaited else simulate(seed, **options)

    def run(kind: str, *, blocking: int, awaited: int, first: int) -> None:
        total, seeds = None, itertools.count(FIRST + first)
        for colour, wanted in ((False, blocking * TIMES), (True, awaited * TIMES)):
            played = 0
            while played < wanted:
                one = play(next(seeds), kind, colour)
                played += one.counted
                total = one if total is None else total + one
        assert total is not None
        record_property("counted", f"{kind}: {total}")
        assert total.counted >= (blocking + awaited) * TIMES
        assert total.share_changed >= 0.4
        assert total.largest_share <= 0.15
        if PROFILE != "dev":  # what comes once in a thousand steps need not come in the short form
            assert () == total.never

    yield run
