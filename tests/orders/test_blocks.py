"""Blocks: each with who has to decide on it and until when, and what becomes of it when nobody does."""

from datetime import datetime, timedelta

import attrs
import pytest

from tokolib import IDR, InvalidInput, OrderState
from tokolib.desk.reviews.model import WAYS, ReviewKind
from tokolib.kernel import Lapse
from tokolib.kernel.errors import NaiveDatetime, NotFound
from tokolib.orders import BlockUnknown, NotShippable, PaymentStatus
from tokolib.orders.events import BlockLifted, BlockSet

PRICE = IDR(75_000)


async def blocked(toko, hours=24, **asked):
    """A paid order that is stopped for so long, and the instant at which that is over."""
    order = await toko.given.order({"KOPI-250": 2})
    until = toko.clock.now() + timedelta(hours=hours)
    return await toko.orders.block(order, "verification", reason="call her", until=until, **asked), until


def test_each_owner_lifts_its_own_block(play):
    """One code stands once for each owner; goods leave when all are lifted, and nobody lifts another's by accident."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        await toko.orders.block(order, "fraud", reason="odd card", owner="finance")
        await toko.orders.block(order, "fraud", reason="odd address", owner=" warehouse ")
        order = await toko.orders.block(order, "fraud", reason="a hunch")
        assert ["finance", "warehouse", ""] == [each.owner for each in order.blocks]

        with pytest.raises(NotShippable) as stopped:
            await toko.shipments.hand_over(order)
        assert (("fraud",) * 3, ("finance", "warehouse", "")) == (stopped.value.blocks, stopped.value.owners)
        assert "orders.unblock(order, 'fraud', owner='finance', reason=...)" in stopped.value.hint

        with pytest.raises(BlockUnknown) as unknown:
            await toko.orders.unblock(order, "fraud", owner="legal")
        assert ("fraud of finance", "fraud of warehouse", "fraud") == unknown.value.known
        assert (
            f"order {order.id} has no block 'fraud' of 'legal'; it has fraud of finance, fraud of warehouse, fraud"
            == (str(unknown.value))
        )

        order = await toko.orders.unblock(order, "fraud")
        assert ["finance", "warehouse"] == [each.owner for each in order.blocks]
        await toko.orders.unblock(order, "fraud", owner="finance")
        order = await toko.orders.unblock(order, "fraud", owner="warehouse")
        await toko.ship(order)

    play(body)


def test_a_block_that_is_lifted_by_its_time(play):
    """Not a moment before it, by the tick, once; the history tells why."""

    async def body(toko):
        order, until = await blocked(toko, then=Lapse.LIFT)
        toko.clock.forward(hours=23, minutes=59)
        assert 0 == (await toko.tick()).lapsed_orders
        assert order == await toko.orders.get(order.id)
        toko.clock.forward(minutes=1)

        assert [1, 0] == [(await toko.tick()).lapsed_orders for _ in range(2)]

        after = await toko.orders.get(order.id)
        assert ((), OrderState.PLACED) == (after.blocks, after.state)
        told = [each.event for each in await toko.orders.history(order.id) if isinstance(each.event, BlockLifted)]
        assert [BlockLifted("verification", f"nobody decided until {until}", "")] == told
        await toko.ship(after)

    play(body)


def test_a_block_that_cancels_the_order_by_its_time(play):
    """The goods are free again and the money goes back, as if somebody had cancelled it."""

    async def body(toko):
        order, _ = await blocked(toko, then="cancel")
        toko.clock.forward(hours=24)

        assert 1 == (await toko.tick()).lapsed_orders

        after = await toko.orders.get(order.id)
        assert (OrderState.CANCELLED, PaymentStatus.REFUNDED) == (after.state, after.payment)
        assert after.ending.startswith("verification: nobody decided until ")
        assert 0 == (await toko.stock.level("KOPI-250")).held.steps
        assert 0 == (await toko.tick()).lapsed_orders

    play(body)


def test_what_can_not_be_cancelled_any_more_waits_for_a_person(play):
    """Goods have left: the block stands, the queue shows it, and no tick tries again and again."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        await toko.shipments.hand_over(order, {"KOPI-250": 1})
        until = toko.clock.now() + timedelta(hours=1)
        await toko.orders.block(order, "fraud", reason="a stolen card", owner="risk", until=until, then=Lapse.CANCEL)
        toko.clock.forward(hours=1)

        ticked = [await toko.tick() for _ in range(2)]

        assert [(1, ()), (0, ())] == [(each.lapsed_orders, each.failures) for each in ticked]
        after = await toko.orders.get(order.id)
        assert (OrderState.PLACED, Lapse.ESCALATE) == (after.state, after.blocks[0].then)
        (item,) = (await toko.reviews.list()).items
        assert (ReviewKind.BLOCK, until) == (item.kind, item.since)

    play(body)


