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


def canonical(value: Any) -> str:
    """*value* as JSON with sorted keys; numbers in their shortest exact form, instants in UTC."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(*values: Any) -> str:
    """A SHA-256 over the canonical text of *values*, in hexadecimal."""
    return hashlib.sha256(canonical(values).encode()).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value.normalize(), "f") if value else "0"
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
            return sorted(_plain(item) for item in value)
        case _ if attrs.has(type(value)):
            return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")
