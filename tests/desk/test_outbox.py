"""The door `outbox`: events of a shop on their way, and what its operator does when they don't get there."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest

import tokolib
from tokolib import IDR, InvalidInput, Staff
from tokolib.adapters.brokers import AsyncMemoryBroker, MemoryBroker
from tokolib.desk import NoBroker, RelayPolicy
from tokolib.kernel.ctx import Decision
from tokolib.kernel.errors import Forbidden, HostMismatch, NaiveDatetime
from tokolib.kernel.storage_errors import BadCursor
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_broker import FakeBroker

DAY = timedelta(days=1)


async def sell(toko):
    """One order, whose history has three events: requested, captured, placed."""
    return await toko.given.order({"KOPI-250": 2})


def of(broker, order):
    """What the broker's receiver got of an order."""
    return [json.loads(message.payload) for message in broker.delivered if message.stream == f"orders/{order.id}"]


async def drain(toko):
    """Send on everything."""
    while (await toko.outbox.relay(limit=1000)).published:
        pass


def test_a_tick_sends_events_on(play):
    """What was committed goes to the broker, once, as many as the budget allows; the order's events in their order."""
    broker = FakeBroker()

    async def body(toko):
        order = await sell(toko)
        first = await toko.tick(budget=2)
        assert (2, ()) == (first.published_events, first.failures)
        while (await toko.tick()).published_events:
            pass
        assert [1, 2, 3] == [event["seq"] for event in of(broker, order)]
        assert ["orders.order_requested", "orders.payment_captured", "orders.order_placed"] == [
            event["type"] for event in of(broker, order)
        ]
        assert len(broker.delivered) == len({message.id for message in broker.delivered})

    play(body, broker=broker)


def test_a_message_needs_no_word_of_ours(play):
    """It is a CloudEvents 1.0 event: source and id are unique, the data is the event's, and nothing internal leaks."""
    broker = FakeBroker()

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        budi = toko.another(Staff("budi"), request_id="req-1")
        await budi.orders.cancel(order, reason="customer's wish")
        await drain(toko)
        events = of(broker, order)
        assert {
            "specversion": "1.0",
            "id": f"orders/{order.id}.1",
            "source": "/tokolib/default",
            "type": "orders.order_requested",
            "subject": f"orders/{order.id}",
            "time": toko.clock.now().isoformat(),
            "datacontenttype": "application/json",
            "seq": 1,
            "schema": 1,
            "by": "system:host",
        } == {name: value for name, value in events[0].items() if name != "data"}
        assert order.id == events[0]["data"]["order"]["id"]
        cancelled = next(event for event in events if event["type"] == "orders.order_cancelled")
        assert ("staff:budi", "req-1") == (cancelled["by"], cancelled["request"])
        message = next(each for each in broker.delivered if each.id == f"orders/{order.id}.1")
        assert ("default", "orders.order_requested", 1, 1) == (
            message.partition,
            message.topic,
            message.seq,
            message.schema,
        )
        assert (f"default/orders/{order.id}.1", toko.clock.now()) == (message.dedup_id, message.at)

    play(body, broker=broker)


def test_a_broker_that_fails_leaves_the_tick_standing(play):
    """Everything else is moved on, the failures name the events, and they go out with a later tick."""
    broker = FakeBroker()

    async def body(toko):
        await drain(toko)
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        toko.clock.forward(hours=25)
        broker.switches.unreachable = 10
        ticked = await toko.tick()
        assert (1, 0) == (ticked.expired_orders, ticked.published_events)
        assert all(each.startswith("event ") and "connection refused" in each for each in ticked.failures)
        assert any(f"orders/{order.id}.1" in each for each in ticked.failures)
        broker.switches.unreachable = 0
        toko.clock.forward(minutes=5)
        assert (await toko.tick()).failures == ()
        assert "orders.order_expired" in [event["type"] for event in of(broker, order)]

    play(body, broker=broker)


