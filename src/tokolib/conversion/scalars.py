"""Single values: in the forms of the records, and read more narrowly, because they come from outside."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from cattrs import Converter

from tokolib.kernel.money import Money
from tokolib.kernel.quantity import UnitOfMeasure
from tokolib.kernel.unit_price import UnitPrice
from tokolib.records.reading import reader
from tokolib.records.scalars import PLAIN, READ, WRITTEN, in_decimal, in_fraction, refused
from tokolib.records.writing import writer

PAIRS: Final = {
    Money: '[minor units, "IDR"]',
    UnitPrice: '[ten-thousandths of a minor unit, "IDR"]',
    UnitOfMeasure: '["kg", "0.001"]',
}
"""What is a list of two, with its form as a refusal tells it."""

LONGEST_NUMBER: Final = 100
"""Characters of a number, and places that its exponent moves it: it comes from outside, and is computed with."""
RATIO: Final = re.compile(r"-?[0-9]+(/[0-9]+)?", re.ASCII)


def teach_scalars(converter: Converter) -> None:
    """Let *converter* write and read single values."""
    for kind in WRITTEN.keys() - PLAIN:
        converter.register_unstructure_hook(kind, _plainly(writer(kind)))
    for kind in READ.keys() - {str, int, Decimal, Fraction, *PAIRS}:
        converter.register_structure_hook(kind, _only(reader(kind)))
    for kind, form in PAIRS.items():
        converter.register_structure_hook(kind, _only(_paired(form, reader(kind))))
    for kind in (str, int):  # a subclass, such as an IntEnum, is made of what its root is made of
        converter.register_structure_hook(kind, _rooted(kind, reader(kind)))
    converter.register_structure_hook(StrEnum, _rooted(StrEnum, reader(str)))
    converter.register_structure_hook(Decimal, _only(_read_decimal))
    converter.register_structure_hook(Fraction, _only(_read_fraction))
    converter.register_structure_hook(bytes, _only(_read_bytes))
    converter.register_unstructure_hook(StrEnum, lambda member: member.value)
    converter.register_unstructure_hook(bytes, lambda value: b64encode(value).decode())


def _plainly(write: Callable[[Any], str]) -> Callable[[Any], Any]:
    return lambda value: json.loads(write(value))


def _only(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda data, _: read(data)


def _rooted(root: type, read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda data, kind: read(data) if kind is root else kind(read(data))


def _paired(form: str, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Of a text or an object *read* would take two letters, or two names."""
    return lambda data: read(data) if isinstance(data, list | tuple) and len(data) == 2 else refused(form, data)


def _read_decimal(data: Any) -> Decimal:
    if type(data) is str and len(data) <= LONGEST_NUMBER:
        made = in_decimal(data)
        if abs(made.adjusted()) <= LONGEST_NUMBER:
            return made
    return refused("a number as text", data)


def _read_fraction(data: Any) -> Fraction:
    if type(data) is str and len(data) <= 2 * LONGEST_NUMBER and RATIO.fullmatch(data):
        return in_fraction(data)
    return refused("a ratio as text", data)


def _read_bytes(data: Any) -> bytes:
    return b64decode(data, validate=True) if type(data) is str else refused("text in base64", data)
