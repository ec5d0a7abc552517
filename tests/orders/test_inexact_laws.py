"""Whatever is paid, in any order and any number of times, under any policy: each rupiah has one place, and no more."""

from collections import Counter
from datetime import UTC, datetime

import attrs
from hypothesis import event, given
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, OrderState, Policies
from tokolib.adapters.memory import MemoryStorage
from tokolib.kernel import Tolerance
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.policies import DuplicatePayment, LatePayment, Overpayment, Underpayment
from tokolib.orders.ports import ORDERS
from tokolib.orders.postings import LEDGER, OVERPAYMENTS, RECEIVABLE, WRITE_OFFS
from tokolib.payments import whereabouts
from tokolib.payments.ports import INTENTS
from tokolib.records.collections import COLLECTIONS
from tokolib.testing.builders import Given
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_gateway import FakeGateway, FakeWorld

NOW = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
PRICE = 100
ENDED = (OrderState.CANCELLED, OrderState.EXPIRED)
TOLERANCES = st.sampled_from((0, 0, 3, 10))
AMOUNTS = st.sampled_from((1, 2, 3, 8, 30, 50, 60, 97, 98, 99, 100, 100, 101, 103, 110, 150))


@attrs.frozen
class Choices:
    """What a shop has chosen."""

    short: int
    over: int
    underpayment: Underpayment
    overpayment: Overpayment
    duplicate: DuplicatePayment
    late: LatePayment
    customer: str | None


choices = st.builds(
    Choices,
    short=TOLERANCES,
    over=TOLERANCES,
    underpayment=st.sampled_from(Underpayment),
    overpayment=st.sampled_from(Overpayment),
    duplicate=st.sampled_from(DuplicatePayment),
    late=st.sampled_from(LatePayment),
    customer=st.sampled_from(("siti", "siti", None)),
)


class Till:
    """A shop in memory with one order over a hundred, that waits for transfers."""

    def __init__(self, chosen):
        self.clock = ManualClock()
        self.world = FakeWorld(self.clock)
        self.shop = tokolib.open(
            MemoryStorage(COLLECTIONS), clock=self.clock, country="ID", gateways=[FakeGateway(self.world)]
        )
        self.shop.settings.change(
            policies=Policies(
                underpayment=chosen.underpayment,
                overpayment=chosen.overpayment,
                duplicate_payment=chosen.duplicate,
                late_payment=chosen.late,
            ),
            short_tolerance=(Tolerance(IDR(chosen.short)),) if chosen.short else (),
            over_tolerance=(Tolerance(IDR(chosen.over)),) if chosen.over else (),
        )
        given_ = Given(self.shop)
        given_.goods({"TEH": PRICE}, stock=5)
        self.chosen = chosen
        self.order_id = given_.order({"TEH": 1}, tender="bank_transfer", customer=chosen.customer).id

    def do(self, step):
        """One thing that happens; what is refused changes nothing."""
        try:
            match step:
                case ("pays", amount, method, reference):
                    self.clock.forward(minutes=1)
                    self.shop.payments.received(self.order_id, IDR(amount), method=method, reference=reference)
                case ("charges", amount):
                    self.world.instant = True
                    self.shop.payments.charge(self.order_id, gateway="fake", amount=amount and IDR(amount))
                case ("reverses",):
                    if self.world.charges:
                        self.world.take_back(self.world.charges[-1].key)
                    self._hear()
                case ("disputes",):
                    if self.world.charges:
                        self.world.dispute(self.world.charges[-1].key)
                    self._hear()
                case ("hands out",):
                    for each in self.intent.payouts:
                        self.shop.payments.paid_out(each.id)
                case ("can't hand out",):
                    for each in self.intent.payouts:
                        self.shop.payments.payout_failed(each.id, reason="closed account")
                case ("waits",):
                    self.clock.forward(hours=25)
                    self.shop.tick()
                case ("cancels",):
                    self.shop.orders.cancel(self.order_id, reason="x")
                case ("ships",):
                    self.shop.shipments.delivered(self.shop.shipments.hand_over(self.order_id))
                case ("returns",):
                    self.shop.returns.accept(self.order_id, {"TEH": 1}, reason="x")
                case ("allows", amount):
                    self.shop.orders.grant_allowance(self.order_id, IDR(amount), reason="x", key=f"a{amount}")
                case ("refunds", amount):
                    self.shop.payments.refund(self.order_id, IDR(amount), reason="x", key=f"r{amount}", method="cash")
        except TokolibError:
            event(f"{step[0]}: refused")
        else:
            event(step[0])

    def _hear(self):
        for message in self.world.webhooks():
            self.shop.webhooks.receive("fake", *message)

    @property
    def order(self):
        """The order now."""
        return self.shop.orders.get(self.order_id)

    @property
    def intent(self):
        """Its payment now."""
        return self.shop.payments.intent(self.order_id)

    def balances(self):
        """What each account holds, of the order and of the customer's credit."""

        async def look(unit):
            order = await unit[ORDERS].get(self.order_id)
            await unit[INTENTS].get(order.intent_id)
            return (await resolved(unit.work.ledger(LEDGER, limit=1_000))).items

        held = Counter()
        for entry in drive(self.shop._work.read(look)):
            held[entry.account] += entry.amount
        return {account: amount for account, amount in held.items() if amount}

    def told(self):
        """All that the shop says of the order's money."""
        order = self.order
        status = (order.state, order.payment, order.due, order.written_off, order.retained)
        return status, attrs.asdict(whereabouts(self.intent)), self.balances(), self.intent.state


