"""In every state that is no end a person has a way out, tried on a shop; and every guard is met both ways.

Each story brings one thing into one state and lets a member of staff lead it out by a command of the shop's doors.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import pytest
from pages.machines import lifecycles

import tokolib
from tokolib import IDR, Address, Basket, Policies, Shop, Staff
from tokolib.adapters.memory import MemoryStorage
from tokolib.cart.model import CartStatus
from tokolib.catalog.drafts import ProductDraft
from tokolib.catalog.model import ProductStatus
from tokolib.documents.filing.states import FilingState
from tokolib.effects.model import EffectState
from tokolib.fulfilment.model import ShipmentState
from tokolib.kernel import Refinement, Registration, SubStateIllegal
from tokolib.kernel.hosting import command
from tokolib.kernel.machine import Derived, Guard, Machine, Standing, name_of
from tokolib.orders.errors import AlreadyShipped, NotShippable
from tokolib.orders.model import FulfilmentStatus, OrderState, PaymentStatus, ReturnStatus
from tokolib.payments.disputes import DisputeState
from tokolib.payments.plans.model import InstalmentState, monthly
from tokolib.payments.states import IntentState
from tokolib.pricing.model import ChargeKind
from tokolib.reconciliation.bank import BankStanding
from tokolib.reconciliation.model import BankLine, RowKind, SettlementRow
from tokolib.reconciliation.model import Standing as Settled
from tokolib.records.collections import COLLECTIONS
from tokolib.records.repository import DocumentRepository
from tokolib.returns.model import ReturnState
from tokolib.stored_value import GiftCardState
from tokolib.testing.builders import Given
from tokolib.testing.clock import ManualClock
from tokolib.testing.fake_gateway import FakeGateway, FakeWorld
from tokolib.testing.fake_tax import FakeTaxProvider

PRICE = IDR(75_000)
HOME = Address("Siti", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")
OAKLAND = Address(
    "Ann Lee", "1 Main St", city="Oakland", province="CA", district="Alameda", postal_code="94607", country="US"
)
NEXUS = (Registration("US", date(2020, 1, 1), scheme="CA"),)
TABLES = [
    Refinement("order", "placed", initial="to_pick", moves={"to_pick": ["picked"], "picked": []}, ends=["picked"]),
    Refinement(
        "shipment", "handed_over", initial="sorted", moves={"sorted": ["loaded"], "loaded": []}, ends=["loaded"]
    ),
    Refinement("return", "requested", initial="asked", moves={"asked": ["on_way"], "on_way": []}, ends=["on_way"]),
]


@attrs.frozen
class Stand:
    """A shop with a member of staff at it, its clock, and the world of its gateway."""

    shop: Any
    given: Any
    clock: ManualClock
    world: FakeWorld
    tax: FakeTaxProvider

    def order(self, tender="cash", quantity=1):
        return self.given.order({"KOPI-250": quantity}, tender=tender)

    def state_of(self, order):
        return self.shop.orders.get(order.id)

    def filed(self, **trouble):
        """The invoice of a sale whose taxes are the tax provider's word, issued while that is in trouble."""
        self.shop.settings.change(registrations=NEXUS, prices_include_tax=False)
        order = self.given.order({"KOPI-250": 1}, ship_to=OAKLAND)
        for name, count in trouble.items():
            setattr(self.tax.switches, name, count)
        return self.shop.invoices.issue(order)

    def intent(self, order):
        return self.shop.payments.intent(order)

    def operation(self, order):
        return self.intent(order).operations[-1]

    def paid_by_card(self):
        self.world.instant = True
        return self.order("fake")

    def reserved(self):
        """An order whose money is reserved, and captured as its goods leave."""
        self.shop.settings.change(policies=Policies(capture="at_hand_over"))
        return self.paid_by_card()

    def disputed(self, *, taken):
        """An order that a bank wants back the money of, and the dispute as the provider has it."""
        order = self.paid_by_card()
        dispute = self.world.dispute(self.world.charges[-1].key, taken=taken)
        self.deliver()
        return order, dispute

    def dispute(self, order):
        (found,) = self.shop.payments.disputes(order)
        return found

    def deliver(self):
        for message in self.world.webhooks():
            self.shop.webhooks.receive("fake", *message)

    def shipped(self, quantity=1, goods=None):
        order = self.order(quantity=quantity)
        return order, self.shop.shipments.hand_over(order, goods)


