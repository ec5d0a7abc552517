"""A blocking unit of work whose answers are awaited."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, Protocol, TypeVar

from tokolib.adapters.awaited.runners import Runner
from tokolib.kernel.hosting import MaybeAwaitable, drive, resolved
from tokolib.kernel.storage import UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")


class BlockingUnit(UnitOfWork, Protocol):
    """A unit of work whose answers never have to be waited for, though they may be coroutines."""

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        ...


class AwaitedUnit:
    """*unit* for a task: reads and endings go to the runner, writes are recorded on the spot.

    The turn is given back when the unit is over, by whatever ended it.
    """

    def __init__(self, unit: BlockingUnit, runner: Runner, leave: Callable[[], None]) -> None:
        def awaited(call: Callable[P, MaybeAwaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
            async def answer(*args: P.args, **kwargs: P.kwargs) -> T:
                return await runner.run(lambda: drive(resolved(call(*args, **kwargs))), if_over_leave)

            return answer

        def if_over_leave() -> None:
            if unit.closed:
                leave()

        self.read = awaited(unit.read)
        self.get = awaited(unit.get)
        self.get_many = awaited(unit.get_many)
        self.find = awaited(unit.find)
        self.history = awaited(unit.history)
        self.ledger = awaited(unit.ledger)
        self.levels = awaited(unit.levels)
        self.holds = awaited(unit.holds)
        self.seen = awaited(unit.seen)
        self.value = awaited(unit.value)
        self.scan = awaited(unit.scan)

        self.insert = unit.insert
        self.replace = unit.replace
        self.delete = unit.delete
        self.append = unit.append
        self.post = unit.post
        self.count = unit.count
        self.hold = unit.hold
        self.keep = unit.keep
        self.take = unit.take
        self.release = unit.release
        self.adjust = unit.adjust
        self.remember = unit.remember

        self.flush = awaited(unit.flush)
        self.commit = awaited(unit.commit)
        self.rollback = awaited(unit.rollback)
