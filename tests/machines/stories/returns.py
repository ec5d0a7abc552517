"""Stories of returns: agreed to, received, looked at, and ended every way."""

from datetime import timedelta

import pytest

from stories.stand import leaving
from tokolib import IDR
from tokolib.kernel.ctx import Customer, Staff
from tokolib.returns import Evidence, NoReturnLabel
from tokolib.returns.labels import ReturnLabelState
from tokolib.returns.model import ReturnState
from tokolib.testing.builders import BUYER


def requested(at, quantity=2):
    """A customer who has two of one thing wants to send them back."""
    order, shipment = at.shipped(quantity)
    at.shop.shipments.delivered(shipment)
    return at.shop.returns.request(order, {"KOPI-250": quantity}, reason="broken")


def proposed(at, **terms):
    """The shop has made an offer, and the customer has not answered."""
    return at.shop.returns.propose(requested(at), until=at.clock.now() + timedelta(days=3), **terms)


def authorised(at):
    return at.shop.returns.authorise(requested(at))


def received(at):
    return at.shop.returns.receive(authorised(at), {"KOPI-250": 1})


def inspected(at):
    return at.shop.returns.inspect(received(at))


def state_of(at, goods):
    return lambda: at.shop.returns.get(goods.id).state


def labelled_back(at, **trouble):
    """The shop buys the label with which the customer sends the goods."""
    goods = authorised(at)
    for name, count in trouble.items():
        setattr(at.courier.switches, name, count)
    return goods, at.shop.return_labels.buy(goods, courier="fake-courier", recipient=BUYER, sender=BUYER)


@leaving("return_label", ReturnLabelState.WAITING)
def a_return_label_that_is_waited_for(at):
    _, label = labelled_back(at, time_out_before=1)
    at.clock.forward(hours=1)
    return lambda: at.shop.return_labels.get(label.id).state, lambda: at.shop.return_labels.advance(label)


@leaving("return_label", ReturnLabelState.REVIEW)
def a_return_label_that_was_bought_twice(at):
    _, label = labelled_back(at, twice=1, time_out_after=1)
    at.clock.forward(hours=1)
    at.shop.tick()
    found = at.courier.sold[0]

    def say():
        at.shop.return_labels.resolve(label, found, reason="the other one is void")

    return lambda: at.shop.return_labels.get(label.id).state, say


@leaving("return", ReturnState.REQUESTED)
def a_requested_return(at):
    goods = requested(at)
    return state_of(at, goods), lambda: at.shop.returns.reject(goods, note="worn")


@leaving("return", ReturnState.NEGOTIATING)
def a_negotiated_return(at):
    goods = proposed(at)
    return state_of(at, goods), lambda: at.shop.returns.decline(goods)


@leaving("return", ReturnState.AUTHORISED)
def an_authorised_return(at):
    goods = authorised(at)
    return state_of(at, goods), lambda: at.shop.returns.receive(goods)


@leaving("return", ReturnState.RECEIVED)
def a_received_return(at):
    goods = received(at)
    return state_of(at, goods), lambda: at.shop.returns.inspect(goods)


@leaving("return", ReturnState.INSPECTED)
def an_inspected_return(at):
    goods = inspected(at)
    return state_of(at, goods), lambda: at.shop.returns.accept(goods)


def return_labels_come_to_nothing(at):
    """One is refused; another is bought, given back, and bought anew; a third outlives its return."""
    goods, label = labelled_back(at, refusals=1)
    assert (label.state, at.shop.returns.get(goods.id).labels) == (ReturnLabelState.REFUSED, ())
    with pytest.raises(NoReturnLabel):
        at.shop.return_labels.void(label)
    for end in (lambda _: None, lambda goods: at.shop.returns.cancel(goods, reason="keeps it")):
        goods, label = labelled_back(at)
        end(goods)
        assert at.shop.return_labels.void(label).state is ReturnLabelState.VOIDED
    _, label = labelled_back(at, time_out_before=1)
    at.shop.return_labels.resolve(label, failure="not there", reason="asked them")


def returns_end(at):
    """Each end out of each state that has it, some of them after an approval; and one of which nothing ever came."""
    at.shop.stock.receive("KOPI-250", 50)
    doors, other = at.shop.returns, at.shop.acting(Staff("wati")).returns
    for come_so_far in (requested, authorised, received, inspected):
        doors.reject(other.approve(come_so_far(at)), note="worn")
        doors.accept(doors.show(come_so_far(at), [Evidence("photo-1")]))
    siti = at.shop.acting(Customer("siti")).returns
    doors.reject(other.approve(proposed(at)), note="worn")
    doors.show(proposed(at), [Evidence("photo-2")])
    siti.agree(proposed(at))
    siti.agree(proposed(at, amount=IDR(5_000)))
    siti.propose(proposed(at), amount=IDR(9_000), until=at.clock.now() + timedelta(days=3))
    for come_so_far in (requested, proposed, authorised):
        doors.cancel(come_so_far(at), reason="keeps it")
    doors.receive(requested(at))
    doors.receive(received(at))
    doors.receive(doors.inspect(inspected(at)))
    late = doors.authorise(requested(at), until=at.clock.now() + timedelta(days=1))
    at.clock.forward(days=2)
    at.shop.tick()
    assert doors.get(late.id).state is ReturnState.EXPIRED
