"""Every call of every story fails once in every way, and so do thousands of pairs of calls: no promise breaks.

A control plants a bug that no story meets without a fault, and the same runs must find it.
"""

import copy
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import count as count_from
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

import tokolib
from tokolib.adapters.memory import MemoryStorage
from tokolib.adapters.memory.awaited import AsyncMemoryStorage
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.adapters.urls import storage_from_url
from tokolib.effects.model import EffectState, Observation
from tokolib.effects.outside import NotFoundOutside, Unknown
from tokolib.effects.ports import Observe
from tokolib.effects.resend import Dedupe
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.storage import Storage
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.payments.advance import GatewayWish
from tokolib.payments.ports import Charge, LookUp
from tokolib.records.collections import COLLECTIONS
from tokolib.testing import FakeGateway
from tokolib.testing.simulator.client import Client
from tokolib.testing.simulator.crash_points import (
    Faults,
    Run,
    Stage,
    Tally,
    distinct_singles,
    every_single,
    some_pairs,
    tally,
)
from tokolib.testing.simulator.faults import Mode
from tokolib.testing.simulator.furnishing import furnish
from tokolib.testing.simulator.stories import STORIES, Story

FEWEST_CALLS = 60
"""A story with fewer calls of ports has not happened."""
PAIRS = {"ci": 100, "soak": 2_000}
"""Of each of sixteen stories, the brief ones left out, on each of two storages: more than 3,000 in all."""
FEW_PAIRS = 15
LEVEL = os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE", "dev")
EVERY = 1 if LEVEL in PAIRS else 4
"""Before each push every fourth fault of a story is tried, which is more than a thousand; each of them by `.ci/run`."""
KINDS = ("storage.begin", "storage.read", "storage.commit", "storage.rollback")
"""Calls that every story makes."""
ASKING = {"gateway.create", "gateway.authorise"}
"""Of these every story makes one: the customer is asked for money, or to have it reserved."""
PLAYED = [name for name, story in STORIES.items() if LEVEL == "soak" or not story.is_brief]
"""The stories that are played everywhere; of the others short forms play single faults in memory."""


