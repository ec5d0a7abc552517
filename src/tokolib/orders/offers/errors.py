"""What offers refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalOfferTransition(IllegalTransition):
    """The offer is in a state that doesn't allow this. Nothing was changed."""

    code: ClassVar[str] = "orders.illegal_offer_transition"
    thing: ClassVar[str] = "offer"


@attrs.frozen
class OfferNeedsTender(TokolibError):
    """The quote names no tender, and some would make it cost something else. Nothing was stored."""

    code: ClassVar[str] = "orders.offer_needs_tender"
    quote_id: str

    def __str__(self) -> str:
        return f"quote {self.quote_id}: what it costs depends on how it is paid, so it can't be promised"

    @property
    def hint(self) -> str:
        return "quote the cart with the tender that the offer is for: shop.carts.quote(cart, tender=...)"


@attrs.frozen
class OtherCart(TokolibError):
    """The quote was made of another cart than the offer. Nothing was changed."""

    code: ClassVar[str] = "orders.offer_of_other_cart"
    status: ClassVar[int] = 409
    offer_id: str
    cart_id: str
    other: str

    def __str__(self) -> str:
        return f"offer {self.offer_id} is made of cart {self.cart_id}, and the quote of cart {self.other}"

    @property
    def hint(self) -> str:
        return "quote the offer's own cart, or draft an offer of the other: shop.offers.draft"


@attrs.frozen
class NothingToSend(TokolibError):
    """The newest version was sent already. Nothing was changed."""

    code: ClassVar[str] = "orders.offer_sent_already"
    status: ClassVar[int] = 409
    offer_id: str
    number: int
    to: str

    def __str__(self) -> str:
        return f"offer {self.offer_id}: version {self.number} was sent to {self.to} already"

    @property
    def hint(self) -> str:
        return "to promise it for longer or otherwise, quote the cart again and write a new version: shop.offers.revise"


@attrs.frozen
class OfferTermTooLong(TokolibError):
    """Nobody can promise these figures for so long: what they rest on ends before. Nothing was changed."""

    code: ClassVar[str] = "orders.offer_term_too_long"
    offer_id: str
    until: str
    latest: str

    def __str__(self) -> str:
        return f"offer {self.offer_id}: until {self.until} is too long; what it rests on may change at {self.latest}"

    @property
    def hint(self) -> str:
        return "promise it until then at most: a tax rule, a rate or an answer about taxes ends there"


@attrs.frozen
class NotTheNewestVersion(TokolibError):
    """Another version than the last one that was sent can't be accepted. Nothing was changed."""

    code: ClassVar[str] = "orders.offer_version_replaced"
    status: ClassVar[int] = 409
    offer_id: str
    number: int
    standing: int

    def __str__(self) -> str:
        return f"offer {self.offer_id}: version {self.number} can't be accepted; version {self.standing} was sent last"

    @property
    def hint(self) -> str:
        return "show the customer the version that stands, and accept that one"


@attrs.frozen
class OfferLapsed(TokolibError):
    """The offer's term is over. Nothing was changed."""

    code: ClassVar[str] = "orders.offer_lapsed"
    status: ClassVar[int] = 409
    offer_id: str
    number: int
    until: str

    def __str__(self) -> str:
        return f"offer {self.offer_id}: version {self.number} stood until {self.until}"

    @property
    def hint(self) -> str:
        return "quote the cart again, write a new version and send it: shop.offers.revise, shop.offers.send"


@attrs.frozen
class OfferTaken(TokolibError):
    """An order was made of the offer already. Nothing was changed."""

    code: ClassVar[str] = "orders.offer_taken"
    status: ClassVar[int] = 409
    offer_id: str
    order_id: str

    def __str__(self) -> str:
        return f"offer {self.offer_id} is order {self.order_id} already"

    @property
    def hint(self) -> str:
        return "look at that order; for one more of the same, make a cart and an offer of its own"


@attrs.frozen
class OfferChanged(TokolibError):
    """The shop can't keep to what was sent, figure by figure. Nothing was placed, and nothing was changed."""

    code: ClassVar[str] = "orders.offer_changed"
    status: ClassVar[int] = 409
    offer_id: str
    number: int
    differences: tuple[str, ...]

    def __str__(self) -> str:
        return f"offer {self.offer_id}: version {self.number} can't be kept to: {'; '.join(self.differences)}"

    @property
    def hint(self) -> str:
        return "quote the cart again, write a new version, and send it to be agreed: shop.offers.revise"
