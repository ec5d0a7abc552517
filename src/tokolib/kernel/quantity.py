"""Quantities: whole steps of a unit of measure, so that 0.35 kg closes to zero as well as three pieces."""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Final, TypeAlias

import attrs

from tokolib.kernel.errors import TokolibError, shown
from tokolib.kernel.numbers import EXACT, exact, shortest

LARGEST_STEPS: Final = 10**9
"""Nobody buys, sells or receives more steps at once; what many receipts sum up to may be more."""

LARGEST_SUM: Final = 10**24
"""No sum of steps is larger: far more than a 64-bit column holds, and little enough to be written exactly."""


ONE: Final = Fraction(1)
"""The step of goods that are counted one by one; most are, so who meets this very value needs no arithmetic."""


@attrs.frozen
class InvalidQuantity(TokolibError):
    """A quantity that can't be counted in this unit of measure."""

    code: ClassVar[str] = "kernel.invalid_quantity"
    value: str
    unit: str
    reason: str

    def __str__(self) -> str:
        return f"{' '.join(filter(None, ('quantity', self.value, self.unit)))}: {self.reason}"


def _step(value: int | str | Decimal) -> Decimal:
    return exact(value, "step")


def _unit_code(_: object, __: object, code: str) -> None:
    if type(code) is not str or not 0 < len(code) <= 16:
        raise InvalidQuantity("", shown(code), "a unit of measure needs a code of 1 to 16 characters")


@attrs.frozen
class UnitOfMeasure:
    """How a product is counted: pieces, kilograms in steps of a gram, metres in steps of a centimetre."""

    code: str = attrs.field(validator=_unit_code)
    """Short name: `pcs`, `kg`, `m`."""
    step: Decimal = attrs.field(default=Decimal(1), converter=_step)
    """The smallest quantity that can be sold, in units. Fixed once stock has moved."""

    def __attrs_post_init__(self) -> None:
        if self.step <= 0:
            raise InvalidQuantity(str(self.step), self.code, "a step is more than zero")

    @cached_property
    def per_step(self) -> Fraction:
        """Units in one step, exact."""
        return ONE if self.step == 1 else Fraction(self.step)

    def steps(self, value: "Counted", *, zero: bool = False) -> int:
        """*value* units as whole steps.

        Raises:
            NotExact: a float, NaN or not a number.
            InvalidQuantity: negative, zero (unless *zero*), not a whole number of steps, or over 10^9 steps.
        """
        steps = self._counted(value)
        if steps < 0 or (steps == 0 and not zero):
            raise InvalidQuantity(str(value), self.code, "is negative" if zero else "must be more than zero")
        if steps > LARGEST_STEPS:
            raise InvalidQuantity(str(value), self.code, f"beyond {LARGEST_STEPS} steps")
        return steps

    def _counted(self, value: "Counted") -> int:
        if isinstance(value, Quantity):
            if value.unit != self:
                reason = f"is counted in {value.unit.code} by {value.unit.step}, not by {self.step}"
                raise InvalidQuantity(str(value), self.code, reason)
            return value.steps
        if type(value) is int and self.step == 1 and -LARGEST_STEPS <= value <= LARGEST_STEPS:
            return value
        ratio = Fraction(exact(value, f"quantity in {self.code}")) / self.per_step
        if ratio.denominator != 1:
            raise InvalidQuantity(str(value), self.code, f"not a whole number of steps of {self.step}")
        return ratio.numerator


PIECE: Final = UnitOfMeasure("pcs")
KILOGRAM: Final = UnitOfMeasure("kg", Decimal("0.001"))
METRE: Final = UnitOfMeasure("m", Decimal("0.01"))
LITRE: Final = UnitOfMeasure("l", Decimal("0.001"))


def _whole(quantity: "Quantity", _: object, steps: int) -> None:
    if type(steps) is not int:
        raise InvalidQuantity(shown(steps), "steps", "must be a whole number (int)")
    if not -LARGEST_SUM <= steps <= LARGEST_SUM:
        raise InvalidQuantity(shown(steps), "steps", "beyond 10^24")


def check_unit(unit: object) -> None:
    """Pass for a unit of measure.

    Raises:
        InvalidQuantity: it is another thing, its code as text included.
    """
    if not isinstance(unit, UnitOfMeasure):
        raise InvalidQuantity("", shown(unit), "is no UnitOfMeasure, such as PIECE or KILOGRAM")


def _is_unit(_: object, __: object, unit: UnitOfMeasure) -> None:
    check_unit(unit)


@attrs.frozen
class Quantity:
    """A counted amount of goods: `steps` steps of `unit`. Negative for what goes out or is missing.

    Made by `of` it can be sold; made directly it may also be a level, a difference or a sum.
    """

    steps: int = attrs.field(validator=_whole)
    unit: UnitOfMeasure = attrs.field(default=PIECE, validator=_is_unit)

    @classmethod
    def of(cls, value: "Counted", unit: UnitOfMeasure = PIECE) -> "Quantity":
        """*value* units of *unit*; see `UnitOfMeasure.steps` for what is refused."""
        return cls(unit.steps(value), unit)

    @property
    def amount(self) -> Decimal:
        """The quantity in units: `Decimal('0.350')`."""
        return EXACT.multiply(Decimal(self.steps), self.unit.step)

    def __str__(self) -> str:
        return f"{shortest(self.amount)} {self.unit.code}"


Counted: TypeAlias = int | str | Decimal | Quantity
"""A quantity as callers give it, in the SKU's own unit of measure: 3, "0.35", Decimal("0.35")."""
