"""A frozen value with some of its fields changed: `attrs.evolve` for the aggregates that every placement changes."""

from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import attrs

A = TypeVar("A", bound=attrs.AttrsInstance)


def changed(value: A, **changes: Any) -> A:
    """*value* with *changes* by name of the field.

    It does what `attrs.evolve` does, in a tenth of the steps: the fields of a class are looked up once, and read
    all together.

    Raises:
        TypeError: the class has no such field.
    """
    names, read = _fields(type(value))
    return type(value)(**{**dict(zip(names, read(value), strict=True)), **changes})


@cache
def _fields(cls: type[attrs.AttrsInstance]) -> tuple[tuple[str, ...], Any]:
    fields = [field for field in attrs.fields(cls) if field.init]
    first, *others = [field.name for field in fields]
    read = attrgetter(first, *others) if others else lambda value: (getattr(value, first),)
    return tuple(field.alias for field in fields), read
