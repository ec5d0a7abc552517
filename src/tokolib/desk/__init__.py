"""What sees the whole shop: the one door for observations, the tick of all that waits, the proof of the books."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.desk.settings import CountryNeeded
    from tokolib.desk.tick import Ticked

__all__ = ["CountryNeeded", "Ticked"]

__getattr__ = exports(
    __name__,
    {"CountryNeeded": "settings", "Ticked": "tick"},
)