def test_what_is_being_made_ready_waits_for_a_person(play):
    """A shipment that is still here has claimed the goods: nobody cancels it unseen, and no tick tries again."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 2})
        await toko.shipments.plan(order)
        until = toko.clock.now() + timedelta(hours=1)
        await toko.orders.block(order, "fraud", reason="a stolen card", owner="risk", until=until, then=Lapse.CANCEL)
        toko.clock.forward(hours=1)

        ticked = [await toko.tick() for _ in range(2)]

        assert [(1, ()), (0, ())] == [(each.lapsed_orders, each.failures) for each in ticked]
        assert [ReviewKind.BLOCK] == [each.kind for each in (await toko.reviews.list()).items]

    play(body)


def test_an_open_charge_is_waited_for_once(play):
    """An order that is still to be paid is cancelled when its charge has ended; the tick wishes so one time."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        until = toko.clock.now() + timedelta(minutes=10)
        await toko.orders.block(order, "fraud", reason="odd", until=until, then=Lapse.CANCEL)
        toko.clock.forward(minutes=10)

        first, second = await toko.tick(), await toko.tick()

        assert (1, 0) == (first.lapsed_orders, second.lapsed_orders)
        after = await toko.orders.get(order.id)
        assert after.state is OrderState.CANCELLED or after.cancel_requested is not None

    play(body)


def test_an_overdue_block_waits_in_the_queue_without_a_tick(play):
    """From its instant on, with its order and its ways out; deciding it, or deciding later, takes it out."""

    async def body(toko):
        order, until = await blocked(toko, owner="risk")
        other = await toko.given.order({"KOPI-250": 1})
        await toko.orders.block(other, "stock", reason="recount")  # for as long as it takes
        assert ((), 0) == ((await toko.reviews.list()).items, (await toko.reviews.count()).total)
        with pytest.raises(NotFound):
            await toko.reviews.get(f"{order.id}:verification:risk")
        toko.clock.forward(hours=25)

        (item,) = (await toko.reviews.list()).items

        assert item == await toko.reviews.get(item.id)
        assert {ReviewKind.BLOCK: 1} == (await toko.reviews.count()).kinds
        assert (order.id, order.total, until) == (item.order_id, item.amount, item.since)
        assert f"order {order.reference} is stopped by verification, of risk: call her" == item.what
        assert WAYS[ReviewKind.BLOCK] == item.ways
        assert () == (await toko.reviews.list([ReviewKind.PAYOUT])).items

        later = toko.clock.now() + timedelta(hours=1)
        await toko.orders.block(order, "verification", reason="no answer yet", owner="risk", until=later)
        assert () == (await toko.reviews.list()).items
        toko.clock.forward(hours=1)
        assert 1 == len((await toko.reviews.list()).items)
        await toko.orders.unblock(order, "verification", owner="risk")
        assert () == (await toko.reviews.list()).items

    play(body)


def test_pages_of_the_queue_reach_every_block(play):
    """Two blocks of one order are two items that stand together, and a page goes on where the last one ended."""

    async def body(toko):
        orders = [(await blocked(toko, hours))[0] for hours in (3, 1, 2)]
        await toko.orders.block(
            orders[1], "address", reason="no street", until=toko.clock.now() + timedelta(hours=2), owner="care"
        )
        toko.clock.forward(hours=4)

        found, after = [], None
        while True:
            page = await toko.reviews.list(limit=1, after=after)
            found += [(each.order_id, each.why) for each in page.items]
            if (after := page.after) is None:
                break

        expected = [orders[1].id, orders[1].id, orders[2].id, orders[0].id]
        assert [(id, "orders.block_overdue") for id in expected] == found
        assert 4 == (await toko.reviews.count()).total

    play(body)


def test_blocks_of_an_order_that_has_ended_wait_no_more(play):
    """Neither the queue nor the tick has anything to do with it."""

    async def body(toko):
        order, _ = await blocked(toko)
        lifting, _ = await blocked(toko, then=Lapse.LIFT)
        for each in (order, lifting):
            await toko.orders.cancel(each, reason="changed her mind")
        toko.clock.forward(hours=24)

        assert 0 == (await toko.tick()).lapsed_orders
        assert () == (await toko.reviews.list()).items

    play(body)


def test_the_same_block_again_changes_nothing(play):
    """Also once its time is over; another reason, instant or end replaces it."""

    async def body(toko):
        order, until = await blocked(toko)
        again = {"reason": "call her", "until": until}
        toko.clock.forward(hours=24)
        assert order == await toko.orders.block(order, "verification", **again)
        after = await toko.orders.block(order, "verification", reason="call her")
        assert [None] == [each.until for each in after.blocks]
        kept = [each.event.block for each in await toko.orders.history(order.id) if isinstance(each.event, BlockSet)]
        assert [until, None] == [each.until for each in kept]
        assert kept[1] == attrs.evolve(kept[0], at=toko.clock.now(), until=None)

    play(body)


def test_ends_that_can_not_be_are_refused(play_in_memory):
    """By name, and the order stays as it was."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        now = toko.clock.now()
        refused = (
            ({"until": now}, "until", "orders.until_past"),
            ({"until": "tomorrow"}, "until", "kernel.wrong_type"),
            ({"then": "forget"}, "then", "kernel.wrong_type"),
            ({"owner": "a\0b"}, "owner", None),
        )
        for asked, path, code in refused:
            with pytest.raises(InvalidInput) as error:
                await toko.orders.block(order, "fraud", reason="odd", **asked)
            (fault,) = error.value.faults
            assert (path, code or fault.code) == (fault.path, fault.code)
        with pytest.raises(NaiveDatetime):
            await toko.orders.block(order, "fraud", reason="odd", until=datetime(2030, 1, 1))  # noqa: DTZ001 - refused
        assert order == await toko.orders.get(order.id)

    play_in_memory(body)
