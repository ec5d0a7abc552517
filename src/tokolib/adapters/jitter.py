"""How long to wait before a retry: longer each time, and never the same for two of those who wait."""

from secrets import randbelow
from typing import Final

FIRST_MICROSECONDS: Final = 2_000
LONGEST_MICROSECONDS: Final = 250_000


def jitter(attempt: int) -> float:
    """Seconds to wait before the try after *attempt* (1 is the first): half fixed and half luck."""
    span = min(FIRST_MICROSECONDS << min(max(attempt, 1) - 1, 10), LONGEST_MICROSECONDS)
    return (span // 2 + randbelow(span // 2 + 1)) / 1_000_000
