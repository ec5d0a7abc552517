"""Brokers that come with tokolib."""

from tokolib.adapters.brokers.memory import AsyncMemoryBroker, MemoryBroker

__all__ = ["AsyncMemoryBroker", "MemoryBroker"]
