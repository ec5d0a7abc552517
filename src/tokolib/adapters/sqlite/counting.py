"""Which rows of a change took effect, told by the connection's count of changes."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from tokolib.adapters.sql.changes import Values
from tokolib.adapters.sql.session import Step
from tokolib.adapters.sqlite.translation import taken_columns, translated
from tokolib.kernel.storage_errors import StorageError


class Counter(Protocol):
    """A connection, blocking or not."""

    @property
    def total_changes(self) -> int:
        """How many rows it has changed so far."""
        ...


class Counted:
    """The rows of *step* on their way to `executemany`, which takes the next one when the one before is done."""

    def __init__(self, step: Step, connection: Counter) -> None:
        self._step = step
        self._connection = connection
        self._before: list[int] = []
        """The count before each row that was sent."""

    def __iter__(self) -> Iterator[Values]:
        for row in self._step.rows:
            self._before.append(self._connection.total_changes)
            yield row

    def that_took_effect(self) -> Sequence[int]:
        """The places of the rows after which the count had risen."""
        after = [*self._before[1:], self._connection.total_changes]
        return [place for place, (one, next) in enumerate(zip(self._before, after, strict=True)) if next > one]

    def refused(self, error: Exception) -> StorageError:
        """What the step says of the last row that was sent, if its unique columns are taken; else as `translated`."""
        columns = taken_columns(error)
        if columns is None or self._step.taken is None:
            return translated(error)
        return self._step.taken(max(len(self._before) - 1, 0), columns)