def stand(**options):
    clock = ManualClock()
    world, tax = FakeWorld(clock), FakeTaxProvider(clock)
    options = {"country": "ID", "clock": clock, "gateways": [FakeGateway(world)], "tax": tax} | options
    shop = tokolib.open(MemoryStorage(COLLECTIONS), **options)
    given = Given(shop)
    given.goods({"KOPI-250": 75_000, "Teh-100": 20_000})
    given.delivery({"jne:reg": 18_000})
    return Stand(shop.acting(Staff("budi")), given, clock, world, tax)


Story = Callable[[Stand], tuple[Callable[[], Any], Callable[[], Any]]]
EXITS: dict[tuple[str, Any], Story] = {}


def leaving(machine, state):
    """The story of how a person leads something out of a state: how its state is read, and what the person does."""

    def note(story):
        assert (machine, state) not in EXITS
        EXITS[machine, state] = story
        return story

    return note


# Orders, and what is read off them


@leaving("order", OrderState.PENDING_PAYMENT)
def an_unpaid_order(at):
    order = at.order("bank_transfer")
    return lambda: at.state_of(order).state, lambda: at.shop.orders.cancel(order, reason="changed mind")


@leaving("order", OrderState.PLACED)
def a_placed_order(at):
    order = at.order()
    return lambda: at.state_of(order).state, lambda: at.shop.orders.cancel(order, reason="changed mind")


@leaving("order_payment", PaymentStatus.UNPAID)
def nothing_paid(at):
    order = at.order("bank_transfer")
    return lambda: at.state_of(order).payment, lambda: at.shop.payments.received(order, PRICE)


@leaving("order_payment", PaymentStatus.PARTIALLY_PAID)
def partly_paid(at):
    order = at.order("bank_transfer")
    at.shop.payments.received(order, IDR(5_000), reference="1")
    return lambda: at.state_of(order).payment, lambda: at.shop.payments.received(order, IDR(70_000), reference="2")


@leaving("order_payment", PaymentStatus.OVERPAID)
def paid_too_much(at):
    order = at.order("bank_transfer")
    at.shop.payments.received(order, IDR(100_000))
    payout = at.intent(order).payouts[0]
    return lambda: at.state_of(order).payment, lambda: at.shop.payments.paid_out(payout.id)


@leaving("order_payment", PaymentStatus.REFUND_DUE)
def cancelled_and_not_paid_back(at):
    order = at.order("bank_transfer")
    at.shop.payments.received(order, PRICE)
    at.shop.orders.cancel(order, reason="changed mind")
    payout = at.intent(order).payouts[0]
    return lambda: at.state_of(order).payment, lambda: at.shop.payments.paid_out(payout.id)


@leaving("order_payment", PaymentStatus.AUTHORISED)
def reserved_and_not_shipped(at):
    order = at.reserved()
    return lambda: at.state_of(order).payment, lambda: at.shop.shipments.hand_over(order)


@leaving("order_payment", PaymentStatus.DISPUTED)
def wanted_back_by_a_bank(at):
    order, _ = at.disputed(taken=False)
    return lambda: at.state_of(order).payment, lambda: withdrawn(at, order)


@leaving("order_fulfilment", FulfilmentStatus.UNFULFILLED)
def nothing_has_left(at):
    order = at.order()
    return lambda: at.state_of(order).fulfilment, lambda: at.shop.shipments.hand_over(order)


@leaving("order_fulfilment", FulfilmentStatus.PARTIALLY_SHIPPED)
def some_have_left(at):
    order, _ = at.shipped(2, {"KOPI-250": 1})
    return lambda: at.state_of(order).fulfilment, lambda: at.shop.shipments.hand_over(order)


@leaving("order_fulfilment", FulfilmentStatus.SHIPPED)
def all_have_left(at):
    order, shipment = at.shipped()
    return lambda: at.state_of(order).fulfilment, lambda: at.shop.shipments.delivered(shipment)


