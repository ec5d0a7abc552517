"""What other rooms and the door do with carts, each a function on an open unit of work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from tokolib.cart import decide
from tokolib.cart.errors import UnknownToken
from tokolib.cart.events import (
    CartAbandoned,
    CartCompleted,
    CartEvent,
    CartExpired,
    CartMerged,
    CartMergedAway,
    CartReopened,
    CartStarted,
    CustomerKnown,
    DeliveryChosen,
)
from tokolib.cart.lifecycle import check, target
from tokolib.cart.lines import lines_of
from tokolib.cart.merge import MergedCart, MergePolicy, capped, merged, united_coupons
from tokolib.cart.model import (
    WEB,
    Cart,
    CartStatus,
    Contents,
    LineWish,
    StartedCart,
    started,
    token_hash,
)
from tokolib.cart.ports import CARTS
from tokolib.cart.problems import Fix, apply_fix
from tokolib.catalog.model import Sellable
from tokolib.catalog.steps import sellables
from tokolib.kernel.address import Address
from tokolib.kernel.clock import sortable
from tokolib.kernel.ids import CartId, CustomerId, LineId, OrderId
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.quantity import Counted
from tokolib.kernel.unit import Unit
from tokolib.shipping.points import CollectionPoint, check_point


async def wished(
    unit: Unit,
    wishes: Sequence[LineWish],
    *,
    customer: CustomerId | None,
    channel: str,
    group: str,
    currency: str | None,
    coupons: Sequence[str],
) -> tuple[Contents, dict[str, Sellable]]:
    """What a new cart would hold, and what is sold in it; nothing is recorded.

    Raises:
        UnknownSku, NotForSale, InvalidInput, TooManyLines, OverLimit, TooManyCoupons: it can't be a cart.
        CurrencyNotAccepted: the shop doesn't sell in *currency*; None is that of its books.
    """
    decide.check_names(channel=channel, group=group, customer=customer)
    settings = await unit.settings()
    money, limits = settings.money(currency).code, settings.limits
    lines, sold = await lines_of(unit, wishes, money)
    decide.check(lines, _limits(sold), limits)
    codes = decide.coupon_codes(coupons, limits)
    held = Contents(channel=channel, group=group, currency=money, lines=lines, coupons=codes, customer=customer)
    return held, sold


async def start(
    unit: Unit,
    wishes: Sequence[LineWish] = (),
    *,
    customer: CustomerId | None = None,
    channel: str = WEB,
    group: str = "",
    currency: str | None = None,
    coupons: Sequence[str] = (),
) -> StartedCart:
    """A new cart, with the secret that a guest comes back with.

    Raises:
        UnknownSku, NotForSale, InvalidInput, TooManyLines, OverLimit, CurrencyNotAccepted: no cart was made.
    """
    held, _ = await wished(
        unit, wishes, customer=customer, channel=channel, group=group, currency=currency, coupons=coupons
    )
    token = unit.secret()
    event = CartStarted(
        CartId(unit.new_id("crt")),
        token_hash(token),
        channel,
        group,
        held.currency,
        held.lines,
        held.coupons,
        customer,
        at=unit.now,
    )
    return started(unit[CARTS].record(None, event), token)


async def add(unit: Unit, cart_id: CartId, wishes: Sequence[LineWish], *, join: bool = False) -> Cart:
    """The cart with more lines; with *join*, a SKU that it already has only gets more of it.

    Raises:
        UnknownSku, NotForSale, InvalidInput, TooManyLines, OverLimit, IllegalCartTransition: nothing was changed.
    """
    cart = await unit[CARTS].get(cart_id)
    lines, sold = await lines_of(unit, wishes, cart.currency)
    most = _limits(sold)
    limits = (await unit.settings()).limits
    return _change(unit, cart, "carts.add", lambda cart: decide.add(cart, lines, most, limits, unit.now, join=join))


async def set_quantity(unit: Unit, cart_id: CartId, line_id: LineId, quantity: Counted) -> Cart:
    """The cart with another quantity in a line, in the SKU's unit of measure.

    Raises:
        UnknownLine, NotExact, InvalidQuantity, OverLimit, IllegalCartTransition: nothing was changed.
    """
    cart = await unit[CARTS].get(cart_id)
    line = decide.found(cart, line_id)
    steps = line.unit.steps(quantity)
    most = _limits(await sellables(unit, [line.key], problems=True))
    limits = (await unit.settings()).limits
    return _change(
        unit, cart, "carts.set_quantity", lambda cart: decide.set_quantity(cart, line_id, steps, most, limits, unit.now)
    )


async def remove(unit: Unit, cart_id: CartId, line_id: LineId) -> Cart:
    """The cart without a line.

    Raises:
        UnknownLine, IllegalCartTransition: nothing was changed.
    """
    return await _changed(unit, cart_id, "carts.remove", lambda cart: decide.remove(cart, line_id, unit.now))


async def add_coupon(unit: Unit, cart_id: CartId, code: str) -> Cart:
    """The cart with a coupon more. Whether it is worth something is seen when the cart is priced."""
    limits = (await unit.settings()).limits
    return await _changed(unit, cart_id, "carts.coupon", lambda cart: decide.add_coupon(cart, code, limits, unit.now))


async def drop_coupon(unit: Unit, cart_id: CartId, code: str) -> Cart:
    """The cart without a coupon."""
    return await _changed(unit, cart_id, "carts.drop_coupon", lambda cart: decide.drop_coupon(cart, code, unit.now))


async def refuse_gift(unit: Unit, cart_id: CartId, sku: str) -> Cart:
    """The cart without a gift that a promotion proposes."""
    limits = (await unit.settings()).limits
    return await _changed(
        unit, cart_id, "carts.refuse_gift", lambda cart: decide.refuse_gift(cart, sku, limits, unit.now)
    )


async def welcome_gift(unit: Unit, cart_id: CartId, sku: str) -> Cart:
    """The cart with a gift that was refused before, if a promotion proposes it."""
    return await _changed(unit, cart_id, "carts.welcome_gift", lambda cart: decide.welcome_gift(cart, sku, unit.now))


async def choose_delivery(
    unit: Unit, cart_id: CartId, delivery: str, ship_to: Address | None, point: CollectionPoint | None
) -> Cart:
    """The cart with a delivery method, an address, and a collection point where it goes to one.

    Raises:
        InvalidInput, IllegalCartTransition: nothing was changed.
    """
    decide.check_names(delivery=delivery)
    check_point(point)
    chosen = DeliveryChosen(delivery, ship_to, point, at=unit.now)
    return await _changed(unit, cart_id, "carts.deliver", lambda _: (chosen,))


async def sign_in(unit: Unit, cart_id: CartId, customer: CustomerId, group: str) -> Cart:
    """The cart as a customer's own.

    Raises:
        InvalidInput, IllegalCartTransition: nothing was changed.
    """
    decide.check_names(customer=customer, group=group)
    return await _changed(unit, cart_id, "carts.sign_in", lambda _: (CustomerKnown(customer, group, at=unit.now),))


async def apply(unit: Unit, cart_id: CartId, fixes: Iterable[Fix]) -> Cart:
    """The cart after *fixes*, in order; those that have nothing left to do are passed over."""
    cart = await unit[CARTS].get(cart_id)
    for fix in fixes:
        cart = _change(unit, cart, "carts.apply", partial(apply_fix, fix=fix, at=unit.now))
    return cart


async def merge(unit: Unit, into_id: CartId, other_id: CartId, policy: MergePolicy = MergePolicy.ALL) -> MergedCart:
    """The first cart, in its currency, with the other's lines and coupons, and what limits have cut. Again changes
    nothing.

    Raises:
        IllegalCartTransition: one of them was ordered, expired, or merged into a third; nothing was changed.
        CurrencyMismatch: the other has a price that somebody stated in another currency; nothing was changed.
    """
    into, other = await unit[CARTS].get(into_id), await unit[CARTS].get(other_id)
    if into.id == other.id or other.merged_into == into.id:
        return MergedCart(into)
    target(other, CartMergedAway)
    if into.currency != other.currency and any(line.stated is not None for line in other.lines):
        raise CurrencyMismatch(into.currency, other.currency)
    limits = (await unit.settings()).limits
    lines = merged(into.lines, other.lines, policy)
    sold = await sellables(unit, (line.key for line in lines), problems=True)
    kept, cuts = capped(lines, _limits(sold), limits)
    coupons, left_out = united_coupons(into.coupons, other.coupons, limits.promotions_per_cart)
    cart = _change(unit, into, "carts.merge", lambda _: (CartMerged(other.id, kept, coupons, at=unit.now),))
    unit[CARTS].record(other, CartMergedAway(into.id, at=unit.now))
    return MergedCart(cart, cuts, left_out)


async def complete(unit: Unit, cart_id: CartId, order_id: OrderId, *, promised: bool = False) -> Cart:
    """The cart as ordered; the same order twice is the same. Where its quote was *promised*, a cart that nobody came
    back to is ordered all the same.

    Raises:
        IllegalCartTransition: it was ordered already, expired or merged; nothing was changed.
    """
    cart = await unit[CARTS].get(cart_id)
    if cart.order_id == order_id:
        return cart
    if promised:
        return unit[CARTS].record(cart, *decide.touched(cart, unit.now), CartCompleted(order_id, at=unit.now))
    return _change(unit, cart, "orders.place", lambda _: (CartCompleted(order_id, at=unit.now),))


async def reopen(unit: Unit, cart_id: CartId, order_id: OrderId) -> Cart:
    """The cart open again, when *order_id* came to nothing; a cart that was not that order's stays as it is."""
    cart = await unit[CARTS].get(cart_id)
    if cart.order_id != order_id:
        return cart
    return unit[CARTS].record(cart, CartReopened(at=unit.now))


