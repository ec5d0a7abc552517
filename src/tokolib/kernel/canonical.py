"""One canonical text for a value, so that two equal wishes have one fingerprint on every machine."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from json.encoder import encode_basestring
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
    return _WRITERS[type(value)](value)


def fingerprint(*values: Any) -> str:
    """A SHA-256 over the canonical text of *values*, in hexadecimal."""
    return hashlib.sha256(canonical(values).encode("utf-8", "surrogatepass")).hexdigest()


class _Writers(dict[type, Callable[[Any], str]]):
    """What writes the values of a class, looked for once."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = found = _writer(kind)
        return found


_WRITERS: Final = _Writers()


def _writer(kind: type) -> Callable[[Any], str]:
    for known, write in _FORMS:
        if issubclass(kind, known):
            return write
    if attrs.has(kind):
        return _fields(kind)
    raise TypeError(f"{kind.__name__} has no canonical form")


def _fields(kind: type) -> Callable[[Any], str]:
    """An object of the fields by name, after the name of the class, which stands by no name at all."""
    names = sorted(field.name for field in attrs.fields(kind))
    start, labels = f'{{"":{_text(kind.__name__)}', [(name, f",{_text(name)}:") for name in names]

    def write(value: Any) -> str:
        told = [(label, getattr(value, name)) for name, label in labels]
        return start + "".join([label + _WRITERS[type(each)](each) for label, each in told]) + "}"

    return write


_text: Final = encode_basestring


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise NotExact("canonical value", str(value), "not finite")
    return _text(shortest(value))


def _float(value: float) -> str:
    raise NotExact("canonical value", repr(value), "a float has already lost digits")


def _mapping(value: Mapping[Any, Any]) -> str:
    named = sorted({str(key): item for key, item in value.items()}.items())
    return "{" + ",".join([f"{_text(name)}:{canonical(item)}" for name, item in named]) + "}"


def _list(value: Iterable[Any]) -> str:
    return "[" + ",".join([_WRITERS[type(each)](each) for each in value]) + "]"


_FORMS: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...]] = (
    (Enum, lambda value: canonical(value.value)),
    (NoneType, lambda value: "null"),
    (bool, lambda value: "true" if value else "false"),
    (int, int.__repr__),
    (str, _text),
    (Decimal, _decimal),
    (float, _float),
    (Fraction, lambda value: _text(f"{value.numerator}/{value.denominator}")),
    (datetime, lambda value: _text(aware(value, "instant").isoformat())),
    (date, lambda value: _text(value.isoformat())),
    (Mapping, _mapping),
    ((tuple, list), _list),
    ((set, frozenset), lambda value: "[" + ",".join(sorted(map(canonical, value))) + "]"),
)
"""The first that fits a class says how its values are written."""
