"""Quantities: whole steps of a unit of measure, so that 0.35 kg closes to zero as well as three pieces."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Final

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.numbers import exact

LARGEST_STEPS: Final = 10**9
"""No single quantity counts more steps."""


@attrs.frozen
class InvalidQuantity(TokolibError):
    """A quantity that can't be counted in this unit of measure."""

    code: ClassVar[str] = "kernel.invalid_quantity"
    value: str
    unit: str
    reason: str

    def __str__(self) -> str:
        return f"quantity {self.value} {self.unit}: {self.reason}"


@attrs.frozen
class UnitOfMeasure:
    """How a product is counted: pieces, kilograms in steps of a gram, metres in steps of a centimetre."""

    code: str
    """Short name: `pcs`, `kg`, `m`."""
    step: Decimal = Decimal(1)
    """The smallest quantity that can be sold, in units. Fixed once stock has moved."""

    def __attrs_post_init__(self) -> None:
        if not self.code or len(self.code) > 16:
            raise InvalidQuantity("", self.code, "a unit of measure needs a code of 1 to 16 characters")
        if exact(self.step, "step") <= 0:
            raise InvalidQuantity(str(self.step), self.code, "a step is more than zero")

    @property
    def per_step(self) -> Fraction:
        """Units in one step, exact."""
        return Fraction(self.step)

    def steps(self, value: "int | str | Decimal | Quantity", *, zero: bool = False) -> int:
        """*value* units as whole steps.

        Raises:
            NotExact: a float, NaN or not a number.
            InvalidQuantity: negative, zero (unless *zero*), not a whole number of steps, or over 10^9 steps.
        """
        if isinstance(value, Quantity):
            if value.unit != self:
                raise InvalidQuantity(str(value), self.code, f"is counted in {value.unit.code}")
            return value.steps
        amount = exact(value, f"quantity in {self.code}")
        ratio = Fraction(amount) / self.per_step
        if ratio.denominator != 1:
            raise InvalidQuantity(str(value), self.code, f"not a whole number of steps of {self.step}")
        if ratio < 0 or (ratio == 0 and not zero):
            raise InvalidQuantity(str(value), self.code, "must be more than zero")
        if ratio > LARGEST_STEPS:
            raise InvalidQuantity(str(value), self.code, f"beyond {LARGEST_STEPS} steps")
        return int(ratio)


PIECE: Final = UnitOfMeasure("pcs")
KILOGRAM: Final = UnitOfMeasure("kg", Decimal("0.001"))
METRE: Final = UnitOfMeasure("m", Decimal("0.01"))
LITRE: Final = UnitOfMeasure("l", Decimal("0.001"))


@attrs.frozen
class Quantity:
    """A counted amount of goods: `steps` steps of `unit`."""

    steps: int
    unit: UnitOfMeasure = PIECE

    @classmethod
    def of(cls, value: "int | str | Decimal | Quantity", unit: UnitOfMeasure = PIECE) -> "Quantity":
        """*value* units of *unit*; see `UnitOfMeasure.steps` for what is refused."""
        return cls(unit.steps(value), unit)

    @property
    def amount(self) -> Decimal:
        """The quantity in units: `Decimal('0.350')`."""
        return self.steps * self.unit.step

    def __str__(self) -> str:
        return f"{self.amount.normalize():f} {self.unit.code}"
