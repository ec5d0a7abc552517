"""What happens to delivery methods and their tables."""

from typing import ClassVar

import attrs

from tokolib.kernel.events import Event
from tokolib.shipping.model import MethodCode, Terms
from tokolib.shipping.table import RateRow


@attrs.frozen
class MethodPut(Event):
    """A delivery method was added, changed or offered again."""

    topic: ClassVar[str] = "shipping.method_put"
    method: MethodCode
    terms: Terms


@attrs.frozen
class MethodWithdrawn(Event):
    """A delivery method is no longer offered; what was sold with it stays as it was."""

    topic: ClassVar[str] = "shipping.method_withdrawn"
    method: MethodCode


@attrs.frozen
class RatesPut(Event):
    """One shelf of a method's table was filled, replaced or (no rows) emptied."""

    topic: ClassVar[str] = "shipping.rates_put"
    method: MethodCode
    shelf: str
    rows: tuple[RateRow, ...]
