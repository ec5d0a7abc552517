"""What cattrs refuses, as faults of ours, each with its path."""

from collections.abc import Iterator
from typing import Final

import attrs
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)

from tokolib.kernel.errors import Fault, InvalidInput, TokolibError, shortened, shown
from tokolib.kernel.personal import personal_fields

LONGEST_REASON: Final = 200
"""Characters of what Python, or a host's own class, says of a value: it may repeat all of it."""


def faults_of(error: Exception, path: str, *, personal: bool) -> Iterator[Fault]:
    """What an error of cattrs, and those inside of it, say of the data, each with its path."""
    match error:
        case ClassValidationError():
            private = personal_fields(error.cl) if attrs.has(error.cl) else ()
            for inner, note in _placed(error):
                name = note.name if isinstance(note, AttributeValidationNote) else ""
                place = f"{path}.{name}" if path and name else path or name
                if isinstance(inner, KeyError) and inner.args == (name,):
                    yield Fault(place, "kernel.required", "is required")
                else:
                    yield from faults_of(inner, place, personal=personal or name in private)
        case IterableValidationError():
            for inner, note in _placed(error):
                place = f"{path}[{shown(note.index, str)}]" if isinstance(note, IterableValidationNote) else path
                yield from faults_of(inner, place, personal=personal)
        case ForbiddenExtraKeysError():
            for name in sorted(map(str, error.extra_fields)):
                place = shown(name, str)
                yield Fault(f"{path}.{place}" if path else place, "kernel.unknown_field", "is not known here")
        case InvalidInput():  # it leaves out what is personal itself
            for fault in error.faults:
                yield attrs.evolve(fault, path=".".join(filter(None, (path, fault.path))))
        case TokolibError() if not personal:
            yield Fault(path, error.code, str(error))
        case _:
            why = "" if personal else f": {shortened(str(error), LONGEST_REASON)}"
            yield Fault(path, "kernel.malformed", f"can't be read{why}")


def _placed(error: ClassValidationError | IterableValidationError) -> Iterator[tuple[Exception, object]]:
    """The errors inside another, each with the note that tells its place."""
    with_notes, without = error.group_exceptions()
    yield from with_notes
    yield from ((inner, None) for inner in without)