@leaving("shipment", ShipmentState.HANDED_OVER)
def a_shipment_on_its_way(at):
    _, shipment = at.shipped()
    return lambda: at.shop.shipments.get(shipment.id).state, lambda: at.shop.shipments.delivered(shipment)


@leaving("return", ReturnState.REQUESTED)
def a_requested_return(at):
    order, shipment = at.shipped()
    at.shop.shipments.delivered(shipment)
    goods = at.shop.returns.request(order, {"KOPI-250": 1}, reason="broken")
    return lambda: at.shop.returns.get(goods.id).state, lambda: at.shop.returns.reject(goods, note="worn")


# Payments


def in_two(at, late="remind"):
    """An order of which the half is paid, and the other half comes in a month; and how to read that."""
    at.shop.plans.put("halves", title="Setengah dulu", deposit="0.5", steps=monthly(1), late=late)
    order = at.shop.orders.place(Basket({"KOPI-250": 2}), tender="bank_transfer", plan="halves", key="halves")
    at.shop.payments.received(order, PRICE, reference="half")
    return order, lambda: at.shop.payments.schedule(order).instalments[1].state


@leaving("instalment", InstalmentState.PLANNED)
def an_instalment_to_come(at):
    order, state = in_two(at)
    return state, lambda: at.shop.payments.received(order, PRICE, reference="early")


@leaving("instalment", InstalmentState.DUE)
def an_instalment_due(at):
    order, state = in_two(at)
    at.clock.forward(days=31)
    return state, lambda: at.shop.payments.received(order, PRICE, reference="on time")


@leaving("instalment", InstalmentState.OVERDUE)
def an_instalment_overdue(at):
    order, state = in_two(at, late="hold_goods")
    at.clock.forward(days=32)
    at.shop.tick()
    return state, lambda: at.shop.payments.received(order, PRICE, reference="late")


def of_intent(at, order):
    return lambda: at.intent(order).state


@leaving("payment_intent", IntentState.OPEN)
def cash_on_delivery(at):
    order = at.given.order({"KOPI-250": 1}, tender="cod", delivery="jne:reg")
    return of_intent(at, order), lambda: at.shop.payments.received(order, order.total)


@leaving("payment_intent", IntentState.AWAITING_CUSTOMER)
def a_transfer_to_come(at):
    order = at.order("bank_transfer")
    return of_intent(at, order), lambda: at.shop.payments.received(order, PRICE)


@leaving("payment_intent", IntentState.PROCESSING)
def a_silent_gateway(at):
    at.world.switches.time_out_before = 1
    order = at.order("fake")
    return of_intent(at, order), lambda: resolve(at, order, happened=True)


@leaving("payment_intent", IntentState.PARTIALLY_PAID)
def a_part_arrived(at):
    order = at.order("bank_transfer")
    at.shop.payments.received(order, IDR(5_000), reference="1")
    return of_intent(at, order), lambda: at.shop.payments.received(order, IDR(70_000), reference="2")


@leaving("payment_intent", IntentState.AUTHORISED)
def money_that_is_reserved(at):
    order = at.reserved()
    return of_intent(at, order), lambda: at.shop.orders.cancel(order, reason="changed mind")


@leaving("payment_intent", IntentState.OVERPAID)
def a_surplus(at):
    order = at.order("bank_transfer")
    at.shop.payments.received(order, IDR(100_000))
    payout = at.intent(order).payouts[0]
    return of_intent(at, order), lambda: at.shop.payments.paid_out(payout.id)


@leaving("payment_intent", IntentState.FAILED)
def a_payment_taken_back(at):
    order = at.paid_by_card()
    at.world.take_back(at.world.charges[-1].key)
    at.deliver()
    return of_intent(at, order), lambda: at.shop.payments.charge(order)


def of_dispute(at, order):
    return lambda: at.dispute(order).state


def withdrawn(at, order):
    """Somebody has heard from the bank that it lets the dispute go."""
    at.shop.payments.resolve(at.dispute(order).id, happened=False, reason="the bank let it go")


@leaving("dispute", DisputeState.OPENED)
def a_dispute_without_an_answer(at):
    order, _ = at.disputed(taken=True)
    return of_dispute(at, order), lambda: at.shop.payments.submit_evidence(at.dispute(order), text="signed for")


