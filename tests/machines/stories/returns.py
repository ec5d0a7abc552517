"""Stories of returns: agreed to, received, looked at, and ended every way."""

from datetime import timedelta

from stories.stand import leaving
from tokolib import IDR
from tokolib.kernel.ctx import Customer, Staff
from tokolib.returns import Evidence
from tokolib.returns.model import ReturnState


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
