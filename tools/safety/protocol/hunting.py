"""How a bug is hunted, by simulations or by the failing calls of a story, and how what was found is played again."""

import copy
import re
from collections.abc import Mapping, Sequence
from functools import partial
from random import Random
from typing import Any, Final, Protocol

import attrs

from safety.protocol.stories import STORIES, Customer
from tokolib.adapters.memory import MemoryStorage
from tokolib.kernel.hosting import drive
from tokolib.kernel.storage import Storage
from tokolib.records.collections import COLLECTIONS
from tokolib.testing import PromiseBroken, Style, simulate
from tokolib.testing.simulator.crash_points import Faults, Stage, distinct_singles
from tokolib.testing.simulator.faults import Mode
from tokolib.testing.simulator.furnishing import furnish
from tokolib.testing.simulator.rules import IN_BETWEEN, WEIGHTS
from tokolib.testing.simulator.run import Failed, play
from tokolib.testing.simulator.script import shrunk
from tokolib.testing.simulator.steps import Step, draw
from tokolib.testing.simulator.world import Setting

FAULTS: Final = 0.3
"""In which part of its steps a simulation is struck, or disturbed, while bugs are hunted."""
LENGTH: Final = 80
"""Steps of one simulation."""
_PROMISE: Final = re.compile(r"[A-Z][0-9]? ")


@attrs.frozen
class Caught:
    """What was seen of a bug."""

    promise: str
    """Its id, such as `M7`; or `its end`, where a story did not end as it must."""
    found: str


class Plan(Protocol):
    """Something that is played the same way each time."""

    def play(self) -> Caught | None:
        """What is broken when it is played now; None when nothing is."""
        ...


@attrs.frozen
class Simulation:
    """Steps of a simulated shop, whose goods, policies and gateway are drawn from a seed."""

    seed: int
    style: str
    steps: tuple[str, ...]

    def play(self) -> Caught | None:
        """Take the steps, and go to the end."""
        try:
            simulate(self.seed, style=self.style, steps=self.steps)
        except PromiseBroken as broken:
            return Caught(broken.promise, f"{broken.row}: {broken.found}")
        return None

    def __str__(self) -> str:
        steps = "one step" if len(self.steps) == 1 else f"{len(self.steps)} steps"
        return f"a simulation of {steps}, seed {self.seed}, gateway {self.style}"


@attrs.frozen
class BySimulation:
    """Hunts by simulations in which only some rules happen: what else a shop does would hide the bug for longer."""

    style: str
    rules: str
    """By which rules, apart by blanks."""

    def hunt(self, seed: int) -> Simulation | None:
        """The fewest steps that were found to show the bug that is planted now; None when this seed doesn't."""
        weights = {rule: WEIGHTS[rule] for rule in self.rules.split()}
        among = {rule: weight for rule, weight in IN_BETWEEN.items() if rule in weights} or {"tick": 1}
        luck, setting = Random(seed), _setting(seed, self.style)
        steps = [draw(luck, weights, among, FAULTS) for _ in range(LENGTH)]
        if (failed := drive(_attempt(setting, steps, to_the_end=True))) is None:
            return None
        least = drive(shrunk(failed, partial(_attempt, setting, to_the_end=failed.at_end)))
        return Simulation(seed, self.style, tuple(str(told.step) for told in least.run.told))


def _setting(seed: int, style: str) -> Setting:
    given: dict[str, Any] = dict.fromkeys(("storage", "gateway", "policies"))
    return Setting(seed=seed, style=Style(style), settings={}, asynchronous=False, **given)


async def _attempt(setting: Setting, steps: Sequence[Step], *, to_the_end: bool) -> Failed | None:
    try:
        await play(setting, steps, 0, LENGTH // 4, to_the_end=to_the_end)
    except Failed as failed:
        return failed
    return None


@attrs.frozen
class CrashPoints:
    """A story whose calls fail as planned."""

    story: str
    style: str
    faults: Faults

    def play(self) -> Caught | None:
        """Play the story."""
        run = stage(self.style).play(STORIES[self.story], self.faults)
        return _told(run.broken[0]) if run.broken else None

    def __str__(self) -> str:
        faults = ", ".join(f"{mode}@{number}" for number, mode in sorted(self.faults.items()))
        return f"the story '{self.story}', gateway {self.style}, {faults or 'nothing fails'}"


def _told(line: str) -> Caught:
    promise = line.split(" ")[0] if _PROMISE.match(line) else "its end"
    return Caught(promise, line.removeprefix(f"{promise} "))


@attrs.frozen
class ByCrashPoints:
    """Hunts by the failing calls of a story."""

    story: str
    style: str

    def hunt(self, seed: int) -> CrashPoints | None:
        """The first failing call that shows the bug that is planted now, in an order of its own for each *seed*."""
        played, story = stage(self.style), STORIES[self.story]
        run = played.play(story)
        if run.broken:
            return CrashPoints(self.story, self.style, {})
        plans = [*distinct_singles(run)]
        if seed:
            Random(seed).shuffle(plans)
        found = (faults for faults in plans if played.play(story, faults).broken)
        return next((CrashPoints(self.story, self.style, faults) for faults in found), None)


def stage(style: str) -> Stage:
    """Stories in memory, each from a copy of one furnished shop, with a gateway of a *style*."""
    furnished = MemoryStorage(COLLECTIONS)
    drive(furnish(furnished))

    def make() -> Storage:
        storage = MemoryStorage(COLLECTIONS)
        storage._partitions = copy.deepcopy(furnished._partitions)
        return storage

    return Stage(make, partial(Customer, style=Style(style)))


def written(plan: Plan) -> dict[str, Any]:
    """*plan* as it stands in a file."""
    match plan:
        case Simulation() | CrashPoints():
            return {"by": type(plan).__name__} | attrs.asdict(plan)
        case _:
            raise TypeError(f"nothing is written of {plan!r}")


def read(text: Mapping[str, Any]) -> Plan:
    """The plan that was written so."""
    if text["by"] == "Simulation":
        return Simulation(text["seed"], text["style"], tuple(text["steps"]))
    faults = {int(number): Mode(mode) for number, mode in text["faults"].items()}
    return CrashPoints(text["story"], text["style"], faults)
