"""Goods that customers fetch: in the shop with a code, or at a courier's collection points, which open and close."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, Final

from tokolib.fulfilment.model import ShipmentState
from tokolib.kernel.address import Address
from tokolib.orders.model import OrderState
from tokolib.shipping.points import CollectionPoint
from tokolib.testing.fake_courier_account import NAME as COURIER
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.warehouse import plan
from tokolib.testing.simulator.world import TO_POINTS, World

Do = Callable[[Any], Any]
CITIES: Final = ("Kota Yogyakarta", "Kab. Sleman", "Kab. Bantul")
POINTS: Final = tuple(
    CollectionPoint(
        courier=COURIER,
        id=f"P-{number}",
        address=Address(f"Kios {number}", "Jl. Pasar 1", city=city, postal_code="55271", country="ID"),
        max_grams=20_000,
    )
    for number, city in enumerate(CITIES)
)
KEPT_HERE: Final = (ShipmentState.PLANNED, ShipmentState.PICKING, ShipmentState.PACKED, ShipmentState.READY)


def collect(world: World, luck: Random) -> Act | None:
    """Goods are kept ready; a customer shows the right code, or another; nobody comes, and somebody decides."""
    missed = [each for each in world.book.shipments.values() if each.missed and not each.missed.decided]
    if missed and luck.random() < 0.3:
        id = luck.choice(missed).id
        return Act(f"{id} is decided about", lambda shop: shop.shipments.decide_missed(id, reason="rang them"))
    here = [each for each in world.book.shipments.values() if each.state in KEPT_HERE and not each.method]
    if not here or luck.random() < 0.3:
        return plan(world, luck, lambda deal: not deal.order.delivery)
    if luck.random() < 0.1:
        return Act("looks for what nobody collected", lambda shop: shop.shipments.end_missed())
    shipment = luck.choice(here)
    id, code = shipment.id, shipment.collection.code if shipment.collection else ""
    if code and luck.random() < 0.6:
        shown = code if luck.random() < 0.8 else "WRONG"
        return Act(
            f"{id} is collected with {'its' if shown == code else 'another'} code",
            lambda shop: shop.shipments.collected(id, code=shown),
        )
    until = world.clock.now() + timedelta(days=luck.choice((0.1, 1, 3)))
    return Act(f"{id} is kept ready", lambda shop: shop.shipments.ready(id, collect_by=until))


def redirect(world: World, luck: Random) -> Act | None:
    """A point closes, or opens again; an order goes to another one, or to the door after all."""
    closed = world.courier.switches.closed
    if luck.random() < 0.3:
        id = luck.choice(POINTS).id
        return Act(f"{id} opens or closes", lambda _: closed.symmetric_difference_update({id}))

    def fits(deal: Deal) -> bool:
        return (
            bool(deal.order.delivery)
            and deal.order.state is OrderState.PLACED
            and any(line.open for line in deal.order.lines)
        )

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    key, point = f"redirected-{luck.randrange(10**9)}", luck.choice((*POINTS, None))
    delivery = TO_POINTS if point else "jne"
    where = point.id if point else "the door"
    return Act(
        f"{deal.id} is to go to {where}",
        lambda shop: shop.orders.edit(deal.order.id, delivery=delivery, point=point, reason="nearer", key=key),
    )
