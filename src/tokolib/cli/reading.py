"""A storage for one who only reads: nothing of it is changed, made or waited for."""

import attrs

from tokolib.adapters.addresses import hidden
from tokolib.adapters.grouping.storage import GroupCommit
from tokolib.adapters.sqlite.storage import SqliteStorage
from tokolib.adapters.urls import storage_from_url
from tokolib.kernel.storage import Storage
from tokolib.kernel.storage_errors import Unavailable
from tokolib.records.collections import COLLECTIONS


def storage_to_read(place: str) -> Storage:
    """The storage in the SQLite file, or at the URL, that *place* is.

    A server is taken as it is, also one that may lose what it acknowledges: who reads acknowledges nothing.

    Raises:
        Unavailable: there is no such file, and none was made.
        UnknownAdapter, AdapterBroken, AdapterConfig, MissingExtra: the URL can't be opened.
    """
    if place and "://" not in place:
        return _read_only(SqliteStorage(place, COLLECTIONS))
    storage = alone(storage_from_url(place, COLLECTIONS))
    if isinstance(storage, SqliteStorage):
        return _read_only(storage)
    if place.lower().startswith("postgresql:"):  # its driver is loaded for those who have it
        from tokolib.adapters.postgres.storage import PostgresStorage

        if isinstance(storage, PostgresStorage):
            return PostgresStorage(attrs.evolve(storage.settings, durable=False), COLLECTIONS, names=storage.names)
    return storage


def alone(storage: Storage) -> Storage:
    """*storage* without the line in which those who write share commits."""
    return storage.inner if isinstance(storage, GroupCommit) else storage


def _read_only(storage: SqliteStorage) -> SqliteStorage:
    path = storage.path
    if not path.is_file():
        there_is = f"{path}: {'is no file' if path.exists() else 'there is no such file'}"
        raise Unavailable(
            hidden(there_is), "correct the path; in a URL it is sqlite:///relative.db or sqlite:////absolute.db"
        )
    timeout = storage.settings.timeout
    return SqliteStorage(path, COLLECTIONS, timeout=timeout, names=storage.names, read_only=True)
