"""What a cart refuses."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError, named
from tokolib.kernel.transitions import IllegalTransition


@attrs.frozen
class IllegalCartTransition(IllegalTransition):
    """The cart is in a state that does not allow this: mostly it is no longer open. Nothing was changed."""

    code: ClassVar[str] = "cart.illegal_transition"
    thing: ClassVar[str] = "cart"

    @property
    def hint(self) -> str:
        return "start a new cart: shop.carts.start({...})"


@attrs.frozen
class UnknownLine(TokolibError):
    """The cart has no such line. Nothing was changed."""

    code: ClassVar[str] = "cart.unknown_line"
    status: ClassVar[int] = 404
    cart_id: str
    line_id: str = attrs.field(converter=named)

    def __str__(self) -> str:
        return f"cart {self.cart_id} has no line {self.line_id}"


@attrs.frozen
class UnknownToken(TokolibError):
    """No cart has this token."""

    code: ClassVar[str] = "cart.unknown_token"
    status: ClassVar[int] = 404

    def __str__(self) -> str:
        return "no cart has this token"


@attrs.frozen
class TooManyLines(TokolibError):
    """The cart would have more lines than the shop allows. Nothing was changed."""

    code: ClassVar[str] = "cart.too_many_lines"
    lines: int
    limit: int

    def __str__(self) -> str:
        return f"{self.lines} lines, and a cart has at most {self.limit}"

    @property
    def hint(self) -> str:
        return "divide the purchase, or raise limits.cart_lines in the shop's settings"


@attrs.frozen
class TooManyCoupons(TokolibError):
    """The cart would have more coupons than the shop allows. Nothing was changed."""

    code: ClassVar[str] = "cart.too_many_coupons"
    coupons: int
    limit: int

    def __str__(self) -> str:
        return f"{self.coupons} coupons, and a cart has at most {self.limit}"


@attrs.frozen
class OverLimit(TokolibError):
    """One cart may not hold so much of this SKU. Nothing was changed."""

    code: ClassVar[str] = "cart.over_limit"
    sku: str
    wanted: str
    limit: str

    def __str__(self) -> str:
        return f"{self.sku}: {self.wanted} wanted, and one cart may hold {self.limit}"

    @property
    def hint(self) -> str:
        return f"reduce it to {self.limit}"
