"""Rows of values as bytes that sort as the values do, so that any ordered map of bytes can keep them."""

from collections.abc import Iterable
from typing import Final, cast

from tokolib.kernel.rows import Scalar

Part = Scalar | bytes

NULL, INTEGER, TEXT, BYTES = b"\x01", b"\x02", b"\x03", b"\x04"
END: Final = b"\xff"
"""Sorts behind every part: `pack(prefix)` to `pack(prefix) + END` is all that begins with *prefix*."""
BEHIND_NULL: Final = INTEGER
"""Sorts behind null, and before every value."""
_MIDDLE: Final = 2**63


def pack(parts: Iterable[Part]) -> bytes:
    """*parts* as bytes: null sorts first, integers by their value, text by code points. Bytes keep no order."""
    packed = []
    for part in parts:
        match part:
            case None:
                packed.append(NULL)
            case int():
                packed.append(INTEGER + (part + _MIDDLE).to_bytes(8))
            case str():
                packed.append(TEXT + part.encode("utf-8", "surrogatepass").replace(b"\0", b"\0\xff") + b"\0")
            case bytes():
                packed.append(BYTES + len(part).to_bytes(8) + part)
    return b"".join(packed)


def unpack(packed: bytes) -> tuple[Part, ...]:
    """The parts that were packed."""
    parts: list[Part] = []
    place = 0
    while place < len(packed):
        tag, place = packed[place : place + 1], place + 1
        if tag == NULL:
            parts.append(None)
        elif tag == INTEGER:
            parts.append(int.from_bytes(packed[place : place + 8]) - _MIDDLE)
            place += 8
        elif tag == TEXT:
            end = packed.index(b"\0", place)
            while packed[end + 1 : end + 2] == b"\xff":
                end = packed.index(b"\0", end + 1)
            parts.append(packed[place:end].replace(b"\0\xff", b"\0").decode("utf-8", "surrogatepass"))
            place = end + 1
        else:
            start = place + 8
            place = start + int.from_bytes(packed[place:start])
            parts.append(packed[start:place])
    return tuple(parts)


def number(part: Part) -> int:
    """*part* of a row whose form says that it is an integer."""
    return cast(int, part)


def words(part: Part) -> str:
    """*part* of a row whose form says that it is text."""
    return cast(str, part)


def raw(part: Part) -> bytes:
    """*part* of a row whose form says that it is bytes."""
    return cast(bytes, part)
