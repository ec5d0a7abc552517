"""A storage by its URL: `memory://`, `sqlite:///shop.db`, and whatever other packages bring.

A package brings an adapter by an entry point in the group `tokolib.adapters`, named `storage:` and the scheme.
It names a `StorageFactory`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tokolib.kernel.errors import AdapterBroken, AdapterConfig, TokolibError, UnknownAdapter
from tokolib.kernel.rows import Collection
from tokolib.kernel.storage import Storage

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from tokolib.adapters.sqlite import SqliteStorage
    from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage

GROUP: Final = "tokolib.adapters"
KIND: Final = "storage:"


class StorageFactory(Protocol):
    """Makes a storage from a URL; *asynchronous* asks for one whose answers are awaited, if there is one."""

    def __call__(self, url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
        """The storage, not migrated yet.

        Raises:
            AdapterConfig: the URL says something that this adapter can't do.
        """
        ...


def storage_from_url(url: str, collections: Sequence[Collection], *, asynchronous: bool = False) -> Storage:
    """The storage that *url* names, made for *collections* and not migrated yet.

    Raises:
        UnknownAdapter: nothing is known by the URL's scheme.
        AdapterBroken: the package that brings it can't be loaded.
        AdapterConfig: the URL says something that the adapter can't do.
    """
    scheme = url.partition(":")[0].lower()
    builtin = BUILTIN.get(scheme)
    if builtin is not None:
        return builtin(url, collections, asynchronous=asynchronous)
    installed = {point.name.removeprefix(KIND): point for point in _installed()}
    if scheme not in installed or "://" not in url:
        raise UnknownAdapter(url, tuple(sorted({*BUILTIN, *installed})))
    return _loaded(installed[scheme])(url, collections, asynchronous=asynchronous)


def _memory(url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    parts = _parts("memory", url)
    if parts.path.strip("/"):
        raise AdapterConfig("memory", f"{url!r} names a file; a shop in memory is memory://")
    _parameters("memory", parts, {})
    if asynchronous:
        from tokolib.adapters.memory.awaited import AsyncMemoryStorage

        return AsyncMemoryStorage(collections)
    from tokolib.adapters.memory import MemoryStorage

    return MemoryStorage(collections)


def _sqlite(url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    from tokolib.adapters.sqlite.storage import TIMEOUT

    parts = _parts("sqlite", url)
    given = _parameters("sqlite", parts, {"wal": _switch, "durable": _switch, "timeout": _seconds})
    path = unquote(parts.path[1:])
    wal, durable = given.get("wal"), given.get("durable", 1.0)
    return _sqlite_storage(asynchronous=asynchronous)(
        path,
        collections,
        wal=None if wal is None else bool(wal),
        durable=bool(durable),
        timeout=given.get("timeout", TIMEOUT),
    )


def _sqlite_storage(*, asynchronous: bool) -> "type[AsyncSqliteStorage] | type[SqliteStorage]":
    if asynchronous:
        from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage

        return AsyncSqliteStorage
    from tokolib.adapters.sqlite import SqliteStorage

    return SqliteStorage


BUILTIN: Final[Mapping[str, StorageFactory]] = {"memory": _memory, "sqlite": _sqlite}


def _parts(adapter: str, url: str) -> SplitResult:
    parts = urlsplit(url)
    if "://" not in url or parts.netloc or parts.fragment:
        right = {"memory": "memory://", "sqlite": "sqlite:///relative.db or sqlite:////absolute.db"}[adapter]
        raise AdapterConfig(adapter, f"{url!r} can't be read; write {right}")
    return parts


def _parameters(adapter: str, parts: SplitResult, known: Mapping[str, Callable[[str], float]]) -> dict[str, float]:
    values: dict[str, float] = {}
    for name, text in parse_qsl(parts.query, keep_blank_values=True):
        if name not in known:
            names = ", ".join(known) or "none"
            raise AdapterConfig(adapter, f"no parameter {name!r}; known: {names}")
        try:
            values[name] = known[name](text)
        except ValueError as error:
            raise AdapterConfig(adapter, f"parameter {name}: {error}") from error
    return values


def _switch(text: str) -> float:
    if text not in ("0", "1"):
        raise ValueError(f"{text!r} is neither 0 nor 1")
    return float(text)


def _seconds(text: str) -> float:
    if not text.isascii() or not text.replace(".", "", 1).isdigit():
        raise ValueError(f"{text!r} is no number of seconds")
    return float(text)


def _installed() -> "list[EntryPoint]":
    from importlib.metadata import entry_points

    return [point for point in entry_points(group=GROUP) if point.name.startswith(KIND)]


def _loaded(point: "EntryPoint") -> StorageFactory:
    package = point.dist.name if point.dist is not None else "unknown"
    try:
        factory: StorageFactory = point.load()
    except TokolibError:
        raise  # it says itself what is missing
    except Exception as error:
        raise AdapterBroken(point.name, package, f"{type(error).__name__}: {error}") from error
    return factory
