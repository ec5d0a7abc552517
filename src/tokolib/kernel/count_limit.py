"""How much a stock count may differ before somebody else has to approve it."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.quantity import UnitOfMeasure

MOST: Final = 10**9
DECIMALS: Final = 6


@attrs.frozen
class CountLimit:
    """Above *units*, or above a *share* of what was expected, a variance has to be approved; None: however much.

    Raises:
        InvalidInput: what is given is no `Decimal` from 0 to 10^9, in millionths.
    """

    units: Decimal | None = None
    """In each SKU's own unit of measure; zero: every variance has to be approved."""
    share: Decimal | None = None
    """A fraction of what the books expected: `Decimal("0.02")` is two per cent; where none was expected, any is more.
    """

    def __attrs_post_init__(self) -> None:
        if faults := tuple(_faults(self)):
            raise InvalidInput(faults)

    def exceeded(self, change: int, expected: int, unit: UnitOfMeasure) -> bool:
        """Whether a variance of *change* steps, where *expected* steps were expected, is above it."""
        differs = abs(change)
        by_units = self.units is not None and differs * unit.per_step > Fraction(self.units)
        return by_units or (self.share is not None and differs > Fraction(self.share) * expected)


def _faults(limit: CountLimit) -> Iterator[Fault]:
    for name in ("units", "share"):
        value: object = getattr(limit, name)
        if value is not None and not (isinstance(value, Decimal) and _is_limit(value)):
            message = f"must be None, or a Decimal from 0 to {MOST} with at most {DECIMALS} decimals"
            yield Fault(name, "kernel.bad_count_limit", message, shown(value))


def _is_limit(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DECIMALS and 0 <= value <= MOST
