"""What happens to a cart. Every event says when, because a cart that nobody touches is given up."""

from datetime import datetime
from typing import ClassVar

import attrs

from tokolib.cart.model import CartLine
from tokolib.kernel.address import Address
from tokolib.kernel.events import Event
from tokolib.kernel.ids import CartId, CustomerId, LineId, OrderId
from tokolib.kernel.personal import PERSONAL
from tokolib.shipping.points import CollectionPoint


@attrs.frozen(kw_only=True)
class CartEvent(Event):
    """The root of a cart's events."""

    at: datetime


@attrs.frozen
class CartStarted(CartEvent):
    """Somebody began to shop."""

    topic: ClassVar[str] = "cart.started"
    id: CartId
    token_hash: str
    channel: str
    group: str
    currency: str
    lines: tuple[CartLine, ...]
    coupons: tuple[str, ...]
    customer: CustomerId | None = attrs.field(default=None, metadata=PERSONAL)


@attrs.frozen
class LinesAdded(CartEvent):
    """Lines were added at the end."""

    topic: ClassVar[str] = "cart.lines_added"
    lines: tuple[CartLine, ...]


@attrs.frozen
class QuantitySet(CartEvent):
    """A line now wishes for so many steps."""

    topic: ClassVar[str] = "cart.quantity_set"
    line_id: LineId
    quantity: int


@attrs.frozen
class LineRemoved(CartEvent):
    """A line is wished for no more."""

    topic: ClassVar[str] = "cart.line_removed"
    line_id: LineId


@attrs.frozen
class CouponAdded(CartEvent):
    """A coupon was given."""

    topic: ClassVar[str] = "cart.coupon_added"
    coupon: str


@attrs.frozen
class CouponRemoved(CartEvent):
    """A coupon was taken back."""

    topic: ClassVar[str] = "cart.coupon_removed"
    coupon: str


@attrs.frozen
class GiftRefused(CartEvent):
    """The customer doesn't want a gift; the promotion gives nothing then."""

    topic: ClassVar[str] = "cart.gift_refused"
    sku: str
    """The SKU's key."""


@attrs.frozen
class GiftWelcomed(CartEvent):
    """The customer wants a gift after all."""

    topic: ClassVar[str] = "cart.gift_welcomed"
    sku: str


@attrs.frozen
class DeliveryChosen(CartEvent):
    """Where the goods shall go, and how."""

    topic: ClassVar[str] = "cart.delivery_chosen"
    delivery: str
    ship_to: Address | None = attrs.field(default=None, metadata=PERSONAL)
    point: CollectionPoint | None = None


@attrs.frozen
class CustomerKnown(CartEvent):
    """A guest has signed in, or the customer's group has changed."""

    topic: ClassVar[str] = "cart.customer_known"
    customer: CustomerId = attrs.field(metadata=PERSONAL)
    group: str


@attrs.frozen
class CartMerged(CartEvent):
    """Another cart's lines and coupons came in; these are all that there are now."""

    topic: ClassVar[str] = "cart.merged"
    other: CartId
    lines: tuple[CartLine, ...]
    coupons: tuple[str, ...]


@attrs.frozen
class CartMergedAway(CartEvent):
    """The lines and coupons went into another cart."""

    topic: ClassVar[str] = "cart.merged_away"
    into: CartId


@attrs.frozen
class CartCompleted(CartEvent):
    """An order was made of the cart."""

    topic: ClassVar[str] = "cart.completed"
    order_id: OrderId


@attrs.frozen
class CartReopened(CartEvent):
    """The order came to nothing (the payment failed for good), or the customer came back to an abandoned cart."""

    topic: ClassVar[str] = "cart.reopened"


@attrs.frozen
class CartAbandoned(CartEvent):
    """Nobody has touched the cart for long."""

    topic: ClassVar[str] = "cart.abandoned"


@attrs.frozen
class CartExpired(CartEvent):
    """The cart was given up for good."""

    topic: ClassVar[str] = "cart.expired"
