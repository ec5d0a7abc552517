"""Values as the JSON text that is stored of them, and back from plain data, by the forms written for their classes."""

from typing import Any, TypeVar, cast

from tokolib.records.reading import reader
from tokolib.records.text import encoded
from tokolib.records.writing import writer

T = TypeVar("T")


def dump(value: Any) -> bytes:
    """*value* as the one JSON text that it has: sorted keys, no blanks, no floats.

    Raises:
        InvalidInput: half of a character pair stands alone in it, so that it is no Unicode text.
        NaiveDatetime: an instant in it has no zone.
        TypeError: a field holds what it can't be said to hold.
    """
    return encoded(writer(type(value))(value))


def load(plain: Any, kind: type[T]) -> T:
    """Plain data as a value of *kind*; what is no such thing raises (`TypeError`, `KeyError`, `ValueError`, ...)."""
    return cast(T, reader(kind)(plain))
