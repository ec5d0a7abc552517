"""`simulate` and `asimulate`: a shop of yours in a world where everything goes wrong, by a seed."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from tokolib.kernel.hosting import drive
from tokolib.kernel.policies import Policies
from tokolib.testing.simulator.arguments import check
from tokolib.testing.simulator.errors import PromiseBroken
from tokolib.testing.simulator.rare import RARE
from tokolib.testing.simulator.rules import RULES
from tokolib.testing.simulator.run import Failed, Run, play
from tokolib.testing.simulator.script import script, shrunk
from tokolib.testing.simulator.steps import Step
from tokolib.testing.simulator.world import MakeGateway, MakeStorage, Setting, Style

VERIFY_EVERY = 100


@attrs.frozen(kw_only=True)
class Simulated:
    """What was done in a simulation that broke no promise. `+` adds up several."""

    seeds: tuple[int, ...]
    counted: int
    """Steps that changed the store, or met a refusal; cart edits and the clock are none."""
    changed: Mapping[str, int]
    """Steps that changed the store, by rule."""
    refused: Mapping[str, int]
    """What was refused, by the code of the error."""
    rare: Mapping[str, int]
    """How often each rare state was reached; zero is told too."""
    orders: int
    verified: int
    """How often the whole books were proved."""

    def __add__(self, other: "Simulated") -> "Simulated":
        return Simulated(
            seeds=self.seeds + other.seeds,
            counted=self.counted + other.counted,
            changed=Counter(self.changed) + Counter(other.changed),
            refused=Counter(self.refused) + Counter(other.refused),
            rare={name: self.rare.get(name, 0) + other.rare.get(name, 0) for name in {**self.rare, **other.rare}},
            orders=self.orders + other.orders,
            verified=self.verified + other.verified,
        )

    @property
    def share_changed(self) -> float:
        """Which part of the steps changed the store."""
        return sum(self.changed.values()) / max(1, self.counted)

    @property
    def largest_share(self) -> float:
        """Which part of the steps that changed the store is by one rule."""
        return max(self.changed.values(), default=0) / max(1, sum(self.changed.values()))

    @property
    def never(self) -> tuple[str, ...]:
        """The rare states that were not reached."""
        return tuple(name for name in RARE if not self.rare.get(name))

    def __str__(self) -> str:
        rare = ", ".join(f"{count} {name}" for name, count in sorted(self.rare.items()))
        return (
            f"{self.counted} steps, {self.share_changed:.0%} changed the store (by one rule at most "
            f"{self.largest_share:.0%}), {self.orders} orders, books proved {self.verified} times; {rare}"
        )


def simulate(
    seed: int,
    *,
    steps: int | Sequence[str] = 200,
    storage: MakeStorage | None = None,
    gateway: MakeGateway | None = None,
    style: Style | str | None = None,
    policies: Policies | None = None,
    settings: Mapping[str, Any] | None = None,
    faults: float = 0.15,
    verify_every: int = VERIFY_EVERY,
) -> Simulated:
    """Put a shop through so many *steps* of buyers, staff, a bank and runners, all drawn from *seed*, and check it.

    After each step the orders that it touched are held against the bank's books and against what they were; every
    *verify_every* steps, and at the end, `shop.verify()` proves everything. At the end faults stop, `tick` runs until
    nothing waits, and the books must be the bank's. What fails is run again with fewer and fewer steps, and a script
    that replays the fewest is printed to standard error.

    Args:
        steps: How many must count, or which: a list as such a script has it.
        storage: Called for a new and empty storage, or the URL of one, in each run; in memory when left out.
        gateway: Called with the `FakeWorld` of each run; gives the adapter that the shop reaches it by.
        style: How that world knows requests again: `key`, `reference` or `none`, each with `+lag` or without.
        policies: Those of the shop; else some of them vary with the seed.
        settings: Other arguments of `shop.settings.change`.
        faults: In which part of the steps a call of a port fails, or the process dies; and in which others interfere.

    Raises:
        PromiseBroken: the shop didn't keep a promise; its `script` was printed.
        InvalidInput: arguments that can't be. HostMismatch: something must be awaited; use `asimulate`.
    """
    check(
        seed=seed,
        steps=steps,
        storage=storage,
        gateway=gateway,
        style=style,
        policies=policies,
        settings=settings,
        faults=faults,
        verify_every=verify_every,
    )
    setting = _setting(seed, storage, gateway, style, policies, settings, asynchronous=False)
    return drive(_simulated(setting, steps, faults, verify_every), "simulate")


async def asimulate(
    seed: int,
    *,
    steps: int | Sequence[str] = 200,
    storage: MakeStorage | None = None,
    gateway: MakeGateway | None = None,
    style: Style | str | None = None,
    policies: Policies | None = None,
    settings: Mapping[str, Any] | None = None,
    faults: float = 0.15,
    verify_every: int = VERIFY_EVERY,
) -> Simulated:
    """`simulate` for an `AsyncShop`: takes and raises the same."""
    check(
        seed=seed,
        steps=steps,
        storage=storage,
        gateway=gateway,
        style=style,
        policies=policies,
        settings=settings,
        faults=faults,
        verify_every=verify_every,
    )
    setting = _setting(seed, storage, gateway, style, policies, settings, asynchronous=True)
    return await _simulated(setting, steps, faults, verify_every)


def _setting(
    seed: int,
    storage: MakeStorage | None,
    gateway: MakeGateway | None,
    style: Style | str | None,
    policies: Policies | None,
    settings: Mapping[str, Any] | None,
    *,
    asynchronous: bool,
) -> Setting:
    return Setting(
        seed=seed,
        storage=storage,
        gateway=gateway,
        style=None if style is None else Style(style),
        policies=policies,
        settings=dict(settings or {}),
        asynchronous=asynchronous,
    )


async def _simulated(setting: Setting, steps: int | Sequence[str], faults: float, verify_every: int) -> Simulated:
    wanted = steps if isinstance(steps, int) else [Step.parse(text, RULES) for text in steps]
    try:
        return _counted(setting, await play(setting, wanted, faults, verify_every))
    except Failed as failed:
        found = failed

    async def attempt(fewer: Sequence[Step]) -> Failed | None:
        try:
            await play(setting, fewer, faults, verify_every, to_the_end=found.at_end)
        except Failed as again:
            return again
        return None

    least = await shrunk(found, attempt) if isinstance(steps, int) else found
    text = script(least, setting)
    if isinstance(steps, int):
        print(text, file=sys.stderr)
    told = tuple(str(each.step) for each in least.run.told)
    raise PromiseBroken(least.broken.promise, least.broken.row, least.broken.found, setting.seed, told, text) from least


def _counted(setting: Setting, run: Run) -> Simulated:
    return Simulated(
        seeds=(setting.seed,),
        counted=run.counted,
        changed=run.changed,
        refused=run.refused,
        rare={name: run.world.rare.get(name, 0) for name in {**dict.fromkeys(RARE), **run.world.rare}},
        orders=len(run.world.book.deals),
        verified=run.verified,
    )
