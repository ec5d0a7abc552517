"""How somebody wants what is in a cart or a basket: checked at the door, and made into the wishes of a bargain."""

from collections.abc import Sequence

import attrs

from tokolib.cart.decide import check_names
from tokolib.cart.model import Cart, Contents
from tokolib.checkout.basket import Basket
from tokolib.checkout.charges import stated_charges
from tokolib.checkout.extras import Wrap, codes_of, lines_to_wrap
from tokolib.checkout.model import ChargeWish, Wishes
from tokolib.checkout.situations import check_buyer
from tokolib.checkout.told import ToldFacts, check_told, told
from tokolib.kernel.address import Address
from tokolib.kernel.ids import MAIN_LOCATION, LocationId
from tokolib.kernel.unit import Unit
from tokolib.shipping.points import CollectionPoint, check_point
from tokolib.tax.situation import Buyer


@attrs.frozen(kw_only=True)
class Asked:
    """What a caller asks for beside goods and coupons, as it was given."""

    ship_to: Address | None
    delivery: str
    point: CollectionPoint | None
    tender: str
    location: str
    charges: Sequence[ChargeWish]
    facts: ToldFacts = attrs.field(converter=told)
    wrap: Wrap
    insured: bool
    extras: Sequence[str]
    buyer: Buyer | None

    @classmethod
    def of(cls, basket: Basket, tender: str) -> "Asked":
        """What *basket* asks for, paid by *tender*."""
        return cls(
            ship_to=basket.ship_to,
            delivery=basket.delivery,
            point=basket.point,
            tender=tender,
            location=basket.location,
            charges=basket.charges,
            facts=basket.facts,
            wrap=basket.wrap,
            insured=basket.insured,
            extras=basket.extras,
            buyer=basket.buyer,
        )

    def check(self) -> None:
        """Pass for names, a point, facts, extras and a buyer that can be kept.

        Raises:
            InvalidInput: some can't, with paths.
        """
        check_names(delivery=self.delivery, tender=self.tender, location=self.location)
        check_point(self.point)
        check_told(self.facts)
        codes_of(self.extras)
        check_buyer(self.buyer)

    def with_choices_of(self, cart: Cart) -> "Asked":
        """The same, by the delivery and to the place that were chosen on *cart*, where none is named here.

        A point is chosen with its delivery: that of the cart doesn't count for another delivery.
        """
        point = self.point or (cart.point if self.delivery in ("", cart.delivery) else None)
        delivery, ship_to = self.delivery or cart.delivery, self.ship_to or cart.ship_to
        return attrs.evolve(self, delivery=delivery, ship_to=ship_to, point=point)

    async def wishes(self, unit: Unit, held: Contents) -> Wishes:
        """What a bargain for what is *held* is to be struck by.

        Raises:
            InvalidInput: charges that can't be, or lines to wrap that are none; with paths.
        """
        settings = await unit.settings()
        return Wishes(
            delivery=self.delivery,
            ship_to=self.ship_to,
            point=self.point,
            tender=self.tender,
            location=LocationId(self.location or MAIN_LOCATION),
            sourced=not self.location and bool(settings.sourcing.places),
            charges=stated_charges(self.charges, held.currency, settings.limits, str(unit.ctx.actor)),
            facts=self.facts,
            wrap=lines_to_wrap(self.wrap, held.lines),
            insured=self.insured,
            extras=codes_of(self.extras),
            buyer=self.buyer,
        )
