"""A storage in one SQLite file. `awaited` has the async one."""

from tokolib.adapters.sqlite.storage import SqliteStorage

__all__ = ["SqliteStorage"]
