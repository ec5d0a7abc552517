"""Orders that were made elsewhere: taken over with their figures, right or wrong, and told twice."""

from datetime import timedelta
from random import Random

from tokolib.kernel.money import IDR
from tokolib.orders.foreign.model import ForeignCharge, ForeignDiscount, ForeignLine, ForeignOrder
from tokolib.pricing.model import ChargeKind
from tokolib.testing.builders import BUYER
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.world import GOODS, World


def take_over(world: World, luck: Random) -> Act | None:
    """A marketplace has sold something; at times it tells of it again, at times with other figures."""
    if world.foreign and luck.random() < 0.3:
        return _told(world, luck.choice(world.foreign), luck)
    sku, units = luck.choice(tuple(GOODS)), luck.randint(1, 3)
    price, off = GOODS[sku] - luck.randrange(900), luck.choice((0, 0, 1_001))
    postage, differs = luck.choice((0, 12_000)), luck.choice((0, 0, -1, 250))
    line = ForeignLine(
        sku,
        units,
        unit_price=IDR(price),
        total=IDR(price * units - off),
        discounts=(ForeignDiscount("Flash sale", IDR(off), funder="tokopedia"),) if off else (),
    )
    return _told(
        world,
        ForeignOrder(
            source="tokopedia",
            number=f"INV-{luck.randrange(10**6)}",
            ordered_at=world.clock.now() - timedelta(hours=luck.randint(1, 50)),
            lines=(line,),
            charges=(ForeignCharge(ChargeKind.SHIPPING, "Reguler", IDR(postage)),) if postage else (),
            total=IDR(price * units - off + postage + differs),
            ship_to=BUYER,
        ),
        luck,
    )


def _told(world: World, there: ForeignOrder, luck: Random) -> Act:
    shipped, paid = luck.random() < 0.2, luck.random() < 0.8
    if there not in world.foreign:
        world.book.remember(world.foreign, there)
    how = f"{'shipped' if shipped else 'to ship'}, {'paid' if paid else 'not paid'}"
    return Act(
        f"takes {there.number} over, {how}", lambda shop: shop.foreign.take_over(there, shipped=shipped, paid=paid)
    )
