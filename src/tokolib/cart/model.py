"""Carts, their lines, and wishes for lines."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Final

import attrs

from tokolib.kernel.address import Address
from tokolib.kernel.ids import CartId, CustomerId, LineId, OrderId
from tokolib.kernel.money import Money
from tokolib.kernel.personal import PERSONAL
from tokolib.kernel.quantity import Counted, Quantity, UnitOfMeasure
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.model import StatedPrice
from tokolib.shipping.points import CollectionPoint

WEB: Final = "web"
"""The channel of a cart that names none."""


class CartStatus(StrEnum):
    """Where a cart is in its life; see `lifecycle.CART`."""

    OPEN = "open"
    COMPLETED = "completed"
    """An order was made of it."""
    ABANDONED = "abandoned"
    """Nobody has touched it for long; whoever does opens it again."""
    EXPIRED = "expired"
    MERGED = "merged"
    """Its lines are in another cart now."""


@attrs.frozen
class CartLine:
    """One wish. Two lines of one SKU stay two, unless whoever adds asks for one."""

    id: LineId
    key: str
    sku: str
    """As the catalogue spelled it when the line was added."""
    quantity: int
    """Whole steps of `unit`."""
    unit: UnitOfMeasure
    stated: StatedPrice | None = None

    @property
    def amount(self) -> Quantity:
        """The quantity with its unit of measure."""
        return Quantity(self.quantity, self.unit)


@attrs.frozen(kw_only=True)
class Contents:
    """What somebody wishes to buy, and who: all of a cart that its prices depend on."""

    channel: str
    group: str
    """The customer group that price lists and promotions ask for."""
    currency: str
    """The ISO 4217 code of the currency that it is priced and paid in."""
    lines: tuple[CartLine, ...]
    coupons: tuple[str, ...]
    refused_gifts: tuple[str, ...] = ()
    """SKU keys of gifts that the customer doesn't want."""
    customer: CustomerId | None = attrs.field(default=None, metadata=PERSONAL)
    ship_to: Address | None = attrs.field(default=None, metadata=PERSONAL)
    point: CollectionPoint | None = None
    """The collection point at which they are fetched from the courier; None where they go to the door."""

    @property
    def goes_to(self) -> Address | None:
        """Where the goods go."""
        return self.ship_to if self.point is None else self.point.address


@attrs.frozen(kw_only=True)
class Cart(Contents):
    """What somebody wishes to buy, and what is known of how."""

    id: CartId
    version: int
    status: CartStatus
    token_hash: str
    """SHA-256 of the secret that a guest shows to come back; the secret itself is stored nowhere."""
    started_at: datetime
    touched_at: datetime
    delivery: str = ""
    """The delivery method that was chosen, such as `jne:reg`."""
    order_id: OrderId | None = None
    """The order made of it, while it is completed."""
    merged_into: CartId | None = None

    def line(self, id: str) -> CartLine | None:
        """The line by that id, if there is one."""
        return next((line for line in self.lines if line.id == id), None)


@attrs.frozen(kw_only=True)
class StartedCart(Cart):
    """A cart at its start, the only time that its secret is known. Give it to the guest, in a cookie."""

    token: str = attrs.field(default="", repr=False, metadata=PERSONAL)


@attrs.frozen
class LineWish:
    """A wish for a line: so much of a SKU, and perhaps a price that somebody answers for."""

    sku: str
    quantity: Counted = 1
    price: Money | UnitPrice | None = None
    """For one unit of measure. It needs a reason, and the history says who stated it."""
    reason: str = ""


def token_hash(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so it needs no salt and can't be tried out."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def started(cart: Cart, token: str) -> StartedCart:
    """*cart* with its secret, for the one answer that carries it."""
    fields = {field.name: getattr(cart, field.name) for field in attrs.fields(Cart)}
    return StartedCart(**fields, token=token)
