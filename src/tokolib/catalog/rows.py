"""What a column means, and which rows make a product.

A row is a variant. Rows that follow one another and share a `product_id` are variants of one product, and so is a
row that leaves `product_id` and `name` empty and has an option. A product's own columns are read from its first
row; later rows repeat them or leave them empty. A column that the file doesn't have changes nothing; an empty
cell empties.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

import attrs

from tokolib.catalog.errors import ImportRefused, RowFault
from tokolib.catalog.sheet import Record
from tokolib.catalog.sku import key
from tokolib.kernel.limits import Limits

PRODUCT_FIELDS: Final = (
    "product_id", "name", "type", "description", "unit", "tax_class", "categories", "tags", "status",
    "published_from", "published_until", "purchase_limit", "components", "price_weights", "digital",
)  # fmt: skip
VARIANT_FIELDS: Final = ("sku", "variant_id", "gtin", "weight", "dimensions")
FIELDS: Final = (*PRODUCT_FIELDS[:2], *VARIANT_FIELDS, *PRODUCT_FIELDS[2:])
"""The columns that every file may have, in the order in which an export writes them."""

OPTION: Final = "option."
ATTRIBUTE: Final = "attribute."
"""What the names of open columns begin with: `option.Warna`, `attribute.bahan`."""

LONGEST_SHOWN: Final = 80
"""Characters of a column's name in a fault."""

PARTS: Final = "|"
"""Between several values in one cell: categories, tags, components (`KOPI-250=2|GULA-1KG=0.5`)."""

MOST_COLUMNS: Final = 16_384
"""As many as a spreadsheet has. Source: Excel specifications and limits (Microsoft, 2024)."""

_RISKY: Final = re.compile(r"((?:^|[;,\t\n\r])'*)(?=[=+\-@\t\r])")
_GUARDED: Final = re.compile(r"((?:^|[;,\t\n\r])'*)'(?=[=+\-@\t\r])")


def guarded(cell: str) -> str:
    """*cell* such that no spreadsheet runs it: an apostrophe before every formula that could begin there.

    Source: OWASP, CSV Injection (= + - @ TAB CR, also behind a separator); CWE-1236.
    """
    return _RISKY.sub(r"\1'", cell)


def unguarded(cell: str) -> str:
    """The cell that `guarded` was given."""
    return _GUARDED.sub(r"\1", cell)


@attrs.frozen
class Plan:
    """What each column of a file is read as."""

    headers: tuple[str, ...]
    fields: tuple[str | None, ...]
    """One for each column; None is left to others."""
    _named: Mapping[str, str] = attrs.field(init=False, repr=False, eq=False)

    @_named.default
    def _name(self) -> Mapping[str, str]:
        return {field: header for field, header in zip(self.fields, self.headers, strict=True) if field}

    @property
    def present(self) -> Set[str]:
        """The fields that the file has."""
        return self._named.keys()

    def header(self, field: str) -> str:
        """What the file calls a field, for messages."""
        return self._named.get(field, "")


def plan(header: Record, columns: Mapping[str, str], also: Iterable[str]) -> Plan:
    """How to read a file with that *header*: *columns* names fields that have other names there, *also* the
    columns that somebody else reads.

    Raises:
        ImportRefused: a broken header, unknown, missing or doubled columns: all at once; or too many of them.
    """
    if len(header.cells) > MOST_COLUMNS:
        message = f"has {len(header.cells)} columns; at most {MOST_COLUMNS} are read"
        raise ImportRefused((RowFault(header.line, "", "catalog.too_many_columns", message),))
    names = tuple(unguarded(cell.strip()) for cell in header.cells)
    given = {_fold(name): field for field, name in columns.items()}
    others = {_fold(name) for name in also}
    faults = [header.fault] if header.fault else []
    fields: list[str | None] = []
    seen: set[str] = set()
    for name in names:
        field = given.get(_fold(name)) or (None if _fold(name) in others else _default(name))
        if field is None and _fold(name) not in others:
            faults.append(_unknown(header.line, name, len(names)))
        if field and field in seen:
            shown = name[:LONGEST_SHOWN]
            message = f"{field[:LONGEST_SHOWN]} has two columns"
            faults.append(RowFault(header.line, shown, "catalog.duplicate_column", message, shown))
        fields.append(field)
        seen |= {field} if field else set()
    faults += _missing(header.line, names, seen, columns)
    if faults:
        raise ImportRefused(tuple(faults))
    return Plan(names, tuple(fields))


def _fold(name: str) -> str:
    return name.strip().casefold()


def _default(name: str) -> str | None:
    folded = _fold(name)
    for prefix in (OPTION, ATTRIBUTE):
        if folded.startswith(prefix) and len(folded) > len(prefix):
            rest = name.strip()[len(prefix) :]
            return prefix + (rest if prefix is OPTION else rest.casefold())
    return folded if folded in FIELDS else None


def _is_field(name: str) -> bool:
    return name in FIELDS or any(name.startswith(prefix) and len(name) > len(prefix) for prefix in (OPTION, ATTRIBUTE))