@leaving("dispute", DisputeState.EVIDENCE_SUBMITTED)
def a_dispute_with_evidence(at):
    order, _ = at.disputed(taken=False)
    at.shop.payments.submit_evidence(at.dispute(order), text="signed for")
    return of_dispute(at, order), lambda: withdrawn(at, order)


def resolve(at, order, *, happened):
    reason = "" if happened else "not in the provider's books"
    return at.shop.payments.resolve(at.operation(order).id, happened=happened, reason=reason)


def of_operation(at, order):
    return lambda: at.operation(order).state


@leaving("operation", EffectState.REQUESTED)
def a_refund_to_hand_over(at):
    order = at.order("bank_transfer")
    at.shop.payments.received(order, IDR(100_000))
    payout = at.intent(order).payouts[0]
    return lambda: at.intent(order).operation(payout.id).state, lambda: at.shop.payments.paid_out(payout.id)


@leaving("operation", EffectState.UNKNOWN)
def a_charge_without_an_answer(at):
    at.world.switches.time_out_before = 1
    order = at.order("fake")
    return of_operation(at, order), lambda: resolve(at, order, happened=False)


@leaving("operation", EffectState.ACTION_REQUIRED)
def a_virtual_account(at):
    order = at.order("fake")
    return of_operation(at, order), lambda: resolve(at, order, happened=True)


@leaving("operation", EffectState.PENDING)
def a_charge_that_is_worked_on(at):
    order = at.order("fake")
    charge = at.world.charges[-1]
    at.shop.webhooks.receive("fake", *at.world.forge(charge, state="pending"))
    return of_operation(at, order), lambda: resolve(at, order, happened=True)


@leaving("operation", EffectState.REVIEW)
def a_charge_of_another_amount(at):
    order = at.order("fake")
    charge = at.world.charges[-1]
    at.shop.webhooks.receive("fake", *at.world.forge(charge, state="succeeded", amount="74000"))
    return of_operation(at, order), lambda: resolve(at, order, happened=True)


@leaving("settlement", Settled.REVIEW)
def a_row_of_nobodys_money(at):
    price, none = IDR(20_000), IDR(0)
    row = SettlementRow(
        row="1", kind=RowKind.CHARGE, gross=price, fee=none, fee_tax=none, withheld=none, net=price,
        provider="fake", batch="B1", on=date(2026, 3, 2), payout="PAY-1", key="int_x.1.1",
    )  # fmt: skip
    kept = [*at.shop.settlements.take_in([row]).review]
    return lambda: kept[-1].standing, lambda: kept.append(at.shop.settlements.book_apart(kept[0], reason="old till"))


# Carts, goods and rules


@leaving("bank_line", BankStanding.WAITING)
def a_line_of_no_payout(at):
    line = BankLine(id="1", on=date(2026, 3, 2), amount=IDR(5_000), description="interest")
    kept = [*at.shop.settlements.take_in_bank([line], account="bca").waiting]
    return lambda: kept[-1].standing, lambda: kept.append(at.shop.settlements.set_line_aside(kept[0], reason="ours"))


@leaving("cart", CartStatus.OPEN)
def an_open_cart(at):
    cart = at.shop.carts.start({"KOPI-250": 1})
    other = at.shop.carts.start({"Teh-100": 1})
    return lambda: at.shop.carts.get(cart.id).status, lambda: at.shop.carts.merge(other.id, cart.id)


@leaving("cart", CartStatus.ABANDONED)
def a_cart_that_was_left(at):
    cart = at.shop.carts.start({"KOPI-250": 1})
    at.clock.forward(hours=25)
    at.shop.tick()
    return lambda: at.shop.carts.get(cart.id).status, lambda: at.shop.carts.add(cart.id, {"Teh-100": 1})


@leaving("product", ProductStatus.DRAFT)
def a_draft(at):
    made = at.shop.catalog.put_product(ProductDraft("Gula", "GULA", status="draft"))
    return lambda: at.shop.catalog.get("GULA").status, lambda: at.shop.catalog.publish(made)


