"""What a wish does to a cart, as events: values in, events out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from tokolib.cart.errors import OverLimit, TooManyCoupons, TooManyLines, UnknownLine
from tokolib.cart.events import (
    CartEvent,
    CartReopened,
    CouponAdded,
    CouponRemoved,
    GiftRefused,
    GiftWelcomed,
    LineRemoved,
    LinesAdded,
    QuantitySet,
)
from tokolib.cart.merge import capped, totals
from tokolib.cart.model import Cart, CartLine, CartStatus
from tokolib.catalog.sku import key as sku_key
from tokolib.catalog.sku import spelling
from tokolib.kernel.codes.typed import LONGEST_CODE, typed_code
from tokolib.kernel.errors import Fault, InvalidInput
from tokolib.kernel.limits import Limits
from tokolib.kernel.lines import line_faults
from tokolib.kernel.quantity import Quantity

PurchaseLimits = Mapping[str, int | None]
"""Steps by SKU key that one cart may hold; None or missing is no limit."""


def check_names(*, customer: str | None = None, **names: str) -> None:
    """Pass for what a cart may be told to remember: a channel, a group, a customer, a delivery method.

    Nobody is a *customer* without a name; all others may be empty.

    Raises:
        InvalidInput: one is too long, has invisible characters, or nothing but blanks; all of them are named.
    """
    told = names if customer is None else {**names, "customer": customer}
    blank = "must be a name; leave it out where there is none"
    faults = (
        *(fault for name, text in told.items() for fault in line_faults(name, text)),
        *(Fault(name, "kernel.blank", blank, repr(text)) for name, text in told.items() if text and not text.strip()),
        *([Fault("customer", "kernel.blank", blank, "''")] if customer == "" else []),
    )
    if faults:
        raise InvalidInput(faults)


def touched(cart: Cart, at: datetime) -> tuple[CartEvent, ...]:
    """What comes before any change: whoever touches an abandoned cart opens it again."""
    return (CartReopened(at=at),) if cart.status is CartStatus.ABANDONED else ()


def add(
    cart: Cart, lines: Sequence[CartLine], most: PurchaseLimits, limits: Limits, at: datetime, *, join: bool
) -> tuple[CartEvent, ...]:
    """Add *lines*; with *join*, a line of a SKU that the cart already has without a stated price only raises it.

    Raises:
        TooManyLines, OverLimit: nothing is to be changed.
    """
    raised, new = _joined(cart.lines, lines) if join else ({}, tuple(lines))
    after = [attrs.evolve(line, quantity=raised.get(line.id, line.quantity)) for line in cart.lines]
    check([*after, *new], most, limits)
    events: list[CartEvent] = [QuantitySet(line.id, line.quantity, at=at) for line in after if line.id in raised]
    return (*events, *((LinesAdded(new, at=at),) if new else ()))


def _joined(present: Sequence[CartLine], lines: Sequence[CartLine]) -> tuple[dict[str, int], tuple[CartLine, ...]]:
    """New quantities of present lines by id, and the lines that found none to join."""
    plain = {line.key: line for line in reversed(present) if line.stated is None}
    raised: dict[str, int] = {}
    new: list[CartLine] = []
    for line in lines:
        home = plain.get(line.key) if line.stated is None else None
        if home is None:
            new.append(line)
        else:
            raised[home.id] = raised.get(home.id, home.quantity) + line.quantity
    return raised, tuple(new)


def check(lines: Sequence[CartLine], most: PurchaseLimits, limits: Limits) -> None:
    """Pass, or refuse what is beyond a limit.

    Raises:
        TooManyLines: beyond `limits.cart_lines`.
        OverLimit: the first SKU beyond its own limit, or line beyond `limits.line_quantity`.
    """
    if len(lines) > limits.cart_lines:
        raise TooManyLines(len(lines), limits.cart_lines)
    _, cuts = capped(lines, most, limits)
    for cut in cuts:
        line, sums = cut.line, totals(lines)
        bound = most.get(line.key)
        if bound is None or sums[line.key] <= bound:
            raise OverLimit(line.sku, str(line.amount), str(Quantity(limits.line_quantity, line.unit)))
        raise OverLimit(line.sku, str(Quantity(sums[line.key], line.unit)), str(Quantity(bound, line.unit)))


def set_quantity(
    cart: Cart, line_id: str, quantity: int, most: PurchaseLimits, limits: Limits, at: datetime
) -> tuple[CartEvent, ...]:
    """Wish for *quantity* steps in a line.

    Raises:
        UnknownLine, OverLimit: nothing is to be changed.
    """
    line = found(cart, line_id)
    if line.quantity == quantity:
        return ()
    if quantity > line.quantity:
        after = [attrs.evolve(one, quantity=quantity) if one is line else one for one in cart.lines]
        check([one for one in after if one.key == line.key], most, limits)
    return (QuantitySet(line.id, quantity, at=at),)


def remove(cart: Cart, line_id: str, at: datetime) -> tuple[CartEvent, ...]:
    """Take a line out.

    Raises:
        UnknownLine: nothing is to be changed.
    """
    return (LineRemoved(found(cart, line_id).id, at=at),)


def found(cart: Cart, line_id: str) -> CartLine:
    """The line by that id.

    Raises:
        UnknownLine: there is none.
    """
    line = cart.line(line_id)
    if line is None:
        raise UnknownLine(cart.id, line_id)
    return line


def coupon_codes(given: Sequence[str], limits: Limits) -> tuple[str, ...]:
    """Coupons as they are compared, each once.

    Raises:
        InvalidInput: one is empty, longer than any code, or has invisible characters.
        TooManyCoupons: more than `limits.promotions_per_cart`.
    """
    codes = [typed_code(code) for code in given]
    faults = [
        Fault(f"coupons[{at}]", "cart.bad_coupon", f"1 to {LONGEST_CODE} visible characters", repr(given[at][:40]))
        for at, code in enumerate(codes)
        if not 0 < len(code) <= LONGEST_CODE or not code.isprintable()
    ]
    if faults:
        raise InvalidInput(tuple(faults))
    once = tuple(dict.fromkeys(codes))
    if len(once) > limits.promotions_per_cart:
        raise TooManyCoupons(len(once), limits.promotions_per_cart)
    return once


def add_coupon(cart: Cart, code: str, limits: Limits, at: datetime) -> tuple[CartEvent, ...]:
    """Give a coupon; the same twice is the same. Whether it is worth something is seen when the cart is priced."""
    after = coupon_codes([*cart.coupons, code], limits)
    return tuple(CouponAdded(one, at=at) for one in after if one not in cart.coupons)


def drop_coupon(cart: Cart, code: str, at: datetime) -> tuple[CartEvent, ...]:
    """Take a coupon back; one that the cart hasn't got is no trouble."""
    wanted = typed_code(code)
    return (CouponRemoved(wanted, at=at),) if wanted in cart.coupons else ()


def refuse_gift(cart: Cart, sku: str, limits: Limits, at: datetime) -> tuple[CartEvent, ...]:
    """Refuse a gift; the same twice is the same.

    Raises:
        TooManyLines: more gifts than a cart may have lines.
    """
    key = sku_key(spelling(sku))
    if key in cart.refused_gifts:
        return ()
    if len(cart.refused_gifts) >= limits.cart_lines:
        raise TooManyLines(len(cart.refused_gifts) + 1, limits.cart_lines)
    return (GiftRefused(key, at=at),)


def welcome_gift(cart: Cart, sku: str, at: datetime) -> tuple[CartEvent, ...]:
    """Want a gift after all; one that was never refused is no trouble."""
    key = sku_key(spelling(sku))
    return (GiftWelcomed(key, at=at),) if key in cart.refused_gifts else ()
