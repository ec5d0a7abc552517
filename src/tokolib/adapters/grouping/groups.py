"""Groups of units: they run one after the other in one transaction, and are answered after its commit.

Whoever has the turn in the line works alone on the transaction. Its unit ends, and the turn goes to the next; the one
after whom nobody waits commits for all. Those who are done wait for that commit, and for nothing else.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

import attrs

from tokolib.adapters.awaited.unit import BlockingUnit
from tokolib.adapters.grouping.line import Line
from tokolib.adapters.grouping.shared import SharedTransaction
from tokolib.kernel.storage_errors import Busy, CommitUnknown, ConnectionLost, Serialization, StorageError


@attrs.define(eq=False)
class Group:
    """The units of one transaction."""

    shared: SharedTransaction
    until: float
    """When it takes nobody in any more, in seconds of the monotonic clock."""
    units: int = 0
    """How many wait for its commit."""
    is_full: bool = False
    ended: threading.Event = attrs.Factory(threading.Event)
    failure: StorageError | None = None

    def end(self) -> None:
        """Commit, if there is anything, and let everybody know."""
        try:
            if not self.units:
                self.shared.rollback()
            elif self.shared.is_whole():
                self.shared.commit()
            else:
                self.failure = ConnectionLost("the transaction that this unit was part of ended before its commit")
                self.shared.rollback()
        except StorageError as error:
            self.failure = self.failure or error
        except BaseException:
            self.failure = self.failure or CommitUnknown("the commit of this unit's group was interrupted")
            raise
        finally:
            self.ended.set()


class Member(Protocol):
    """A unit that has the turn."""

    def evict(self) -> None:
        """Take back its writes, and refuse whatever it does from now on."""
        ...


class Groups:
    """The groups of one storage in one process, one after the other."""

    def __init__(self, share: Callable[[], SharedTransaction], *, most: int, longest: float, patience: float) -> None:
        self._share = share
        self._most = most
        self._longest = longest
        self.patience = patience
        self.calls = threading.Lock()
        """Held while the unit that has the turn asks the database, so that it is evicted between its calls only."""
        self._line = Line()
        self._group: Group | None = None
        self._member: Member | None = None

    def enter(self, partition: str) -> tuple[Group, BlockingUnit]:
        """Wait for the turn; the group, and a unit in its transaction.

        Raises:
            Busy: the turn did not come in time. Also what `share` raises; then the turn is the next one's.
        """
        self._wait_for_turn()
        with self.calls:
            try:
                group = self._group
                if group is None:
                    group = self._group = Group(self._share(), time.monotonic() + self._longest)
                return group, group.shared.begin(partition)
            except BaseException:
                self._next()
                raise

    def _wait_for_turn(self) -> None:
        place = self._line.stand()
        if place is None:
            return
        try:
            if place.wait(self.patience):
                return
        except BaseException:
            if not self._line.withdraw(place):
                with self.calls:
                    self._next()
            raise
        if self._line.withdraw(place):
            raise Busy(f"another unit of work stayed open for {self.patience:g} s")

    def has_turn(self, member: Member) -> None:
        """Note whose turn it is, so that it can be evicted."""
        self._member = member

    def leave(self, group: Group, *, joined: bool, failure: StorageError | None = None) -> None:
        """End a turn, with `calls` held: *joined* when its unit waits for the group's commit.

        After a *failure* of the database that the unit need not have caused, the group takes nobody else in.
        """
        group.units += joined
        group.is_full = isinstance(failure, Serialization | Busy | ConnectionLost) or group.units >= self._most
        self._next()

    def _next(self) -> None:
        """Let the next unit go on with the group; or end it, when nobody waits or it takes nobody in."""
        group, self._member = self._group, None
        try:
            if group is not None:
                is_open = not group.is_full and time.monotonic() < group.until and group.shared.is_whole()
                if is_open and self._line.hand_on():
                    return
                self._group = None
                group.end()
        except BaseException:
            self._line.leave()
            raise
        self._line.leave()

    def wait(self, group: Group) -> None:
        """Wait until the group has ended; a unit that keeps it waiting for too long is evicted."""
        while not group.ended.wait(self.patience):
            if self.calls.acquire(timeout=self.patience):
                try:
                    if self._group is group and self._member is not None:
                        self._member.evict()
                        self._next()
                finally:
                    self.calls.release()
