"""Reading the retailer's file: UTF-8 CSV, plain or inside xz, line by line, in time order.

Prices are finer than a penny here and there, so all exact amounts of a replay are whole tenths of a penny.
"""

import csv
import lzma
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import IO, Final
from zoneinfo import ZoneInfo

import attrs

from tokolib.catalog.sku import key as sku_key
from tokolib.cli.replay.errors import Unreadable

COLUMNS: Final = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
HOME: Final = ZoneInfo("Europe/London")
"""The clock on the retailer's wall."""

TENTHS: Final = 1_000
"""Tenths of a penny in a pound."""

EXACTLY: Final = Context(prec=28, traps=[InvalidOperation, Inexact])
"""Reads prices, and rounds none."""

WHOLE: Final = Decimal(1)


@attrs.frozen
class Row:
    """One line of the file."""

    line: int
    """Where it stands, counted from 1, the header's."""
    document: str
    sku: str
    key: str
    """The SKU as tokolib compares it."""
    description: str
    quantity: int
    at: datetime
    """In UTC."""
    price: int
    """Of one unit, in tenths of a penny."""
    customer: str
    """Empty where the file has none."""

    @property
    def amount(self) -> int:
        """Quantity × price, in tenths of a penny."""
        return self.quantity * self.price


def rows(file: Path, *, days: int | None = None) -> Iterator[Row]:
    """The rows of *file* in its order; with *days*, only those of so many calendar days from the first on.

    Raises:
        Unreadable: it is no such file, or a line of it can't be read or goes back in time.
    """
    line, last, end = 1, None, None
    try:
        with _opened(file) as source:
            reader = csv.reader(source, strict=True)
            if tuple(next(reader, ())) != COLUMNS:
                raise Unreadable(file.name, line, f"the header is not {', '.join(COLUMNS)}")
            for cells in reader:
                line = reader.line_num
                row = _row(file.name, line, cells)
                if last is not None and row.at < last:
                    raise Unreadable(file.name, line, "is older than the line before it")
                last = row.at
                end = end or _end(row.at, days)
                if end is not None and row.at >= end:
                    return
                yield row
    except (OSError, EOFError, lzma.LZMAError, UnicodeError, csv.Error) as error:
        raise Unreadable(file.name, line, str(error)) from error


def _opened(file: Path) -> IO[str]:
    if file.suffix == ".xz":
        return lzma.open(file, "rt", encoding="utf-8", newline="")
    return file.open(encoding="utf-8", newline="")


def _end(first: datetime, days: int | None) -> datetime | None:
    if days is None:
        return None
    midnight = first.astimezone(HOME).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=days)).astimezone(UTC)


def _row(file: str, line: int, cells: list[str]) -> Row:
    if len(cells) != len(COLUMNS):
        raise Unreadable(file, line, f"has {len(cells)} cells, not {len(COLUMNS)}")
    document, sku, description, quantity, at, price, customer, _ = cells
    try:
        return Row(
            line,
            document.strip(),
            sku.strip(),
            _key(sku),
            description.strip(),
            int(quantity),
            _instant(at),
            tenths(price),
            _kept(customer.strip()),
        )
    except ValueError as error:
        raise Unreadable(file, line, str(error)) from error


@lru_cache(maxsize=8192)
def _key(sku: str) -> str:
    return sku_key(sku)


@lru_cache(maxsize=8192)
def _kept(text: str) -> str:
    """The one copy of a text that comes a thousand times."""
    return text


@lru_cache(maxsize=64)
def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=HOME).astimezone(UTC)


@lru_cache(maxsize=8192)
def tenths(price: str) -> int:
    """A price in pounds as whole tenths of a penny.

    Raises:
        ValueError: it is none, finer, or of more digits than any price.
    """
    try:
        return int(EXACTLY.create_decimal(price.strip()).scaleb(3, EXACTLY).quantize(WHOLE, context=EXACTLY))
    except (DecimalException, ValueError) as error:
        raise ValueError(f"{price:.40} is no whole number of tenths of a penny") from error