def check(till):
    """Each rupiah has one place; no tolerance is exceeded; the books say the same."""
    order, intent, chosen = till.order, till.intent, till.chosen
    found = whereabouts(intent)
    gone = found.refunded + found.refunding + found.credited + found.retained + found.disputed

    assert found.captured == found.pays + gone
    assert min(attrs.astuple(found)) >= 0, found
    assert found.pays <= max(0, order.total.minor_units - order.credited) or _failed(intent)
    if order.state in ENDED:
        assert found.written_off == found.retained == 0, "nothing is let be of an order that is off"
        assert found.pays == 0 or _failed(intent)
    assert found.written_off <= chosen.short and found.retained <= chosen.over
    assert 0 in (found.written_off, found.retained)
    assert order.due.minor_units + order.captured - order.refunded == (
        order.total.minor_units - order.credited - found.written_off + found.retained
    )
    if found.credited:
        assert chosen.customer, "a guest has no store credit"
        assert till.shop.store_credit.statement("siti").balance == IDR(found.credited)
    held = till.balances()
    assert sum(held.values()) == 0
    assert held.get(WRITE_OFFS, 0) == found.written_off
    assert held.get(OVERPAYMENTS, 0) == -found.retained
    if order.placed_at:
        assert held.get(RECEIVABLE, 0) == order.due.minor_units
    report = till.shop.verify()
    assert report, [str(each) for each in report.violations]


def _failed(intent):
    """Whether a refund has failed, so that a person has to make it anew."""
    return any(each.standing == "failed" for each in intent.operations if each.kind == "refund")


pays = st.tuples(
    st.just("pays"), AMOUNTS, st.sampled_from(("bank_transfer", "bank_transfer", "cash")), st.sampled_from("abcdef")
)
steps = st.one_of(
    pays,
    pays,
    pays,
    st.tuples(st.just("charges"), st.sampled_from((None, 1, 30, 98))),
    st.sampled_from(
        [
            *(("waits",), ("cancels",), ("ships",), ("returns",), ("hands out",), ("can't hand out",)),
            *(("reverses",), ("disputes",), ("allows", 5), ("refunds", 2)),
        ]
    ),
)


nearly = st.tuples(
    st.just("pays"), st.sampled_from((97, 98, 100, 101, 103, 150, 200)), st.just("bank_transfer"), st.just("first")
)
afterwards = st.sampled_from([("ships",), ("ships",), ("cancels",), ("allows", 5), ("refunds", 2)])
scripts = st.one_of(
    st.lists(steps, max_size=8),
    st.tuples(nearly, afterwards, st.lists(st.one_of(steps, st.just(("returns",))), max_size=5)).map(
        lambda drawn: [drawn[0], drawn[1], *drawn[2]]
    ),
)


@given(choices, scripts)
def test_every_rupiah_has_one_place(chosen, script):
    """It pays the order, went back or is about to, became store credit, or is kept within the tolerance."""
    till = Till(chosen)
    for step in script:
        till.do(step)
        check(till)


@given(choices, st.lists(st.tuples(st.just("pays"), AMOUNTS, st.just("bank_transfer")), max_size=5), st.data())
def test_the_order_and_number_of_payments_do_not_matter(chosen, payments, data):
    """As long as the order is not over time, the same transfers lead to the same order, payment and books.

    What is paid twice and what is merely too much are one, where both have the same policy.
    """
    same = attrs.evolve(chosen, duplicate=DuplicatePayment(chosen.overpayment.value))
    once = [(*payment, f"ref-{n}") for n, payment in enumerate(payments)]
    again = data.draw(st.permutations([*once, *once[:2]]))
    first, second = Till(same), Till(same)
    for step in once:
        first.do(step)
    for step in again:
        second.do(step)

    assert first.told() == second.told()
