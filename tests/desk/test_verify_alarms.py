"""A sound shop may have things that wait for somebody: alarms, which break nothing and are told apart."""

from datetime import timedelta

from tokolib import IDR
from tokolib.desk import RelayPolicy
from tokolib.desk.verify.report import ALARMS, Alarm, Report
from tokolib.desk.verify.walk import LISTED, Findings
from tokolib.returns.model import Disposition
from tokolib.testing.fake_broker import FakeBroker

PRICE = IDR(75_000)


async def alarms(toko):
    """What waits, in a shop that is sound, as (promise, row) pairs."""
    report = await toko.verify()
    assert report.ok and report and str(report) == "verify: OK"
    assert all(alarm.promise in ALARMS and alarm.found and alarm.remedy for alarm in report.alarms)
    return [(alarm.promise, alarm.row) for alarm in report.alarms]


def test_a_payment_under_way_is_no_alarm(play):
    """The customer is still at the bank's page: nothing is broken, and nobody has to do anything."""

    async def body(toko):
        await toko.given.order({"KOPI-250": 1}, tender="fake", delivery="jne:reg")
        await toko.given.order({"KOPI-250": 1}, tender="bank_transfer", delivery="jne:reg")
        assert await alarms(toko) == []

    play(body)


def test_a_payment_that_nobody_asks_about_is_an_alarm(play):
    """The gateway was to be asked an hour ago: no tick has run. One tick later all is well."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        (due,) = [each.next_at for each in (await toko.payments.intent(order)).operations]
        toko.clock.forward(seconds=int((due - toko.clock.now() + timedelta(hours=1)).total_seconds()))
        assert await alarms(toko) == []
        toko.clock.forward(seconds=1)
        assert await alarms(toko) == [("L1", f"payment {order.intent_id}")]

        await toko.shop.tick(budget=10)
        assert await alarms(toko) == []

    play(body)


def test_an_order_that_nobody_ends_is_an_alarm(play):
    """Unpaid for longer than its time, and still holding goods: no tick has run."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        toko.clock.forward(seconds=int((order.due_until - toko.clock.now()).total_seconds()))
        toko.clock.forward(hours=1)
        assert await alarms(toko) == []
        toko.clock.forward(seconds=1)
        assert await alarms(toko) == [("L1", f"order {order.id}")]

        await toko.shop.tick(budget=10)
        assert await alarms(toko) == []

    play(body)


def test_what_no_rule_can_decide_is_an_alarm(play):
    """A charge that the bank tells of under two names goes to a person."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        charge = toko.world.charges[-1]
        toko.world.pay(charge.key)
        await toko.deliver_webhooks()
        await toko.shop.webhooks.receive("fake", *toko.world.forge(charge, reference="another"))
        assert await alarms(toko) == [("L1", f"payment {order.intent_id}")]

    play(body)


def test_what_contradicts_the_books_is_an_alarm(play):
    """A message about another amount is set aside, and one that belongs to nothing here is kept: a person looks."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        charge = toko.world.charges[-1]
        await toko.shop.webhooks.receive("fake", *toko.world.forge(charge, amount=1, state="succeeded"))
        await toko.shop.webhooks.receive("fake", *toko.world.forge(charge, key="int_x.1.1", reference="unknown"))
        told = await alarms(toko)
        assert ("L2", f"payment {order.intent_id}") in told
        assert [row.partition(" ")[0] for promise, row in told if promise == "L2"].count("observation") == 1

    play(body)


def test_money_that_went_twice_by_the_outside_is_an_alarm(play):
    """The customer is refunded, and disputes the payment as well: the books tell it, and somebody has to claim it."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1}, tender="fake")
        charge = toko.world.charges[-1]
        toko.world.pay(charge.key)
        await toko.deliver_webhooks()
        await toko.payments.refund(order, PRICE, reason="kind", key="k-1")
        await toko.shop.tick(budget=10)
        await toko.deliver_webhooks()
        toko.world.dispute(charge.key)
        await toko.deliver_webhooks()
        assert (await toko.payments.intent(order)).totals.lost == PRICE.minor_units
        assert await alarms(toko) == [("M5", f"payment {order.intent_id}")]

    play(body)


def test_a_dead_letter_is_an_alarm(play):
    """An event that the broker refuses for good waits for somebody; once it may rest, nothing waits."""
    broker = FakeBroker()

    async def body(toko):
        while (await toko.outbox.relay(limit=1000)).published:
            pass
        order = await toko.given.order({"KOPI-250": 1})
        first = f"orders/{order.id}.1"
        broker.switches.refuse.add(first)
        assert await alarms(toko) == []
        await toko.outbox.relay()
        assert await alarms(toko) == [("L4", f"event {first}")]

        await toko.outbox.dismiss([first])
        assert await alarms(toko) == []

    play(body, broker=broker, relay_policy=RelayPolicy(tries=1))


def test_only_so_many_alarms_are_listed():
    """The rest is counted, and none of them breaks anything."""
    found = Findings()
    for n in range(LISTED + 5):
        found.waits("L1", f"row {n}", "x", "y")
    report = found.report()
    assert (len(report.alarms), report.more_alarms, report.ok) == (LISTED, 5, True)
    assert str(report.alarms[0]) == "L1 row 0: x; y"
    assert Report((), (), alarms=(Alarm("L4", "a", "b", "c"),)).ok is True


def test_goods_that_broke_where_they_never_were_are_no_violation(play):
    """A unit comes back at a place that never had any, and is written off there: its movements say nothing is left."""

    async def body(toko):
        await toko.shop.stock.open_location("toko", "Toko")
        order = await toko.given.order({"KOPI-250": 1}, tender="cash")
        await toko.shop.shipments.hand_over(order.id)

        wish = {"reason": "broken", "disposition": Disposition.WRITE_OFF, "location": "toko", "key": "back"}
        await toko.shop.returns.accept(order.id, {"KOPI-250": 1}, **wish)

        assert await alarms(toko) == []

    play(body)
