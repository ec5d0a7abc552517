"""A provider's settlement report, or a courier's remittance advice, read from CSV into typed rows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, cast

import attrs

from tokolib.catalog.sheet import Source
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import Money
from tokolib.reconciliation.cells import Cells, Columns, Notations, format_faults, read_rows
from tokolib.reconciliation.model import OUT, RowKind, SettlementRow

_COLUMNS: Final = Columns(
    required=("row", "kind", "on", "gross", "net"),
    optional=(
        "fee",
        "fee_tax",
        "withheld",
        "currency",
        "key",
        "reference",
        "payout",
        "batch",
        "exchanged",
        "exchanged_into",
    ),
)
_OWN_WORDS: Final[Mapping[str, RowKind | None]] = {kind.value: kind for kind in RowKind}


class Signs(StrEnum):
    """How a report writes money that goes."""

    AS_WRITTEN = "as_written"
    """With a minus."""
    BY_KIND = "by_kind"
    """Without one: of refunds, reversals and chargebacks gross and net are negative whatever is written."""


@attrs.frozen(kw_only=True)
class ReportFormat:
    """How one provider writes its reports; made once for each.

    Raises:
        InvalidInput: what is no format, every fault by its field.
    """

    columns: Mapping[str, str] = attrs.field(factory=dict)
    """The header of each field that isn't called by its own name: `{"gross": "Amount"}`. One header may serve two."""
    kinds: Mapping[str, RowKind | None] = attrs.field(factory=lambda: dict(_OWN_WORDS))
    """What the words in the column `kind` mean; None leaves rows of that word out."""
    signs: Signs = Signs.AS_WRITTEN
    currency: str = "IDR"
    """Where the report has no such column."""
    exchanged_into: str = ""
    """The currency of what stands under `exchanged`, where the report has no column for it."""
    notations: Notations = attrs.field(factory=Notations)

    def __attrs_post_init__(self) -> None:
        faults = [
            *format_faults(
                self.columns, self.notations, {"currency": self.currency, "exchanged_into": self.exchanged_into}
            )
        ]
        if not isinstance(cast(object, self.kinds), Mapping) or not all(
            isinstance(cast(object, word), str) and (kind is None or isinstance(cast(object, kind), RowKind))
            for word, kind in self.kinds.items()
        ):
            message = "must be kinds of row by word, as in {'Settlement': RowKind.CHARGE}"
            faults.append(Fault("kinds", "reconciliation.bad_format", message, shown(self.kinds)))
        if not isinstance(cast(object, self.signs), Signs):
            message = f"must be Signs: {', '.join(Signs)}"
            faults.append(Fault("signs", "reconciliation.bad_format", message, shown(self.signs)))
        if faults:
            raise InvalidInput(tuple(faults))


def read_report(
    source: Source, *, provider: str, batch: str = "", format: ReportFormat | None = None, limits: Limits | None = None
) -> tuple[SettlementRow, ...]:
    """The rows of a *provider*'s report in CSV. Its *batch* is named here unless it has a column for it.

    A fee, and the taxes on and beside it, are 0 where the report has no column for them.

    Raises:
        SheetRefused: every fault, by line and column. Nothing was read.
        InvalidInput: *source* is nothing that can be read.
    """
    form = format or ReportFormat()

    def make(cells: Cells) -> SettlementRow | None:
        return _row(cells, form, provider, batch)

    return read_rows(source, _COLUMNS, form.columns, form.notations, limits or Limits(), make)


def _row(cells: Cells, form: ReportFormat, provider: str, batch: str) -> SettlementRow | None:
    kind = cells.word("kind", form.kinds)
    if kind is None:
        return None
    kept = cells.currency("currency", form.currency)
    names = {name: cells.text(name) for name in ("key", "reference", "payout")}
    row, on = cells.required("row"), cells.day("on")
    gross, net = (_signed(cells.money(name, kept, required=True), kind, form.signs) for name in ("gross", "net"))
    fee, fee_tax, withheld = (cells.money(name, kept) for name in ("fee", "fee_tax", "withheld"))
    exchanged = _exchanged(cells, form, kind)
    if cells.faults or kept is None:
        return None
    try:
        return SettlementRow(
            provider=provider,
            batch=cells.text("batch") or batch,
            row=row,
            kind=kind,
            on=on,
            gross=Money(gross, kept),
            fee=Money(fee, kept),
            fee_tax=Money(fee_tax, kept),
            withheld=Money(withheld, kept),
            net=Money(net, kept),
            exchanged=exchanged,
            **names,
        )
    except InvalidInput as error:
        for fault in error.faults:
            cells.fault(fault.path, fault.code, fault.message)
        return None


def _exchanged(cells: Cells, form: ReportFormat, kind: RowKind) -> Money | None:
    if not cells.text("exchanged"):
        return None
    into = cells.currency("exchanged_into", form.exchanged_into)
    units = _signed(cells.money("exchanged", into), kind, form.signs)
    return None if into is None else Money(units, into)


def _signed(units: int, kind: RowKind, signs: Signs) -> int:
    return -abs(units) if signs is Signs.BY_KIND and kind in OUT else units