def test_events_wait_for_a_broker(play):
    """A shop without one sells and ticks; its relay says what is missing, and nothing is lost meanwhile."""

    async def body(toko):
        await sell(toko)
        assert 0 == (await toko.tick()).published_events
        with pytest.raises(NoBroker) as refused:
            await toko.outbox.relay()
        assert ("default", "outbox.no_broker") == (refused.value.tenant, refused.value.code)
        assert "broker=" in refused.value.hint

    play(body)


def test_an_operator_sees_dead_letters_and_revives_them(play):
    """A refused event holds back its order's events only, is listed, and goes out with the rest once it is revived."""
    broker = FakeBroker()

    async def body(toko):
        await drain(toko)
        order, other = await sell(toko), await sell(toko)
        broken = f"orders/{order.id}.2"
        broker.switches.refuse.add(broken)
        await toko.outbox.relay()
        toko.clock.forward(minutes=5)
        relayed = await toko.outbox.relay()
        assert (1, (f"event {broken}: refused: unknown topic; given up after 2 tries",)) == (
            relayed.buried,
            relayed.failures,
        )
        assert [[1], [1, 2, 3]] == [[event["seq"] for event in of(broker, each)] for each in (order, other)]
        (letter,) = (await toko.outbox.dead_letters()).items
        assert (broken, 2, "refused: unknown topic") == (letter.event.id, letter.tries, letter.error)
        assert toko.clock.now() == letter.buried_at

        broker.switches.refuse.clear()
        assert 1 == await toko.outbox.revive([broken, "unknown"])
        assert () == (await toko.outbox.dead_letters()).items
        toko.clock.forward(minutes=1)
        assert 2 == (await toko.outbox.relay()).published
        assert [1, 2, 3] == [event["seq"] for event in of(broker, order)]

    play(body, broker=broker, relay_policy=RelayPolicy(tries=2))


def test_an_operator_lays_a_dead_letter_to_rest(play):
    """Only dead letters are dismissed: an event that waits is never marked by a mistaken id."""
    broker = FakeBroker()

    async def body(toko):
        await drain(toko)
        order = await sell(toko)
        first, second = f"orders/{order.id}.1", f"orders/{order.id}.2"
        broker.switches.refuse.add(first)
        await toko.outbox.relay()
        toko.clock.forward(minutes=5)

        assert 0 == await toko.outbox.dismiss([])
        assert 1 == await toko.outbox.dismiss([first, second, "unknown"])
        assert 0 == await toko.outbox.dismiss([first])
        await drain(toko)
        assert [2, 3] == [event["seq"] for event in of(broker, order)]
        broker.switches.refuse.clear()
        assert 3 <= await toko.outbox.replay(since=toko.clock.now() - DAY, until=toko.clock.now() + DAY)
        await drain(toko)
        assert [2, 3, 1] == [event["seq"] for event in of(broker, order)]

    play(body, broker=broker, relay_policy=RelayPolicy(tries=1))


def test_dead_letters_come_in_pages(play):
    """By stream and number, as many as are asked for, up to the page that the settings allow."""
    broker = FakeBroker()

    async def body(toko):
        await drain(toko)
        orders = sorted([(await sell(toko)).id for _ in range(3)])
        broker.switches.refuse.update(f"orders/{id}.1" for id in orders)
        await toko.outbox.relay()
        first = await toko.outbox.dead_letters(limit=2)
        rest = await toko.outbox.dead_letters(after=first.after, limit=10**9)
        assert [f"orders/{id}" for id in orders] == [each.event.stream for each in first.items + rest.items]
        assert rest.after is None
        with pytest.raises(BadCursor) as refused:
            await toko.outbox.dead_letters(after="of another question")
        assert "'of another question' is not a cursor" == str(refused.value)
        for limit in (0, -5):
            with pytest.raises(InvalidInput, match="must be 1 or more @ limit"):
                await toko.outbox.dead_letters(limit=limit)
        assert 3 == await toko.outbox.dismiss([each.event.id for each in first.items + rest.items])

    play(body, broker=broker, relay_policy=RelayPolicy(tries=1))


