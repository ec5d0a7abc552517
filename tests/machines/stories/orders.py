"""Orders, what is read off them, and their shipments and returns."""

from datetime import timedelta

from stories.payments import withdrawn
from stories.stand import PRICE, leaving
from tokolib import IDR
from tokolib.fulfilment.labels import LabelState
from tokolib.fulfilment.model import ShipmentState
from tokolib.fulfilment.packing import ParcelDraft
from tokolib.fulfilment.pickups import PickupState
from tokolib.orders.model import FulfilmentStatus, OrderState, PaymentStatus


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


def standing(at, shipment):
    return lambda: at.shop.shipments.get(shipment.id).state


@leaving("shipment", ShipmentState.PLANNED)
def a_shipment_that_is_planned(at):
    shipment = at.shop.shipments.plan(at.order())
    return standing(at, shipment), lambda: at.shop.shipments.cancel(shipment, reason="shelf is wet")


@leaving("shipment", ShipmentState.PICKING)
def a_shipment_that_is_fetched(at):
    (shipment,) = at.shop.shipments.pick(at.shop.shipments.plan(at.order()))
    draft = ParcelDraft(goods={"KOPI-250": 1}, grams=300)
    return standing(at, shipment), lambda: at.shop.shipments.pack(shipment, [draft])


@leaving("shipment", ShipmentState.PACKED)
def a_shipment_in_its_parcel(at):
    shipment = at.shop.shipments.plan(at.order())
    at.shop.shipments.pack(shipment, [ParcelDraft(goods={"KOPI-250": 1}, grams=300)])
    return standing(at, shipment), lambda: at.shop.shipments.hand_over(shipment)


def labelled(at, **trouble):
    shipment = at.shop.shipments.plan(at.given.order({"KOPI-250": 1}, delivery="jne:reg"))
    at.shop.shipments.pack(shipment, [ParcelDraft(goods={"KOPI-250": 1}, grams=300)])
    for name, count in trouble.items():
        setattr(at.courier.switches, name, count)
    return shipment, at.shop.shipments.buy_labels(shipment, courier="fake-courier")[0]


@leaving("shipment", ShipmentState.LABELLED)
def a_shipment_with_its_labels(at):
    shipment, label = labelled(at)
    return standing(at, shipment), lambda: at.shop.shipments.void_label(label)


@leaving("label", LabelState.WAITING)
def a_label_that_is_waited_for(at):
    _, label = labelled(at, time_out_before=1)
    at.clock.forward(hours=1)
    return lambda: at.shop.shipments.label(label.id).state, lambda: at.shop.shipments.advance_label(label)


@leaving("label", LabelState.REVIEW)
def a_label_that_was_bought_twice(at):
    _, label = labelled(at, twice=1, time_out_after=1)
    at.clock.forward(hours=1)
    at.shop.tick()
    found = at.courier.sold[0]

    def say():
        at.shop.shipments.resolve_label(label, found, reason="the other one is void")

    return lambda: at.shop.shipments.label(label.id).state, say


def fetched(at, **trouble):
    shipment, _ = labelled(at)
    for name, count in trouble.items():
        setattr(at.courier.switches, name, count)
    window = (at.clock.now() + timedelta(hours=2), at.clock.now() + timedelta(hours=8))
    return shipment, at.shop.pickups.book(shipment, courier="fake-courier", window=window)


@leaving("pickup", PickupState.WAITING)
def a_pickup_that_is_waited_for(at):
    _, pickup = fetched(at, time_out_before=1)
    at.clock.forward(hours=1)
    return lambda: at.shop.pickups.get(pickup.id).state, lambda: at.shop.pickups.advance(pickup)


@leaving("pickup", PickupState.REVIEW)
def a_pickup_that_was_booked_twice(at):
    _, pickup = fetched(at, twice=1, time_out_after=1)
    at.clock.forward(hours=1)
    at.shop.tick()
    found = at.courier.pickups[0]

    def say():
        at.shop.pickups.resolve(pickup, found, reason="the other driver was sent home")

    return lambda: at.shop.pickups.get(pickup.id).state, say


def waiting_for_its_customer(at):
    shipment = at.shop.shipments.plan(at.order(), method="pickup")
    return at.shop.shipments.ready(shipment, collect_by=at.clock.now() + timedelta(days=3))


@leaving("shipment", ShipmentState.READY)
def a_shipment_that_may_be_collected(at):
    shipment = waiting_for_its_customer(at)
    code = shipment.collection.code
    return standing(at, shipment), lambda: at.shop.shipments.collected(shipment, code=code)


@leaving("shipment", ShipmentState.FAILED)
def a_shipment_that_was_tried_in_vain(at):
    _, shipment = at.shipped()
    at.shop.shipments.failed(shipment, reason="nobody home")
    return standing(at, shipment), lambda: at.shop.shipments.returning(shipment, reason="refused")


@leaving("shipment", ShipmentState.RETURNING)
def a_shipment_on_its_way_back(at):
    _, shipment = at.shipped()
    at.shop.shipments.returning(shipment, reason="refused")
    return standing(at, shipment), lambda: at.shop.shipments.returned(shipment)