def _unknown(line: int, name: str, count: int) -> RowFault:
    if count == 1 and any(mark in name for mark in ";\t"):
        mark = ";" if ";" in name else "\t"
        return RowFault(line, name[:40], "catalog.wrong_delimiter", f"give delimiter={mark!r}", name[:40])
    known = ", ".join((*FIELDS, f"{OPTION}<name>", f"{ATTRIBUTE}<code>"))
    message = f"unknown column; known: {known}. Map it by columns=, or leave it to others by also="
    return RowFault(line, name[:LONGEST_SHOWN], "catalog.unknown_column", message, name[:LONGEST_SHOWN])


def _missing(line: int, names: Sequence[str], fields: Set[str], columns: Mapping[str, str]) -> list[RowFault]:
    found = {_fold(name) for name in names}
    faults = [
        RowFault(line, name, "catalog.missing_column", f"the file has no column {name!r} for {field}", field)
        for field, name in columns.items()
        if _fold(name) not in found
    ]
    faults += [
        RowFault(line, columns[field], "catalog.unknown_field", f"there is no field {field!r}", field)
        for field in columns
        if not _is_field(field)
    ]
    if "sku" not in fields and "sku" not in columns:
        faults.append(RowFault(line, "sku", "catalog.missing_column", "the file has no column for sku", "sku"))
    return faults


@attrs.frozen
class Row:
    """One row: its line, and its cells by field."""

    line: int
    cells: Mapping[str, str]
    faults: tuple[RowFault, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether its cells can be trusted."""
        return not self.faults


def read_row(plan: Plan, record: Record, limits: Limits) -> Row:
    """*record* by the meaning of its columns, with everything wrong about its cells."""
    cells = {field: unguarded(cell.strip()) for field, cell in zip(plan.fields, record.cells, strict=False) if field}
    faults = [record.fault] if record.fault else []
    if not faults and len(record.cells) != len(plan.fields):
        message = f"has {len(record.cells)} cells; the header has {len(plan.fields)}"
        faults.append(RowFault(record.line, "", "catalog.cell_count", message))
    longest = max(map(len, record.cells), default=0)
    for place, cell in enumerate(record.cells if longest > limits.import_cell else ()):
        if (size := len(unguarded(cell))) > limits.import_cell:
            name = plan.headers[place] if place < len(plan.headers) else ""
            message = f"has {size} characters; at most {limits.import_cell} are read"
            faults.append(RowFault(record.line, name, "catalog.cell_too_long", message, cell[:40]))
    if not faults and not cells.get("sku"):
        faults.append(RowFault(record.line, plan.header("sku"), "catalog.required", "is required"))
    return Row(record.line, cells, tuple(faults))


@attrs.frozen
class Group:
    """The rows of one product, and what is wrong with them as rows."""

    rows: tuple[Row, ...]
    faults: tuple[RowFault, ...]

    @property
    def readable(self) -> tuple[Row, ...]:
        """The rows whose cells can be trusted."""
        return tuple(row for row in self.rows if row.readable)

    def cell(self, field: str) -> str:
        """A product's own cell: that of its first row."""
        readable = self.readable
        return readable[0].cells.get(field, "") if readable else ""


class Grouping:
    """Puts rows together to products, and remembers which products and SKUs it has seen."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._products: dict[str, int] = {}
        self._skus: dict[str, int] = {}

    def groups(self, rows: Iterable[Row]) -> Iterator[Group]:
        """The products of *rows*, each as soon as the next begins."""
        open_rows: list[Row] = []
        for row in rows:
            if open_rows and not self._continues(open_rows[0], row):
                yield self._close(open_rows)
                open_rows = []
            open_rows.append(row)
        if open_rows:
            yield self._close(open_rows)

    def _continues(self, first: Row, row: Row) -> bool:
        product_id = row.cells.get("product_id", "")
        if product_id:
            return product_id == first.cells.get("product_id", "")
        if "name" not in self._plan.present or row.cells.get("name"):
            return False
        return any(cell for field, cell in row.cells.items() if field.startswith(OPTION))  # else its name is missing

    def _close(self, rows: list[Row]) -> Group:
        faults = [fault for row in rows for fault in row.faults]
        faults += self._again(rows[0])
        for row in rows:
            faults += self._same_sku(row)
        for row in rows[1:]:
            faults += self._differences(rows[0], row)
        return Group(tuple(rows), tuple(faults))

    def _again(self, first: Row) -> list[RowFault]:
        product_id = first.cells.get("product_id", "")
        line = self._products.setdefault(product_id, first.line) if product_id else first.line
        if line == first.line:
            return []
        message = f"the rows of a product stand together; this one began on line {line}"
        return [RowFault(first.line, self._plan.header("product_id"), "catalog.scattered_rows", message, product_id)]

    def _same_sku(self, row: Row) -> list[RowFault]:
        sku = row.cells.get("sku", "") if row.readable else ""
        line = self._skus.setdefault(key(sku), row.line) if sku else row.line
        if line == row.line:
            return []
        message = f"is already on line {line}; SKUs compare without case"
        return [RowFault(row.line, self._plan.header("sku"), "catalog.duplicate_row", message, sku)]

    def _differences(self, first: Row, row: Row) -> list[RowFault]:
        return [
            RowFault(row.line, self._plan.header(field), "catalog.differing_row", f"line {first.line} differs", cell)
            for field in PRODUCT_FIELDS
            if (cell := row.cells.get(field, "")) and row.readable and first.readable and cell != first.cells.get(field)
        ]
