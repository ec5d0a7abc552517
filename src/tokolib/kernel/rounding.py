"""Exact rounding of integer fractions: the one place where a fraction of a minor unit disappears."""

from enum import StrEnum
from typing import ClassVar, Final

import attrs

from tokolib.kernel.choices import settle_choices
from tokolib.kernel.errors import TokolibError


class RoundingMode(StrEnum):
    """Where a value goes that lies between two whole minor units. Negative values mirror positive ones."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


class RoundingLevel(StrEnum):
    """The figure at which tax is rounded; everything finer stays exact."""

    UNIT = "unit"
    LINE = "line"
    RATE_GROUP = "rate_group"
    DOCUMENT = "document"


@attrs.frozen
class RoundingProfile:
    """How a jurisdiction, or a shop, rounds: a mode at a level, each given as itself or by its word.

    Raises:
        InvalidInput: a word that is none.
    """

    mode: RoundingMode
    level: RoundingLevel
    together: bool = False
    """Whether taxes on top of one price (of state, county and city) are rounded as their sum, and not each."""

    def __attrs_post_init__(self) -> None:
        settle_choices("rounding", self, {"mode": RoundingMode, "level": RoundingLevel})


DEFAULT_ROUNDING: Final = RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.LINE)
"""Where neither law nor shop says otherwise."""


@attrs.frozen
class BadDivisor(TokolibError):
    """An amount was to be divided by nothing, or by less."""

    code: ClassVar[str] = "kernel.bad_divisor"
    denominator: int

    def __str__(self) -> str:
        return f"can't divide by {self.denominator}: a denominator is more than zero"


def divide(numerator: int, denominator: int, mode: RoundingMode) -> int:
    """*numerator* / *denominator* as a whole number, by *mode*.

    Raises:
        BadDivisor: the denominator is not positive.
    """
    if denominator <= 0:
        raise BadDivisor(denominator)
    if numerator < 0:
        return -divide(-numerator, denominator, mode)
    if mode == RoundingMode.HALF_UP:
        return (2 * numerator + denominator) // (2 * denominator)
    whole, rest = divmod(numerator, denominator)
    match mode:
        case RoundingMode.DOWN:
            return whole
        case RoundingMode.UP:
            return whole + (rest > 0)
        case RoundingMode.HALF_EVEN:
            return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
