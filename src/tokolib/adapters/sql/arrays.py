"""Many values of one column as one text, in the form in which PostgreSQL reads an array.

Source: postgresql.org/docs/18/arrays.html, section 8.15.2, "Array Value Input".
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol


class ArrayMaker(Protocol):
    """Writes values of one type, of which some may be None."""

    def __call__(self, values: Sequence[Any]) -> str: ...


def array_of_text(values: Sequence[str | None]) -> str:
    """Texts; one with a NUL character is left out, for no database keeps it."""
    texts: Sequence[Any] = values
    if texts and None not in texts:
        plain = '","'.join(texts)
        if "\0" not in plain and "\\" not in plain and plain.count('"') == 2 * (len(texts) - 1):
            return f'{{"{plain}"}}'
    parts = []
    for value in values:
        if value is None:
            parts.append("NULL")
        elif "\0" not in value:
            if '"' in value or "\\" in value:
                value = value.replace("\\", "\\\\").replace('"', '\\"')
            parts.append(f'"{value}"')
    return f"{{{','.join(parts)}}}"


def array_of_integers(values: Sequence[int | None]) -> str:
    """Integers."""
    if None not in values:
        return f"{{{','.join(map(str, values))}}}"
    return f"{{{','.join(['NULL' if value is None else str(value) for value in values])}}}"


def array_of_bytes(values: Sequence[bytes | None]) -> str:
    r"""Byte strings, in the hexadecimal form `\x…`, whose backslash an array wants written twice."""
    return f"{{{','.join(['NULL' if value is None else _hex(value) for value in values])}}}"


def _hex(value: bytes) -> str:
    return rf'"\\x{value.hex()}"'


MAKERS: Final[Mapping[str, ArrayMaker]] = {
    "text": array_of_text,
    "integer": array_of_integers,
    "blob": array_of_bytes,
}
"""By the type of a declared column."""
