"""Our own brokers pass the kit that everybody's must pass."""

import asyncio
from collections.abc import Iterator

import pytest

from tokolib.adapters.brokers import AsyncMemoryBroker, MemoryBroker
from tokolib.desk.ports import Broker
from tokolib.testing.broker_kit import BrokerKit, Received, message
from tokolib.testing.fake_broker import AsyncFakeBroker, BrokerSwitches, FakeBroker
from tokolib.testing.storage_checks.driven import Drive


class OnOneLoop(BrokerKit):
    """The kit for an async adapter."""

    @pytest.fixture
    def drive(self) -> Iterator[Drive]:
        with asyncio.Runner() as runner:
            yield runner.run


class TestMemory(BrokerKit):
    @pytest.fixture
    def broker(self) -> Broker:
        return MemoryBroker()

    @pytest.fixture
    def received(self, broker: MemoryBroker) -> Received:
        return lambda: [each.payload for each in broker.published]

    @pytest.fixture
    def unreachable(self) -> Broker:
        broker = MemoryBroker()
        broker.close()
        return broker


class TestAsyncMemory(OnOneLoop):
    @pytest.fixture
    def broker(self) -> Broker:
        return AsyncMemoryBroker()

    @pytest.fixture
    def received(self, broker: AsyncMemoryBroker) -> Received:
        return lambda: [each.payload for each in broker.published]

    @pytest.fixture
    def unreachable(self) -> Broker:
        broker = AsyncMemoryBroker()
        broker.close()
        return broker


class TestFake(BrokerKit):
    deduplicates = True

    @pytest.fixture
    def broker(self) -> Broker:
        return FakeBroker(self.deduplicates)

    @pytest.fixture
    def received(self, broker: FakeBroker) -> Received:
        return lambda: [each.payload for each in broker.delivered]

    @pytest.fixture
    def unreachable(self) -> Broker:
        return FakeBroker(switches=BrokerSwitches(unreachable=1))


class TestFakeThatKnowsNoIds(TestFake):
    deduplicates = False


class TestAsyncFake(OnOneLoop):
    @pytest.fixture
    def broker(self) -> Broker:
        return AsyncFakeBroker()

    @pytest.fixture
    def received(self, broker: AsyncFakeBroker) -> Received:
        return lambda: [each.payload for each in broker.delivered]

    @pytest.fixture
    def unreachable(self) -> Broker:
        return AsyncFakeBroker(FakeBroker(switches=BrokerSwitches(time_out_before=1)))


def test_what_was_published_is_read_after_the_broker_was_closed() -> None:
    """A receiver in this process may read on; the broker only takes nothing any more."""
    broker = MemoryBroker()
    broker.publish([message("a", 1)])
    broker.close()

    assert (message("a", 1),) == broker.published
