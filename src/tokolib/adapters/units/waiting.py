"""How long a unit may wait for its turn."""

from typing import Final

from tokolib.kernel.adapter_errors import AdapterConfig

LONGEST: Final = 2_147_483
"""Seconds, about 24 days: SQLite counts milliseconds in 32 bits."""


def seconds(adapter: str, timeout: float) -> float:
    """*timeout*, which must be a number of seconds that every lock can count.

    Raises:
        AdapterConfig: it is negative, not finite, too long, or no number.
    """
    if type(timeout) not in (int, float) or not 0 <= timeout <= LONGEST:
        raise AdapterConfig(adapter, f"timeout {timeout!r:.40} is no number of seconds from 0 to {LONGEST:,}")
    return timeout