async def abandon(unit: Unit, *, untouched_since: datetime, limit: int = 100) -> int:
    """Say of open carts that nobody has touched since then that they are abandoned; how many there were."""
    return await _idle(unit, CartStatus.OPEN, CartAbandoned(at=unit.now), untouched_since, limit)


async def expire(unit: Unit, *, untouched_since: datetime, limit: int = 100) -> int:
    """Give up abandoned carts that nobody has touched since then; how many there were."""
    return await _idle(unit, CartStatus.ABANDONED, CartExpired(at=unit.now), untouched_since, limit)


async def _idle(unit: Unit, status: CartStatus, event: CartEvent, since: datetime, limit: int) -> int:
    page = await unit[CARTS].where("by_activity", equals={"status": status.value}, until=sortable(since), limit=limit)
    for cart in page.items:
        unit[CARTS].record(cart, event)
    return len(page.items)


async def by_token(unit: Unit, token: str) -> Cart:
    """The cart that a guest's secret belongs to.

    Raises:
        UnknownToken: no cart has it.
    """
    page = await unit[CARTS].where("by_token", equals={"token": token_hash(token)}, limit=1)
    if not page.items:
        raise UnknownToken()
    return page.items[0]


def _limits(sold: Mapping[str, Sellable]) -> dict[str, int | None]:
    return {key: one.purchase_limit for key, one in sold.items()}


def _change(unit: Unit, cart: Cart, asked: str, decided: Callable[[Cart], tuple[CartEvent, ...]]) -> Cart:
    """The cart after what is decided about it; one that was abandoned is opened first."""
    check(cart, asked)
    events = decided(cart)
    return unit[CARTS].record(cart, *decide.touched(cart, unit.now), *events) if events else cart


async def _changed(unit: Unit, cart_id: CartId, asked: str, decided: Callable[[Cart], tuple[CartEvent, ...]]) -> Cart:
    return _change(unit, await unit[CARTS].get(cart_id), asked, decided)
