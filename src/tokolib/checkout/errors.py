"""What checkout refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class EmptyCart(TokolibError):
    """There is nothing to quote."""

    code: ClassVar[str] = "checkout.empty_cart"
    cart_id: str
    """Empty for a basket."""

    def __str__(self) -> str:
        return f"cart {self.cart_id} has no lines" if self.cart_id else "the basket has no lines"


@attrs.frozen
class AddressNeeded(TokolibError):
    """A delivery was chosen, and nobody said where to."""

    code: ClassVar[str] = "checkout.address_needed"
    delivery: str

    def __str__(self) -> str:
        return f"delivery {self.delivery!r} needs an address"

    @property
    def hint(self) -> str:
        return "give quote(..., ship_to=Address(...)), or leave delivery out when the customer fetches the goods"


@attrs.frozen
class NothingTravels(TokolibError):
    """A delivery was chosen for goods none of which has a body."""

    code: ClassVar[str] = "checkout.nothing_travels"
    delivery: str

    def __str__(self) -> str:
        return f"delivery {self.delivery!r} has nothing to carry: all of it is digital"

    @property
    def hint(self) -> str:
        return "leave delivery= out; ship_to= may stay, where taxes go by the customer's place"


@attrs.frozen
class WishNotOffered(TokolibError):
    """Something was wished for beside the goods, and no charge rule offers it for this order; nothing was stored."""

    code: ClassVar[str] = "checkout.wish_not_offered"
    wishes: tuple[str, ...]
    """`gift_wrap`, `insurance`, or the codes of extras."""
    instead: tuple[str, ...] = ()
    """How some of them are wished for, which are no extras: `wrap=True`, `insured=True`."""

    def __str__(self) -> str:
        return f"not offered for this order: {', '.join(self.wishes)}"

    @property
    def hint(self) -> str:
        if self.instead:
            return f"wish for it with {', '.join(self.instead)}; extras are for rules of the other kinds"
        return "add a rule with shop.charges.fixed(code, kind, amount, by_wish=True), or look at its conditions"


@attrs.frozen
class TaxNeverSettled(TokolibError):
    """Amounts changed with every answer of the tax provider, so that no answer was about them; nothing was stored."""

    code: ClassVar[str] = "checkout.tax_never_settled"
    status: ClassVar[int] = 409
    provider: str
    answers: int
    """How often it was asked."""

    def __str__(self) -> str:
        return f"{self.provider} gave {self.answers} answers, and each changed the amounts that it was asked about"

    @property
    def hint(self) -> str:
        return "try again; if it stays so, look for a charge rule whose amount goes up and down with the tax on it"


@attrs.frozen
class QuoteExpired(TokolibError):
    """The quote's prices no longer hold; nothing was placed."""

    code: ClassVar[str] = "checkout.quote_expired"
    status: ClassVar[int] = 409
    quote_id: str
    valid_until: str

    def __str__(self) -> str:
        return f"quote {self.quote_id} was valid until {self.valid_until}"

    @property
    def hint(self) -> str:
        return "quote the cart again and show the customer the new total"


@attrs.frozen
class QuoteChanged(TokolibError):
    """Something differs from the quote that the customer agreed to; nothing was placed."""

    code: ClassVar[str] = "checkout.quote_changed"
    status: ClassVar[int] = 409
    quote_id: str
    differences: tuple[str, ...]

    def __str__(self) -> str:
        return f"quote {self.quote_id} has changed: {'; '.join(self.differences)}"

    @property
    def hint(self) -> str:
        return "quote the cart again, show what changed, and place the new quote"
