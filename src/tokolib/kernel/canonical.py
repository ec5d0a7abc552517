"""One canonical text for a value, so that two equal wishes have one fingerprint on every machine."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

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
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(*values: Any) -> str:
    """A SHA-256 over the canonical text of *values*, in hexadecimal."""
    return hashlib.sha256(canonical(values).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case Decimal():
            if not value.is_finite():
                raise NotExact("canonical value", str(value), "not finite")
            return shortest(value)
        case float():
            raise NotExact("canonical value", repr(value), "a float has already lost digits")
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case datetime():
            return aware(value, "instant").isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted((_plain(item) for item in value), key=canonical)
        case _ if attrs.has(type(value)):
            fields = {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
            return {"": type(value).__name__} | fields
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")
