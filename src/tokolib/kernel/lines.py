"""Lines that people write beside the figures: a name, a reason, a reference. Short, printable, and trimmed."""

from typing import Final

from tokolib.kernel.errors import Fault, InvalidInput

LONGEST: Final = 300


def line(path: str, text: str, *, required: bool = False) -> str:
    """*text* without blanks around it.

    Raises:
        InvalidInput: longer than 300 characters, with invisible ones, or nothing at all where it is *required*.
    """
    trimmed = text.strip()
    if faults := line_faults(path, trimmed, required=required):
        raise InvalidInput(faults)
    return trimmed


def line_faults(path: str, text: str, *, required: bool = False) -> tuple[Fault, ...]:
    """What is wrong with *text* as a line, if anything is."""
    least = int(required)
    if least <= len(text) <= LONGEST and text.isprintable():
        return ()
    return (Fault(path, "kernel.bad_line", f"must be {least} to {LONGEST} printable characters", repr(text[:40])),)
