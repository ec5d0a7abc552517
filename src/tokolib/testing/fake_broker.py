"""A broker with switches for everything that goes wrong between a shop and its receivers.

`FakeBroker` and `AsyncFakeBroker` keep the port `desk.Broker`. What a receiver got stands in `delivered`, whatever
was answered to the relay.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tokolib.desk.ports import Acknowledgement, BrokerCan, BrokerCapabilities, Message, Refusal
from tokolib.effects.outside import Transient, Unknown

FORGETS: Final = "a receiver that knows no ids; it gets whatever is sent"


@attrs.define
class BrokerSwitches:
    """What goes wrong next. Counters count down with each call, or each acknowledgement, that they spoil."""

    unreachable: int = 0
    """The next calls certainly don't arrive."""
    time_out_before: int = 0
    """The next calls time out and were not taken."""
    time_out_after: int = 0
    """The next calls are taken, and their answers lost."""
    take_only: int | None = None
    """The next call that arrives takes so many messages, and says nothing of the others."""
    lost_acknowledgements: int = 0
    """The next messages are taken, and left out of the answer."""
    refuse: set[str] = attrs.field(factory=set)
    """The ids of events that are refused for what they are."""
    fail_over: set[str] = attrs.field(factory=set)
    """The ids of events over which the whole call fails, with an error that no broker should raise."""
    answer_instead: object = None
    """What is answered instead of acknowledgements, which no broker should answer."""


@attrs.define
class FakeBroker:
    """The blocking broker."""

    deduplicates: bool = True
    """Whether a message that comes again is known, and not delivered again."""
    max_payload: int = 1024 * 1024
    switches: BrokerSwitches = attrs.field(factory=BrokerSwitches)
    delivered: list[Message] = attrs.field(factory=list)
    """What a receiver got, in order."""
    calls: list[tuple[str, ...]] = attrs.field(factory=list)
    """The ids of the events in every call, those that failed too."""
    _known: set[str] = attrs.field(factory=set)

    @property
    def capabilities(self) -> BrokerCapabilities:
        """Everything, but what this one was told not to do."""
        lacks = {} if self.deduplicates else {BrokerCan.DEDUPLICATE: FORGETS}
        return BrokerCapabilities(max_payload=self.max_payload, lacks=lacks)

    @property
    def delivered_ids(self) -> list[str]:
        """The ids of the events that a receiver got, in order."""
        return [message.id for message in self.delivered]

    def publish(self, messages: Sequence[Message]) -> Sequence[Acknowledgement | Refusal]:
        """Take *messages*, unless a switch says otherwise."""
        switches = self.switches
        self.calls.append(tuple(message.id for message in messages))
        if switches.unreachable > 0:
            switches.unreachable -= 1
            raise Transient("fake", "connection refused")
        if switches.time_out_before > 0:
            switches.time_out_before -= 1
            raise Unknown("fake", "publish", "time-out")
        answers: list[Acknowledgement | Refusal] = []
        most, switches.take_only = switches.take_only, None
        stuck: set[str] = set()
        for message in messages[:most]:
            if message.stream not in stuck and (answer := self._take(message)) is not None:
                answers.append(answer)
                if isinstance(answer, Refusal):
                    stuck.add(message.stream)
        if switches.time_out_after > 0:
            switches.time_out_after -= 1
            raise Unknown("fake", "publish", "time-out")
        if switches.answer_instead is not None:
            return switches.answer_instead  # type: ignore[return-value] # as an adapter without types would
        return answers

    def _take(self, message: Message) -> Acknowledgement | Refusal | None:
        if message.id in self.switches.fail_over:
            raise LookupError(f"the broker's driver stumbles over {message.id}")
        if message.id in self.switches.refuse:
            return Refusal(message.id, "unknown topic")
        if len(message.payload) > self.max_payload:
            return Refusal(message.id, "too large")
        if not self.deduplicates or message.dedup_id not in self._known:
            self.delivered.append(message)
            self._known.add(message.dedup_id)
        if self.switches.lost_acknowledgements > 0:
            self.switches.lost_acknowledgements -= 1
            return None
        return Acknowledgement(message.id)


@attrs.define
class AsyncFakeBroker:
    """The same broker for `AsyncShop`: its `publish` is awaited."""

    inner: FakeBroker = attrs.field(factory=FakeBroker)

    @property
    def capabilities(self) -> BrokerCapabilities:
        """As of `FakeBroker`."""
        return self.inner.capabilities

    @property
    def switches(self) -> BrokerSwitches:
        """What goes wrong next."""
        return self.inner.switches

    @property
    def delivered(self) -> list[Message]:
        """What a receiver got, in order."""
        return self.inner.delivered

    @property
    def delivered_ids(self) -> list[str]:
        """The ids of the events that a receiver got, in order."""
        return self.inner.delivered_ids

    @property
    def calls(self) -> list[tuple[str, ...]]:
        """The ids of the events in every call."""
        return self.inner.calls

    async def publish(self, messages: Sequence[Message]) -> Sequence[Acknowledgement | Refusal]:
        """Take *messages*, unless a switch says otherwise."""
        return self.inner.publish(messages)
