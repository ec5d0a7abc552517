"""How carts are stored."""

from typing import Final

from tokolib.cart import events as cart
from tokolib.cart.lifecycle import evolve as evolve_cart
from tokolib.cart.model import Cart
from tokolib.kernel.clock import sortable
from tokolib.records import collections
from tokolib.records.record import Record

CARTS: Final = Record(
    collection=collections.CARTS,
    noun="cart",
    cls=Cart,
    evolve=evolve_cart,
    events=(
        cart.CartStarted,
        cart.LinesAdded,
        cart.QuantitySet,
        cart.LineRemoved,
        cart.CouponAdded,
        cart.CouponRemoved,
        cart.GiftRefused,
        cart.GiftWelcomed,
        cart.DeliveryChosen,
        cart.CustomerKnown,
        cart.CartMerged,
        cart.CartMergedAway,
        cart.CartCompleted,
        cart.CartReopened,
        cart.CartAbandoned,
        cart.CartExpired,
    ),
    row=lambda one: {
        "token": one.token_hash,
        "customer": one.customer,
        "status": one.status.value,
        "touched_at": sortable(one.touched_at),
    },
)
