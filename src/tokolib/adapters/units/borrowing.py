"""Connections of a host with a unit of ours open on them: one at a time, for two would undo each other's savepoints."""

from collections.abc import Callable
from typing import Any

from tokolib.kernel.storage_errors import Misuse


class Borrowed:
    """The connections that units have joined just now."""

    def __init__(self) -> None:
        self._by_id: dict[int, Any] = {}

    def take(self, connection: Any) -> Callable[[], None]:
        """Keep others off *connection*; the answer lets them on again, and is harmless the second time.

        Raises:
            Misuse: another thread or task has a unit open on it.
        """
        mark = (connection,)
        if self._by_id.setdefault(id(connection), mark) is not mark:
            raise Misuse("another command is under way in this transaction; let it end first")

        def leave() -> None:
            if self._by_id.get(id(connection)) is mark:
                del self._by_id[id(connection)]

        return leave


def named_type(thing: object) -> str:
    """The type of *thing* with where it comes from: many drivers have a `Connection`."""
    kind = type(thing)
    return f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"
