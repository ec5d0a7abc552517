"""The system's clock and its ids: the one place where real time and real luck come in."""

import secrets
import threading
import time
from datetime import UTC, datetime
from typing import Final

from tokolib.kernel.ids import make_id

RANDOM_BITS: Final = 74
STEP_BITS: Final = 32


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return datetime.now(UTC)


class SystemIds:
    """UUIDv7 from this machine's clock and its best luck; later ones sort after earlier ones.

    Within a millisecond, or when the clock is set back, the luck of the last id is raised by a random step
    (RFC 9562, section 6.2, method 2), so that neither a thread nor a forked process makes the same id.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._luck = 0

    def new(self, prefix: str) -> str:
        """A new id such as `ord_06f8k2…`."""
        with self._lock:
            milliseconds = time.time_ns() // 1_000_000
            if milliseconds > self._milliseconds:
                self._milliseconds, self._luck = milliseconds, secrets.randbits(RANDOM_BITS)
            else:
                self._luck += 1 + secrets.randbits(STEP_BITS)
                if self._luck >> RANDOM_BITS:
                    self._milliseconds, self._luck = self._milliseconds + 1, secrets.randbits(RANDOM_BITS)
            return make_id(prefix, self._milliseconds, self._luck)

    def secret(self) -> str:
        """256 unguessable bits as URL-safe text."""
        return secrets.token_urlsafe(32)
