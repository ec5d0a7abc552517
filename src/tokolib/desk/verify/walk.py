"""Walking over stored rows in pages, and collecting what is broken, in bounded memory."""

from collections.abc import AsyncIterator
from typing import Final, TypeVar, cast

import attrs

from tokolib.desk.verify.report import Report, Violation
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Kind, Page, ScanRow
from tokolib.kernel.unit import Unit

T = TypeVar("T")
PAGE: Final = 500
LISTED: Final = 1000
"""At most so many violations are listed; the rest are counted."""


async def rows(unit: Unit, kind: Kind, of: type[T], *, name: str = "") -> AsyncIterator[T]:
    """Every row of a group, in its fixed order."""
    after: str | None = None
    while True:
        page: Page[ScanRow] = await resolved(unit.work.scan(kind, name=name, after=after, limit=PAGE))
        for row in page.items:
            yield cast(T, row)
        if page.after is None:
            return
        after = page.after


@attrs.define
class Findings:
    """What was looked at and what is broken, so far."""

    violations: list[Violation] = attrs.field(factory=list)
    more: int = 0
    checked: dict[str, int] = attrs.field(factory=dict)

    def saw(self, kind: str, count: int = 1) -> None:
        """Count rows that were looked at."""
        self.checked[kind] = self.checked.get(kind, 0) + count

    def report(self) -> Report:
        """All of it."""
        return Report(tuple(sorted(self.checked.items())), tuple(self.violations), self.more)

    def broken(self, promise: str, row: str, found: str, repair: str) -> None:
        """Note a broken promise."""
        if len(self.violations) < LISTED:
            self.violations.append(Violation(promise, row, found, repair))
        else:
            self.more += 1

    def expect(self, holds: bool, promise: str, row: str, found: str, repair: str) -> None:
        """Note a broken promise unless it *holds*."""
        if not holds:
            self.broken(promise, row, found, repair)
