"""A storage in one SQLite file."""

from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage
from tokolib.adapters.sqlite.storage import SqliteStorage

__all__ = ["AsyncSqliteStorage", "SqliteStorage"]
