"""Contenders take turns, A B A B, so that a slow moment of the machine falls on all of them; ratios are of one run."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.figures import Figures, middle
from benchmarks.machine import wait_for_quiet
from benchmarks.processes import Task, measure, measure_threads
from benchmarks.results import Row
from benchmarks.stores.protocol import Store


class LeftOut(Exception):
    """What a chapter needs isn't here; the run goes on without it."""


def no_server() -> Any:
    """The answer of a plan that names no server."""
    raise LeftOut("this run has no PostgreSQL")


@dataclass(frozen=True)
class Plan:
    """How long, how often and where to measure."""

    folder: Path
    rounds: int = 5
    seconds: float = 2.0
    jobs: int = 200
    """Orders of the phases that need orders first."""
    patience: float = 5.0
    """Seconds to wait for a quiet machine before each measurement."""
    orders: int = 100_000
    """How many orders the full store of the chapter on growth holds."""
    postgres: Callable[[], Any] = no_server
    """The server to use, a `Server`. Raises `LeftOut` where there is none."""
    say: Callable[[str], object] = print

    def task(self, phase: str) -> Task:
        """What each worker does for a phase."""
        return Task(phase, seconds=self.seconds, jobs=0 if phase == "checkout" else self.jobs)


class Contender(Protocol):
    """Whoever can be measured: a store of ours in worker processes, or another shop's own runner."""

    @property
    def name(self) -> str:
        """What the table calls it."""
        ...

    def figures(self, plan: Plan, workers: int, phase: str) -> Figures:
        """One round."""
        ...


@dataclass(frozen=True)
class Workers:
    """A store that is reset before each round and worked on by processes of ours."""

    store: Store
    server: int | None = None
    """The process of its database server, whose CPU is counted apart."""

    @property
    def name(self) -> str:
        return self.store.name

    def figures(self, plan: Plan, workers: int, phase: str) -> Figures:
        self.store.reset()
        wait_for_quiet(plan.patience)
        return measure(self.store, workers, plan.task(phase), server=self.server)


@dataclass(frozen=True)
class Threads:
    """A store that is reset before each round and worked on by threads of one process."""

    store: Store
    callers: int
    server: int | None = None

    @property
    def name(self) -> str:
        return f"{self.store.name}, {self.callers} threads"

    def figures(self, plan: Plan, workers: int, phase: str) -> Figures:
        self.store.reset()
        wait_for_quiet(plan.patience)
        return measure_threads(self.store, self.callers, plan.task(phase), server=self.server)


def in_turns(
    plan: Plan, contenders: Sequence[Contender], *, workers: int = 1, phase: str = "checkout"
) -> dict[str, list[Figures]]:
    """The figures of every round, by name: A B A B."""
    found: dict[str, list[Figures]] = {each.name: [] for each in contenders}
    for turn in range(plan.rounds):
        for each in contenders:
            figures = each.figures(plan, workers, phase)
            found[each.name].append(figures)
            plan.say(
                f"  round {turn + 1}: {each.name}, {phase}, {workers} at once: {figures.per_second:,.0f}/s, "
                f"CPU {figures.cpu_ms:.3f} ms, others {figures.foreign_cpu}"
            )
    return found


def rates(
    name: str, found: Mapping[str, Sequence[Figures]], ours: str, other: str, *, at_least: float | None = None
) -> Row:
    """The row of two contenders' rates: the median of the ratios of the rounds, so that each pair shares its moment."""
    pairs = tuple((a.per_second, b.per_second) for a, b in zip(found[ours], found[other], strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    mine, theirs = middle(found[ours]), middle(found[other])
    target = "" if at_least is None else f"at least {at_least:g}:"
    met = None if at_least is None else ratio >= at_least
    return Row(
        f"{name} ÷ {other}",
        mine.per_second,
        theirs.per_second,
        ratio,
        "jobs/s",
        len(pairs),
        target,
        met,
        mine,
        theirs,
        pairs,
    )
