"""A storage by its URL: `memory://`, `sqlite:///shop.db`, and whatever other packages bring.

A package brings an adapter by an entry point in the group `tokolib.adapters`, named `storage:` and the scheme.
It names a `StorageFactory`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import attrs

from tokolib.kernel.errors import AdapterBroken, AdapterConfig, TokolibError, UnknownAdapter
from tokolib.kernel.rows import Capabilities, Collection
from tokolib.kernel.storage import Storage

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from tokolib.adapters.sqlite import SqliteStorage
    from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage

GROUP: Final = "tokolib.adapters"
KIND: Final = "storage:"
SECONDS: Final = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")

Default = TypeVar("Default")


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
        AdapterBroken: the package that brings it can't be loaded, or makes no storage.
        AdapterConfig: the URL says something that the adapter can't do.
    """
    scheme = url.partition(":")[0].lower()
    builtin = BUILTIN.get(scheme)
    if builtin is not None:
        return builtin(url, collections, asynchronous=asynchronous)
    installed = {point.name.removeprefix(KIND): point for point in _installed()}
    if scheme not in installed or "://" not in url:
        raise UnknownAdapter(url, tuple(sorted({*BUILTIN, *installed})))
    return _made(installed[scheme], url, collections, asynchronous=asynchronous)


def _memory(url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    parts = _parts("memory", url)
    if parts.path.strip("/"):
        raise AdapterConfig("memory", f"{url!r} names a file; a shop in memory is memory://")
    _parameters("memory", parts, ())
    if asynchronous:
        from tokolib.adapters.memory.awaited import AsyncMemoryStorage

        return AsyncMemoryStorage(collections)
    from tokolib.adapters.memory import MemoryStorage

    return MemoryStorage(collections)


def _sqlite(url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    from tokolib.adapters.sqlite.storage import TIMEOUT

    parts = _parts("sqlite", url)
    given = _parameters("sqlite", parts, ("wal", "durable", "timeout"))
    return _sqlite_storage(asynchronous=asynchronous)(
        parts.path[1:],
        collections,
        wal=given.switch("wal", None),
        durable=given.switch("durable", True),
        timeout=given.seconds("timeout", TIMEOUT),
    )


def _sqlite_storage(*, asynchronous: bool) -> "type[AsyncSqliteStorage] | type[SqliteStorage]":
    if asynchronous:
        from tokolib.adapters.sqlite.awaited import AsyncSqliteStorage

        return AsyncSqliteStorage
    from tokolib.adapters.sqlite import SqliteStorage

    return SqliteStorage


BUILTIN: Final[Mapping[str, StorageFactory]] = {"memory": _memory, "sqlite": _sqlite}


@attrs.frozen
class Parameters:
    """What stands behind a URL's question mark, each read as what it is."""

    adapter: str
    given: Mapping[str, str]

    def switch(self, name: str, otherwise: Default) -> bool | Default:
        """`0` or `1` as a truth value; *otherwise* where it isn't given."""
        text = self.given.get(name)
        if text is None:
            return otherwise
        if text not in ("0", "1"):
            raise AdapterConfig(self.adapter, f"parameter {name}: {text!r:.40} is neither 0 nor 1")
        return text == "1"

    def seconds(self, name: str, otherwise: float) -> float:
        """A number of seconds; *otherwise* where it isn't given."""
        text = self.given.get(name)
        if text is None:
            return otherwise
        if not SECONDS.fullmatch(text):
            raise AdapterConfig(self.adapter, f"parameter {name}: {text!r:.40} is no number of seconds")
        return float(text)


RIGHT: Final[Mapping[str, str]] = {
    "memory": "memory://",
    "sqlite": "sqlite:///relative.db or sqlite:////absolute.db",
}


def _parts(adapter: str, url: str) -> SplitResult:
    """The URL in parts, its path percent-decoded."""
    try:
        parts = urlsplit(url)
        parts = parts._replace(path=unquote(parts.path, errors="strict"))
    except ValueError as error:
        raise AdapterConfig(adapter, f"{url!r:.200} can't be read: {error}; write {RIGHT[adapter]}") from error
    # urlsplit drops control characters, which would name another file
    if "://" not in url or parts.netloc or parts.fragment or not url.isprintable():
        raise AdapterConfig(adapter, f"{url!r:.200} can't be read; write {RIGHT[adapter]}")
    return parts


def _parameters(adapter: str, parts: SplitResult, known: Sequence[str]) -> Parameters:
    given: dict[str, str] = {}
    for name, text in parse_qsl(parts.query, keep_blank_values=True):
        if name not in known:
            raise AdapterConfig(adapter, f"no parameter {name!r:.40}; known: {', '.join(known) or 'none'}")
        if name in given:
            raise AdapterConfig(adapter, f"parameter {name} is given twice")
        given[name] = text
    return Parameters(adapter, given)


def _installed() -> "list[EntryPoint]":
    from importlib.metadata import entry_points

    return [point for point in entry_points(group=GROUP) if point.name.startswith(KIND)]


def _made(point: "EntryPoint", url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    """The storage that an installed adapter makes."""
    with _answering_for(point):
        factory: StorageFactory = point.load()
        storage = factory(url, collections, asynchronous=asynchronous)
        if not isinstance(storage.capabilities, Capabilities):
            raise TypeError(f"{type(storage).__name__} is no storage")
    return storage


@contextmanager
def _answering_for(point: "EntryPoint") -> Iterator[None]:
    """Name the package behind whatever goes wrong inside of it."""
    try:
        yield
    except TokolibError:
        raise  # it says itself what is wrong
    except Exception as error:
        package = point.dist.name if point.dist is not None else "unknown"
        raise AdapterBroken(point.name, package, f"{type(error).__name__}: {error}") from error
