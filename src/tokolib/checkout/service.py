"""The door `carts`: everything of a cart, and the quote that it becomes."""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.cart.decide import check_names
from tokolib.cart.model import Cart
from tokolib.cart.ports import CARTS
from tokolib.cart.service import CartRef, CartService, cart_id
from tokolib.checkout.charges import stated_charges
from tokolib.checkout.model import ChargeWish, Quote, Wishes
from tokolib.checkout.ports import QUOTES
from tokolib.checkout.quoting import make
from tokolib.checkout.told import told_facts
from tokolib.conditions.facts import FactValue
from tokolib.kernel.address import Address
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import LocationId, QuoteId
from tokolib.kernel.unit import Unit


@attrs.frozen
class CartDoor(CartService[Colour]):
    """Carts and their quotes."""

    @command
    async def quote(
        self,
        cart: CartRef,
        *,
        ship_to: Address | None = None,
        delivery: str = "",
        tender: str = "",
        location: str = "main",
        charges: Sequence[ChargeWish] = (),
        facts: Mapping[str, FactValue] | None = None,
    ) -> Quote:
        """A quote for a cart: every figure fixed, explained and stored, valid for the time the shop's settings say.

        Without *delivery* and *ship_to* those chosen on the cart count; without any, the customer fetches the goods.
        A *tender* is named when prices depend on how it is paid; which tenders there are only the orders know, so
        one that doesn't exist is refused when the quote is placed. *charges* are put on the quote by hand. *facts* are
        what only the host knows and conditions ask for: `first_order`, `order_number`, and names that begin with `x.`.

        Raises:
            EmptyCart, AddressNeeded, UnknownSku, NotForSale, NoPrice, CouponRefused: it can't be sold as it is.
            OutOfStock: something is short; all of it is named. UnknownLocation: there is no such *location*.
            NoRate, UnknownMethod, MissingWeight: nothing delivers there.
            InvalidInput: names, charges or facts that can't be, with paths. In all cases nothing was stored.
        """
        check_names(delivery=delivery, tender=tender, location=location)
        id, told = cart_id(cart), told_facts(facts or {})

        async def step(unit: Unit) -> Quote:
            held: Cart = await unit[CARTS].get(id)
            wishes = Wishes(
                delivery=delivery or held.delivery,
                ship_to=ship_to or held.ship_to,
                tender=tender,
                location=LocationId(location),
                charges=stated_charges(charges, await unit.settings(), str(unit.ctx.actor)),
                facts=told,
            )
            return await make(unit, held.id, wishes)

        return await self.work.write("carts.quote", step)

    @command
    async def quoted(self, quote: QuoteId) -> Quote:
        """A stored quote by its id.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Quote:
            return await unit[QUOTES].get(quote)

        return await self.work.read(step)
