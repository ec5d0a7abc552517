"""Runs one phase of the job in several processes, from a common start.

Each worker opens its till, does what must come before, and waits at the line. The clock runs from the first that
leaves it to the last that is done; CPU and memory are each worker's own.
"""

import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier, Event
from threading import BrokenBarrierError
from typing import Final, NamedTuple, Protocol

from benchmarks.figures import Figures, quantile
from benchmarks.machine import Load, peak_memory
from benchmarks.stores.protocol import SoldOut, Store, Till

WARM: Final = 400
"""Checkouts that each worker does before the clock runs: by then it has sold every product of the job once, and knows
its prices, as a worker does that has been up for a minute."""


class Queue(Protocol):
    """What workers put their answers into."""

    def put(self, answer: "Lap | str") -> None: ...
    def get(self) -> "Lap | str": ...


class Task(NamedTuple):
    """What each worker does: a phase for so many seconds, or (if they are not 0) so many jobs of it."""

    phase: str = "checkout"
    seconds: float = 2.0
    jobs: int = 0
    warm: bool = True


class Lap(NamedTuple):
    """What a worker answers; instants are the machine's monotonic nanoseconds."""

    started: int
    ended: int
    taken: list[int]
    refused: int
    cpu: float
    rss_mb: float | None


def measure(store: Store, workers: int, task: Task, *, server: int | None = None) -> Figures:
    """One round of *task* on a store that was reset, by so many processes; *server* is the database's process.

    Raises:
        RuntimeError: a worker failed; it says why.
    """
    spawn = multiprocessing.get_context("spawn")
    start, done = spawn.Barrier(workers + 1), spawn.Event()
    answers: Queue = spawn.SimpleQueue()
    crew = [
        spawn.Process(target=_work, args=(store, task, index, workers, start, answers, done), daemon=True)
        for index in range(workers)
    ]
    for each in crew:
        each.start()
    try:
        start.wait(600)
    except BrokenBarrierError as error:  # the worker that broke it has told why
        _end(crew, done)
        raise RuntimeError(f"{store.name}: {_first_failure(answers, error)}") from error
    load = Load(*([server] if server else []))
    laps = [answers.get() for _ in crew]
    foreign, (_, *serving) = load.meanwhile()
    _end(crew, done)
    for lap in laps:
        if isinstance(lap, str):
            raise RuntimeError(f"{store.name}: {lap}")
    return _figures([lap for lap in laps if isinstance(lap, Lap)], foreign, serving[0] if serving else None)


def measure_threads(store: Store, callers: int, task: Task, *, server: int | None = None) -> Figures:
    """One round of *task* by so many threads of this process, which share one till."""
    till = store.open()
    try:
        if task.warm:
            for k in range(WARM):
                till.checkout(k)
        start = threading.Barrier(callers)

        def work(index: int) -> Lap:
            start.wait(60)
            return _run(till, task, index, callers, [])

        load, cpu = Load(*([server] if server else [])), time.process_time()
        with ThreadPoolExecutor(callers) as pool:
            laps = list(pool.map(work, range(callers)))
        cpu = time.process_time() - cpu
        foreign, (_, *serving) = load.meanwhile()
    finally:
        till.close()
    each = [lap._replace(cpu=cpu / callers) for lap in laps]
    return _figures(each, foreign, serving[0] if serving else None)


def _end(crew: list[multiprocessing.context.SpawnProcess], done: Event) -> None:
    done.set()
    for each in crew:
        each.join(30)


def _first_failure(answers: Queue, otherwise: Exception) -> str:
    told = answers.get()
    return told if isinstance(told, str) else repr(otherwise)


def _figures(laps: list[Lap], foreign: float | None, serving: float | None) -> Figures:
    taken = sorted(each for lap in laps for each in lap.taken)
    wall = (max(lap.ended for lap in laps) - min(lap.started for lap in laps)) / 1e9
    memory = [lap.rss_mb for lap in laps if lap.rss_mb is not None]
    return Figures(
        jobs=len(taken),
        per_second=len(taken) / wall,
        p50_ms=quantile(taken, 0.5),
        p99_ms=quantile(taken, 0.99),
        cpu_ms=sum(lap.cpu for lap in laps) / len(taken) * 1e3,
        server_cpu_ms=None if serving is None else serving / len(taken) * 1e3,
        rss_mb=max(memory) if memory else None,
        foreign_cpu=foreign,
        refused=sum(lap.refused for lap in laps),
    )


def _work(store: Store, task: Task, index: int, workers: int, start: Barrier, answers: Queue, done: Event) -> None:
    try:
        till = store.open()
        orders = _ready(till, task, index, workers)
        start.wait(600)
        answers.put(_run(till, task, index, workers, orders))
        done.wait(60)  # the server's CPU of this connection is read before it ends
        till.close()
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent must not wait for ever
        answers.put(f"{type(error).__name__}: {error}")
        start.abort()


def _ready(till: Till, task: Task, index: int, workers: int) -> list[str]:
    """What must be before the phase: orders to ship, shipped orders to refund."""
    if task.warm:
        for k in range(WARM):
            till.checkout(index + k * workers)
    if task.phase == "checkout":
        return []
    orders = [till.checkout(index + k * workers) for k in range(task.jobs)]
    if task.phase == "refund":
        for number in orders:
            till.ship(number)
    return orders


def _run(till: Till, task: Task, index: int, workers: int, orders: list[str]) -> Lap:
    taken: list[int] = []
    refused, k = 0, index
    follow = {"ship": till.ship, "refund": till.refund}.get(task.phase)
    clock, cpu = time.monotonic_ns, time.process_time()
    started = now = clock()
    end = started + int(task.seconds * 1e9)
    while len(taken) < task.jobs if task.jobs else now < end:
        try:
            if follow is None:
                till.checkout(k)
            else:
                follow(orders[len(taken)])
        except SoldOut:
            refused += 1
        k += workers
        before, now = now, clock()
        taken.append(now - before)
    used = time.process_time() - cpu
    return Lap(started, now, taken, refused, used, peak_memory())
