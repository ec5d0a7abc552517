"""`memory://` for `AsyncShop`; apart, so that a blocking shop does not load an event loop."""

from collections.abc import Sequence

from tokolib.adapters.awaited.runners import OnTheSpot
from tokolib.adapters.awaited.storage import AsyncStorage
from tokolib.adapters.memory.storage import MemoryStorage
from tokolib.kernel.rows import Collection


class AsyncMemoryStorage(AsyncStorage):
    """The same for `AsyncShop`: its methods are awaited, and units of different tasks take turns."""

    def __init__(
        self, collections: Sequence[Collection], *, timeout: float = 5.0, max_body: int = 64 * 1024 * 1024
    ) -> None:
        inner = MemoryStorage(collections, timeout=timeout, max_body=max_body)
        super().__init__(inner, runner=OnTheSpot(), timeout=timeout)