@leaving("product", ProductStatus.ACTIVE)
def a_product_for_sale(at):
    made = at.shop.catalog.get("KOPI-250")
    return lambda: at.shop.catalog.get("KOPI-250").status, lambda: at.shop.catalog.archive(made)


def standing(rule):
    return Standing.RUNNING if rule.active else Standing.STOPPED


@leaving("promotion", Standing.RUNNING)
def a_promotion(at):
    at.shop.promotions.percent("HEMAT", 10)
    return lambda: standing(at.shop.promotions.get("HEMAT")), lambda: at.shop.promotions.stop("HEMAT")


@leaving("coupon", Standing.RUNNING)
def a_coupon(at):
    at.shop.promotions.percent("HEMAT", 10, coupon="HEMAT10")
    (coupon,) = at.shop.promotions.coupons("HEMAT").items
    return lambda: standing(at.shop.promotions.coupons("HEMAT").items[0]), lambda: at.shop.promotions.stop_coupon(
        coupon.code
    )


@leaving("price_list", Standing.RUNNING)
def a_price_list(at):
    made = at.shop.prices.put_list("lebaran")
    kept = [made]
    return lambda: standing(kept[-1]), lambda: kept.append(at.shop.prices.stop_list("lebaran"))


@leaving("charge_rule", Standing.RUNNING)
def a_fee(at):
    at.shop.charges.fixed("bungkus", ChargeKind.FEE, IDR(5_000))
    return lambda: standing(at.shop.charges.get("bungkus")), lambda: at.shop.charges.stop("bungkus")


@leaving("delivery_method", Standing.RUNNING)
def a_delivery_method(at):
    at.shop.delivery.flat("jne:yes", IDR(30_000))

    def offered():
        return any(each.id == "jne:yes" for each in at.shop.delivery.methods())

    return lambda: Standing.RUNNING if offered() else Standing.STOPPED, lambda: at.shop.delivery.withdraw("jne:yes")


@leaving("gift_card", GiftCardState.ACTIVE)
def a_gift_card(at):
    sold = at.shop.gift_cards.sell(IDR(50_000), method="cash", key="c-1").card
    return lambda: at.shop.gift_cards.get(sold.id).state, lambda: at.shop.gift_cards.block(sold, reason="stolen")


@leaving("gift_card", GiftCardState.BLOCKED)
def a_blocked_gift_card(at):
    sold = at.shop.gift_cards.sell(IDR(50_000), method="cash", key="c-1").card
    at.shop.gift_cards.block(sold, reason="stolen")
    return lambda: at.shop.gift_cards.get(sold.id).state, lambda: at.shop.gift_cards.unblock(sold, reason="found")


# Documents at a tax provider


@leaving("tax_filing", FilingState.WAITING)
def an_invoice_that_the_provider_has_not_confirmed(at):
    invoice = at.filed(time_out_after=1)
    at.clock.forward(minutes=2)
    return lambda: at.shop.invoices.filing(invoice).state, lambda: at.shop.invoices.file(invoice)


@leaving("tax_filing", FilingState.REVIEW)
def an_invoice_that_the_provider_has_refused(at):
    invoice = at.filed(refusals=1)

    def by_hand():
        at.shop.invoices.resolve(invoice, happened=True, reference="by hand")

    return lambda: at.shop.invoices.filing(invoice).state, by_hand


# The proofs


def test_every_state_that_is_no_end_has_its_story():
    """None is left out, and none is told of a state that isn't there."""
    wanted = {(each.name, state) for each in lifecycles() for state in each.states if state not in each.ends}

    assert wanted == set(EXITS)


@pytest.mark.parametrize(("machine", "state"), EXITS, ids=str)
def test_a_person_leads_it_out(machine, state, monkeypatch):
    """The command that the table names is given by staff, and the state is left; the books stay sound."""
    at = stand()
    now, leave = EXITS[machine, state](at)
    assert state == now()
    given = set()
    bound = command.__get__

    def noted(self, instance, owner):
        given.add(self.__name__)
        return bound(self, instance, owner)

    with monkeypatch.context() as patched:
        patched.setattr(command, "__get__", noted)
        leave()

    assert state != now()
    assert given & {name.rpartition(".")[2] for name in exits_of(machine, state)}
    assert at.shop.verify()


