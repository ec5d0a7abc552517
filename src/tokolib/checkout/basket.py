"""The basket: everything that a cart and its quote would be told, as one value that is never stored."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

import attrs

from tokolib.cart.model import WEB, LineWish
from tokolib.cart.wishes import Lines
from tokolib.checkout.model import ChargeWish
from tokolib.checkout.told import ToldFacts, told
from tokolib.kernel.address import Address
from tokolib.kernel.annotations import WANTED
from tokolib.kernel.canonical import fingerprint
from tokolib.kernel.codes.typed import typed_code
from tokolib.kernel.errors import shown
from tokolib.kernel.ids import CustomerId
from tokolib.kernel.numbers import NotExact, exact
from tokolib.kernel.personal import PERSONAL
from tokolib.kernel.quantity import Counted, Quantity
from tokolib.shipping.points import CollectionPoint
from tokolib.tax.situation import Buyer

_LINES: Final = """quantities by SKU, such as {"KOPI-250": 2}, or a list of LineWish"""
_CODES: Final = """a list of codes, such as ["HEMAT10"]"""


def _each(given: Any) -> tuple[Any, ...]:
    """*given* as a tuple; what is no list stays as it is, and is refused at the door with its path."""
    known: Any = given
    return tuple(given) if isinstance(given, Iterable) and not isinstance(given, str | bytes) else known


def _lines(given: Lines) -> tuple[LineWish, ...]:
    wishes = (LineWish(sku, quantity) for sku, quantity in given.items()) if isinstance(given, Mapping) else given
    return _each(wishes)


def _coupons(given: Iterable[str]) -> tuple[str, ...]:
    return _each(given)


def _wrap(given: bool | Iterable[str]) -> bool | tuple[str, ...]:
    return given if isinstance(given, bool) else _each(given)


def _charges(given: Iterable[ChargeWish]) -> tuple[ChargeWish, ...]:
    return _each(given)


@attrs.frozen
class Basket:
    """What somebody wants and how, at once: for a till, a till's queue, a marketplace or an import.

    It says what `carts.start` and `carts.quote` are told, so that one call places an order of it.
    """

    lines: tuple[LineWish, ...] = attrs.field(converter=_lines, metadata={WANTED: _LINES})
    """Given as quantities by SKU, or one `LineWish` for each line."""
    coupons: tuple[str, ...] = attrs.field(default=(), converter=_coupons, metadata={WANTED: _CODES})
    ship_to: Address | None = attrs.field(default=None, metadata=PERSONAL, kw_only=True)
    delivery: str = attrs.field(default="", kw_only=True)
    """The delivery method, such as `jne:reg`; without one the customer fetches the goods."""
    point: CollectionPoint | None = attrs.field(default=None, kw_only=True)
    """Where the customer fetches it from the courier, where *delivery* goes to collection points."""
    customer: CustomerId | None = attrs.field(default=None, metadata=PERSONAL, kw_only=True)
    channel: str = attrs.field(default=WEB, kw_only=True)
    group: str = attrs.field(default="", kw_only=True)
    """The customer group that price lists and promotions ask for."""
    currency: str | None = attrs.field(default=None, kw_only=True)
    """The ISO 4217 code of the currency that it is priced and paid in; None is that of the shop's books."""
    refused_gifts: tuple[str, ...] = attrs.field(default=(), converter=_coupons, kw_only=True)
    """SKUs of gifts that the customer doesn't want."""
    location: str = attrs.field(default="", kw_only=True)
    """Where the goods are taken from; left out, by the shop's `SourcingRules`, or from `main`."""
    charges: tuple[ChargeWish, ...] = attrs.field(default=(), converter=_charges, kw_only=True)
    """Put on it by hand."""
    wrap: bool | tuple[str, ...] = attrs.field(default=False, converter=_wrap, kw_only=True)
    """Whether it is a gift to be wrapped: all of it, or lines by SKU."""
    insured: bool = attrs.field(default=False, kw_only=True)
    """Whether it travels insured."""
    extras: tuple[str, ...] = attrs.field(default=(), converter=_coupons, kw_only=True)
    """Codes of charge rules that are only asked for where they are wished."""
    facts: ToldFacts = attrs.field(default=(), converter=told, kw_only=True)
    """What only the host knows, given as a mapping: `first_order`, `order_number`, and names that begin with `x.`."""
    buyer: Buyer | None = attrs.field(default=None, kw_only=True)
    """Who buys, as tax law sees them: a business with its VAT id, somebody with a certificate; None for a consumer."""

    @cached_property
    def hash(self) -> str:
        """A fingerprint of what is wanted: `1` and `"1.0"` are the same quantity, and a coupon is read as it is meant.

        Raises:
            NaiveDatetime: a fact is an instant without a zone.
        """
        lines = [(wish.sku, _counted(wish.quantity), wish.price, wish.reason) for wish in self.lines]
        who = (self.customer, self.channel, self.group, self.currency)
        how = (self.ship_to, self.delivery, self.point, self.location, self.charges, self.facts, self.refused_gifts)
        beside = (self.wrap, self.insured, self.extras, self.buyer)
        return fingerprint(lines, [typed_code(code) for code in self.coupons], who, how, beside)


def _counted(quantity: Counted) -> object:
    """A number in its one form; what is none is refused later, with its path."""
    if isinstance(quantity, Quantity):
        return quantity
    try:
        return exact(quantity, "quantity")
    except NotExact:
        return shown(quantity)
