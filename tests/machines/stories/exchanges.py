"""Stories of exchanges: asked for, agreed to, and ended every way."""

from datetime import timedelta

from stories.stand import leaving
from tokolib.returns.exchanges import ExchangeState

LATER = timedelta(days=7)


def asked_for(at):
    """A customer who has two of one thing wants another for one of them."""
    order, shipment = at.shipped(2)
    at.shop.shipments.delivered(shipment)
    until = at.clock.now() + LATER
    return at.shop.exchanges.request(order, {"KOPI-250": 1}, {"Teh-100": 1}, until=until, reason="too strong")


def state_of(at, exchange):
    return lambda: at.shop.exchanges.get(exchange.id).state


@leaving("exchange", ExchangeState.REQUESTED)
def a_requested_exchange(at):
    made = asked_for(at)
    return state_of(at, made), lambda: at.shop.exchanges.authorise(made)


@leaving("exchange", ExchangeState.AUTHORISED)
def an_authorised_exchange(at):
    made = at.shop.exchanges.authorise(asked_for(at))
    return state_of(at, made), lambda: at.shop.exchanges.complete(made)


def exchanges_end(at):
    """Each end, out of each state that is none; one after its hold was renewed, and one after it had run out."""
    doors = at.shop.exchanges
    for agree in (doors.authorise, lambda made: made):
        doors.reject(doors.extend(agree(asked_for(at)), until=at.clock.now() + LATER), note="worn")
        doors.cancel(agree(asked_for(at)), reason="keeps it")
        doors.complete(agree(asked_for(at)))
        late = agree(asked_for(at))
        at.clock.forward(days=8)
        doors.extend(late, until=at.clock.now() + LATER)
        at.clock.forward(days=8)
        at.shop.tick()
