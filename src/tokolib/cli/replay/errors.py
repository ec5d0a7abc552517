"""What a replay refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class Unreadable(TokolibError):
    """The file, or one line of it, is not what a replay can read; nothing of that line was replayed."""

    code: ClassVar[str] = "replay.unreadable"
    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"

    @property
    def hint(self) -> str:
        return (
            "columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate (YYYY-MM-DD HH:MM), UnitPrice, "
            "CustomerID, Country, in time order, as UTF-8 CSV or CSV in xz; `replay sample` runs the bundled week"
        )


@attrs.frozen
class Occupied(TokolibError):
    """The file to write exists already; nothing was changed."""

    code: ClassVar[str] = "replay.occupied"
    file: str

    def __str__(self) -> str:
        return f"{self.file} exists already"

    @property
    def hint(self) -> str:
        return "a replay writes new files only: name another one, or move this one away"


@attrs.frozen
class BadShare(TokolibError):
    """The share of calls to strike is none; nothing was read or written."""

    code: ClassVar[str] = "replay.bad_share"
    text: str

    def __str__(self) -> str:
        return f"{self.text[:40]!r} is no share of calls to strike"

    @property
    def hint(self) -> str:
        return "give a plain decimal from 0 up to, and without, 1, of at most nine digits, such as --faults 0.01"


@attrs.frozen
class GaveUp(TokolibError):
    """So many calls were struck that a request was never answered. What was replayed before it stays stored."""

    code: ClassVar[str] = "replay.gave_up"
    tries: int

    def __str__(self) -> str:
        return f"a request had no answer after {self.tries:,} tries"

    @property
    def hint(self) -> str:
        return "one request makes dozens of calls: let a smaller share of them be struck"
