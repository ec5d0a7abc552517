"""One transaction at a time, for a map that can't keep several apart."""

from collections.abc import Callable

from tokolib.adapters.keyed.rows import Rows
from tokolib.adapters.units.homes import Turn


class Turns:
    """Lends the rows of one map to one transaction at a time: the next waits, up to *timeout* seconds."""

    def __init__(self, rows: Rows, timeout: float) -> None:
        self._rows = rows
        self._turn = Turn(timeout)

    def begin(self) -> Rows:
        """The rows; their commit or rollback lets the next one in.

        Raises:
            Misuse: this thread has them already.
            Busy: another thread kept them for longer than *timeout*.
        """
        self._turn.enter()
        return _Lent(self._rows, self._turn.leave)


class _Lent:
    def __init__(self, rows: Rows, leave: Callable[[], None]) -> None:
        self.get, self.put, self.drop, self.walk = rows.get, rows.put, rows.drop, rows.walk
        self._rows = rows
        self._leave = leave
        self._over = False

    def commit(self) -> None:
        """Make it last, and let the next one in; a commit that failed waits for its rollback."""
        self._rows.commit()
        self._end()

    def rollback(self) -> None:
        """Take it back, and let the next one in."""
        if not self._over:
            try:
                self._rows.rollback()
            finally:
                self._end()

    def _end(self) -> None:
        self._over = True
        self._leave()
