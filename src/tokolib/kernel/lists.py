"""Lists as hosts hand them over: a tuple, a list, or something that yields items one by one."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from tokolib.kernel.annotations import MOST_FAULTS
from tokolib.kernel.errors import Fault, InvalidInput, shown


def listed(values: Any) -> Any:
    """*values* as a tuple, where they are a list of things; what is none stays as it is, for its check to name."""
    one = isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable)
    return values if one else tuple(values)


def texts(path: str, values: Iterable[object]) -> tuple[str, ...]:
    """What an iterable of texts yields: the border can't look into an iterator without using it up.

    Raises:
        InvalidInput: an item that is no text.
    """
    found = tuple(values)
    wrong = (
        Fault(f"{path}[{at}]", "kernel.wrong_type", "must be text", shown(each))
        for at, each in enumerate(found)
        if not isinstance(each, str)
    )
    if faults := tuple(islice(wrong, MOST_FAULTS)):
        raise InvalidInput(faults)
    return tuple(each for each in found if isinstance(each, str))
