"""Stories beside the exits: they meet the guards the other way, and come by the states that are ends."""

from datetime import timedelta

import pytest

from stories.orders import fetched, labelled, waiting_for_its_customer
from stories.payments import in_two
from stories.returns import return_labels_come_to_nothing
from stories.stand import PRICE, stand
from tokolib import IDR, Basket
from tokolib.fulfilment import LabelAwaited, LabelsStand, NoCourierClaim, RemediedOtherwise
from tokolib.fulfilment.errors import NobodyCarries, NotForCollection, NothingMissed, WrongCode
from tokolib.fulfilment.labels import LabelState
from tokolib.fulfilment.packing import ParcelDraft
from tokolib.fulfilment.pickups import PickupState
from tokolib.kernel import IllegalSubState, Refinement
from tokolib.orders.errors import AlreadyShipped, ClaimedByShipments, NotEditable, NotShippable
from tokolib.orders.model import ReturnStatus
from tokolib.payments.disputes import DisputeState
from tokolib.payments.plans.model import InstalmentState, monthly
from tokolib.payments.states import IntentState

TABLES = [
    Refinement("order", "placed", initial="to_pick", moves={"to_pick": ["picked"], "picked": []}, ends=["picked"]),
    Refinement(
        "shipment", "handed_over", initial="sorted", moves={"sorted": ["loaded"], "loaded": []}, ends=["loaded"]
    ),
    Refinement("return", "requested", initial="asked", moves={"asked": ["on_way"], "on_way": []}, ends=["on_way"]),
]


def refused_when_shipped(at):
    order, _ = at.shipped()
    with pytest.raises(AlreadyShipped):
        at.shop.orders.cancel(order, reason="changed mind")


def refused_when_to_be_cancelled(at):
    """A charge is open at a gateway that can't give it up, so that the cancellation waits for it."""
    order = at.order("cod")
    at.shop.orders.edit(order, add={"KOPI-250": 1}, reason="one more")
    at.shop.payments.charge(order, gateway="fake")
    at.world.switches.unvoidable = 1
    order = at.shop.orders.cancel(order, reason="changed mind")
    assert order.cancel_requested is not None
    with pytest.raises(NotEditable):
        at.shop.orders.edit(order, add={"KOPI-250": 1}, reason="one more")


def refused_when_blocked(at):
    order = at.order()
    at.shop.orders.block(order, "fraud", reason="changed mind")
    with pytest.raises(NotShippable):
        at.shop.shipments.hand_over(order)


def refused_when_planned(at):
    order = at.order()
    at.shop.shipments.plan(order)
    with pytest.raises(ClaimedByShipments):
        at.shop.orders.cancel(order, reason="changed mind")


def labels_that_come_to_nothing(at):
    """One is refused; another is asked for, and the goods stay until it is known and given back."""
    _, label = labelled(at, refusals=1)
    assert label.state is LabelState.REFUSED
    shipment, label = labelled(at, time_out_after=1)
    with pytest.raises(LabelAwaited):
        at.shop.shipments.hand_over(shipment)
    with pytest.raises(LabelsStand):
        at.shop.shipments.cancel(shipment, reason="changed mind")
    at.clock.forward(hours=1)
    at.shop.tick()
    assert at.shop.shipments.void_label(label).state is LabelState.VOIDED


def pickups_that_come_to_nothing(at):
    """One is refused; another is booked, and cancelled again; the goods wait for no pickup then."""
    shipment, pickup = fetched(at, refusals=1)
    assert (pickup.state, at.shop.shipments.get(shipment.id).pickup_id) == (PickupState.REFUSED, "")
    shipment, pickup = fetched(at)
    assert at.shop.pickups.cancel(pickup).state is PickupState.CANCELLED
    assert at.shop.shipments.get(shipment.id).pickup_id == ""
    shipment, label = labelled(at)
    at.courier.switches.time_out_after = 1
    at.shop.shipments.void_label(label)
    window = (at.clock.now(), at.clock.now() + timedelta(hours=2))
    with pytest.raises(LabelAwaited):
        at.shop.pickups.book(shipment, courier="fake-courier", window=window)


def what_nobody_carries(at):
    """A licence can't turn back once it is granted; a parcel can that was said to have arrived."""
    at.shop.catalog.put("GAME", "Petualangan", digital=True)
    at.shop.prices.put("GAME", PRICE)
    at.shop.licences.add("GAME", ["A"], key="pool")
    (licence,) = at.shop.licences.grant(at.given.order({"GAME": 1}))
    with pytest.raises(NobodyCarries):
        at.shop.shipments.returning(licence.grant.shipment_id, reason="refused")
    parcel = at.shop.shipments.hand_over(at.given.order({"KOPI-250": 1}, delivery="jne:reg"))
    at.shop.shipments.returning(at.shop.shipments.delivered(parcel), reason="it wasn't there")


