"""Units of measure as text, and when a product may still change its unit."""

import re
from collections.abc import Mapping
from typing import Final

from tokolib.catalog.errors import InvalidMeasure, UnitFixed
from tokolib.catalog.model import Product
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.numbers import exact, shortest
from tokolib.kernel.quantity import KILOGRAM, LITRE, METRE, PIECE, Quantity, UnitOfMeasure

KNOWN: Final[Mapping[str, UnitOfMeasure]] = {unit.code: unit for unit in (PIECE, KILOGRAM, METRE, LITRE)}
"""Units whose usual step needs no saying; any other code counts whole units unless it says its step."""

_CODE = re.compile(r"[^\W\d_][\w.\-]{0,15}")


def unit_of(value: str | UnitOfMeasure) -> UnitOfMeasure:
    """The unit that *value* names: `pcs`, `kg` (steps of a gram), `lusin`, or with its step, `kg:0.05`.

    Raises:
        InvalidMeasure: not a short code, or a step that isn't a number over zero.
    """
    if isinstance(value, UnitOfMeasure):
        return value
    code, colon, step = (part.strip() for part in value.partition(":"))
    if not _CODE.fullmatch(code):
        raise InvalidMeasure("unit", value[:40], "has a code of 1 to 16 letters, digits, '.', '-' or '_'")
    if not colon:
        return KNOWN.get(code, UnitOfMeasure(code))
    try:
        return UnitOfMeasure(code, exact(step, "step"))
    except TokolibError as error:
        raise InvalidMeasure("unit", value[:40], str(error)) from error


def unit_text(unit: UnitOfMeasure) -> str:
    """A unit as `unit_of` reads it."""
    return unit.code if KNOWN.get(unit.code, UnitOfMeasure(unit.code)) == unit else f"{unit.code}:{shortest(unit.step)}"


def amount_text(steps: int, unit: UnitOfMeasure) -> str:
    """*steps* of *unit* in units, as a plain number."""
    return shortest(Quantity(steps, unit).amount)


def unit_change(product: Product, wanted: UnitOfMeasure, *, moved: bool, bundled: bool = False) -> None:
    """Pass when *product* may be counted in *wanted* from now on.

    Raises:
        UnitFixed: it is counted in another unit, and its stock has *moved* or a bundle counts in its steps.
    """
    if product.unit == wanted:
        return
    if moved or bundled:
        reason = "its stock has moved" if moved else "a bundle counts in its steps"
        raise UnitFixed(product.id, unit_text(product.unit), unit_text(wanted), reason)