def test_what_was_delivered_is_replayed_until_it_is_purged(play):
    """A receiver starts anew: the same ids in the same order. After a purge the books still prove themselves."""
    broker = FakeBroker(deduplicates=False)

    async def body(toko):
        order = await sell(toko)
        await drain(toko)
        count, start = len(broker.delivered), toko.clock.now()
        toko.clock.forward(hours=30)
        late = await sell(toko)
        await drain(toko)

        with pytest.raises(InvalidInput, match="must not be before since") as refused:
            await toko.outbox.replay(since=start, until=start - DAY)
        assert ["until"] == [fault.path for fault in refused.value.faults]
        assert 0 == await toko.outbox.replay(since=start, until=start)
        again = await toko.outbox.replay(since=start, until=start + DAY)
        assert count == again
        await drain(toko)
        assert [1, 2, 3, 1, 2, 3] == [event["seq"] for event in of(broker, order)]
        assert [1, 2, 3] == [event["seq"] for event in of(broker, late)]

        toko.clock.forward(hours=25)
        whole = len({message.id for message in broker.delivered})
        assert whole == await toko.outbox.purge(before=toko.clock.now() - DAY)
        assert 0 == await toko.outbox.purge(before=toko.clock.now() - 2 * DAY)
        assert 0 == await toko.outbox.replay(since=start, until=toko.clock.now())
        assert 3 <= len(await toko.orders.history(order))
        assert await toko.verify()

    play(body, broker=broker)


def test_a_row_that_was_lost_after_a_purge_still_shows(play_in_memory):
    """The mark of a purge excuses only what may have been delivered by then."""
    broker = FakeBroker()

    async def body(toko):
        await drain(toko)
        toko.clock.forward(hours=50)
        order = await sell(toko)
        await toko.outbox.purge(before=toko.clock.now() - 2 * DAY)
        tables = toko.shop._subject._work.storage._partitions["default"]
        del tables.outbox.parcels[f"orders/{order.id}.2"]
        assert [("E1", f"event orders/{order.id}.2")] == [
            (each.promise, each.row) for each in (await toko.verify()).violations
        ]

    play_in_memory(body, sound=False, broker=broker)


def test_a_purge_keeps_a_day(play_in_memory):
    """Instants are aware, and what was delivered in the last day stays: a broker may still lose it."""

    async def body(toko):
        now = toko.clock.now()
        with pytest.raises(InvalidInput) as refused:
            await toko.outbox.purge(before=now - DAY + timedelta(seconds=1))
        assert [("before", "outbox.too_soon")] == [(each.path, each.code) for each in refused.value.faults]
        naive = datetime(2026, 1, 1)  # noqa: DTZ001 - what is refused
        with pytest.raises(NaiveDatetime):
            await toko.outbox.purge(before=naive)
        with pytest.raises(NaiveDatetime):
            await toko.outbox.replay(since=naive, until=now)
        with pytest.raises(NaiveDatetime):
            await toko.outbox.replay(since=now, until=naive)
        assert 0 == await toko.outbox.purge(before=now - DAY)

    play_in_memory(body)


def test_tenants_send_their_own(play_in_memory):
    """Each tenant's relay sends its own events; the same id in two tenants is two messages for every receiver."""
    broker = FakeBroker()

    async def body(toko):
        await drain(toko)
        storage = toko.shop._subject._work.storage
        solo = tokolib.open(storage, country="ID", tenant="cabang solo", clock=toko.clock, broker=broker)
        before = len(broker.delivered)
        solo.outbox.relay()
        theirs = broker.delivered[before:]
        assert {"cabang solo"} == {message.partition for message in theirs}
        twins = [message for message in broker.delivered if message.topic == "shop.settings_changed"]
        assert 1 == len({message.id for message in twins})
        assert {"default/settings/set_shop.1", "cabang%20solo/settings/set_shop.1"} == {
            message.dedup_id for message in twins
        }
        assert {"/tokolib/default", "/tokolib/cabang%20solo"} == {
            json.loads(message.payload)["source"] for message in twins
        }

    play_in_memory(body, broker=broker)