def goods_that_nobody_collects(at):
    """A courier's are not collected; of the others a wrong code gives none, and a person decides what was missed."""
    sent = at.shop.shipments.plan(at.given.order({"KOPI-250": 1}, delivery="jne:reg"))
    with pytest.raises(NotForCollection):
        at.shop.shipments.ready(sent, collect_by=at.clock.now() + timedelta(days=1))
    shipment = waiting_for_its_customer(at)
    with pytest.raises(WrongCode):
        at.shop.shipments.collected(shipment, code="wrong")
    at.shop.shipments.ready(shipment, collect_by=at.clock.now() + timedelta(days=2))
    at.clock.forward(days=3)
    assert (shipment.id,) == at.shop.shipments.end_missed()
    at.shop.shipments.decide_missed(shipment, reason="money back")
    with pytest.raises(NothingMissed):
        at.shop.shipments.decide_missed(shipment, reason="money back")
    early, late = (waiting_for_its_customer(at) for _ in range(2))
    at.shop.shipments.hand_over(early)
    at.shop.shipments.cancel(late, reason="changed mind")
    for state in ("picking", "packed"):
        each = at.shop.shipments.plan(at.order(), method="pickup")
        if state == "picking":
            at.shop.shipments.pick(each)
        else:
            at.shop.shipments.pack(each, [ParcelDraft(goods={"KOPI-250": 1}, grams=300)])
        at.shop.shipments.ready(each, collect_by=at.clock.now() + timedelta(days=1))


def refused_when_made_good(at):
    _, shipment = at.shipped()
    at.shop.shipments.returned(shipment, reship=True)
    with pytest.raises(RemediedOtherwise):
        at.shop.returns.undelivered(shipment, reason="both")
    with pytest.raises(NoCourierClaim):
        at.shop.shipments.claim_answered(shipment, IDR(1))
    at.shop.shipments.claim(shipment, IDR(1))
    at.shop.shipments.claim_answered(shipment, IDR(1))


def moved_between_sub_states(_):
    for tables in ((), TABLES):
        at = stand(refinements=tables)
        order, shipment = at.order(), at.shipped()[1]
        at.shop.shipments.delivered(at.shop.shipments.hand_over(at.order()))
        done, arrived = at.shipped()
        at.shop.shipments.delivered(arrived)
        goods = at.shop.returns.request(done, {"KOPI-250": 1}, reason="changed mind")
        for door, subject, to in (
            (at.shop.orders, order, "picked"),
            (at.shop.shipments, shipment, "loaded"),
            (at.shop.returns, goods, "on_way"),
        ):
            if tables:
                assert to == door.refine(subject, to).sub_state
            else:
                with pytest.raises(IllegalSubState):
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
    at.shop.orders.cancel(at.order("bank_transfer"), reason="changed mind")
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


def money_taken_from_what_was_refunded_in_part(at):
    """The bank takes a part of it, and then the rest: what it took is due again, though something was refunded."""
    order, _ = at.disputed(taken=True)
    at.shop.payments.decide_dispute(at.dispute(order).id, won=True)
    at.world.refund_by_hand(at.world.charges[-1].key, IDR(5_000))
    for status, amount in (("partially_paid", IDR(10_000)), ("unpaid", PRICE - IDR(15_000))):
        taken = at.world.dispute(at.world.charges[-1].key, amount)
        at.deliver()
        at.world.decide_dispute(taken, won=False)
        at.deliver()
        assert at.state_of(order).payment == status


def a_sale_that_never_was(at):
    invoice = at.filed()
    at.shop.orders.cancel(invoice.order_id, reason="changed mind")
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
    money_taken_from_what_was_refunded_in_part,
    a_sale_that_never_was,
    ended_by_the_customer,
    refused_when_shipped,
    refused_when_to_be_cancelled,
    refused_when_blocked,
    refused_when_planned,
    refused_when_made_good,
    labels_that_come_to_nothing,
    pickups_that_come_to_nothing,
    return_labels_come_to_nothing,
    what_nobody_carries,
    goods_that_nobody_collects,
    moved_between_sub_states,
    reinstated_and_not,
    ended_by_time,
    refunds_of_every_size,
    told_twice,
]
