"""Past orders priced again in several processes: one pure function, and reports that add up.

Facts and reports travel as Python values between processes of one program; the rules are made ready once in each.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from types import TracebackType
from typing import Final, Self

from tokolib.pricing.what_if.facts import PricingFacts
from tokolib.pricing.what_if.report import Report, added
from tokolib.pricing.what_if.rules import RulesOverTime
from tokolib.pricing.what_if.what_if import what_if

CHUNK: Final = 500
"""Orders that are handed to a process at once."""
AHEAD: Final = 4
"""Chunks for each process that may wait: so many orders are in memory, however many there are."""

_rules: RulesOverTime | None = None


def _begin(rules: RulesOverTime) -> None:
    global _rules
    _rules = rules


def _priced(facts: Sequence[PricingFacts]) -> Report:
    if _rules is None:
        raise TypeError("a process prices nothing before it has its rules")
    return what_if(facts, _rules)


class Repricer:
    """Takes past orders as they come and adds up what they would have come to, here or in so many processes."""

    def __init__(self, rules: RulesOverTime, processes: int) -> None:
        self._rules = rules
        self._most = processes * AHEAD
        self._waiting: deque[Future[Report]] = deque()
        self._done: list[Report] = []
        self._pool = None if processes == 1 else _pool(rules, processes)

    def give(self, facts: Sequence[PricingFacts]) -> None:
        """Price some orders; in processes it waits for the oldest ones only where too many wait already."""
        if self._pool is None:
            self._done.append(what_if(facts, self._rules))
            return
        if len(self._waiting) >= self._most:
            self._done.append(self._waiting.popleft().result())
        self._waiting.append(self._pool.submit(_priced, tuple(facts)))

    def report(self) -> Report:
        """The report of all orders that were given."""
        while self._waiting:
            self._done.append(self._waiting.popleft().result())
        self._done = [added(self._done)]
        return self._done[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _pool(rules: RulesOverTime, processes: int) -> ProcessPoolExecutor:
    """Processes that are started anew, and not forked: a host's threads and connections stay where they are."""
    return ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(rules,))


def what_if_in_processes(facts: Iterable[PricingFacts], rules: RulesOverTime, *, processes: int) -> Report:
    """`what_if`, shared by so many processes: the same report, to the last figure.

    A program that calls it is started anew in each process, so it needs its `if __name__ == "__main__":`.

    Raises:
        TooManyEvaluations: as `what_if` does.
    """
    rest = iter(facts)
    with Repricer(rules, processes) as repricer:
        while chunk := tuple(islice(rest, CHUNK)):
            repricer.give(chunk)
        return repricer.report()