@pytest.fixture(scope="module")
def furnished_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the shop of the stories, to be copied."""
    path = tmp_path_factory.mktemp("crash-points") / "toko.db"
    storage = SqliteStorage(path, COLLECTIONS, durable=False)
    drive(furnish(storage))
    storage.close()
    return path


@pytest.fixture(scope="module")
def in_memory() -> Stage:
    """Stories in memory, each from a copy of one furnished shop."""
    furnished = MemoryStorage(COLLECTIONS)
    drive(furnish(furnished))

    def make() -> Storage:
        storage = MemoryStorage(COLLECTIONS)
        storage._partitions = copy.deepcopy(furnished._partitions)
        return storage

    return Stage(make)


@pytest.fixture
def on_a_file(furnished_file: Path, tmp_path: Path) -> Stage:
    """Stories on SQLite, each on a copy of one furnished file."""

    def make() -> Storage:
        return SqliteStorage(shutil.copy(furnished_file, tmp_path / "toko.db"), COLLECTIONS, durable=False)

    return Stage(make)


class Partition:
    """One partition of a storage that many share, as if it were a storage of its own."""

    def __init__(self, inner: Storage, name: str) -> None:
        self._inner = inner
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def begin(self, partition: str, *, read_only: bool = False) -> Any:
        """Open a unit in this partition, whatever it is called outside."""
        return self._inner.begin(self._name, read_only=read_only)

    def outbox(self, partition: str) -> Any:
        """The outbox of this partition."""
        return self._inner.outbox(self._name)

    def close(self) -> None:
        """Leave the others theirs."""


@pytest.fixture
def on_a_server(newest_postgres: Any) -> Iterator[Stage]:
    """Stories on PostgreSQL, each in a partition of its own."""
    url, numbers = f"{newest_postgres.database()}?durable=0", count_from(1)
    tokolib.upgrade_schema(url)
    shared = storage_from_url(url, COLLECTIONS)

    def make() -> Storage:
        storage = cast(Storage, Partition(shared, f"run-{next(numbers)}"))
        drive(furnish(storage))
        return storage

    yield Stage(make)
    drive(resolved(shared.close()))


@pytest.fixture(params=PLAYED)
def story(request: pytest.FixtureRequest) -> Story:
    """Each story that is played everywhere."""
    return STORIES[request.param]


def clean(stage: Stage, story: Story) -> Run:
    """The story when nothing fails: it ends as it should."""
    run = stage.play(story)
    assert () == run.broken
    assert FEWEST_CALLS <= len(run.calls)
    assert set(KINDS) <= names(run)
    assert names(run) & ASKING
    return run


def names(run: Run) -> set[str]:
    """What was called in a run."""
    return {call.name for call in run.calls}


def held(stage: Stage, story: Story, plans: Sequence[Faults]) -> Tally:
    """The runs of all *plans*, in which no promise was broken, and nearly all faults struck as planned."""
    counted = tally(stage, story, plans)
    assert [] == [str(run) for run in counted.violations]
    assert len(plans) == counted.runs
    assert counted.runs * 95 <= counted.whole * 100
    return counted


class Singles:
    """Each call, in each way."""

    even = False
    every = EVERY

    def test_every_fault(self, stage: Stage, story: Story, count: Callable[[object], None]) -> None:
        """Whatever fails, the story ends as it should, and every promise holds."""
        run = clean(stage, story)
        plans = [*(every_single(run) if LEVEL == "soak" else distinct_singles(run, even=self.even))][:: self.every]

        counted = held(stage, story, plans)

        count(f"{type(self).__name__}: {len(run.calls)} calls, {counted}")
        assert counted.runs == counted.whole
        assert len(run.calls) < counted.runs * self.every
        if self.every == 1:
            self.nothing_is_left_out(run, counted)

    def nothing_is_left_out(self, run: Run, counted: Tally) -> None:
        """Each kind of call failed in each way that it has."""
        lasting = {"storage.commit", *(names(run) & ASKING)}
        requests, lasts = len({call.request for call in run.calls}), sum(call.name in lasting for call in run.calls)
        assert requests + lasts <= counted.crashes
        wanted = {f"{kind} {mode}" for kind in lasting for mode in ("after", "time_out")}
        assert wanted <= counted.struck.keys()
        assert set(KINDS) == {
            kind for kind in KINDS if counted.struck[f"{kind} error"] + counted.struck[f"{kind} failure"]
        }


class Pairs:
    """Two calls, the second of which may belong to a recovery from the first."""

    turn = 0

    def test_two_faults(self, stage: Stage, story: Story, count: Callable[[object], None]) -> None:
        """Whatever fails, and fails again, the story ends as it should, and every promise holds."""
        run, most = clean(stage, story), PAIRS.get(LEVEL, FEW_PAIRS)
        plans = [*some_pairs(run, most, first=self.turn * most)]

        counted = held(stage, story, plans)

        count(f"{type(self).__name__}: {counted}")
        assert most == counted.runs
        assert counted.runs <= counted.crashes * 2


class TestSinglesInMemory(Singles):
    @pytest.fixture(params=STORIES)
    def story(self, request: pytest.FixtureRequest) -> Story:
        """Each story."""
        return STORIES[request.param]

    @pytest.fixture
    def stage(self, in_memory: Stage) -> Stage:
        return in_memory


@pytest.mark.skipif(LEVEL not in PAIRS, reason="before each push memory has some of them, a file some pairs: `.ci/run`")
class TestSinglesOnFile(Singles):
    even = True
    every = 1 if LEVEL == "soak" else 4

    @pytest.fixture
    def stage(self, on_a_file: Stage) -> Stage:
        return on_a_file


class TestPairsInMemory(Pairs):
    @pytest.fixture
    def stage(self, in_memory: Stage) -> Stage:
        return in_memory


class TestPairsOnFile(Pairs):
    turn = 1

    @pytest.fixture
    def stage(self, on_a_file: Stage) -> Stage:
        return on_a_file


@pytest.mark.skipif(LEVEL != "soak", reason="a run takes long on a server: `make soak`")
class TestSinglesOnServer(Singles):
    @pytest.fixture
    def stage(self, on_a_server: Stage) -> Stage:
        return on_a_server


class TestTheOtherColour:
    def test_every_so_manieth_fault(self, in_memory: Stage, story: Story, count: Callable[[object], None]) -> None:
        """An async shop stands the same faults: the code is the same, and every 29th tells."""
        furnished = in_memory.make_storage()

        def make() -> Storage:
            storage = AsyncMemoryStorage(COLLECTIONS)
            storage._inner._partitions = copy.deepcopy(furnished._partitions)
            return storage

        run = clean(Stage(make), story)

        count(f"awaited: {held(Stage(make), story, [*every_single(run)][::29])}")


STYLES = {
    "by reference": (Dedupe.REFERENCE, 0),
    "by key, seen late": (Dedupe.KEY, 2),
    "by nothing": (Dedupe.NONE, 0),
    "by nothing, seen late": (Dedupe.NONE, 2),
}
"""By what the provider knows a request again, and how many look-ups don't see it yet."""


@pytest.fixture(params=STYLES)
def of_a_style(in_memory: Stage, request: pytest.FixtureRequest) -> Stage:
    """Stories in memory, with another kind of payment provider; the usual one knows keys, and sees at once."""
    dedupe, hidden = STYLES[request.param]

    class Customer(Client):
        async def begin(self) -> None:
            self.world.dedupe, self.world.switches.hidden = dedupe, hidden
            self.world.lookup_lag = timedelta(minutes=10 * hidden)
            await super().begin()

    return attrs.evolve(in_memory, client=Customer)


