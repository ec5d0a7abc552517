"""Rows and documents that tests write down in one line each."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tokolib.cli.replay.documents import Document
from tokolib.cli.replay.reading import COLUMNS, Row

START = datetime(2010, 12, 1, 8, 26, tzinfo=UTC)


class Desk:
    """Builders with defaults."""

    def __init__(self) -> None:
        self._line = 1

    def row(
        self,
        sku: str = "85123A",
        quantity: int = 1,
        price: int = 2_550,
        *,
        document: str = "536365",
        customer: str = "17850",
        minute: int = 0,
        description: str = "HEART HOLDER",
    ) -> Row:
        self._line += 1
        at = START + timedelta(minutes=minute)
        return Row(self._line, document, sku, sku.casefold(), description, quantity, at, price, customer)

    def document(self, number: str, *rows: Row) -> Document:
        return Document(number, rows[0].at, rows)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def written(tmp_path: Path):
    """Writes lines of the retailer's file, each `document,sku,description,quantity,at,price,customer`."""

    def write(*lines: str) -> Path:
        file = tmp_path / "retail.csv"
        body = "".join(f"{line},United Kingdom\n" for line in lines)
        file.write_text(",".join(COLUMNS) + "\n" + body, encoding="utf-8")
        return file

    return write
