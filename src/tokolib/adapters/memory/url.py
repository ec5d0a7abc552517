"""`memory://` as a storage."""

from collections.abc import Sequence

from tokolib.adapters.addresses import parameters, place, queried
from tokolib.kernel.adapter_errors import AdapterConfig
from tokolib.kernel.errors import shown
from tokolib.kernel.rows import Collection
from tokolib.kernel.storage import Storage


def memory(url: str, collections: Sequence[Collection], *, asynchronous: bool) -> Storage:
    """A storage in this process.

    Raises:
        AdapterConfig: the URL says more than `memory://`.
    """
    parts = place("memory", url, "memory://")
    if parts.path.strip("/"):
        raise AdapterConfig("memory", f"{shown(url)} names a file; a shop in memory is memory://")
    parameters("memory", queried(parts), ())
    if asynchronous:
        from tokolib.adapters.memory.awaited import AsyncMemoryStorage

        return AsyncMemoryStorage(collections)
    from tokolib.adapters.memory.storage import MemoryStorage

    return MemoryStorage(collections)
