"""Laws of the review queue: each thing that waits stands in it exactly once, and each way out takes it away."""

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR
from tokolib.desk.reviews.model import ReviewKind
from tokolib.effects.lifecycle import is_open
from tokolib.effects.model import EffectKind, EffectState
from tokolib.kernel.ctx import Staff
from tokolib.kernel.hosting import drive
from tokolib.payments.ports import INTENTS, QUARANTINES
from tokolib.payments.tenders import LOCAL
from tokolib.testing import FakeGateway, FakeWorld, Given, ManualClock

K = ReviewKind


class Stall:
    """A shop to which things happen that no rule can decide."""

    def __init__(self):
        self.clock = ManualClock()
        self.world = FakeWorld(self.clock)
        self.shop = tokolib.open("memory://", country="ID", clock=self.clock, gateways=[FakeGateway(self.world)])
        self.staff = self.shop.acting(Staff("budi"))
        self.given = Given(self.shop)
        self.given.goods({"KOPI-250": 75_000}, stock="1000")
        self.orders, self.strays = [], 0

    def order(self, tender="fake"):
        order = self.given.order({"KOPI-250": 1}, tender=tender)
        self.orders.append(order)
        return order

    def paid(self):
        order = self.order()
        self.world.pay(self.world.charges[-1].key)
        self.deliver()
        return order

    def deliver(self):
        for message in self.world.webhooks():
            self.shop.webhooks.receive("fake", *message)

    def told(self, **changed):
        self.shop.webhooks.receive("fake", *self.world.forge(self.world.charges[-1], **changed))

    # What happens.

    def silence(self):
        self.world.switches.time_out_before = 10_000
        order = self.order()
        for _ in range(26):
            self.clock.forward(hours=2)
            self.shop.payments.advance(order)
        self.world.switches.time_out_before = 0

    def stray(self):
        self.order()
        self.strays += 1
        self.told(key=f"int_gone{self.strays}.1.1", reference=f"va-{self.strays}", state="succeeded")

    def another_amount(self):
        self.order()
        self.told(amount="74000", state="succeeded")

    def another_name(self):
        self.paid()
        self.told(reference="another")

    def payout(self):
        order = self.order("bank_transfer")
        self.shop.payments.received(order, IDR(75_000), reference=f"t-{order.id}")
        self.shop.payments.refund(order, IDR(5_000), reason="late", key=order.id)

    def refused(self):
        order = self.paid()
        self.world.switches.decline = 1
        self.shop.payments.refund(order, IDR(5_000), reason="late", key=order.id)

    def not_given_up(self):
        order = self.order()
        self.world.switches.unvoidable = 1
        self.shop.orders.cancel(order.id, reason="changed mind")

    def dispute(self):
        self.paid()
        self.world.dispute(self.world.charges[-1].key)
        self.deliver()

    def loss(self):
        order = self.paid()
        self.shop.payments.refund(order, IDR(75_000), reason="kind", key=order.id)
        self.dispute_of_last()

    def dispute_of_last(self):
        self.world.dispute(self.world.charges[-1].key)
        self.deliver()

    def nothing(self):
        self.paid()

    # What waits, told by the rows themselves and not by the queue.

    def waits(self):
        async def look(unit):
            ids = []
            for order in self.orders:
                intent = await unit[INTENTS].get(order.intent_id)
                ids += [each.id for each in intent.operations if each.state is EffectState.REVIEW]
                back = (each for each in intent.operations if each.kind is EffectKind.REFUND and is_open(each))
                ids += [each.id for each in back if each.provider in LOCAL]
            return ids

        return drive(self.shop._work.read(look))

    def quarantined(self):
        async def look(unit):
            page = await unit[QUARANTINES].where("waits", since="", until="9999", limit=1000)
            return [each.id for each in page.items]

        return drive(self.shop._work.read(look))

    def queue(self, size):
        found, after = [], None
        while True:
            page = self.shop.reviews.list(limit=size, after=after)
            found += page.items
            if (after := page.after) is None:
                return found

    def leave(self, item, way):
        """Take one way out of *item*, as a person would."""
        order = self.orders[0]
        match way:
            case "payments.resolve":
                self.staff.payments.resolve(item.id, happened=True, reference=item.operation.reference or "seen")
            case "payments.advance":
                self.staff.payments.resolve(item.id, happened=False, reason="not there")
            case "reviews.accept":
                self.staff.reviews.accept(item, order if item.kind is K.QUARANTINE else None, reason="asked them")
            case "reviews.dismiss":
                self.staff.reviews.dismiss(item, reason="looked at")
            case "payments.paid_out":
                self.staff.payments.paid_out(item.id)
            case "payments.payout_failed":
                self.staff.payments.payout_failed(item.id, reason="account closed")
            case "payments.refund":
                again = self.staff.payments.refund
                again(item.order_id, item.amount, reason="again", key=f"again-{item.id}", method="cash")
            case "orders.cancel":
                self.staff.orders.cancel(item.order_id, reason="again")
            case "payments.submit_evidence":
                self.staff.payments.submit_evidence(item.operation.id, text="It was signed for.")
            case "payments.decide_dispute":
                self.staff.payments.decide_dispute(item.operation.id, won=False)
            case _:
                raise AssertionError(way)


HAPPENS = (
    "silence",
    "stray",
    "another_amount",
    "another_name",
    "payout",
    "refused",
    "not_given_up",
    "dispute",
    "loss",
    "nothing",
)


@settings(max_examples=25)
@for_all(st.lists(st.sampled_from(HAPPENS), min_size=1, max_size=4), st.integers(1, 4), st.data())
def test_what_waits_stands_in_the_queue_once_and_goes_by_each_way_out(story, size, data):
    """Whatever happened, and whichever way a person takes: in the end nothing waits, and the books are sound."""
    stall = Stall()
    for each in story:
        getattr(stall, each)()
        stall.clock.forward(minutes=3)
    items = stall.queue(size)

    assert len(items) == len({each.id for each in items}) == stall.shop.reviews.count().total
    assert sorted(stall.waits()) == sorted(each.id for each in items if each.id in stall.waits())
    assert sorted(stall.quarantined()) == sorted(each.id for each in items if each.kind is K.QUARANTINE)
    assert [each.since for each in stall.queue(100)] == [each.since for each in items]
    assert stall.shop.verify().ok

    left = 0
    while queue := stall.queue(size):
        item = data.draw(st.sampled_from(queue), label="item")
        way = data.draw(st.sampled_from([each.command for each in item.ways]), label="way")
        stall.leave(item, way)
        assert (item.id, item.kind) not in {(each.id, each.kind) for each in stall.queue(size)}, (item.kind, way)
        stall.clock.forward(minutes=3)
        left += 1
        assert left < 60
    assert stall.shop.verify().ok
    assert () == tuple(each for each in stall.shop.verify().alarms if each.remedy != "call shop.tick()")
