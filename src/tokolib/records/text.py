"""Stored text: what is UTF-8, and JSON text as plain data."""

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from tokolib.kernel.errors import Fault, InvalidInput


def encoded(text: str) -> bytes:
    """*text* in UTF-8.

    Raises:
        InvalidInput: half of a character pair stands alone in it, so that it is no Unicode text.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        shown = repr(text[max(0, error.start - 20) : error.end])
        raise InvalidInput((Fault("", "records.not_unicode", "is not Unicode text", shown),)) from error


def from_json(text: bytes) -> Any:
    """JSON text as plain data; a float or a doubled key in it is an error."""
    return _DECODER.decode(text.decode())


def _own() -> Callable[[bytes], Any]:
    """The standard library's reader, or that of the extra `fast`, which takes less than half the time."""
    try:
        msgspec = import_module("msgspec.json")
    except ImportError:
        return json.loads
    read: Callable[[bytes], Any] = msgspec.Decoder().decode
    return read


from_own: Final = _own()
"""JSON text that this library is known to have written, as plain data: it has neither floats nor doubled keys."""


def _no_float(text: str) -> Any:
    raise ValueError(f"a float in a stored record: {text}")


def _single(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError(f"a doubled key in a stored record: {[key for key, _ in pairs]}")
    return made


_DECODER: Final = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_single)
