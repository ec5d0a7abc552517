"""A storage in memory: real transactions, nothing kept when the process ends. `awaited` has the async one."""

from tokolib.adapters.memory.storage import MemoryStorage

__all__ = ["MemoryStorage"]
