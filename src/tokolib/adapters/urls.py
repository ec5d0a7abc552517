"""A storage by its URL: `memory://`, `sqlite:///shop.db`, `postgresql://…`, and whatever other packages bring.

A package brings an adapter by an entry point in the group `tokolib.adapters`, named `storage:` and the scheme.
It names a `StorageFactory`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from tokolib.adapters.addresses import hidden
from tokolib.kernel.adapter_errors import AdapterBroken, UnknownAdapter
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.rows import Capabilities, Collection
from tokolib.kernel.storage import Storage

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "tokolib.adapters"
KIND: Final = "storage:"
BUILTIN: Final[Mapping[str, tuple[str, str]]] = {
    "memory": ("tokolib.adapters.memory.url", "memory"),
    "sqlite": ("tokolib.adapters.sqlite.url", "sqlite"),
    "postgresql": ("tokolib.adapters.postgres.url", "postgres"),
}
"""The module of our own factories, and their names in it; it is loaded when its scheme is asked for."""


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
        MissingExtra: what the adapter rests on is not installed.
    """
    scheme = url.partition(":")[0].lower()
    if scheme in BUILTIN:
        module, name = BUILTIN[scheme]
        factory: StorageFactory = getattr(import_module(module), name)
        return factory(url, collections, asynchronous=asynchronous)
    brought = {point.name.removeprefix(KIND): point for point in installed()}
    if scheme not in brought or "://" not in url:
        raise UnknownAdapter(hidden(url), tuple(sorted({*BUILTIN, *brought})))
    return _made(brought[scheme], url, collections, asynchronous=asynchronous)


def installed() -> "list[EntryPoint]":
    """The adapters that other packages bring, not loaded yet."""
    from importlib.metadata import entry_points

    return [point for point in entry_points(group=GROUP) if point.name.startswith(KIND)]


def _made(point: "EntryPoint", url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    """The storage that an installed adapter makes."""
    with answering_for(point):
        factory: StorageFactory = point.load()
        storage = factory(url, collections, asynchronous=asynchronous)
        if not isinstance(storage.capabilities, Capabilities):
            raise TypeError(f"{type(storage).__name__} is no storage")
    return storage


@contextmanager
def answering_for(point: "EntryPoint") -> Iterator[None]:
    """Name the package behind whatever goes wrong inside of it.

    Raises:
        AdapterBroken: anything but an error of ours was raised.
    """
    try:
        yield
    except TokolibError:
        raise  # it says itself what is wrong
    except Exception as error:
        package = point.dist.name if point.dist is not None else "unknown"
        raise AdapterBroken(point.name, package, f"{type(error).__name__}: {error}") from error
