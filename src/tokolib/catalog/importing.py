"""Importing products from rows: checked one by one, stored in batches, all faults told, twice the same as once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

import attrs

from tokolib.catalog.errors import ImportRefused, RowFault
from tokolib.catalog.model import Part
from tokolib.catalog.overlay import located, wish
from tokolib.catalog.rows import Group, Grouping, Plan, Row, plan, read_row
from tokolib.catalog.sheet import Record, Sheet
from tokolib.catalog.steps import Change, Outcome, StoreAll
from tokolib.kernel.limits import Limits

BATCH: Final = 200
"""Products in one unit of work."""
LISTED: Final = 200
"""Faults that a report lists; the others are counted, and told as they are found to who asks for them."""

OnProgress = Callable[[int, int | None], object]
"""Is told how many lines are done, and of how many, if that can be known."""

OnFault = Callable[[RowFault], object]
"""Is told each fault as it is found: all of them, where a report lists the first."""

FATAL: Final = frozenset({"catalog.file_too_large", "catalog.undecodable"})
"""Faults after which no row can be read."""


@attrs.frozen
class ImportReport:
    """What an import did, or in a dry run would have done."""

    rows: int
    """Rows read, without the header."""
    created: int
    """Products, here and below."""
    changed: int
    unchanged: int
    refused: int
    faults: tuple[RowFault, ...]
    """The first of them, by line."""
    fault_count: int
    fault_codes: Mapping[str, int]
    """How many faults of each code."""
    complete: bool
    """False when a limit, or a text file that can't be decoded, stopped it before the end of the file."""
    dry_run: bool

    @property
    def ok(self) -> bool:
        """Whether the whole file was read, and every row of it taken."""
        return self.complete and self.fault_count == 0


class Importing:
    """One import: a sheet, how its columns are read, and what came of it so far."""

    def __init__(
        self,
        sheet: Sheet,
        limits: Limits,
        *,
        dry_run: bool,
        on_progress: OnProgress | None,
        on_fault: OnFault | None,
    ) -> None:
        self._sheet = sheet
        self._limits = limits
        self._dry_run = dry_run
        self._on_progress = on_progress
        self._on_fault = on_fault
        self._rows = 0
        self._complete = True
        self._changes: Counter[Change] = Counter()
        self._faults: list[RowFault] = []
        self._codes: Counter[str] = Counter()
        self._places: Mapping[str, int] = {}
        self.planned: dict[str, Part] = {}
        """What a dry run has accepted; later rows may be bundles of it."""

    async def run(self, columns: Mapping[str, str], also: tuple[str, ...], store: StoreAll) -> ImportReport:
        """Read everything, and store it by *store*, a batch at a time; bundles wait for the end of the file.

        Raises:
            ImportRefused: encoding or header make the file unreadable. Nothing was stored.
        """
        records = self._sheet.records()
        header = next(records, None)
        if header is None:
            raise ImportRefused((RowFault(1, "", "catalog.empty_file", "the file is empty; it needs a header line"),))
        layout = plan(header, columns, also)
        self._places = {name: place for place, name in enumerate(layout.headers)}
        rows = self._read(layout, records)
        groups = Grouping(layout).groups(rows)
        bundles: list[Group] = []
        while batch := list(islice(groups, BATCH)):
            bundles += [group for group in batch if group.cell("components")]
            await self._store(layout, [group for group in batch if not group.cell("components")], store)
            self._tell()
        for start in range(0, len(bundles), BATCH):
            await self._store(layout, bundles[start : start + BATCH], store)
        self._tell()
        return self._report()

    def _read(self, layout: Plan, records: Iterator[Record]) -> Iterator[Row]:
        for record in records:
            if record.fault and record.fault.code in FATAL:
                return self._stop(record.fault)
            if self._rows >= self._limits.import_rows:
                message = f"the file has more than {self._limits.import_rows} rows; this one and the rest are not read"
                return self._stop(RowFault(record.line, "", "catalog.too_many_rows", message))
            self._rows += 1
            yield read_row(layout, record, self._limits)
        return None

    def _stop(self, fault: RowFault) -> None:
        self._complete = False
        self._note([fault])

    async def _store(self, layout: Plan, groups: list[Group], store: StoreAll) -> None:
        readable = [group for group in groups if group.readable]
        outcomes = await store([wish(layout, group) for group in readable]) if readable else []
        found = dict(zip(map(id, readable), outcomes, strict=True))
        for group in groups:
            self._settle(layout, group, found.get(id(group)))

    def _settle(self, layout: Plan, group: Group, outcome: Outcome | None) -> None:
        self._changes[outcome.change if outcome else Change.REFUSED] += 1
        self._note(list(group.faults))
        if outcome and outcome.error:
            self._note(located(layout, group, outcome.draft, outcome.error))
        if outcome and outcome.product and self._dry_run:
            part = Part(outcome.product.unit, outcome.product.is_bundle, outcome.product.digital)
            self.planned |= dict.fromkeys(outcome.product.keys, part)

    def _note(self, faults: list[RowFault]) -> None:
        self._codes.update(fault.code for fault in faults)
        self._faults += faults[: max(0, LISTED - len(self._faults))]
        if self._on_fault is not None:
            for fault in faults:
                self._on_fault(fault)

    def _tell(self) -> None:
        if self._on_progress is not None:
            self._on_progress(self._sheet.lines_read, self._sheet.total)

    def _report(self) -> ImportReport:
        return ImportReport(
            rows=self._rows,
            created=self._changes[Change.CREATED],
            changed=self._changes[Change.CHANGED],
            unchanged=self._changes[Change.UNCHANGED],
            refused=self._changes[Change.REFUSED],
            faults=tuple(sorted(self._faults, key=lambda fault: (fault.line, self._places.get(fault.column, -1)))),
            fault_count=self._codes.total(),
            fault_codes=dict(sorted(self._codes.items())),
            complete=self._complete,
            dry_run=self._dry_run,
        )
