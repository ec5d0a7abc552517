"""What is added to an order later: goods at today's prices and taxes, or at stated ones, and charges by hand.

Promotions and charge rules looked at the whole of a basket when it was sold; they don't look at what is added to it.
"""

import attrs

from tokolib.cart.model import Contents
from tokolib.cart.steps import wished
from tokolib.catalog.model import Sellable
from tokolib.checkout.asking import Asked
from tokolib.checkout.bargaining import bargain_of
from tokolib.checkout.basket import Basket
from tokolib.checkout.model import Bargain
from tokolib.checkout.settling import settle
from tokolib.checkout.sourcing import Sourced
from tokolib.checkout.table import laid
from tokolib.kernel.unit import Unit
from tokolib.payments.accepting.verdict import Acceptance
from tokolib.pricing.charges.tariff import Tariff
from tokolib.pricing.problems import refuse
from tokolib.pricing.promotions.offers import Offers


async def of_addition(unit: Unit, basket: Basket) -> Bargain:
    """What the goods and charges of *basket* cost now; one without goods has charges alone. Stock is not looked at.

    Raises:
        UnknownSku, NotForSale, NoPrice, InvalidInput, CurrencyNotAccepted: it can't be sold as it is. Nothing was
            stored.
    """
    held, sold = await _wished(unit, basket)
    wishes = await Asked.of(basket, "").wishes(unit, held)
    table = await laid(unit, held, sold, wishes, ())
    table = attrs.evolve(table, offers=Offers(), tariff=Tariff(), acceptance=Acceptance())
    settled = await settle(unit, table, wishes, None)
    refuse(settled.priced)
    return bargain_of(table, settled, wishes, Sourced(()))


async def _wished(unit: Unit, basket: Basket) -> tuple[Contents, dict[str, Sellable]]:
    if basket.lines:
        return await wished(
            unit,
            basket.lines,
            customer=basket.customer,
            channel=basket.channel,
            group=basket.group,
            currency=basket.currency,
            coupons=(),
        )
    money = (await unit.settings()).money(basket.currency).code
    nothing = Contents(channel=basket.channel, group=basket.group, currency=money, lines=(), coupons=())
    return attrs.evolve(nothing, customer=basket.customer), {}
