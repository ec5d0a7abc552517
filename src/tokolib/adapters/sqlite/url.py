"""`sqlite:///shop.db` as a storage."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tokolib.adapters.addresses import parameters, place, queried
from tokolib.adapters.grouping.url import grouped
from tokolib.adapters.sql.names import Names
from tokolib.adapters.sql.schema import NAMES
from tokolib.adapters.sqlite.storage import TIMEOUT, SqliteStorage
from tokolib.kernel.rows import Collection
from tokolib.kernel.storage import Storage

if TYPE_CHECKING:
    from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage

RIGHT: Final = "sqlite:///relative.db or sqlite:////absolute.db"


def sqlite(url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    """A storage in the file that the URL names.

    Raises:
        AdapterConfig: the URL says something else.
    """
    parts = place("sqlite", url, RIGHT)
    given = parameters("sqlite", queried(parts), ("wal", "durable", "timeout", "prefix", "group_commit"))
    storage = _kind(asynchronous=asynchronous)(
        parts.path[1:],
        collections,
        wal=given.switch("wal", None),
        durable=given.switch("durable", True),
        timeout=given.seconds("timeout", TIMEOUT),
        names=Names(given.text("prefix", NAMES.prefix)),
    )
    return grouped(storage, given)


def _kind(*, asynchronous: bool) -> "type[SqliteStorage] | type[AsyncSqliteStorage]":
    if asynchronous:  # an event loop is loaded for those who have one
        from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage

        return AsyncSqliteStorage
    return SqliteStorage