class OnlyTheHost:
    """Staff may not touch the outbox."""

    def check(self, ctx, permission):
        return Decision(isinstance(ctx.actor, tokolib.System) or not permission.startswith("outbox."), "hands off")


def test_each_of_it_may_be_denied(play_in_memory):
    """A denied command moves nothing."""
    broker = FakeBroker()

    async def body(toko):
        budi, now = toko.another(Staff("budi")), toko.clock.now()
        for permission, call in {
            "outbox.relay": lambda: budi.outbox.relay(),
            "outbox.revive": lambda: budi.outbox.revive(["x"]),
            "outbox.dismiss": lambda: budi.outbox.dismiss(["x"]),
            "outbox.replay": lambda: budi.outbox.replay(since=now - DAY, until=now),
            "outbox.purge": lambda: budi.outbox.purge(before=now - DAY),
        }.items():
            with pytest.raises(Forbidden) as denied:
                await call()
            assert permission == denied.value.permission
        assert [] == broker.calls
        assert () == (await budi.outbox.dead_letters()).items

    play_in_memory(body, broker=broker, access=OnlyTheHost())


@pytest.mark.parametrize("limit", [0, -1, 10**6 + 1, 10**5000], ids=["none", "negative", "large", "huge"])
def test_a_relay_has_a_limit(play_in_memory, limit):
    """At least one event, and no more than a storage can count."""
    broker = FakeBroker()

    async def body(toko):
        with pytest.raises(InvalidInput) as refused:
            await toko.outbox.relay(limit=limit)
        assert ["limit"] == [fault.path for fault in refused.value.faults]
        assert [] == broker.calls

    play_in_memory(body, broker=broker)


def test_a_blocking_shop_takes_no_broker_that_must_be_awaited():
    """It is refused before anything is opened; an async shop takes brokers of both colours."""
    with pytest.raises(HostMismatch):
        tokolib.open("memory://", country="ID", broker=AsyncMemoryBroker())
    with pytest.raises(InvalidInput) as refused:
        tokolib.open("memory://", country="ID", broker=MemoryBroker, relay_policy=3)
    assert ["broker", "relay_policy"] == [fault.path for fault in refused.value.faults]


@pytest.mark.parametrize("kind", [MemoryBroker, AsyncMemoryBroker])
def test_an_async_shop_sends_events_on(kind):
    """`await shop.outbox.relay()`, whatever the broker's colour."""

    async def story():
        broker = kind()
        async with tokolib.aopen("memory://", country="ID", broker=broker, clock=ManualClock()) as shop:
            await shop.catalog.put("KOPI-250", "Kopi Gayo 250 g")
            await shop.prices.put("KOPI-250", IDR(75_000))
            relayed = await shop.outbox.relay()
            assert relayed.published == len(broker.published) > 2
            assert 0 == (await shop.tick()).published_events

    asyncio.run(story())


def test_a_broker_that_waits_after_all_is_a_mismatch():
    """A `def` that hands out something to be awaited shows when it really waits; nothing is lost."""

    class Waiting(MemoryBroker):
        def publish(self, messages):
            class Never:
                def __await__(self):
                    yield

            return Never()

    clock = ManualClock()
    with tokolib.open("memory://", country="ID", broker=Waiting(), clock=clock) as shop:
        with pytest.raises(HostMismatch):
            shop.outbox.relay()
        clock.forward(minutes=1)
        later = shop._work.storage.outbox("default").claim(now=clock.now(), lease=DAY)
        assert [0] * len(later) == [claimed.tries for claimed in later] != []
