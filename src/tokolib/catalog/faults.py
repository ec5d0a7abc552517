"""Collecting every fault of an input, each with its path, before anything is refused."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from tokolib.catalog.errors import InvalidProduct
from tokolib.kernel.errors import Fault, TokolibError

T = TypeVar("T")
MOST: Final = 100
"""Categories, tags, or components of one product."""


def shown(value: object, most: int = 40) -> str:
    """*value* shortened for a message; Python makes no text of a number with thousands of digits."""
    return "huge" if isinstance(value, int) and abs(value) >= 10**40 else f"{value!s:.{most}}"


class Faults:
    """The faults found so far."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: str, code: str, message: str, value: object = "") -> None:
        """One more fault."""
        self.found.append(Fault(path, code, message, shown(value, 80)))

    def attempt(self, path: str, read: Callable[[], T]) -> T | None:
        """What *read* answers; None, and a fault, when it refuses."""
        try:
            return read()
        except InvalidProduct as error:
            self.found += error.faults
            return None
        except TokolibError as error:
            value = next((str(each) for name, each in error.fields.items() if name in {"value", "sku", "gtin"}), "")
            self.add(path, error.code, str(error), value)
            return None

    def text(self, path: str, given: object, longest: int, *, required: bool = False, lines: bool = False) -> str:
        """*given* as text without spaces around it: printable, at most *longest* characters, line ends as LF."""
        if not isinstance(given, str):
            self.add(path, "catalog.wrong_type", f"expected text, got {type(given).__name__}", given)
            return ""
        shown = given.strip()
        if lines and "\r" in shown:
            shown = shown.replace("\r\n", "\n").replace("\r", "\n")
        if required and not shown:
            self.add(path, "catalog.required", "is required")
        if len(shown) > longest:
            self.add(path, "catalog.too_long", f"has {len(shown)} characters; at most {longest} are kept", shown[:40])
        if not (shown.replace("\n", "").replace("\t", "") if lines else shown).isprintable():
            self.add(path, "catalog.unprintable", "has control or invisible characters", repr(shown[:40]))
        return shown

    def few(self, path: str, items: Sequence[object]) -> None:
        """Tell where there are more *items* than are kept."""
        if len(items) > MOST:
            self.add(path, "catalog.too_many", f"has {len(items)} entries; at most {MOST} are kept")
