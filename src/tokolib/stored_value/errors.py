"""What gift cards and store credit refuse."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, shortened
from tokolib.kernel.money import Money
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class GiftCardRefused(TokolibError):
    """No gift card of that code can be used. Nothing was stored.

    Whether there is none, or one that is blocked or has expired, isn't told, nor what is on it: whoever guesses codes
    learns nothing.
    """

    code: ClassVar[str] = "stored_value.gift_card_refused"
    ending: str = attrs.field(converter=shortened)
    """The last characters of what was typed."""

    def __str__(self) -> str:
        return f"no gift card ending in {self.ending!r} can be used"

    @property
    def hint(self) -> str:
        return "type the code again as it is printed; staff see why with gift_cards.get(id)"


@attrs.frozen
class GiftCardMistyped(TokolibError):
    """The code can't be a gift card's: its check character doesn't fit. It was not looked up; nothing was stored."""

    code: ClassVar[str] = "stored_value.gift_card_mistyped"
    ending: str = attrs.field(converter=shortened)
    """The last characters of what was typed."""

    def __str__(self) -> str:
        return f"a gift card's code ending in {self.ending!r} is mistyped: a character is wrong, or two are swapped"


@attrs.frozen
class InsufficientBalance(TokolibError):
    """There is less on it than is wanted. Nothing was stored."""

    code: ClassVar[str] = "stored_value.insufficient_balance"
    status: ClassVar[int] = 409
    source: str
    """`gift_card`, or `store_credit`."""
    wanted: Money
    left: Money

    def __str__(self) -> str:
        return f"{self.source.replace('_', ' ')}: {self.wanted} wanted, {self.left} left"

    @property
    def hint(self) -> str:
        return "name no amount to use what is left, or a smaller one"


@attrs.frozen
class CreditNeedsCustomer(TokolibError):
    """Store credit belongs to a customer, and the order names none. Nothing was stored."""

    code: ClassVar[str] = "stored_value.credit_needs_customer"
    order_id: str
    """Empty while there is no order yet."""

    def __str__(self) -> str:
        return f"order {self.order_id} names no customer" if self.order_id else "the order names no customer"

    @property
    def hint(self) -> str:
        return "name the customer when the cart or the basket is made, or use a gift card"


@attrs.frozen
class NotTheirCredit(TokolibError):
    """A customer may use their own store credit alone. Nothing was stored."""

    code: ClassVar[str] = "stored_value.not_their_credit"
    status: ClassVar[int] = 403
    actor: str

    def __str__(self) -> str:
        return f"{self.actor} may not use another customer's store credit"


@attrs.frozen
class BoughtWithStoredValue(TokolibError):
    """A gift card can't be bought with a gift card or store credit: its date would never come. Nothing was stored."""

    code: ClassVar[str] = "stored_value.bought_with_stored_value"
    method: str
    """`gift_card`, or `store_credit`."""
    order_id: str
    """The order that was paid so; empty where no order is."""

    def __str__(self) -> str:
        paid = f", and order {self.order_id} was paid so" if self.order_id else ""
        return f"no gift card can be bought with {self.method.replace('_', ' ')}{paid}"

    @property
    def hint(self) -> str:
        return "money that came by another way buys a gift card"


@attrs.frozen
class NotPaidFor(TokolibError):
    """An order buys no more in gift cards than was paid for it. Nothing was stored."""

    code: ClassVar[str] = "stored_value.not_paid_for"
    status: ClassVar[int] = 409
    order_id: str
    wanted: Money
    left: Money
    """What is paid and has bought none yet."""

    def __str__(self) -> str:
        return f"order {self.order_id}: a gift card of {self.wanted} is wanted, {self.left} is paid for"


@attrs.frozen
class NoGiftCardLine(TokolibError):
    """No line of the order can be that gift card, or several can. Nothing was stored."""

    code: ClassVar[str] = "stored_value.no_gift_card_line"
    status: ClassVar[int] = 409
    order_id: str
    wanted: Money
    sku: str
    """The SKU that was named; empty where none was."""
    fits: tuple[str, ...]
    """The SKUs that could be it, where there are several."""

    def __str__(self) -> str:
        named = f" of {self.sku}" if self.sku else ""
        if self.fits:
            return f"order {self.order_id} has several goods at {self.wanted} each: {', '.join(self.fits)}"
        return f"order {self.order_id} keeps no untaxed unit{named} at {self.wanted} that isn't a gift card yet"

    @property
    def hint(self) -> str:
        if self.fits:
            return "say which of them is the gift card, by sku="
        return "a gift card is worth what one unit of its line cost; its line bears no tax, and was not returned"


@attrs.frozen
class GiftCardSpent(TokolibError):
    """A gift card that the order bought was used or has expired, so its sale can't be undone. Nothing was changed."""

    code: ClassVar[str] = "stored_value.gift_card_spent"
    status: ClassVar[int] = 409
    order_id: str
    card_id: str
    amount: Money
    """What it was issued with."""
    left: Money

    def __str__(self) -> str:
        return (
            f"order {self.order_id} bought gift card {self.card_id} of {self.amount}, "
            f"of which {self.left} is left: it can't be taken back"
        )

    @property
    def hint(self) -> str:
        return "the card's line stays with the customer; return or refund what else the order bought"


@attrs.frozen
class IllegalGiftCardTransition(IllegalTransition):
    """The gift card is in a state that doesn't allow this. Nothing was changed."""

    code: ClassVar[str] = "stored_value.illegal_transition"
    thing: ClassVar[str] = "gift card"
