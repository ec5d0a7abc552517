"""A storage in memory: real transactions, nothing kept when the process ends."""

from tokolib.adapters.memory.storage import AsyncMemoryStorage, MemoryStorage

__all__ = ["AsyncMemoryStorage", "MemoryStorage"]
