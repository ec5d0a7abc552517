"""Lines that people write beside the figures: a name, a reason, a reference. Short, printable, and trimmed."""

from collections.abc import Iterator
from typing import Final

from tokolib.kernel.errors import Fault, InvalidInput, shown

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


def line_faults(path: str, text: object, *, required: bool = False) -> tuple[Fault, ...]:
    """What is wrong with *text* as a line, if anything is."""
    if not isinstance(text, str):
        return (Fault(path, "kernel.wrong_type", "must be text", shown(text)),)
    least = int(required)
    if least <= len(text) <= LONGEST and text.isprintable():
        return ()
    return (Fault(path, "kernel.bad_line", f"must be {least} to {LONGEST} printable characters", repr(text[:40])),)


def name_faults(path: str, names: object) -> Iterator[Fault]:
    """What is wrong with *names*, which are a tuple of lines that say something."""
    if not isinstance(names, tuple) or not all(isinstance(each, str) for each in names):
        yield Fault(path, "kernel.wrong_type", "must be a tuple of names", shown(names))
        return
    for at, name in enumerate(names):
        yield from line_faults(f"{path}[{at}]", name.strip(), required=True)


def given_reason(text: str, *, path: str = "reason", required: bool = True) -> str:
    """Why somebody does something, without blanks around it; empty where it isn't *required* and none was given.

    A reason that is given says something: of blanks nobody learns anything later.

    Raises:
        InvalidInput: it is blank (`kernel.blank_reason`), longer than 300 characters, or has invisible ones.
    """
    if faults := reason_faults(path, text, required=required):
        raise InvalidInput(faults)
    return text.strip()


def reason_faults(path: str, text: str, *, required: bool = True) -> tuple[Fault, ...]:
    """What is wrong with *text* as a reason, if anything is."""
    trimmed = text.strip()
    if not trimmed and (text or required):
        return (Fault(path, "kernel.blank_reason", "must say why", repr(text[:40])),)
    return line_faults(path, trimmed)
