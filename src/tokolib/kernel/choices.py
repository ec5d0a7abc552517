"""Choices by their words: what a form or a file writes becomes the enum's member, or is refused at birth."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown


def settle_choices(path: str, value: attrs.AttrsInstance, kinds: Mapping[str, type[StrEnum]]) -> None:
    """Put the members in the place of their words (`"frozen"`) in the fields of *value*, which is being made.

    Raises:
        InvalidInput: words that are none; all of them are named, below *path*.
    """
    faults = []
    for name, kind in kinds.items():
        word: Any = getattr(value, name)
        if type(word) is kind:
            continue
        try:
            object.__setattr__(value, name, kind(word))
        except ValueError:
            message = f"must be one of {', '.join(kind)}"
            faults.append(Fault(f"{path}.{name}" if path else name, "kernel.unknown_choice", message, shown(word)))
    if faults:
        raise InvalidInput(tuple(faults))