def exits_of(name, state):
    """The commands that the table names."""
    (each,) = [each for each in lifecycles() if each.name == name]
    return each.exits.get(state, ()) if isinstance(each, Derived) else each.exits(state)


# Guards: stories beside the exits that meet them the other way


def refused_when_shipped(at):
    order, _ = at.shipped()
    with pytest.raises(AlreadyShipped):
        at.shop.orders.cancel(order, reason="")


def refused_when_blocked(at):
    order = at.order()
    at.shop.orders.block(order, "fraud", reason="")
    with pytest.raises(NotShippable):
        at.shop.shipments.hand_over(order)


def moved_between_sub_states(_):
    for tables in ((), TABLES):
        at = stand(refinements=tables)
        order, shipment = at.order(), at.shipped()[1]
        at.shop.shipments.delivered(at.shop.shipments.hand_over(at.order()))
        done, arrived = at.shipped()
        at.shop.shipments.delivered(arrived)
        goods = at.shop.returns.request(done, {"KOPI-250": 1}, reason="")
        for door, subject, to in (
            (at.shop.orders, order, "picked"),
            (at.shop.shipments, shipment, "loaded"),
            (at.shop.returns, goods, "on_way"),
        ):
            if tables:
                assert to == door.refine(subject, to).sub_state
            else:
                with pytest.raises(SubStateIllegal):
                    door.refine(subject, to)


def reinstated_and_not(at):
    for amount in (IDR(5_000), PRICE):
        order = at.order("bank_transfer")
        at.clock.forward(hours=25)
        at.shop.tick()
        at.shop.payments.received(order, amount)


def ended_by_time(at):
    order = at.order("bank_transfer")
    at.clock.forward(hours=25)
    at.shop.tick()
    assert at.intent(order).state is IntentState.EXPIRED


def refunds_of_every_size(at):
    """Nothing, all, and some of an order's goods come back, paid and unpaid."""
    for quantity in (1, 2):
        order, shipment = at.shipped(2)
        at.shop.shipments.delivered(shipment)
        at.shop.returns.accept(order, {"KOPI-250": quantity})
        back = at.state_of(order)
        assert back.returns is (ReturnStatus.RETURNED if quantity == 2 else ReturnStatus.PARTIALLY_RETURNED)
    at.shop.orders.cancel(at.order("bank_transfer"), reason="")
    order, _ = at.shipped()
    at.shop.payments.refund(order, IDR(5_000), reason="a dent", key="r-1")


def told_twice(at):
    """A fact stands below what is known."""
    order = at.order("fake")
    at.world.pay(at.world.charges[-1].key)
    at.deliver()
    at.shop.webhooks.receive("fake", *at.world.forge(at.world.charges[-1], state="failed", failure="late"))
    assert at.operation(order).succeeded


def ended_by_the_customer(at):
    order = at.shop.orders.cancel(at.order("bank_transfer"), reason="changed mind")
    assert at.intent(order).state is IntentState.CANCELLED


def a_dispute_that_is_lost(at):
    """After a refund: the money went twice, and nobody owes it."""
    order, dispute = at.disputed(taken=True)
    at.world.refund_by_hand(at.world.charges[-1].key, PRICE)
    at.deliver()
    assert at.state_of(order).lost == PRICE.minor_units
    at.world.decide_dispute(dispute, won=False)
    at.deliver()
    assert at.dispute(order).state is DisputeState.LOST


def a_sale_that_never_was(at):
    invoice = at.filed()
    at.shop.orders.cancel(invoice.order_id, reason="")
    at.shop.invoices.credit(invoice.order_id)
    at.shop.invoices.filing(invoice)


def an_instalment_dropped(at):
    order, state = in_two(at)
    at.shop.orders.grant_allowance(order, PRICE, reason="a gift", key="gift")
    assert state() is InstalmentState.DROPPED


def a_deposit_kept(at):
    terms = {"deposit": "0.5", "steps": monthly(1), "late": "cancel", "deposit_on_cancel": "keep"}
    at.shop.plans.put("strict", title="DP hangus", **terms)
    order = at.shop.orders.place(Basket({"KOPI-250": 2}), tender="cash", plan="strict", key="strict")
    at.clock.forward(days=32)
    at.shop.tick()
    assert at.state_of(order).forfeited == PRICE.minor_units


