"""The conformance kit of the broker port: subclass `BrokerKit`, give three fixtures, run pytest.

    class TestAcmeBroker(BrokerKit):
        @pytest.fixture
        def broker(self):
            return AcmeBroker("localhost:4222", topic=fresh_name())

        @pytest.fixture
        def received(self, broker):
            return lambda: [each.body for each in read_all(broker.topic)]

        @pytest.fixture
        def unreachable(self):
            return AcmeBroker("localhost:1", topic="nowhere")

Each check's docstring is one promise of `tokolib.desk.ports.Broker`. What the broker's `capabilities` lack is not asked
for; the kit checks that it really isn't there. An async adapter overrides `drive` as well, with something that runs a
coroutine to its end on one event loop, such as `asyncio.Runner().run`.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, Final, cast

import pytest

from tokolib.adapters.memory import MemoryStorage
from tokolib.desk.ports import Acknowledgement, Broker, BrokerCan, BrokerCapabilities, Message, Refusal
from tokolib.desk.relay import Relayed, relay
from tokolib.desk.relay_policy import RelayPolicy
from tokolib.effects.model import EffectState
from tokolib.effects.outside import OutsideError
from tokolib.kernel import hosting
from tokolib.kernel.hosting import MaybeAwaitable, resolved
from tokolib.kernel.rows import StoredEvent
from tokolib.testing.storage_checks.driven import Drive

AT: Final = datetime(2026, 3, 14, 9, 26, 53, 589_793, tzinfo=UTC)
AT_ONCE: Final = 4

Received = Callable[[], MaybeAwaitable[Sequence[bytes]]]


def message(stream: str, seq: int, *, partition: str = "p", payload: bytes | None = None) -> Message:
    """A message of a stream; its payload names it."""
    return Message(
        partition=partition,
        id=f"{stream}.{seq}",
        topic="goods.counted",
        stream=stream,
        seq=seq,
        schema=1,
        at=AT,
        payload=f"{partition}/{stream}/{seq}".encode() if payload is None else payload,
    )


def messages(stream: str, count: int, *, after: int = 0) -> list[Message]:
    """Messages of a stream, in order."""
    return [message(stream, seq) for seq in range(after + 1, after + count + 1)]


def _as_stored(partition: str, stored: StoredEvent) -> Message:
    return message(stored.stream, stored.seq, partition=partition, payload=stored.payload)


class BrokerKit:
    """Every promise of the broker port."""

    @pytest.fixture
    def broker(self) -> Broker:
        """A broker with nothing in it."""
        raise NotImplementedError("override the fixture broker")

    @pytest.fixture
    def received(self, broker: Broker) -> Received:
        """Answers the payloads that a receiver of *broker* has got so far, in the order in which they came."""
        raise NotImplementedError("override the fixture received")

    @pytest.fixture
    def unreachable(self) -> Broker:
        """A broker that nobody answers: closed, or at an address where nothing listens."""
        raise NotImplementedError("override the fixture unreachable")

    @pytest.fixture
    def drive(self) -> Drive:
        """Runs a coroutine to its end."""
        return hosting.drive

    @pytest.fixture
    def publish(self, broker: Broker, drive: Drive) -> Callable[[Sequence[Message]], list[Acknowledgement | Refusal]]:
        """Publishes messages and answers the acknowledgements."""
        return lambda sent: list(drive(resolved(broker.publish(sent))))

    @pytest.fixture
    def arrived(self, received: Received, drive: Drive) -> Callable[[], list[bytes]]:
        """The payloads that came."""
        return lambda: [bytes(each) for each in drive(resolved(received()))]

    def test_capabilities_are_stated(self, broker: Broker) -> None:
        """A broker says how large a payload it takes, and gives a reason for all that it can't do."""
        assert isinstance(broker.capabilities, BrokerCapabilities)
        assert broker.capabilities.max_payload > 0
        assert all(broker.capabilities.lacks.values())

    def test_an_event_that_is_too_large_is_a_dead_letter(self, broker: Broker, drive: Drive, arrived: Any) -> None:
        """The relay holds to `max_payload`: a larger event is given up at once with its size, and others go out."""
        most = broker.capabilities.max_payload
        storage = MemoryStorage([])
        unit = storage.begin("p")
        for stream, payload in {"a": b"x" * most, "b": b"y" * (most + 1)}.items():
            unit.append(stream, [StoredEvent(f"{stream}.1", stream, 1, "goods.counted", payload, AT)], expected=0)
        unit.commit()

        def sent() -> Relayed:
            run = relay(storage, "p", broker, to_message=_as_stored, now=lambda: AT, limit=9, policy=RelayPolicy())
            return cast(Relayed, drive(run))

        reason = f"too large: {most + 1} bytes, of {most} at most"
        assert Relayed(1, 0, 1, (f"event b.1: {reason}; given up after 1 try",)) == sent()
        assert Relayed(0, 0, 0) == sent()
        assert [("b.1", reason)] == [(each.event.id, each.error) for each in storage.outbox("p").dead().items]
        assert [b"x" * most] == arrived()

    def test_what_is_acknowledged_is_delivered(self, publish: Any, arrived: Any) -> None:
        """Each acknowledged message comes to a receiver, its payload byte for byte."""
        payloads = [b"{}", '{"name":"kopi ☕ – é"}'.encode(), bytes(range(256)), b"x" * 100_000, b'{"a":"\\u0000"}\n']
        sent = [message(f"s{number}", 1, payload=payload) for number, payload in enumerate(payloads)]

        assert [Acknowledgement(each.id) for each in sent] == sorted(publish(sent), key=lambda one: one.id)
        assert sorted(payloads) == sorted(arrived())

    def test_an_answer_speaks_of_what_was_sent(self, publish: Any) -> None:
        """Acknowledgements name messages of this call, each once at the most."""
        publish(messages("a", 3))
        answered = [each.id for each in publish(messages("b", 2) + messages("c", 2))]

        assert ["b.1", "b.2", "c.1", "c.2"] == sorted(answered)

    def test_publishing_nothing_is_nothing(self, publish: Any, arrived: Any) -> None:
        """A call without messages is answered without acknowledgements, and nothing comes."""
        assert [] == publish([])
        assert [] == arrived()

    def test_a_stream_is_delivered_in_order(self, publish: Any, arrived: Any) -> None:
        """Messages of one stream come in the order given, within a call and from call to call."""
        for after in (0, 10, 20):
            mixed = zip(*(messages(stream, 10, after=after) for stream in ("a", "b", "c")), strict=True)
            publish([each for three in mixed for each in three])

        found = arrived()
        for stream in ("a", "b", "c"):
            expected = [each.payload for each in messages(stream, 30)]
            assert expected == [each for each in found if each in set(expected)]

    def test_a_message_that_comes_again_is_known(self, broker: Broker, publish: Any, arrived: Any) -> None:
        """Sent again, in another call or the same, it is acknowledged again; delivered once, if that is claimed."""
        sent = messages("a", 2)
        assert ["a.1", "a.2"] == sorted({*_taken(publish(sent))})
        assert ["a.1", "a.2"] == sorted({*_taken(publish(sent))})
        assert ["a.3"] == sorted({*_taken(publish([message("a", 3)] * 2))})

        times = 1 if BrokerCan.DEDUPLICATE not in broker.capabilities.lacks else 2
        found = arrived()
        assert [times] * 3 == [found.count(each.payload) for each in messages("a", 3)]

    def test_an_id_belongs_to_its_partition(self, publish: Any, arrived: Any) -> None:
        """The same id in two partitions names two messages, whatever the partitions are called."""
        partitions = ("p", "q", "p/a.1", "toko ☕", "it's")
        for partition in partitions:
            assert [Acknowledgement("a.1")] == publish([message("a", 1, partition=partition)])

        assert sorted(f"{partition}/a/1".encode() for partition in partitions) == sorted(arrived())

    def test_names_may_hold_any_text(self, publish: Any, arrived: Any) -> None:
        """Streams and ids are text: quotes, blanks, wildcards, other scripts, two hundred characters."""
        streams = ["orders/it's", "a b|c:d", "*.>#", "kopi ☕", "x" * 200, "a%2Fb", "../etc"]
        sent = [message(stream, 1) for stream in streams]

        assert sorted(each.id for each in sent) == sorted(_taken(publish(sent)))
        assert sorted(each.payload for each in sent) == sorted(arrived())

    def test_a_payload_has_the_size_that_is_promised(self, broker: Broker, publish: Any, arrived: Any) -> None:
        """A payload of `max_payload` bytes is taken; a larger one is refused with a reason, and not delivered."""
        most = broker.capabilities.max_payload
        largest, larger = b"x" * most, b"y" * (most + 1)
        assert [Acknowledgement("a.1")] == publish([message("a", 1, payload=largest)])
        (refusal,) = publish([message("b", 1, payload=larger)])

        assert isinstance(refusal, Refusal), refusal
        assert ("b.1", True) == (refusal.id, bool(refusal.reason))
        assert [largest] == arrived()

    def test_a_refusal_stops_its_stream_and_no_other(self, broker: Broker, publish: Any, arrived: Any) -> None:
        """Behind a refused message no later one of its stream is taken in that call; the others are."""
        larger = message("a", 2, payload=b"y" * (broker.capabilities.max_payload + 1))
        answers = publish([message("a", 1), larger, message("a", 3), message("b", 1)])

        assert ["a.1", "b.1"] == sorted(_taken(answers))
        assert "a.2" in [each.id for each in answers if isinstance(each, Refusal)]
        assert sorted(each.payload for each in (message("a", 1), message("b", 1))) == sorted(arrived())
        assert [Acknowledgement("a.3")] == publish([message("a", 3)])

    def test_calls_may_come_at_once(self, broker: Broker, drive: Drive, arrived: Any) -> None:
        """Several relays, in threads or tasks, lose no message of each other and turn no stream round."""
        streams = [f"s{number}" for number in range(AT_ONCE)]

        async def relay(stream: str) -> list[str]:
            answered: list[str] = []
            for after in range(0, 20, 5):
                answers = await resolved(broker.publish(messages(stream, 5, after=after)))
                answered += _taken(answers)
            return answered

        answered = _together(broker, [partial(relay, stream) for stream in streams], drive)
        found = arrived()
        for stream in streams:
            expected = [each.payload for each in messages(stream, 20)]
            assert expected == [each for each in found if each in set(expected)]
        assert sorted(each.id for stream in streams for each in messages(stream, 20)) == sorted(answered)

    def test_a_broker_that_is_away_says_so(self, unreachable: Broker, drive: Drive) -> None:
        """What can't be sent is an `OutsideError` that isn't a definite no, so that the relay waits for the broker."""
        with pytest.raises(OutsideError) as refused:
            drive(resolved(unreachable.publish([message("a", 1)])))
        assert refused.value.means is not EffectState.FAILED


def _taken(answers: Sequence[Acknowledgement | Refusal]) -> list[str]:
    """The ids of the messages that a broker has."""
    return [each.id for each in answers if isinstance(each, Acknowledgement)]


def _together(broker: Broker, jobs: Sequence[Callable[[], Any]], drive: Drive) -> list[str]:
    """What all jobs answered that ran at once."""
    if iscoroutinefunction(broker.publish):

        async def gathered() -> list[list[str]]:
            return list(await asyncio.gather(*(job() for job in jobs)))

        return [id for found in drive(gathered()) for id in found]
    answers: list[str] = []

    def run(job: Callable[[], Any]) -> None:
        answers.extend(hosting.drive(job()))

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
