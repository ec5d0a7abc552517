"""One canonical text for a value, so that two equal wishes have one fingerprint on every machine."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import NoneType
from typing import Any, Final

import attrs

from tokolib.kernel.clock import aware
from tokolib.kernel.numbers import NotExact, shortest


def canonical(value: Any) -> str:
    """*value* as JSON with sorted keys; numbers in their shortest exact form, instants in UTC.

    A class of ours carries its name, so that `All(...)` and `AnyOf(...)` of the same parts are two wishes.

    Raises:
        NotExact: a float, NaN or an infinity somewhere in it.
        NaiveDatetime: an instant without a zone.
        TypeError: something that has no canonical form.
    """
    return _ENCODER.encode(_plain(value))


def fingerprint(*values: Any) -> str:
    """A SHA-256 over the canonical text of *values*, in hexadecimal."""
    return hashlib.sha256(canonical(values).encode("utf-8", "surrogatepass")).hexdigest()


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    kind = type(value)
    form = _KNOWN.get(kind)
    if form is None:
        form = _KNOWN[kind] = _form(kind)
    return form(value)


_KNOWN: Final[dict[type, Callable[[Any], Any]]] = {}
"""The plain form of values of a class, looked for once."""


def _form(kind: type) -> Callable[[Any], Any]:
    for known, form in _FORMS:
        if issubclass(kind, known):
            return form
    if attrs.has(kind):
        return _fields(kind)
    raise TypeError(f"{kind.__name__} has no canonical form")


def _fields(kind: type) -> Callable[[Any], Any]:
    names = tuple(field.name for field in attrs.fields(kind))
    return lambda value: {"": kind.__name__} | {name: _plain(getattr(value, name)) for name in names}


def _itself(value: Any) -> Any:
    return value


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise NotExact("canonical value", str(value), "not finite")
    return shortest(value)


def _float(value: float) -> str:
    raise NotExact("canonical value", repr(value), "a float has already lost digits")


_FORMS: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...]] = (
    (Enum, lambda value: value.value),
    ((NoneType, bool, int, str), _itself),
    (Decimal, _decimal),
    (float, _float),
    (Fraction, lambda value: f"{value.numerator}/{value.denominator}"),
    (datetime, lambda value: aware(value, "instant").isoformat()),
    (date, lambda value: value.isoformat()),
    (Mapping, lambda value: {str(key): _plain(item) for key, item in value.items()}),
    ((tuple, list), lambda value: [_plain(item) for item in value]),
    ((set, frozenset), lambda value: sorted((_plain(item) for item in value), key=canonical)),
)
"""The first that fits a class says what its values are."""
