"""**Ports** of the desk: where events are sent on to, and how stored rows are read back to prove the books."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, cast
from urllib.parse import quote

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.events import Event, Recorded
from tokolib.kernel.hosting import MaybeAwaitable
from tokolib.kernel.rows import Collection, Doc, DocRow, StoredEvent

CONTENT_TYPE: Final = "application/cloudevents+json"
"""What a message's payload is, for brokers and receivers that ask for a media type."""


@attrs.frozen(kw_only=True)
class Message:
    """An event on its way out. The payload says everything once more, for a receiver who sees nothing else."""

    partition: str
    """The tenant whose event it is."""
    id: str
    """The same whenever this event is sent; unique within its partition."""
    topic: str
    """`room.what_happened`, such as `orders.order_placed`: for routing."""
    stream: str
    """Whose history it belongs to, such as `orders/ord_…`: for whatever a broker keeps the order by."""
    seq: int
    """Its number within the stream, from 1 without a gap."""
    schema: int
    """Rises when the data of this topic changes its form."""
    at: datetime
    """When it happened, in UTC."""
    payload: bytes
    """JSON text in UTF-8: a CloudEvents 1.0 event in structured mode."""

    @property
    def dedup_id(self) -> str:
        """Unique among all partitions, and the same whenever this event is sent: for a broker's own header."""
        return f"{quote(self.partition, safe='')}/{self.id}"


@attrs.frozen
class Acknowledgement:
    """What a broker says of a message that it has, and will deliver."""

    id: str
    """The message's."""


@attrs.frozen
class Refusal:
    """What a broker says of a message that it doesn't take, and didn't.

    Raises:
        InvalidInput: a reason that is no text.
    """

    id: str
    """The message's."""
    reason: str
    """Why; an empty one refuses as well, and helps nobody."""

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.reason, str):
            raise InvalidInput((Fault("reason", "outbox.bad_refusal", "must be text", shown(self.reason)),))


class BrokerCan(StrEnum):
    """What a broker may lack, if it says why."""

    DEDUPLICATE = "deduplicate"
    """A message that it has already, by its partition and id, is acknowledged again and not delivered again."""


@attrs.frozen(kw_only=True)
class BrokerCapabilities:
    """What a broker can do; honest in both directions.

    Raises:
        InvalidInput: a size that is no whole number above zero, or something lacking that no broker needs, or that
            has no reason.
    """

    max_payload: int
    """Bytes of the largest payload that it takes. A larger one is never sent: its event becomes a dead letter."""
    lacks: Mapping[BrokerCan, str] = attrs.field(factory=dict)
    """What it can't do, each with the reason."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise InvalidInput(faults)

    def _faults(self) -> Iterator[Fault]:
        code, lacks = "outbox.bad_capabilities", cast(object, self.lacks)
        if type(self.max_payload) is not int or self.max_payload < 1:
            yield Fault("max_payload", code, "must be a whole number of bytes above zero", shown(self.max_payload))
        if not isinstance(lacks, Mapping):
            yield Fault("lacks", code, "must be a mapping from BrokerCan to reasons", shown(lacks))
            return
        for can, reason in lacks.items():
            if can not in tuple(BrokerCan):
                yield Fault("lacks", code, f"must be of {', '.join(BrokerCan)}", shown(can))
            elif not isinstance(reason, str) or not reason.strip():
                yield Fault(f"lacks[{can}]", code, "must have a reason", shown(reason))


class Broker(Protocol):
    """**Port.** One place that events are sent on to: a queue, a log, somebody's web hook.

    Delivery is at least once. The relay sends a message again until it is acknowledged, and so after a crash between
    its acknowledgement and our note of it; `partition` and `id` together say that it is the same one. A broker may be
    called from several threads, or tasks, at once.
    """

    @property
    def capabilities(self) -> BrokerCapabilities:
        """What it can do."""
        ...

    def publish(self, messages: Sequence[Message]) -> MaybeAwaitable[Sequence[Acknowledgement | Refusal]]:
        """Send *messages*, all of one partition, and tell which ones the broker keeps from now on.

        Messages of one stream are delivered in the order given, call after call; streams among each other have none.
        A message that the broker refuses for what it is (too large, no such topic) is answered by a `Refusal`, and
        then no later one of its stream is taken in this call. One that the answer leaves out counts as lost.

        Raises:
            RateLimited, Transient, AuthFailed: nothing was taken. Unknown: any of them may have been.
        """
        ...


class Archive(Protocol):
    """Reads stored rows of every kind as what they claim to be."""

    @property
    def collections(self) -> tuple[Collection, ...]:
        """Every kind of document."""
        ...

    def kind_of(self, topic: str) -> str:
        """The collection whose histories hold events of *topic*; empty when there is none."""
        ...

    def read_event(self, stored: StoredEvent) -> Recorded:
        """A row of a history.

        Raises:
            TokolibError: it can't be read.
        """
        ...

    def read(self, collection: str, doc: Doc) -> tuple[object, int]:
        """An aggregate, and how many events it says it has.

        Raises:
            TokolibError: it can't be read.
        """
        ...

    def replays(self, collection: str) -> bool:
        """Whether aggregates of this kind are made of their events (a quote is not)."""
        ...

    def evolve(self, collection: str, state: object, event: Event) -> object:
        """The aggregate after one more event.

        Raises:
            TokolibError: the event was not allowed.
        """
        ...

    def open(self, row: DocRow) -> tuple[object, int, tuple[str, ...]]:
        """A stored document as its aggregate (None when it can't be read), how many events it says it has, and what is
        wrong with it by itself: its checksum, its columns, its facts.
        """
        ...