OTHERS = [
    a_deposit_kept,
    an_instalment_dropped,
    a_dispute_that_is_lost,
    a_sale_that_never_was,
    ended_by_the_customer,
    refused_when_shipped,
    refused_when_blocked,
    moved_between_sub_states,
    reinstated_and_not,
    ended_by_time,
    refunds_of_every_size,
    told_twice,
]


def tell_all():
    """Every story, told to its end; each exit's state is read before and after."""
    for story in EXITS.values():
        now, leave = story(stand())
        now()
        leave()
        now()
    for other in OTHERS:
        other(stand())


def test_every_guard_is_met_both_ways(monkeypatch, record_property):
    """Each holds in some story and fails in another; one that is never seen both ways says nothing."""
    guards = [(each.name, guard) for each in lifecycles() for guard in each.guards()]
    met: dict[int, set[bool]] = {id(guard): set() for _, guard in guards}
    asked = Guard.__call__

    def noted(self, subject):
        answer = asked(self, subject)
        met.setdefault(id(self), set()).add(answer)
        return answer

    def read(self, facts):
        """As it is written down, guard by guard; the laid out form must say the same."""
        state = next((case.state for case in self.cases[:-1] if case.when(facts)), self.cases[-1].state)
        assert state is laid_out(self, facts)
        return state

    laid_out = Derived.read
    monkeypatch.setattr(Guard, "__call__", noted)
    monkeypatch.setattr(Derived, "read", read)
    tell_all()

    record_property("counted", f"{len(guards)} guards, each true and false, in {len(EXITS) + len(OTHERS)} stories")
    assert [] == [f"{name}: {guard.name} {met[id(guard)]}" for name, guard in guards if met[id(guard)] != {True, False}]


def test_every_state_that_is_read_off_is_seen(monkeypatch):
    """No state of a derived lifecycle is there for nothing: each is read in some story."""
    seen: dict[str, set[Any]] = {each.name: set() for each in lifecycles() if isinstance(each, Derived)}
    read = Derived.read

    def noted(self, facts):
        state = read(self, facts)
        seen[self.name].add(state)
        return state

    monkeypatch.setattr(Derived, "read", noted)
    tell_all()

    derived = [each for each in lifecycles() if isinstance(each, Derived)]
    assert [] == [f"{each.name}: {state}" for each in derived for state in each.states if state not in seen[each.name]]


def test_whoever_walks_an_edge_is_named_beside_it(monkeypatch, record_property):
    """Of every event that a story stores, the table names the command that was given."""
    given: list[str] = []
    storing: list[Any] = []
    walked: set[tuple[str, str, str]] = set()
    unnamed: set[tuple[str, str, str]] = set()
    bound, record, target = command.__get__, DocumentRepository.record, Machine.target
    with tokolib.open("memory://", country="ID") as shop:
        doors = {type(getattr(shop, name)): f"{name}." for name in dir(shop) if not name.startswith("_")}
    doors[Shop] = ""

    def commanded(self, instance, owner):
        method = bound(self, instance, owner)
        return method if owner not in doors else within(given, f"{doors[owner]}{self.__name__}", method)

    def stored(self, state, *events):
        return within(storing, state, record)(self, state, *events)

    def led(self, state, kind):
        edge = self.edge(state, kind)
        if edge is not None and storing and given:
            (walked if given[0] in edge.by else unnamed).add((self.name, name_of(kind), given[0]))
        return target(self, state, kind)

    monkeypatch.setattr(command, "__get__", commanded)
    monkeypatch.setattr(DocumentRepository, "record", stored)
    monkeypatch.setattr(Machine, "target", led)
    tell_all()

    record_property("counted", f"{len(walked)} pairs of an event and the command that led to it")
    assert set() == unnamed
    assert ("order", "ReserveChanged", "shipments.hand_over") in walked


def within(stack, what, call):
    """*call*, with *what* on top of *stack* while it runs."""

    def calling(*args, **options):
        stack.append(what)
        try:
            return call(*args, **options)
        finally:
            stack.pop()

    return calling
