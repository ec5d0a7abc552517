"""A whole order's life in any order of events, in memory and on SQLite: after each step the books prove themselves.

The model beside it is deliberately plain: what came in and went out of each drawer, and what lay on the shelf.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tokolib import IDR, Disposition, OrderState, Policies
from tokolib.effects.model import EffectState
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.hosting import drive
from tokolib.kernel.storage_errors import StorageError
from tokolib.testing.builders import BUYER

SKUS = ("KOPI-250", "Teh-100", "CANGKIR", "PAKET")
TENDERS = ("cash", "cod", "bank_transfer", "fake", "free")
TROUBLES = ("", "", "", "", "decline", "time_out_before", "time_out_after", "unreachable")
SOAKING = os.environ.get("TOKOLIB_HYPOTHESIS_PROFILE") == "soak"
picks = st.integers(0, 30)
policies = st.builds(
    Policies,
    stock_taken=st.sampled_from(["at_shipment", "at_order"]),
    shipping_refund=st.sampled_from(["keep", "with_goods"]),
    coupon_on_cancel=st.sampled_from(["keep", "give_back"]),
    placement=st.sampled_from(["recompute", "frozen"]),
)


class Life(RuleBasedStateMachine):
    """Buyers, cashiers, couriers and a payment provider, all at once."""

    kind = "memory"
    raise_stage = None
    furnished = Path()

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path = self.folder / "toko.db"
        on_file = self.kind == "sqlite"
        if on_file:
            shutil.copy(self.furnished, path)
        options = {} if on_file else {"country": "ID"}
        self.toko, self.close = drive(type(self).raise_stage(path, self.kind, options, furnished=on_file))
        self.shelf = dict.fromkeys(("KOPI-250", "Teh-100", "CANGKIR"), 20)
        self.drawer = {}
        self.quotes, self.orders, self.placed = [], [], {}

    def teardown(self):
        drive(self.close())
        shutil.rmtree(self.folder)

    def do(self, command):
        """Run a command that may be refused: then nothing has changed, which the invariants see."""
        try:
            return drive(command)
        except StorageError:
            raise  # a refusal of the storage is ours to translate
        except TokolibError as refused:
            assert refused.problem()["code"]
            return None

    def order(self, pick):
        return drive(self.toko.orders.get(self.orders[pick % len(self.orders)]))

    def parts(self, sku, units):
        """What *units* of a SKU are on the shelf."""
        return {"KOPI-250": units, "Teh-100": 2 * units} if sku == "PAKET" else {sku: units}

    def move(self, runs, order, sign):
        lines = {line.id: line.line.sku for line in order.lines}
        for run in runs:
            for sku, units in self.parts(lines[run.line_id], run.units).items():
                self.shelf[sku] += sign * units

    @initialize(
        chosen=policies,
        instant=st.booleans(),
        tender=st.sampled_from(TENDERS[:4]),
        delivery=st.sampled_from(["", "jne:reg"]),
    )
    def found(self, chosen, instant, tender, delivery):
        """Every story begins with an order."""
        drive(self.toko.settings.change(policies=chosen))
        drive(self.toko.promotions.percent("HEMAT", "7.5", coupon="HEMAT", usage_limit=3))
        self.toko.world.instant = instant
        self.buy({"KOPI-250": 3, "PAKET": 1}, delivery, True, tender, "", 0)

    @rule(sku=st.sampled_from(SKUS[:3]), units=st.integers(1, 5))
    def receive(self, sku, units):
        drive(self.toko.stock.receive(sku, units))
        self.shelf[sku] += units

    @rule(
        lines=st.dictionaries(st.sampled_from(SKUS), st.integers(1, 6), min_size=1, max_size=2),
        delivery=st.sampled_from(["", "jne:reg", "jne:yes"]),
        coupon=st.booleans(),
        tender=st.sampled_from(TENDERS),
        trouble=st.sampled_from(TROUBLES),
        wait=st.sampled_from([0, 0, 0, 61]),
    )
    def buy(self, lines, delivery, coupon, tender, trouble, wait):
        """A cart, a quote, an order; sometimes the buyer takes too long, or the provider has trouble."""
        options = {"delivery": delivery, "coupons": ["HEMAT"] if coupon else []}
        quote = self.do(self.toko.given.quote(lines, ship_to=BUYER if delivery else None, **options))
        if quote is not None:
            self.toko.clock.forward(minutes=wait)
            self.quotes.append(quote)
            self._place(quote, tender, trouble)

    @precondition(lambda self: self.quotes)
    @rule(pick=picks, tender=st.sampled_from(TENDERS))
    def place_again(self, pick, tender):
        """A repeated request, or another tender for a cart that was ordered, or declined."""
        self._place(self.quotes[pick % len(self.quotes)], tender, "")

    def _place(self, quote, tender, trouble):
        switches = self.toko.world.switches
        if trouble:
            setattr(switches, trouble, 1)
        self.do(self.toko.orders.place(quote, tender=tender, key=f"{quote.id}-{tender}"))
        if trouble:
            setattr(switches, trouble, 0)
        self._learn()

    def _learn(self):
        """All orders, those too that were stored although placing raised: a declined payment."""
        for order in drive(self.toko.orders.page(limit=200)).items:
            if order.id not in self.orders:
                self.orders.append(order.id)
                if order.tender == "cash":  # paid at the till, with the placing
                    self.drawer[order.id, "cash", "placed"] = order.total.minor_units

    @precondition(lambda self: self.orders)
    @rule(pick=picks, share=st.sampled_from([30, 100, 130]), reference=st.integers(1, 2))
    def pay(self, pick, share, reference):
        order = self.order(pick)
        amount = IDR(max(1, order.total.minor_units * share // 100))
        method = None if order.tender in ("cash", "bank_transfer", "cod") else "cash"
        self._take(order, amount, method, f"m-{reference}")

    def _take(self, order, amount, method, reference):
        """Money into the drawer; said twice with one reference it is there once."""
        told = self.toko.payments.received(order, amount, method=method, reference=reference)
        if self.do(told) is not None:
            self.drawer[order.id, method or order.tender, reference] = amount.minor_units

    @precondition(lambda self: self.orders)
    @rule(pick=picks, ticked=st.booleans(), sold_out=st.booleans())
    def pay_late(self, pick, ticked, sold_out):
        """Money comes after its term, when a tick, or a flood, may have been there."""
        waiting = drive(self.toko.orders.page(state=OrderState.PENDING_PAYMENT)).items
        if not waiting:
            return
        order = waiting[pick % len(waiting)]
        self.toko.clock.forward(hours=25)
        if ticked:
            drive(self.toko.tick())
        if sold_out:
            for sku in self.shelf:
                left = drive(self.toko.stock.available(sku)).steps
                if left:
                    drive(self.toko.stock.write_off(sku, left, reason="flood"))
                    self.shelf[sku] -= left
        method = "bank_transfer" if order.tender == "bank_transfer" else "cash"
        self._take(order, order.total, method, "late")

    @precondition(lambda self: self.toko.world.charges)
    @rule(pick=picks, what=st.sampled_from(["pay", "pay", "pay", "expire", "take_back", "dispute"]))
    def provider(self, pick, what):
        charges = self.toko.world.charges
        charge = charges[pick % len(charges)]
        if what in ("take_back", "dispute") and self.toko.world._outgoing:
            return  # the world has no charge that is unpaid and disputed
        if what == "dispute" and (charge.state is not EffectState.SUCCEEDED or self._back(charge)):
            return
        if what == "take_back" and (charge.state is not EffectState.SUCCEEDED or self._back(charge)):
            return
        if what == "pay" and charge.sequence:
            return
        getattr(self.toko.world, what)(charge.key)

    def _back(self, charge):
        return any(each.about == charge.key for each in self.toko.world.entries)

    @rule(twice=st.booleans(), backwards=st.booleans())
    def webhooks(self, twice, backwards):
        self.toko.world.switches.webhooks_twice = twice
        self.toko.world.switches.out_of_order = backwards
        drive(self.toko.deliver_webhooks())

    @precondition(lambda self: self.orders)
    @rule(pick=picks, line=picks, units=st.integers(1, 3), whole=st.booleans())
    def ship(self, pick, line, units, whole):
        order = self.order(pick)
        goods = None if whole else {order.lines[line % len(order.lines)].id: units}
        self.do(self.toko.shipments.hand_over(order, goods))

    @precondition(lambda self: self.orders)
    @rule(pick=picks, number=picks)
    def deliver(self, pick, number):
        shipments = drive(self.toko.shipments.of(self.orders[pick % len(self.orders)]))
        if shipments:
            self.do(self.toko.shipments.delivered(shipments[number % len(shipments)]))

    @precondition(lambda self: self.orders)
    @rule(pick=picks, line=picks, units=st.integers(1, 3), lost=st.booleans(), way=st.sampled_from([None, "cash"]))
    def give_back(self, pick, line, units, lost, way):
        order = self.order(pick)
        goods = {order.lines[line % len(order.lines)].id: units}
        disposition = Disposition.WRITE_OFF if lost else Disposition.RESTOCK
        back = self.do(self.toko.returns.accept(order, goods, disposition=disposition, refund_to=way))
        if back is not None and not lost:
            self.move([each.run for each in back.lines], order, 1)

    @precondition(lambda self: self.orders)
    @rule(pick=picks)
    def cancel(self, pick):
        self.do(self.toko.orders.cancel(self.orders[pick % len(self.orders)], reason="changed mind"))

    @rule(hours=st.sampled_from([0, 0, 1, 25]))
    def time_passes(self, hours):
        self.toko.clock.forward(hours=hours, minutes=1)
        assert drive(self.toko.tick()).failures == ()

    @precondition(lambda self: self.orders)
    @rule(pick=picks, fails=st.booleans())
    def pay_out(self, pick, fails):
        for each in drive(self.toko.payments.intent(self.orders[pick % len(self.orders)])).payouts:
            if fails:
                drive(self.toko.payments.payout_failed(each.id, reason="account closed"))
            else:
                drive(self.toko.payments.paid_out(each.id))
            return

    @precondition(lambda self: self.orders)
    @rule(pick=picks)
    def invoice(self, pick):
        self.do(self.toko.invoices.issue(self.orders[pick % len(self.orders)]))

    @invariant()
    def the_books_prove_themselves(self):
        report = drive(self.toko.verify())
        assert report, [str(each) for each in report.violations]

    @invariant()
    def the_shelf_is_what_a_child_would_count(self):
        """What was received, less what left, plus what came back: counted from the orders' own units."""
        counted = dict(self.shelf)
        promised = dict.fromkeys(counted, 0)
        for id in self.orders:
            order = drive(self.toko.orders.get(id))
            if order.placed_at is None and order.state is not OrderState.PENDING_PAYMENT:
                continue
            for line in order.lines:
                at_order = not order.takes_at_shipment and order.placed_at is not None
                left = line.units if at_order and order.state is not OrderState.CANCELLED else len(line.shipped)
                waits = 0 if at_order or order.state in (OrderState.CANCELLED, OrderState.EXPIRED) else len(line.open)
                for sku, units in self.parts(line.line.sku, 1).items():
                    counted[sku] -= left * units
                    promised[sku] += waits * units
        for sku, on_hand in counted.items():
            level = drive(self.toko.stock.level(sku))
            assert level.on_hand.steps == on_hand, sku
            assert 0 <= level.held.steps <= promised[sku], sku
            assert level.available.steps >= 0

    @invariant()
    def the_drawer_is_what_a_child_would_count(self):
        """Each order's books hold what people paid for it by hand, no more and no less."""
        for id in self.orders:
            operations = drive(self.toko.payments.intent(id)).operations
            taken = (each for each in operations if each.provider != "fake" and each.kind.value == "charge")
            booked = sum(each.amount.minor_units for each in taken if each.succeeded)
            assert booked == sum(amount for key, amount in self.drawer.items() if key[0] == id)

    @invariant()
    def no_rupiah_is_lost(self):
        """What the provider holds is what our books say it holds; nobody is refunded more than they paid."""
        if self.toko.world._outgoing:
            return  # messages are under way
        booked = 0
        for id in self.orders:
            intent = drive(self.toko.payments.intent(id))
            signs = {"charge": 1, "void": 0}
            assert 0 <= intent.refunded.minor_units <= intent.captured.minor_units
            if any(each.provider == "fake" and not each.is_settled for each in intent.operations):
                return  # asked about later
            for each in intent.operations:
                if each.provider == "fake" and each.succeeded:
                    booked += each.amount.minor_units * signs.get(each.kind.value, -1)
        assert self.toko.world.balance(IDR(0)).minor_units == booked


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_a_whole_life(kind, raise_stage, furnished):
    """Any story of some steps, with the proof after each."""
    machine = type("Life", (Life,), {"kind": kind, "raise_stage": staticmethod(raise_stage), "furnished": furnished})
    examples, steps = (2_000, 80) if SOAKING else (12, 30)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )
