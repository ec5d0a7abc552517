"""The door `carts`: everything of a cart, and the quote that it becomes."""

from collections.abc import Mapping, Sequence

import attrs

from tokolib.cart.model import Cart
from tokolib.cart.ports import CARTS
from tokolib.cart.service import CartRef, CartService, cart_id
from tokolib.checkout.asking import Asked
from tokolib.checkout.extras import Wrap
from tokolib.checkout.model import ChargeWish, Quote
from tokolib.checkout.options import CartOptions, options_of
from tokolib.checkout.ports import QUOTES
from tokolib.checkout.providing import Provided, TaxDesk
from tokolib.checkout.quoting import make
from tokolib.conditions.facts import FactValue
from tokolib.kernel.address import Address
from tokolib.kernel.hosting import Colour, command
from tokolib.kernel.ids import QuoteId
from tokolib.kernel.unit import Unit
from tokolib.payments.ports import Gateways
from tokolib.shipping.points import CollectionPoint
from tokolib.tax.situation import Buyer


@attrs.frozen
class CartDoor(CartService[Colour]):
    """Carts and their quotes."""

    gateways: Gateways
    """The gateways, whose names are tenders."""
    taxes: TaxDesk
    """Who works taxes out beside the shop's own tables."""

    @command
    async def quote(
        self,
        cart: CartRef,
        *,
        ship_to: Address | None = None,
        delivery: str = "",
        point: CollectionPoint | None = None,
        tender: str = "",
        location: str = "",
        charges: Sequence[ChargeWish] = (),
        facts: Mapping[str, FactValue] | None = None,
        wrap: Wrap = False,
        insured: bool = False,
        extras: Sequence[str] = (),
        buyer: Buyer | None = None,
    ) -> Quote:
        """A quote for a cart: every figure fixed, explained and stored, valid for the time the shop's settings say.

        A tax provider, where the shop has one for the place, is asked before the quote is stored, and answers for it.

        Without *delivery* and *ship_to* those chosen on the cart count; without any, the customer fetches the goods.
        Where the delivery goes to collection points, *point* is one of `shop.shipments.points`.
        A *tender* is named when prices depend on how it is paid; which tenders there are only the orders know, so
        one that doesn't exist is refused when the quote is placed. *charges* are put on the quote by hand. *facts* are
        what only the host knows and conditions ask for: `first_order`, `order_number`, and names that begin with `x.`.
        *wrap* wraps all lines as gifts, or those that are named by line, id or SKU; *insured* insures the goods on
        their way; *extras* are codes of other charge rules (`shop.charges`) that are only asked for by wish. *buyer*
        says who buys, as tax law sees them: a business with the id that you found valid, somebody with a certificate;
        a consumer when left out. *location* is where the goods leave from; where none is named, the shop's
        `SourcingRules` choose (`quote.groups`, `quote.sourcing`), or it is `main`.

        Raises:
            EmptyCart, AddressNeeded, UnknownSku, NotForSale, NoPrice, CouponRefused: it can't be sold as it is.
            OutOfStock: something is short; all of it is named. UnknownLocation: there is no such *location*.
            WeightMissing: the shop's sourcing rules charge by weight, and nobody has weighed some of the goods.
            PointNeeded, PointRefused: the delivery goes to collection points and none was chosen, or not to that one.
            NoRate, UnknownMethod, MissingWeight: nothing delivers there. WishNotOffered: no rule offers what is wished.
            TenderRefused: the shop doesn't accept the *tender* for it; `options` tells which it does.
            InvalidInput: names, charges, facts, wishes or a buyer that can't be, with paths.
            TaxUnavailable: the tax provider is down, and the policy `tax_outage` lets nothing stand in for it.
            TaxAnswerRefused, TaxNeverSettled, OutsideError: it answers, and no quote can rest on that.
            InsideTransaction: it would have to be asked within a transaction of the host. In all cases nothing was
                stored.
        """
        asked = Asked(
            ship_to=ship_to,
            delivery=delivery,
            point=point,
            tender=tender,
            location=location,
            charges=charges,
            facts=facts or {},
            wrap=wrap,
            insured=insured,
            extras=extras,
            buyer=buyer,
        )
        asked.check()

        async def run(provided: Provided | None) -> Quote:
            async def step(unit: Unit) -> Quote:
                held: Cart = await unit[CARTS].get(cart_id(cart))
                return await make(unit, held.id, await asked.with_choices_of(held).wishes(unit, held), provided)

            return await self.work.write("carts.quote", step)

        return await self.taxes.settled(self.work, "carts.quote", run)

    @command
    async def options(
        self,
        cart: CartRef,
        *,
        ship_to: Address | None = None,
        delivery: str = "",
        point: CollectionPoint | None = None,
        tender: str = "",
        location: str = "",
        charges: Sequence[ChargeWish] = (),
        facts: Mapping[str, FactValue] | None = None,
        wrap: Wrap = False,
        insured: bool = False,
        extras: Sequence[str] = (),
        buyer: Buyer | None = None,
    ) -> CartOptions:
        """Every delivery and every tender of the shop for a cart, allowed or refused, each with its reason and price.

        It is asked what `quote` is asked, and answers what `quote` would; stock, and coupons that give nothing, aside.
        What isn't known yet (an address, say) is named in `missing`; so are taxes that a provider works out, who is
        asked for a quote only. Nothing is stored.

        Raises:
            NotFound: there is no such cart.
            InvalidInput: names, charges, facts or wishes that can't be, with paths.
        """
        asked = Asked(
            ship_to=ship_to,
            delivery=delivery,
            point=point,
            tender=tender,
            location=location,
            charges=charges,
            facts=facts or {},
            wrap=wrap,
            insured=insured,
            extras=extras,
            buyer=buyer,
        )
        asked.check()

        async def step(unit: Unit) -> CartOptions:
            held: Cart = await unit[CARTS].get(cart_id(cart))
            wishes = await asked.with_choices_of(held).wishes(unit, held)
            return await options_of(unit, held, wishes, self.gateways, self.taxes.provided)

        return await self.work.read(step)

    @command
    async def quoted(self, quote: QuoteId) -> Quote:
        """A stored quote by its id.

        Raises:
            NotFound: there is none.
        """

        async def step(unit: Unit) -> Quote:
            return await unit[QUOTES].get(quote)

        return await self.work.read(step)
