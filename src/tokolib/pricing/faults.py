"""The faults that names, dates, priorities and conditions of lists and promotions can have."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import attrs

from tokolib.kernel.codes.typed import LONGEST_CODE
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import LARGEST

LONGEST_NAME: Final = 300

ID_PREFIXES: Final = ("pls_", "prm_")
"""What ids begin with: a caller may name a list or a promotion by its id or by its code."""


def slug(code: str, path: str) -> str:
    """*code* in lower case: 1 to 64 letters, digits, and `-_.`, and not what an id looks like.

    Raises:
        InvalidInput: anything else.
    """
    lowered = code.casefold()
    if not (0 < len(lowered) <= LONGEST_CODE and all(c.isalnum() or c in "-_." for c in lowered)):
        raise InvalidInput((Fault(path, "pricing.code", "must be 1 to 64 letters, digits or -_.", code[:80]),))
    if lowered.startswith(ID_PREFIXES):
        raise InvalidInput((Fault(path, "pricing.code", "must not begin like an id", code[:80]),))
    return lowered


def priority_faults(priority: int) -> Iterator[Fault]:
    if type(priority) is not int or abs(priority) > LARGEST:
        yield Fault("priority", "pricing.not_whole", "must be a whole number within 10^15", shown(priority))


def window_faults(since: datetime | None, until: datetime | None) -> Iterator[Fault]:
    for path, instant in (("since", since), ("until", until)):
        if instant is not None and instant.utcoffset() is None:
            yield Fault(path, "pricing.naive", "has no time zone", str(instant))
            return
    if since is not None and until is not None and since >= until:
        yield Fault("until", "pricing.order", "must be after since", until.isoformat())


def name_faults(name: str, path: str = "name") -> Iterator[Fault]:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        wanted = f"must have 1 to {LONGEST_NAME} printable characters, not all of them blanks"
        yield Fault(path, "pricing.length", wanted, repr(name[:80]))


def by_argument(refused: InvalidInput, arguments: Mapping[str, str]) -> InvalidInput:
    """The same refusal, each fault once, with a caller's *arguments* for the paths that these were written into.

    Of the paths that fit the longest counts.
    """
    faults = (attrs.evolve(fault, path=_argument(fault.path, arguments)) for fault in refused.faults)
    return InvalidInput(tuple(dict.fromkeys(faults)))


def _argument(path: str, arguments: Mapping[str, str]) -> str:
    for prefix in sorted(arguments, key=len, reverse=True):
        if path.startswith(prefix):
            return f"{arguments[prefix]}{path.removeprefix(prefix)}"
    return path


def refuse(faults: list[Fault]) -> None:
    """Pass, or name every fault.

    Raises:
        InvalidInput: there is at least one.
    """
    if faults:
        raise InvalidInput(tuple(faults))
