"""What a unit of work needs of a database: questions answered and changes made, several in one trip.

The bodies are coroutines, so that one unit serves both colours; a blocking session's never wait.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import attrs

from tokolib.adapters.sql.changes import Change, Rows, Values
from tokolib.kernel.storage_errors import StorageError

Query = tuple[str, Values]


@attrs.frozen(eq=False)
class Step:
    """A change for some rows, and what it means when one of them does not take effect."""

    change: Change
    rows: Rows
    missed: Callable[[int], StorageError] | None = None
    """The error for the row at that place; None where the sender goes on by itself."""
    taken: Callable[[int, tuple[str, ...]], StorageError] | None = None
    """The error when unique columns of the row at that place are another's."""


class Session(Protocol):
    """One transaction on one connection."""

    @property
    def partition(self) -> str:
        """Whose rows it is for."""
        ...

    async def answers(self, *queries: Query) -> list[list[Any]]:
        """The rows that each query finds."""
        ...

    async def send(self, steps: Sequence[Step]) -> list[Sequence[int]]:
        """Make changes that touch no row twice; for each step, the places of its rows that took effect.

        Raises:
            StorageError: what a step says of a row that was missed or taken, or that the database failed.
        """
        ...

    async def run(self, text: str) -> None:
        """A statement without values, as the definition of a table."""
        ...

    async def commit(self) -> None:
        """End the transaction so that it lasts, and give the connection back."""
        ...

    async def rollback(self) -> None:
        """End the transaction without a trace if it is open, and give the connection back."""
        ...

    def check(self) -> None:
        """Refuse a thread or process that this session is not for."""
        ...


async def rows(session: Session, text: str, values: Values) -> list[Any]:
    """The rows that one query finds."""
    return (await session.answers((text, values)))[0]


def refuse_missed(steps: Sequence[Step], effects: Sequence[Sequence[int]]) -> None:
    """Raise what the first step says that has missed a row."""
    for step, hit in zip(steps, effects, strict=True):
        if step.missed is not None and len(hit) < len(step.rows):
            raise step.missed(next(place for place in range(len(step.rows)) if place not in hit))
