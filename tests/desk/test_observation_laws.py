"""Whatever is said about money, in any order and any number of times: the payment, the order and the books agree."""

from datetime import UTC, datetime
from functools import partial

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokolib
from tokolib import IDR
from tokolib.adapters.memory import MemoryStorage
from tokolib.desk.observe import Desk
from tokolib.effects.model import EffectKind, EffectState, Observation, Source
from tokolib.kernel import Tolerance
from tokolib.kernel.hosting import drive, resolved
from tokolib.orders.ports import ORDERS
from tokolib.orders.postings import LEDGER
from tokolib.payments import events
from tokolib.payments.ports import INTENTS
from tokolib.payments.requests import request
from tokolib.records.collections import COLLECTIONS
from tokolib.testing.builders import Given
from tokolib.testing.clock import ManualClock

NOW = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
K = EffectKind
ELSEWHERE = (
    *(K.LABEL, K.LABEL_VOID, K.RETURN_LABEL, K.RETURN_LABEL_VOID, K.PICKUP, K.PICKUP_CANCEL),
    *(K.TAX_COMMIT, K.TAX_VOID, K.TAX_REFUND),
)
KINDS = [kind for kind in K if kind not in ELSEWHERE]
"""Every kind that a payment can hear of; what is added to `EffectKind` comes in by itself."""
PART = IDR(20_000)
"""What each movement is over: one charge and one capture pay the order exactly, so nothing is ever paid too much."""


async def _observe(unit, said):
    return await Desk()(unit, said)


class Counter:
    """A shop in memory that is paid at the door, so that no order waits for its money and none is given up."""

    def __init__(self, tolerance):
        self.shop = tokolib.open(MemoryStorage(COLLECTIONS), clock=ManualClock(), country="ID")
        if tolerance:
            let_be = (Tolerance(tolerance),)
            self.shop.settings.change(short_tolerance=let_be, over_tolerance=let_be)
        self.given = Given(self.shop)
        self.given.goods({"KOPI-250": 22_000}, stock=1_000_000)
        self.given.delivery({"jne:reg": 18_000})
        self.work = self.shop._work

    def order(self):
        """A placed order, whose payment wishes for one operation of each kind."""
        order = self.given.order({"KOPI-250": 1}, tender="cod", delivery="jne:reg")

        async def wish(unit):
            intent = await unit[INTENTS].get(order.intent_id)
            for kind in KINDS:
                about = "" if kind is K.CHARGE else f"{intent.id}.1"
                made = request(intent, kind, "fake", PART, at=unit.now, epoch=0, about=about)
                intent = unit[INTENTS].record(intent, events.OperationRequested(made))
                if kind is K.REFUND:  # one that was not sent is stopped by whatever takes its money first
                    sent = events.OperationLeased(made.id, unit.now, unit.now, None, send=True)
                    intent = unit[INTENTS].record(intent, sent)
            return intent

        return drive(self.work.write("test", wish))

    def hear(self, intent, heard):
        """Each observation through the one door, in a unit of its own."""
        for each in heard:
            said = each.about_order(intent)
            drive(self.work.write("test", partial(_observe, said=said)))

    def told(self, intent):
        """Everything that the shop then says of the money of an order, without the names of this very order."""

        async def look(unit):
            payment = await unit[INTENTS].get(intent.id)
            order = await unit[ORDERS].get(intent.order_id)
            entries = (await resolved(unit.work.ledger(LEDGER, refers_to=order.id, limit=1_000))).items
            balances = {}
            for entry in entries:
                balances[entry.account] = balances.get(entry.account, 0) + entry.amount
            operations = [
                (
                    each.id.removeprefix(intent.id) if each.key else "",
                    each.kind,
                    each.amount,
                    each.state,
                    each.failure,
                )
                for each in payment.operations
            ]
            return {
                "totals": payment.totals,
                "state": payment.state,
                "operations": sorted(operations),
                "reviews": sorted(each.reason for each in payment.reviews),
                "order": (order.state, order.payment, order.fulfilment, order.returns),
                "money": (order.captured, order.refunded, order.due, order.written_off, order.retained),
                "balances": {account: amount for account, amount in balances.items() if amount},
            }

        return drive(self.work.read(look))


@attrs.frozen
class Heard:
    """An observation before it is known of which order it is."""

    kind: EffectKind
    state: EffectState
    ours: bool
    """About the operation that was wished for, and not about one that the provider made by itself."""
    sequence: int
    failure: str
    source: Source
    reference: str = ""

    def about_order(self, intent):
        """What is observed for an *intent*; references are its own, as a provider's are."""
        wished = {each.kind: each.key for each in intent.operations if each.key}
        return Observation(
            provider="fake",
            kind=self.kind,
            state=self.state,
            amount=PART,
            occurred_at=NOW,
            source=self.source,
            intent=intent.id,
            key=wished[self.kind] if self.ours else "",
            reference=f"{intent.id}-{self.kind}-{'ours' if self.ours else self.reference}",
            about="" if self.ours else wished[K.CHARGE],
            sequence=self.sequence,
            failure=self.failure,
        )


heard = st.builds(
    Heard,
    kind=st.sampled_from(KINDS),
    state=st.sampled_from([*EffectState, EffectState.SUCCEEDED, EffectState.SUCCEEDED]),
    ours=st.booleans(),
    sequence=st.integers(0, 1),
    failure=st.sampled_from(["", "a"]),
    source=st.sampled_from([Source.ANSWER, Source.WEBHOOK, Source.QUERY]),
    reference=st.sampled_from(["x", "y"]),
)
stories = st.lists(heard, max_size=6)


@pytest.fixture(scope="module", params=[None, PART], ids=["exact", "tolerant"])
def counter(request):
    """One shop for all examples; each has orders of its own. One lets be what a movement is over, either way."""
    return Counter(request.param)


@st.composite
def told_twice(draw):
    """A story, and the same facts in another order with some of them again."""
    facts = draw(stories)
    again = draw(st.lists(st.sampled_from(facts), max_size=3)) if facts else []
    return facts, draw(st.permutations([*facts, *again]))


@given(told_twice())
def test_money_does_not_depend_on_what_was_heard_first_or_how_often(counter, pair):
    """Figures, states, axes and balances after any order of any facts, some of them told again."""
    facts, shuffled = pair
    straight, mixed = counter.order(), counter.order()

    counter.hear(straight, facts)
    counter.hear(mixed, shuffled)

    assert counter.told(straight) == counter.told(mixed)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ours", [True, False])
def test_every_kind_of_movement_is_booked_or_set_aside(counter, kind, ours):
    """The law looks at something: whatever the provider tells of leaves a trace in the payment."""
    intent = counter.order()
    before = counter.told(intent)

    counter.hear(intent, [Heard(kind, EffectState.SUCCEEDED, ours, 0, "", Source.WEBHOOK, "x")])

    assert before != counter.told(intent)
