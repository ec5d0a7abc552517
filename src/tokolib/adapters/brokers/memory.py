"""A broker in memory: what was published is kept in this process, for receivers that live in it."""

import threading
from collections.abc import Sequence
from typing import Final

from tokolib.desk.ports import Acknowledgement, BrokerCapabilities, Message, Refusal
from tokolib.effects.outside import Transient

MAX_PAYLOAD: Final = 1024 * 1024


class MemoryBroker:
    """Keeps every message once, as long as the process lives; by then the outbox has marked it as delivered."""

    def __init__(self, *, max_payload: int = MAX_PAYLOAD) -> None:
        self.capabilities = BrokerCapabilities(max_payload=max_payload)
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], Message] = {}
        self._closed = False

    @property
    def published(self) -> tuple[Message, ...]:
        """All messages, in the order in which they came first."""
        with self._lock:
            return tuple(self._kept.values())

    def publish(self, messages: Sequence[Message]) -> Sequence[Acknowledgement | Refusal]:
        """Keep *messages*.

        Raises:
            Transient: the broker was closed; nothing was taken.
        """
        answers: list[Acknowledgement | Refusal] = []
        stuck: set[str] = set()
        with self._lock:
            if self._closed:
                raise Transient("memory", "the broker was closed")
            for message in messages:
                size = len(message.payload)
                if message.stream in stuck:
                    continue
                if size > self.capabilities.max_payload:
                    stuck.add(message.stream)
                    reason = f"{size} bytes, of {self.capabilities.max_payload} at most"
                    answers.append(Refusal(message.id, reason))
                else:
                    self._kept.setdefault((message.partition, message.id), message)
                    answers.append(Acknowledgement(message.id))
        return answers

    def close(self) -> None:
        """Take nothing any more; what was published can still be read."""
        with self._lock:
            self._closed = True


class AsyncMemoryBroker:
    """The same for `AsyncShop`: its `publish` is awaited."""

    def __init__(self, *, max_payload: int = MAX_PAYLOAD) -> None:
        self._inner = MemoryBroker(max_payload=max_payload)

    @property
    def capabilities(self) -> BrokerCapabilities:
        """As of `MemoryBroker`."""
        return self._inner.capabilities

    @property
    def published(self) -> tuple[Message, ...]:
        """All messages, in the order in which they came first."""
        return self._inner.published

    async def publish(self, messages: Sequence[Message]) -> Sequence[Acknowledgement | Refusal]:
        """Keep *messages*."""
        return self._inner.publish(messages)

    def close(self) -> None:
        """Take nothing any more."""
        self._inner.close()
