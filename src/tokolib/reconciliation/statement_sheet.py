"""A bank statement read from CSV into typed lines."""

from collections.abc import Mapping
from typing import Final

import attrs

from tokolib.catalog.sheet import Source
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import Money
from tokolib.reconciliation.cells import Cells, Columns, Notations, format_faults, read_rows
from tokolib.reconciliation.model import BankLine

_COLUMNS: Final = Columns(
    required=("on",),
    optional=("amount", "side", "credit", "debit", "currency", "description", "reference", "id"),
)
_SIDES: Final[Mapping[str, int]] = {"CR": 1, "C": 1, "K": 1, "DB": -1, "D": -1}
"""What banks write beside an amount: credit (kredit) or debit."""


@attrs.frozen(kw_only=True)
class StatementFormat:
    """How one bank writes its statements; made once for each.

    Raises:
        InvalidInput: what is no format, every fault by its field.
    """

    columns: Mapping[str, str] = attrs.field(factory=dict)
    """The header of each field that isn't called by its own name: `{"on": "Tanggal", "description": "Keterangan"}`.

    Amounts stand in `amount`, or in two columns, `credit` and `debit`. A statement with a column `side` says `CR` or
    `DB` on each line, and then its amounts have no sign of their own.
    """
    currency: str = "IDR"
    """Where the statement has no such column."""
    notations: Notations = attrs.field(factory=Notations)

    def __attrs_post_init__(self) -> None:
        faults = [*format_faults(self.columns, self.notations, {"currency": self.currency})]
        if faults:
            raise InvalidInput(tuple(faults))


def read_statement(
    source: Source, *, format: StatementFormat | None = None, limits: Limits | None = None
) -> tuple[BankLine, ...]:
    """The lines of a bank statement in CSV. A line without an id is called by its number in the file.

    Raises:
        SheetRefused: every fault, by line and column. Nothing was read.
        InvalidInput: *source* is nothing that can be read.
    """
    form = format or StatementFormat()

    def make(cells: Cells) -> BankLine | None:
        return _line(cells, form.currency)

    return read_rows(source, _COLUMNS, form.columns, form.notations, limits or Limits(), make)


def _line(cells: Cells, currency: str) -> BankLine | None:
    kept = cells.currency("currency", currency)
    on = cells.day("on")
    if cells.text("credit") or cells.text("debit"):
        units = cells.money("credit", kept) - cells.money("debit", kept)
    else:
        units = _sided(cells, cells.money("amount", kept, required=True))
    if cells.faults or kept is None:
        return None
    try:
        return BankLine(
            id=cells.text("id") or f"line {cells.line}",
            on=on,
            amount=Money(units, kept),
            description=cells.text("description"),
            reference=cells.text("reference"),
        )
    except InvalidInput as error:
        for fault in error.faults:
            cells.fault(fault.path, fault.code, fault.message)
        return None


def _sided(cells: Cells, units: int) -> int:
    """The amount with the sign of its side: where the statement has a column of sides, nothing else gives one."""
    if "side" not in cells.by_field:
        return units
    if units < 0:
        cells.fault("amount", "reconciliation.two_signs", "must have no sign, since its side stands beside it")
    return units * (cells.word("side", _SIDES) or 0)
