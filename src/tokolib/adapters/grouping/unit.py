"""A unit of work in a group: a savepoint of its own, and an answer that comes after the group's commit."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, ParamSpec, TypeVar

import attrs

from tokolib.adapters.grouping.groups import Group, Groups
from tokolib.adapters.units.homes import STRAYED
from tokolib.kernel.hosting import MaybeAwaitable, drive, resolved
from tokolib.kernel.storage_errors import Busy, Misuse, Serialization, StorageError

P = ParamSpec("P")
T = TypeVar("T")

UNSURE: Final = "what this unit saw of the units before it was not kept"


def fresh(failure: Any) -> StorageError:
    """*failure* as an error of one's own: a traceback is written into an error by each thread that raises it."""
    made: StorageError = attrs.evolve(failure)
    return made


class GroupedUnit:
    """The unit that has the turn in *groups*. *over* is called when its turn has ended.

    A unit that is refused or rolled back may owe that to units before it whose commit is still to come; so it waits for
    the commit too, and when that fails it asks to be run again instead of saying what was never true.
    """

    def __init__(self, groups: Groups, partition: str, over: Callable[[], None]) -> None:
        group, unit = groups.enter(partition)
        self._groups = groups
        self._group: Group = group
        self._unit = unit
        self._over = over
        self._home = os.getpid()
        self._evicted = False
        self._left = False
        self._after_others = group.units > 0
        groups.has_turn(self)

        self.read = self._asking(unit.read)
        self.get = self._asking(unit.get)
        self.get_many = self._asking(unit.get_many)
        self.find = self._asking(unit.find)
        self.history = self._asking(unit.history)
        self.ledger = self._asking(unit.ledger)
        self.levels = self._asking(unit.levels)
        self.holds = self._asking(unit.holds)
        self.seen = self._asking(unit.seen)
        self.value = self._asking(unit.value)
        self.scan = self._asking(unit.scan)
        self.flush = self._asking(unit.flush)

        self.insert = self._recording(unit.insert)
        self.replace = self._recording(unit.replace)
        self.delete = self._recording(unit.delete)
        self.append = self._recording(unit.append)
        self.post = self._recording(unit.post)
        self.count = self._recording(unit.count)
        self.hold = self._recording(unit.hold)
        self.keep = self._recording(unit.keep)
        self.take = self._recording(unit.take)
        self.release = self._recording(unit.release)
        self.adjust = self._recording(unit.adjust)
        self.remember = self._recording(unit.remember)

    @property
    def closed(self) -> bool:
        """Whether the unit is over: committed, rolled back, refused or evicted."""
        return self._unit.closed

    def _recording(self, call: Callable[P, None]) -> Callable[P, None]:
        def record(*args: P.args, **kwargs: P.kwargs) -> None:
            self._must_not_be_evicted()
            call(*args, **kwargs)

        return record

    def _asking(self, call: Callable[P, MaybeAwaitable[T]]) -> Callable[P, T]:
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            self._must_be_home()
            try:
                with self._groups.calls:
                    return self._called(lambda: drive(resolved(call(*args, **kwargs))))
            except StorageError:
                self._must_be_sure()
                raise

        return answer

    def _called(self, call: Callable[[], T], *, commits: bool = False) -> T:
        """What *call* answers. When the unit is over by it, the turn is the next one's."""
        self._must_not_be_evicted()
        failure: StorageError | None = None
        done = False
        try:
            answer = call()
            done = True
            return answer
        except StorageError as error:
            failure = error
            raise
        finally:
            if self._unit.closed and not self._left:
                self._leave(joined=commits and done, failure=failure)

    def _leave(self, *, joined: bool, failure: StorageError | None = None) -> None:
        self._left = True
        self._over()
        self._groups.leave(self._group, joined=joined, failure=failure)

    def _must_be_home(self) -> None:
        if os.getpid() != self._home:  # where the locks are those of threads that aren't here
            raise Misuse(STRAYED)

    def _must_not_be_evicted(self) -> None:
        if self._evicted:
            raise Busy(f"this unit of work kept others waiting for {self._groups.patience:g} s, and was rolled back")

    def _must_be_sure(self) -> None:
        """After the unit's end: what it was told by the database must have come true for the others.

        Raises:
            Serialization: it has not.
        """
        if self._after_others and self._left and not self._evicted:
            self._after_others = False
            self._groups.wait(self._group)
            if self._group.failure is not None:
                raise Serialization(UNSURE) from self._group.failure

    def commit(self) -> None:
        """Send what was recorded, and wait until it lasts.

        Raises:
            StorageError: a refusal of this unit; or what the commit of the whole group ended with.
        """
        self._must_be_home()
        try:
            with self._groups.calls:
                self._called(lambda: drive(resolved(self._unit.commit())), commits=True)
        except StorageError:
            self._must_be_sure()
            raise
        self._groups.wait(self._group)
        if self._group.failure is not None:
            raise fresh(self._group.failure) from self._group.failure

    def rollback(self) -> None:
        """Leave no trace; harmless on a closed unit.

        Raises:
            Serialization: what this unit saw of the units before it was not kept. It may be run again.
        """
        if os.getpid() != self._home:
            return
        with self._groups.calls:
            if not self._left:
                self._called(lambda: drive(resolved(self._unit.rollback())))
        self._must_be_sure()

    def evict(self) -> None:
        """Take back its writes, and refuse whatever it does from now on; called with the group's calls held."""
        self._evicted = self._left = True
        self._over()
        with suppress(StorageError):  # the transaction is no longer whole then
            drive(resolved(self._unit.rollback()))
