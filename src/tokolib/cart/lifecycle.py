"""A cart's life as a table, and how a cart follows from its events.

An abandoned cart is opened again by whoever touches it; a completed one only when its order came to nothing.
Expired and merged carts are over, but what was offered out of an expired one can still be accepted.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from tokolib.cart.errors import IllegalCartTransition
from tokolib.cart.events import (
    CartAbandoned,
    CartCompleted,
    CartEvent,
    CartExpired,
    CartMerged,
    CartMergedAway,
    CartReopened,
    CartStarted,
    CouponAdded,
    CouponRemoved,
    CustomerKnown,
    DeliveryChosen,
    GiftRefused,
    GiftWelcomed,
    LineRemoved,
    LinesAdded,
    QuantitySet,
)
from tokolib.cart.model import Cart, CartLine, CartStatus
from tokolib.kernel.events import Event
from tokolib.kernel.machine import Edge, Kind, Machine
from tokolib.kernel.transitions import led, refused

S = CartStatus

_FIXED: Final = "carts.apply"
CHANGES: Final[Mapping[Kind, tuple[str, ...]]] = {
    LinesAdded: ("carts.add",),
    QuantitySet: ("carts.set_quantity", "carts.add", _FIXED),
    LineRemoved: ("carts.remove", _FIXED),
    CouponAdded: ("carts.coupon",),
    CouponRemoved: ("carts.drop_coupon", _FIXED),
    GiftRefused: ("carts.refuse_gift",),
    GiftWelcomed: ("carts.welcome_gift",),
    DeliveryChosen: ("carts.deliver",),
    CustomerKnown: ("carts.sign_in",),
    CartMerged: ("carts.merge",),
}
"""What an open cart goes through and stays open, and who makes it so."""

_TOUCHED_BY: Final = (*dict.fromkeys(by for commands in CHANGES.values() for by in commands), "orders.place")

_REFUSED_BY: Final = (
    "orders.place",
    "offers.accept",
    "payments.charge",
    "payments.advance",
    "payments.resolve",
    "webhooks.receive",
    "tick",
)
"""Who can hear that a gateway said no for good."""

CART: Final = Machine(
    name="cart",
    about="What a customer wishes to buy, until it is ordered, given up or joined with another.",
    states={
        S.OPEN: "it takes wishes",
        S.COMPLETED: "an order was made of it; should that come to nothing, it is open again",
        S.ABANDONED: "nobody has touched it for long; whoever touches it opens it again",
        S.EXPIRED: "nobody came back to it: it is over, unless an offer that was made of it is accepted",
        S.MERGED: "its lines are another cart's now: it is over",
    },
    begins={CartStarted: (S.OPEN,)},
    begun_by=("carts.start",),
    edges={
        S.OPEN: {
            **{kind: Edge(S.OPEN, by) for kind, by in CHANGES.items()},
            CartCompleted: Edge(S.COMPLETED, ("orders.place",), entailed_by=("offers.accept",)),
            CartAbandoned: Edge(S.ABANDONED, ("tick",)),
            CartMergedAway: Edge(S.MERGED, ("carts.merge",)),
        },
        S.COMPLETED: {CartReopened: Edge(S.OPEN, entailed_by=_REFUSED_BY)},
        S.ABANDONED: {
            CartReopened: Edge(S.OPEN, _TOUCHED_BY, entailed_by=("offers.accept",)),
            CartExpired: Edge(S.EXPIRED, ("tick",)),
            CartMergedAway: Edge(S.MERGED, ("carts.merge",)),
        },
        S.EXPIRED: {CartCompleted: Edge(S.COMPLETED, entailed_by=("offers.accept",))},
        S.MERGED: {},
    },
    ends=frozenset({S.COMPLETED, S.EXPIRED, S.MERGED}),
)
"""The life of a cart."""


def target(cart: Cart, event: type[Event]) -> CartStatus:
    """The status that *event* leads to.

    Raises:
        IllegalCartTransition: not from where the cart is.
    """
    return led(CART, IllegalCartTransition, cart, cart.status, event)


def check(cart: Cart, asked: str, *, needs: str = "") -> None:
    """Pass where the table lets the command *asked*, or the one that it *needs*, walk an edge from the cart's status.

    Raises:
        IllegalCartTransition: not from where the cart is. Nothing was changed.
    """
    while_in = [status for status in CART.states if (needs or asked) in CART.legal(status, cart)]
    if cart.status not in while_in:
        raise refused(CART, IllegalCartTransition, cart, cart.status, asked, while_in)


def evolve(state: Cart | None, event: Event) -> Cart:
    """The cart after *event*.

    Raises:
        IllegalCartTransition: the event can't happen to a cart in that status.
    """
    match state, event:
        case None, CartStarted(id, token_hash, channel, group, currency, lines, coupons, customer, at=at):
            return Cart(
                id=id,
                version=1,
                status=S.OPEN,
                token_hash=token_hash,
                channel=channel,
                group=group,
                currency=currency,
                lines=lines,
                coupons=coupons,
                started_at=at,
                touched_at=at,
                customer=customer,
            )
        case Cart(), CartEvent(at=at):
            status = target(state, type(event))
            touched = state.touched_at if isinstance(event, CartAbandoned | CartExpired) else at
            return _applied(attrs.evolve(state, version=state.version + 1, status=status, touched_at=touched), event)
        case _:
            raise TypeError(f"a cart doesn't know {type(event).__name__} here")


def _applied(cart: Cart, event: Event) -> Cart:
    match event:
        case LinesAdded(lines=lines):
            return attrs.evolve(cart, lines=cart.lines + lines)
        case QuantitySet(line_id=id, quantity=quantity):
            return attrs.evolve(cart, lines=tuple(_with(line, id, quantity) for line in cart.lines))
        case LineRemoved(line_id=id):
            return attrs.evolve(cart, lines=tuple(line for line in cart.lines if line.id != id))
        case CouponAdded(coupon=coupon):
            return attrs.evolve(cart, coupons=(*cart.coupons, coupon))
        case CouponRemoved(coupon=coupon):
            return attrs.evolve(cart, coupons=tuple(one for one in cart.coupons if one != coupon))
        case GiftRefused(sku=sku):
            return attrs.evolve(cart, refused_gifts=(*cart.refused_gifts, sku))
        case GiftWelcomed(sku=sku):
            return attrs.evolve(cart, refused_gifts=tuple(one for one in cart.refused_gifts if one != sku))
        case DeliveryChosen(delivery=delivery, ship_to=ship_to, point=point):
            return attrs.evolve(cart, delivery=delivery, ship_to=ship_to, point=point)
        case CustomerKnown(customer=customer, group=group):
            return attrs.evolve(cart, customer=customer, group=group)
        case CartMerged(lines=lines, coupons=coupons):
            return attrs.evolve(cart, lines=lines, coupons=coupons)
        case CartMergedAway(into=into):
            return attrs.evolve(cart, merged_into=into)
        case CartCompleted(order_id=order_id):
            return attrs.evolve(cart, order_id=order_id)
        case CartReopened():
            return attrs.evolve(cart, order_id=None)
        case _:
            return cart


def _with(line: CartLine, id: str, quantity: int) -> CartLine:
    return attrs.evolve(line, quantity=quantity) if line.id == id else line
