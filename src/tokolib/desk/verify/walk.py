"""Walking over stored rows in pages, and collecting what is broken, in bounded memory."""

from collections.abc import AsyncIterator
from typing import Final, Generic, TypeVar, cast

import attrs

from tokolib.desk.verify.report import Alarm, Report, Violation
from tokolib.kernel.hosting import resolved
from tokolib.kernel.rows import Entry, Kind, Page, ScanRow
from tokolib.kernel.storage_errors import Unreadable
from tokolib.kernel.unit import Unit

T = TypeVar("T")
PAGE: Final = 200
"""Rows of a page: of an order of a thousand lines each may be a megabyte."""
LISTED: Final = 1000
"""At most so many violations are listed, and so many alarms; the rest are counted."""


async def rows(unit: Unit, kind: Kind, of: type[T], found: "Findings", *, name: str = "") -> AsyncIterator[T]:
    """Every row of a group that can be read, in its fixed order; R1 names the others."""
    after: str | None = None
    limit = PAGE
    while True:
        try:
            page: Page[ScanRow] = await resolved(unit.work.scan(kind, name=name, after=after, limit=limit))
        except Unreadable as error:
            if error.behind is None:
                raise
            if error.readable:
                limit = error.readable  # those before it, which end a page of their own
                continue
            found.unreadable(error)
            after, limit = error.behind, PAGE
            continue
        for row in page.items:
            yield cast(T, row)
        if page.after is None:
            return
        after, limit = page.after, PAGE


async def posted(
    unit: Unit, ledger: str, *, account: str | None = None, refers_to: str | None = None
) -> AsyncIterator[Entry]:
    """The entries of an account, or of a reference, as far as they can be read: the walk over all of them names the
    one that can't.
    """
    after: str | None = None
    while True:
        asked = unit.work.ledger(ledger, account=account, refers_to=refers_to, after=after)
        try:
            page: Page[Entry] = await resolved(asked)
        except Unreadable:
            return
        for entry in page.items:
            yield entry
        if page.after is None:
            return
        after = page.after


class Ahead(Generic[T]):
    """An iterator that can be looked into one row ahead."""

    def __init__(self, source: AsyncIterator[T]) -> None:
        self._source = source
        self._row: T | None = None

    async def peek(self) -> T | None:
        """The next row, which stays the next; None behind the last."""
        if self._row is None:
            self._row = await anext(self._source, None)
        return self._row

    async def next(self) -> T | None:
        """The next row, which is done with."""
        row = await self.peek()
        self._row = None
        return row


@attrs.define
class Findings:
    """What was looked at, what is broken and what waits, so far."""

    violations: list[Violation] = attrs.field(factory=list)
    more: int = 0
    alarms: list[Alarm] = attrs.field(factory=list)
    more_alarms: int = 0
    checked: dict[str, int] = attrs.field(factory=dict)
    _unreadable: set[tuple[str, str]] = attrs.field(factory=set)

    def saw(self, kind: str, count: int = 1) -> None:
        """Count rows that were looked at."""
        self.checked[kind] = self.checked.get(kind, 0) + count

    def report(self) -> Report:
        """All of it."""
        checked = tuple(sorted(self.checked.items()))
        return Report(checked, tuple(self.violations), self.more, tuple(self.alarms), self.more_alarms)

    def broken(self, promise: str, row: str, found: str, repair: str) -> None:
        """Note a broken promise."""
        if len(self.violations) < LISTED:
            self.violations.append(Violation(promise, row, found, repair))
        else:
            self.more += 1

    def unreadable(self, error: Unreadable) -> None:
        """Note a row that can't be read: once, however often it is walked over."""
        if (error.what, error.id) not in self._unreadable:
            self._unreadable.add((error.what, error.id))
            told = f"its {error.column} is {error.value}, which is none"
            self.broken("R1", f"{error.what} {error.id}", told, "restore the row from a backup")

    def expect(self, holds: bool, promise: str, row: str, found: str, repair: str) -> None:
        """Note a broken promise unless it *holds*."""
        if not holds:
            self.broken(promise, row, found, repair)

    def waits(self, promise: str, row: str, found: str, remedy: str) -> None:
        """Note something that is no fault, and waits for somebody."""
        if len(self.alarms) < LISTED:
            self.alarms.append(Alarm(promise, row, found, remedy))
        else:
            self.more_alarms += 1
