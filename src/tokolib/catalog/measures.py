"""Weights and sizes as people write them, read without guessing into whole grams and millimetres."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from tokolib.catalog.errors import InvalidMeasure
from tokolib.catalog.faults import shown
from tokolib.catalog.model import Dimensions

LARGEST_GRAMS: Final = 100_000_000
LARGEST_MM: Final = 1_000_000

GRAMS: Final[Mapping[str, int]] = {
    "g": 1, "gr": 1, "gram": 1, "grams": 1, "ons": 100, "kg": 1000, "kilo": 1000, "kilogram": 1000,
}  # fmt: skip
"""What is written after a weight. `ons` is the Indonesian (and Dutch metric) hundred grams, never the ounce."""

MILLIMETRES: Final[Mapping[str, int]] = {"mm": 1, "cm": 10, "m": 1000}

_NUMBER = r"[0-9]{1,9}(?:[.,][0-9]{1,6})?"
_WEIGHT = re.compile(rf"({_NUMBER})\s*([a-z]+)", re.IGNORECASE)
_SIZE = re.compile(rf"({_NUMBER})\s*[x×*]\s*({_NUMBER})\s*[x×*]\s*({_NUMBER})\s*([a-z]+)", re.IGNORECASE)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def grams(value: str | int) -> int:
    """*value* in whole grams: an int as it is, or a text such as `300 g`, `1,2 kg`, `2 ons`.

    Raises:
        InvalidMeasure: no unit, an unknown one, not whole grams, not over zero, over 100 t, or ambiguous:
            `1.200 g` is 1,200 g to an Indonesian and 1.2 g to a Briton.
    """
    amount = _whole_grams(value) if isinstance(value, str) else value
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise InvalidMeasure("weight", shown(value), "is neither text nor a whole number of grams")
    if not 0 < amount <= LARGEST_GRAMS:
        raise InvalidMeasure("weight", shown(value), "is between 1 g and 100 t")
    return amount


def _whole_grams(text: str) -> int:
    match = _WEIGHT.fullmatch(text.strip())
    if match is None:
        raise InvalidMeasure("weight", text[:40], "is not of the form '300 g'")
    factor = GRAMS.get(match[2].lower())
    if factor is None:
        raise InvalidMeasure("weight", text[:40], f"has the unknown unit {match[2]!r}; known: {', '.join(GRAMS)}")
    return _times("weight", text, match[1], factor, "grams")


def dimensions(value: str | Dimensions) -> Dimensions:
    """*value* in whole millimetres: `30 x 20 x 10 cm` is length, width, height.

    Raises:
        InvalidMeasure: not three numbers and a unit (mm, cm, m), not whole millimetres, zero, over 1 km, or ambiguous.
    """
    size = Dimensions(*_sides(value)) if isinstance(value, str) else value
    if not isinstance(size, Dimensions):
        raise InvalidMeasure("dimensions", shown(value), "is neither text nor Dimensions")
    sides = (size.length_mm, size.width_mm, size.height_mm)
    if not all(type(side) is int and 0 < side <= LARGEST_MM for side in sides):
        raise InvalidMeasure("dimensions", " x ".join(map(shown, sides)), "has sides of whole mm, from 1 mm to 1 km")
    return size


def _sides(text: str) -> tuple[int, int, int]:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise InvalidMeasure("dimensions", text[:60], "is not of the form '30 x 20 x 10 cm'")
    factor = MILLIMETRES.get(match[4].lower())
    if factor is None:
        raise InvalidMeasure("dimensions", text[:60], f"has the unknown unit {match[4]!r}; known: mm, cm, m")
    length, width, height = (_times("dimensions", text, match[n], factor, "millimetres") for n in (1, 2, 3))
    return length, width, height


def _times(measure: str, text: str, number: str, factor: int, unit: str) -> int:
    if _THOUSANDS.fullmatch(number):
        raise InvalidMeasure(measure, text[:60], f"{number} may mean thousands or a fraction; drop the separator")
    amount = Fraction(number.replace(",", ".")) * factor
    if amount.denominator != 1:
        raise InvalidMeasure(measure, text[:60], f"is not a whole number of {unit}")
    return int(amount)


def weight_text(weight_grams: int) -> str:
    """A weight as `grams` reads it."""
    return f"{weight_grams} g"


def size_text(size: Dimensions) -> str:
    """A size as `dimensions` reads it."""
    return f"{size.length_mm} x {size.width_mm} x {size.height_mm} mm"
