"""How every aggregate is stored: its wire form, its index columns, its facts, and the one repository behind them."""

from functools import lru_cache, partial
from typing import Any, Final

from tokolib.kernel.unit import Repositories
from tokolib.records import goods, sales
from tokolib.records.record import Record
from tokolib.records.repository import DocumentRepository

RECORDS: Final[tuple[Record[Any], ...]] = (*sales.RECORDS, *goods.RECORDS)
COLLECTIONS: Final = tuple(record.collection for record in RECORDS)
REMEMBERED: Final = 8192
"""How many decoded bodies of one kind a shop remembers."""


def repositories() -> Repositories:
    """What `unit[PORT]` is answered with, by the port's name, for one shop.

    Reference data (products, prices, settings, ...) is read far more often than it changes: a body that was decoded
    once is not decoded again. What is remembered is what the very bytes say, so it can't be out of date.
    """
    return {record.name: partial(DocumentRepository, record, _reader(record)) for record in RECORDS}


def _reader(record: Record[Any]) -> Any:
    return lru_cache(maxsize=REMEMBERED)(record.read) if record.reference else record.read


__all__ = ["COLLECTIONS", "RECORDS", "repositories"]
