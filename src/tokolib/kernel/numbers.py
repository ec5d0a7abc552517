"""Strict reading of canonical numbers: what a program writes, never what a person types.

`parse.py` reads what people type, by locale. Here only `-?digits[.digits]` in ASCII is a number, so that
neither a float, nor NaN, nor an exponent of a million digits, nor `1_000` slips in.
"""

import re
from decimal import Context, Decimal, FloatOperation, Inexact, InvalidOperation
from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, shown

EXACT = Context(prec=60, traps=[InvalidOperation, FloatOperation, Inexact])
"""A private context in which an inexact result is an error.

Every `Decimal` operation of the library names it: the host's own context, which any thread or task may have set
to six digits, would round in silence.
"""

_CANONICAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?", re.ASCII)


@attrs.frozen
class NotExact(TokolibError):
    """A value that is not an exact, finite number was given where one is needed."""

    code: ClassVar[str] = "kernel.not_exact"
    name: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.value} is not an exact number ({self.reason})"

    @property
    def hint(self) -> str:
        return "give an int, a Decimal, or a plain decimal string such as '12.50'"


def exact(value: object, name: str = "value") -> Decimal:
    """*value* (int, `Decimal` or canonical string) as a `Decimal`, unchanged.

    Raises:
        NotExact: a float, a bool, NaN, an infinity, an exponent, a separator, or more than 24 + 12 digits.
    """
    match value:
        case bool():
            raise NotExact(name, repr(value), "a truth value")
        case int():
            if abs(value) >= 10**24:
                raise NotExact(name, f"{str(value)[:30]}…" if abs(value) < 10**60 else "huge", "too large")
            return Decimal(value)
        case float():
            raise NotExact(name, repr(value), "a float has already lost digits")
        case Decimal():
            if not value.is_finite():
                raise NotExact(name, str(value), "not finite")
            _, digits, power = value.as_tuple()
            exponent = int(power)  # of a finite number it is a whole number already
            if exponent > 24 or exponent < -12 or len(digits) + max(exponent, 0) > 36:
                raise NotExact(name, str(value)[:40], "too large or too fine")
            return value
        case str() if _CANONICAL.fullmatch(value):
            return Decimal(value)
        case str():
            raise NotExact(name, repr(value[:40]), "not of the form 123 or 123.45")
        case _:
            raise NotExact(name, shown(value), f"a {type(value).__name__}")


def shifted(value: Decimal, places: int) -> Decimal:
    """*value* × 10^*places*, exact."""
    return EXACT.scaleb(value, places)


def shortest(value: Decimal) -> str:
    """*value* as plain digits, without an exponent, without trailing zeros and without a minus before zero."""
    return format(EXACT.normalize(value), "f") if value else "0"
