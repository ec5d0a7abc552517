"""Crash points: every call of a story fails once in every way, and the promises are checked after each run.

```python
from tokolib.testing.simulator.crash_points import Stage, every_single, tally
from tokolib.testing.simulator.stories import STORIES

stage, story = Stage(make_storage), STORIES["card sale"]  # a new storage for each run, with the shop of `furnish`
print(tally(stage, story, every_single(stage.play(story))))
```

A run that broke a promise is printed as `card sale {17: after, 31: time_out}`; `stage.play(story, faults)` plays it
again, call by call the same.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Any, Final, TypeVar

import attrs

from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.storage import Storage
from tokolib.testing.simulator.client import Client
from tokolib.testing.simulator.faults import Call, FaultPlan, Mode, Strike
from tokolib.testing.simulator.stories import Story
from tokolib.testing.simulator.truth import lies

T = TypeVar("T")
Faults = Mapping[int, Mode]
"""How calls fail, by their numbers."""
STRIDE: Final = 7_919
"""A prime, so that steps of it over any list go round without a favourite."""


@attrs.frozen
class Run:
    """One story with its faults, and what came of it."""

    story: str
    faults: Faults
    calls: tuple[Call, ...]
    struck: tuple[Strike, ...]
    crashes: int
    broken: tuple[str, ...]
    """What is not as promised, or not as the story must end."""

    @property
    def is_whole(self) -> bool:
        """Whether every planned fault struck."""
        return len(self.struck) == len(self.faults)

    def __str__(self) -> str:
        faults = ", ".join(f"{number}: {mode}" for number, mode in sorted(self.faults.items()))
        told = "".join(f"\n  struck {each}" for each in self.struck) + "".join(f"\n  {each}" for each in self.broken)
        return f"{self.story} {{{faults}}}{told}"


def _in_a_loop(call: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(call)


@attrs.frozen
class Stage:
    """Where stories are played."""

    make_storage: Callable[[], Storage]
    """A storage of a run's own, in which `furnish` has made the shop; it is closed after the run."""
    client: Callable[..., Client] = Client
    """Who plays: a subclass may open the shop in another way, with adapters or bugs of its own."""

    def play(self, story: Story, faults: Faults | None = None) -> Run:
        """*story* with *faults*, from a shop that nobody has used to the last check."""
        storage = self.make_storage()
        run = _in_a_loop if storage.capabilities.asynchronous else drive
        return run(self._played(storage, story, faults or {}))

    async def _played(self, storage: Storage, story: Story, faults: Faults) -> Run:
        plan = FaultPlan.at(faults)
        client = self.client(
            storage,
            plan,
            signs_all_fields=story.signs_all_fields,
            sends_on=story.sends_on,
            files=story.files,
            books=story.books,
        )
        try:
            await client.begin()
            order = await story.play(client)
            await client.drain()
            counted = tuple(plan.calls)
            orders = await client.orders()
            broken = (*await lies(client, orders), *await story.differences(client, order, orders))
        except Exception as error:  # noqa: BLE001 - whatever a story meets that it shouldn't is a finding
            counted, broken = tuple(plan.calls), (f"{type(error).__name__}: {error}",)
        finally:
            await resolved(storage.close())
        return Run(story.name, faults, counted, tuple(plan.struck), plan.crashes, broken)


def every_single(run: Run) -> Iterator[Faults]:
    """Each call of a *run* without faults, failing in each way."""
    for call, mode in product(run.calls, Mode):
        yield {call.number: mode}


def distinct_singles(run: Run, *, even: bool = False) -> Iterator[Faults]:
    """The same without those that can't differ from another one, and with one kind of error for each call.

    A process that dies between two calls of one request leaves the same, whether it was after the one or before the
    other; so there is one death for each lasting call, and one before each request's first. A call that changes
    nothing outside the process may as well not have been made when its answer is lost. Errors that pass and errors
    that stay take turns, call by call; *even* begins with the other kind.
    """
    request = 0
    for call in run.calls:
        if call.request != request:
            request = call.request
            yield {call.number: Mode.BEFORE}
        yield {call.number: Mode.ERROR if call.number % 2 != even else Mode.FAILURE}
        if call.lasts:
            yield {call.number: Mode.AFTER}
            yield {call.number: Mode.TIME_OUT}


def some_pairs(run: Run, most: int, *, first: int = 0) -> Iterator[Faults]:
    """At most so many pairs of faults, evenly from all that the calls of a *run* have, always the same ones.

    *first* begins elsewhere: `first=most` goes on where a run before has ended.
    """
    numbers = tuple(combinations(range(1, len(run.calls) + 1), 2))
    modes = tuple(product(Mode, Mode))
    total = len(numbers) * len(modes)
    for step in range(first, first + min(most, total)):
        one, other = divmod(step * STRIDE % total, len(modes))
        (a, b), (x, y) = numbers[one], modes[other]
        yield {a: x, b: y}


@attrs.define
class Tally:
    """What many runs of one story came to."""

    story: str
    runs: int = 0
    whole: int = 0
    """Runs in which every planned fault struck: the others are no evidence."""
    crashes: int = 0
    struck: Counter[str] = attrs.field(factory=Counter)
    """Faults that struck, by the call's name and the mode."""
    violations: list[Run] = attrs.field(factory=list)

    def add(self, run: Run) -> None:
        """Count one run."""
        self.runs += 1
        self.whole += run.is_whole
        self.crashes += run.crashes
        self.struck.update(f"{each.call.name} {each.mode}" for each in run.struck)
        if run.broken:
            self.violations.append(run)

    def __str__(self) -> str:
        return (
            f"{self.story}: {self.runs} runs, {self.whole} struck as planned, {self.crashes} crashes, "
            f"{len(self.violations)} violations"
        )


def tally(stage: Stage, story: Story, plans: Iterable[Faults]) -> Tally:
    """What the runs of *story* under each of *plans* came to."""
    counted = Tally(story.name)
    for faults in plans:
        counted.add(stage.play(story, faults))
    return counted
