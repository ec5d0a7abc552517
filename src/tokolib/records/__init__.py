"""How every aggregate is stored: its wire form, its index columns, its facts, and the one repository behind them."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from tokolib.kernel.unit import Repositories, Unit
from tokolib.records import goods, sales
from tokolib.records.record import Record
from tokolib.records.repository import DocumentRepository

RECORDS: Final[tuple[Record[Any], ...]] = (*sales.RECORDS, *goods.RECORDS)
COLLECTIONS: Final = tuple(record.collection for record in RECORDS)


def _factory(record: Record[Any]) -> Callable[[Unit], Any]:
    return partial(DocumentRepository, record)


REPOSITORIES: Final[Repositories] = {record.name: _factory(record) for record in RECORDS}
"""What `unit[PORT]` is answered with, by the port's name."""

__all__ = ["COLLECTIONS", "RECORDS", "REPOSITORIES"]
