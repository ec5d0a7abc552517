"""Ids that are the same in every run with the same seed."""

import base64
import random
import threading
from typing import Final

from tokolib.kernel.ids import make_id

_FIRST: Final = 1_769_824_800_000
"""Milliseconds at which the ids begin: 2026-01-31, 02:00 UTC."""


class SeededIds:
    """Implements `kernel.ids.Ids`: later ids sort after earlier ones, and nothing depends on time or luck."""

    def __init__(self, seed: int = 0) -> None:
        self._luck = random.Random(seed)
        self._made = 0
        self._lock = threading.Lock()

    def new(self, prefix: str) -> str:
        """The next id of that kind."""
        with self._lock:
            self._made += 1
            return make_id(prefix, _FIRST + self._made, self._luck.getrandbits(74))

    def secret(self) -> str:
        """The next 256 bits, which anybody who knows the seed can say: for tests only."""
        with self._lock:
            return base64.urlsafe_b64encode(self._luck.randbytes(32)).decode().rstrip("=")