class TestStyles:
    def test_another_kind_of_provider(
        self, of_a_style: Stage, request: pytest.FixtureRequest, count: Callable[[object], None]
    ) -> None:
        """No style is charged twice, or keeps what it should give back."""
        style = request.node.callspec.params["of_a_style"]
        for name in ("card sale", "cancelled order"):
            plans = [*distinct_singles(clean(of_a_style, STORIES[name]))]
            chosen = plans if LEVEL in PAIRS else plans[::4]
            count(f"{style}: {held(of_a_style, STORIES[name], chosen)}")


def test_what_is_left_out_is_the_same(in_memory: Stage) -> None:
    """Death after a call that nobody else can see, before it, or before the next: what comes then is the same."""
    story = STORIES["late payment"]
    run = clean(in_memory, story)
    inner = [now for now, then in pairwise(run.calls) if now.request == then.request and not now.lasts]
    assert len(run.calls) // 2 < len(inner)

    for call in inner[::9]:
        number = call.number
        deaths = ({number: Mode.BEFORE}, {number: Mode.AFTER}, {number + 1: Mode.BEFORE})
        played = [in_memory.play(story, faults) for faults in deaths]
        before, after, next_one = ([each.name for each in one.calls] for one in played)
        assert before == after == next_one[:number] + next_one[number + 1 :]
        assert [()] * 3 == [one.broken for one in played]


# Controls: bugs that a story doesn't meet while nothing fails.


class Blind(FakeGateway):
    """An adapter that sees nothing when it looks, and makes a new key when it sends again."""

    def query(self, look_up: LookUp) -> tuple[Observation, ...]:
        """Nothing."""
        raise NotFoundOutside(self.name, look_up.key)

    def create(self, charge: Charge) -> Observation:
        """Charge, under another key each time."""
        times = sum(call.startswith(f"create {charge.key}") for call in self.world.calls)
        return super().create(attrs.evolve(charge, key=charge.key + "+" * times))


class WithBlindAdapter(Client):
    """Whose shop has the adapter with the bug."""

    def gateway(self) -> Blind:
        """The adapter."""
        return Blind(self.world)


class OfForgetfulProvider(Client):
    """Whose payment provider charges whatever it is sent, as often as it is sent."""

    async def begin(self) -> None:
        """Let the world forget keys."""
        self.world.dedupe = Dedupe.NONE
        await super().begin()


async def call_before_the_lease(work: Work, wish: GatewayWish, observe: Observe) -> object:
    """`effects.perform` with the lease stored after the call, as if that were the same."""
    operation = wish.intent.operation(wish.operation_id)
    assert operation is not None
    answer = await wish.send(operation)
    await work.write("test", partial(wish.claim, again_after=None))
    return await work.write("test", partial(_observed, observe, answer))


async def _observed(observe: Observe, answer: Observation, unit: Unit) -> object:
    return await observe(unit, answer)


def first_violation(stage: Stage, count: Callable[[object], None]) -> Run:
    """What the enumeration of a card's sale finds, after a run without faults in which there is nothing to be found."""
    story = STORIES["card sale"]
    plans = distinct_singles(clean(stage, story))
    found = next(run for faults in plans if (run := stage.play(story, faults)).broken)
    count(found)
    return found


def test_an_adapter_with_fresh_keys_is_found(in_memory: Stage, count: Callable[[object], None]) -> None:
    """The customer is charged twice, once under a key that no payment knows."""
    found = first_violation(attrs.evolve(in_memory, client=WithBlindAdapter), count)

    assert [each for each in found.broken if each.startswith("M7") and each.endswith("+ belongs to no payment")]


def test_a_time_out_taken_for_a_no_is_found(
    in_memory: Stage, monkeypatch: pytest.MonkeyPatch, count: Callable[[object], None]
) -> None:
    """The customer is told that the card was declined, and it was charged."""
    monkeypatch.setattr(Unknown, "means", EffectState.FAILED)

    found = first_violation(in_memory, count)

    assert found.broken[0].startswith("PaymentDeclined")


def test_a_lease_after_the_call_is_found(
    in_memory: Stage, monkeypatch: pytest.MonkeyPatch, count: Callable[[object], None]
) -> None:
    """A process that dies in between has charged, and the next one charges again."""
    stage, story = attrs.evolve(in_memory, client=OfForgetfulProvider), STORIES["card sale"]
    held(stage, story, [*distinct_singles(clean(stage, story))])  # the library's own lease stands it
    monkeypatch.setattr("tokolib.payments.advance.perform", call_before_the_lease)

    found = first_violation(stage, count)

    assert [each for each in found.broken if "was made 2 times" in each]
