"""What stands in the way of selling a cart, and what would clear it: data first, so that a program can do it.

Applying every fix of a list leaves a cart without the problems that had one. So lines are looked at in order, and
each is measured against what the ones before it leave, as they would be after their own fixes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from tokolib.cart.events import CartEvent, CouponRemoved, LineRemoved, QuantitySet
from tokolib.cart.model import Cart, CartLine
from tokolib.cart.wording import explained
from tokolib.catalog.model import Sellable
from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.explain import Reason, ReasonValue, reason
from tokolib.kernel.ids import LineId
from tokolib.kernel.limits import Limits
from tokolib.kernel.quantity import Quantity
from tokolib.pricing.lost import Problem as PricingProblem


def _whole_steps(_: object, field: "attrs.Attribute[int]", value: object) -> None:
    if type(value) is not int or value < 1:
        wanted = "must be a whole number from 1 on; RemoveLine takes a line out"
        raise InvalidInput((Fault(field.name, "cart.not_positive", wanted, shown(value)),))


@attrs.frozen
class SetQuantity:
    """Reduce a line to so many steps; one that has fewer stays."""

    line_id: LineId
    at_most: int = attrs.field(validator=_whole_steps)


@attrs.frozen
class RemoveLine:
    """Take a line out."""

    line_id: LineId


@attrs.frozen
class RemoveCoupon:
    """Take a coupon back."""

    coupon: str


Fix = SetQuantity | RemoveLine | RemoveCoupon


@attrs.frozen
class Problem:
    """One thing that stands in the way, where it is, the values in its sentence, and a fix if there is one."""

    code: str
    """`cart.exceeds_stock`, `cart.over_limit`, `cart.not_for_sale`, `cart.unknown_sku`, or pricing's own code."""
    line_id: LineId | None
    """The line concerned; None for a coupon."""
    values: tuple[tuple[str, ReasonValue], ...]
    fix: Fix | None
    causes: tuple[Reason, ...] = ()
    """What lies behind it: why a SKU is not for sale, which conditions of a coupon are not met."""

    @property
    def reason(self) -> Reason:
        """The problem as a reason, with its causes below it."""
        return Reason(self.code, self.values, children=self.causes)

    def explain(self, locale: str = "en") -> str:
        """The problem in words (`id` or `en`): a sentence, and its causes in the lines below.

        Raises:
            UnknownLocale: neither of the two.
        """
        return explained(self.reason, locale)


@attrs.frozen
class Known:
    """What is known now of what a cart wishes for."""

    sellables: Mapping[str, Sellable]
    """Every SKU of the cart that can be sold, by key."""
    unsellable: Mapping[str, str]
    """Why the others can't, by key: `draft`, `archived`, ...; those in neither are unknown."""
    available: Mapping[str, int]
    """Steps in stock by SKU key, components of bundles too."""
    limits: Limits
    pricing: tuple[PricingProblem, ...] = ()


def find_problems(cart: Cart, known: Known) -> tuple[Problem, ...]:
    """Everything that stands in the way of selling *cart*: lines in order, then prices, then coupons."""
    found: list[Problem] = []
    stock = dict(known.available)
    room = {key: one.purchase_limit for key, one in known.sellables.items() if one.purchase_limit is not None}
    for line in cart.lines:
        sellable = known.sellables.get(line.key)
        if sellable is None:
            found.append(_gone(line, known.unsellable.get(line.key)))
            continue
        allowed = min(line.quantity, known.limits.line_quantity, room.get(line.key, line.quantity))
        if line.key in room:
            room[line.key] -= allowed
        if allowed < line.quantity:
            found.append(_too_much("cart.over_limit", line, line.quantity, allowed))
        there = _buildable(sellable, allowed, stock)
        if there < allowed:
            found.append(_too_much("cart.exceeds_stock", line, allowed, there))
    return (*found, *_pricing_problems(cart, known.pricing))


def _buildable(sellable: Sellable, wanted: int, stock: dict[str, int]) -> int:
    """How many of *wanted* steps *stock* gives, which is then taken out of it."""
    each = sellable.consumption(1)
    there = min([wanted, *(max(stock.get(key, 0), 0) // needed for key, needed in each.items())])
    for key, needed in each.items():
        stock[key] = stock.get(key, 0) - there * needed
    return there


def _gone(line: CartLine, why: str | None) -> Problem:
    if why is None:
        return Problem("cart.unknown_sku", line.id, (("sku", line.sku),), RemoveLine(line.id))
    cause = reason(f"catalog.{why}", sku=line.sku)
    return Problem("cart.not_for_sale", line.id, (("sku", line.sku), ("reason", why)), RemoveLine(line.id), (cause,))


def _too_much(code: str, line: CartLine, wanted: int, most: int) -> Problem:
    amounts = (("wanted", Quantity(wanted, line.unit).amount), ("most", Quantity(most, line.unit).amount))
    fix = SetQuantity(line.id, most) if most else RemoveLine(line.id)
    return Problem(code, line.id, (("sku", line.sku), *amounts, ("unit", line.unit.code)), fix)


def _pricing_problems(cart: Cart, problems: Sequence[PricingProblem]) -> list[Problem]:
    found: list[Problem] = []
    for one in problems:
        if one.coupon:
            causes, told = (one.lost.detail, one.lost.values) if one.lost else ((), {})
            values = (("coupon", one.coupon), *told.items())
            found.append(Problem(one.code, None, values, RemoveCoupon(one.coupon), causes))
        concerned = [line for line in cart.lines if line.id in one.lines]
        found += [Problem(one.code, line.id, (("sku", line.sku),), RemoveLine(line.id)) for line in concerned]
    return found


def apply_fix(cart: Cart, fix: Fix, at: datetime) -> tuple[CartEvent, ...]:
    """What *fix* does to *cart*; nothing when it has been done already, or there is nothing left to do it to."""
    match fix:
        case SetQuantity(line_id, at_most):
            line = cart.line(line_id)
            return () if line is None or line.quantity <= at_most else (QuantitySet(line_id, at_most, at=at),)
        case RemoveLine(line_id):
            return () if cart.line(line_id) is None else (LineRemoved(line_id, at=at),)
        case RemoveCoupon(coupon):
            return (CouponRemoved(coupon, at=at),) if coupon in cart.coupons else ()
