"""That a file is still the one that was opened: not put back from a copy, renamed or deleted under an open shop."""

import os

from tokolib.adapters.sqlite.translation import MOVED
from tokolib.kernel.storage_errors import Unavailable


class SameFile:
    """The file at *path*, from when it was first found there."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._known: os.stat_result | None = None

    def check(self) -> None:
        """Look whether it is at its place; this costs a few microseconds.

        Raises:
            Unavailable: another file is there, or none.
        """
        try:
            found = os.stat(self._path)
        except (OSError, ValueError):  # one that was never there is about to be made, or refused by SQLite
            found = None
        if self._known is None:
            self._known = found
        elif found is None or not os.path.samestat(found, self._known):
            what = "was deleted or renamed" if found is None else "was replaced by another file"
            raise Unavailable(f"{self._path} {what} while the shop had it open", MOVED)
