"""The cart's half of the door `carts`; checkout adds what turns a cart into a quote."""

from collections.abc import Awaitable, Callable, Sequence

import attrs

from tokolib.cart import steps
from tokolib.cart.merge import MergedCart, MergePolicy
from tokolib.cart.model import WEB, Cart, CartLine, StartedCart
from tokolib.cart.ports import CARTS
from tokolib.cart.problems import Fix, Problem
from tokolib.cart.review import problems
from tokolib.cart.wishes import Lines, as_wishes
from tokolib.kernel.address import Address
from tokolib.kernel.errors import VersionMismatch
from tokolib.kernel.hosting import Colour, Service, command
from tokolib.kernel.ids import CartId, CustomerId, LineId
from tokolib.kernel.quantity import Counted
from tokolib.kernel.unit import Unit
from tokolib.kernel.work import Work
from tokolib.shipping.points import CollectionPoint

CartRef = Cart | CartId
LineRef = CartLine | LineId


@attrs.frozen
class CartService(Service[Colour]):
    """Carts of one shop. Where *expected* is given, the cart must be at that version (`VersionMismatch`).

    A cart that there isn't is `NotFound`, whatever is asked of it.
    """

    work: Work
    blocking: bool

    @command
    async def start(
        self,
        lines: Lines = (),
        *,
        customer: CustomerId | None = None,
        channel: str = WEB,
        group: str = "",
        currency: str | None = None,
        coupons: Sequence[str] = (),
    ) -> StartedCart:
        """A new cart. Its `token` is told here only: give it to a guest, who comes back with it (`by_token`).

        It is priced, quoted and paid in *currency* (ISO 4217), one that the shop's settings name, or else in that of
        its books. Only price lists, fees, delivery rates and amounts off that are in this currency count for it.

        Raises:
            CurrencyNotAccepted: the shop doesn't sell in *currency*; no cart was made.
            UnknownSku, NotForSale: some SKUs can't be sold; all of them are named, and no cart was made.
            InvalidInput: quantities, stated prices or names that can't be, with paths; no cart was made.
            TooManyLines, OverLimit, TooManyCoupons: no cart was made.
        """
        wishes = as_wishes(lines)

        async def step(unit: Unit) -> StartedCart:
            return await steps.start(
                unit,
                wishes,
                customer=customer,
                channel=channel,
                group=group,
                currency=currency,
                coupons=tuple(coupons),
            )

        return await self.work.write("carts.start", step)

    @command
    async def get(self, cart: CartRef) -> Cart:
        """The cart as it is now.

        Raises:
            NotFound: there is none by that id.
        """

        async def step(unit: Unit) -> Cart:
            return await unit[CARTS].get(cart_id(cart))

        return await self.work.read(step)

    @command
    async def by_token(self, token: str) -> Cart:
        """The cart that a guest's token belongs to.

        Raises:
            UnknownToken: no cart has it.
        """

        async def step(unit: Unit) -> Cart:
            return await steps.by_token(unit, token)

        return await self.work.read(step)

    @command
    async def add(self, cart: CartRef, lines: Lines, *, join: bool = False, expected: int | None = None) -> Cart:
        """The cart with more lines. With *join*, a SKU that it has already only gets more of it.

        Raises:
            UnknownSku, NotForSale, InvalidInput, TooManyLines, OverLimit, IllegalCartTransition: nothing was changed.
        """
        wishes = as_wishes(lines)
        return await self._write(cart, expected, lambda unit, id: steps.add(unit, id, wishes, join=join))

    @command
    async def set_quantity(
        self, cart: CartRef, line: LineRef, quantity: Counted, *, expected: int | None = None
    ) -> Cart:
        """The cart with another quantity in a line.

        Raises:
            UnknownLine, NotExact, InvalidQuantity, OverLimit, IllegalCartTransition: nothing was changed.
        """
        return await self._write(cart, expected, lambda unit, id: steps.set_quantity(unit, id, line_id(line), quantity))

    @command
    async def remove(self, cart: CartRef, line: LineRef, *, expected: int | None = None) -> Cart:
        """The cart without a line.

        Raises:
            UnknownLine, IllegalCartTransition: nothing was changed.
        """
        return await self._write(cart, expected, lambda unit, id: steps.remove(unit, id, line_id(line)))

    @command
    async def coupon(self, cart: CartRef, code: str, *, expected: int | None = None) -> Cart:
        """The cart with a coupon; the same twice is the same. What it is worth is seen in `problems` and the quote.

        Raises:
            InvalidInput, TooManyCoupons, IllegalCartTransition: nothing was changed.
        """
        return await self._write(cart, expected, lambda unit, id: steps.add_coupon(unit, id, code))

    @command
    async def drop_coupon(self, cart: CartRef, code: str, *, expected: int | None = None) -> Cart:
        """The cart without a coupon; one that it hasn't got is no trouble.

        Raises:
            IllegalCartTransition: nothing was changed.
        """
        return await self._write(cart, expected, lambda unit, id: steps.drop_coupon(unit, id, code))

    @command
    async def refuse_gift(self, cart: CartRef, sku: str, *, expected: int | None = None) -> Cart:
        """The cart without a gift that a promotion proposes; the promotion gives nothing else instead.

        Raises:
            InvalidSku, TooManyLines, IllegalCartTransition: nothing was changed.
        """
        return await self._write(cart, expected, lambda unit, id: steps.refuse_gift(unit, id, sku))

    @command
    async def welcome_gift(self, cart: CartRef, sku: str, *, expected: int | None = None) -> Cart:
        """The cart with a gift that was refused before; one that wasn't is no trouble.

        Raises:
            InvalidSku, IllegalCartTransition: nothing was changed.
        """
        return await self._write(cart, expected, lambda unit, id: steps.welcome_gift(unit, id, sku))

    @command
    async def deliver(
        self,
        cart: CartRef,
        delivery: str,
        ship_to: Address | None = None,
        *,
        point: CollectionPoint | None = None,
        expected: int | None = None,
    ) -> Cart:
        """The cart with a chosen delivery method and address, which a quote goes by unless told otherwise.

        Where the method goes to collection points, *point* is one of `shop.shipments.points`.

        Raises:
            InvalidInput, IllegalCartTransition: nothing was changed.
        """
        return await self._write(
            cart, expected, lambda unit, id: steps.choose_delivery(unit, id, delivery, ship_to, point)
        )

    @command
    async def sign_in(self, cart: CartRef, customer: CustomerId, *, group: str = "") -> Cart:
        """A guest's cart as a customer's own.

        Raises:
            InvalidInput, IllegalCartTransition: nothing was changed.
        """
        return await self._write(cart, None, lambda unit, id: steps.sign_in(unit, id, customer, group))

    @command
    async def merge(self, into: CartRef, from_: CartRef, *, policy: MergePolicy = MergePolicy.ALL) -> MergedCart:
        """The first cart with the other's lines and coupons; the other is over. Sending it again changes nothing.

        The first cart keeps its currency: lines have no prices yet, but for those that somebody stated.

        Raises:
            IllegalCartTransition: one of them was ordered, has expired, or went into a third; nothing was changed.
            CurrencyMismatch: a price was stated in the other's currency, which isn't the first one's; nothing was
                changed.
        """

        async def step(unit: Unit) -> MergedCart:
            return await steps.merge(unit, cart_id(into), cart_id(from_), policy)

        return await self.work.write("carts.merge", step)

    @command
    async def problems(self, cart: CartRef) -> tuple[Problem, ...]:
        """Everything that stands in the way of selling the cart now, each with its fix where there is one.

        Raises:
            NotFound: there is no such cart.
        """

        async def step(unit: Unit) -> tuple[Problem, ...]:
            return await problems(unit, await unit[CARTS].get(cart_id(cart)))

        return await self.work.read(step)

    @command
    async def apply(self, cart: CartRef, *fixes: Fix, expected: int | None = None) -> Cart:
        """The cart after the fixes of `problems`; those that have nothing left to do are passed over.

        Raises:
            IllegalCartTransition: nothing was changed.
        """
        return await self._write(cart, expected, lambda unit, id: steps.apply(unit, id, fixes))

    async def _write(
        self, cart: CartRef, expected: int | None, change: Callable[[Unit, CartId], Awaitable[Cart]]
    ) -> Cart:
        id = cart_id(cart)

        async def step(unit: Unit) -> Cart:
            if expected is not None and (actual := (await unit[CARTS].get(id)).version) != expected:
                raise VersionMismatch("cart", id, expected, actual)
            return await change(unit, id)

        return await self.work.write("carts.change", step)


def cart_id(cart: CartRef) -> CartId:
    """The id of a cart, or the id itself."""
    return cart.id if isinstance(cart, Cart) else cart


def line_id(line: LineRef) -> LineId:
    """The id of a line, or the id itself."""
    return line.id if isinstance(line, CartLine) else line
