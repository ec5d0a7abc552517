"""The warehouse: parcels are planned, fetched and given up; couriers lose them, bring them back, and pay for them."""

from collections.abc import Callable
from random import Random
from typing import Any

from tokolib.fulfilment.model import Shipment, ShipmentState
from tokolib.inventory.counts.model import CountState
from tokolib.inventory.model import resource
from tokolib.kernel.ids import MAIN_LOCATION
from tokolib.kernel.money import IDR
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.book import Deal
from tokolib.testing.simulator.staff import leaves, place_of
from tokolib.testing.simulator.world import GOODS, World

HERE = (ShipmentState.PLANNED, ShipmentState.PICKING, ShipmentState.PACKED, ShipmentState.LABELLED)
AWAY = (ShipmentState.HANDED_OVER, ShipmentState.FAILED, ShipmentState.RETURNING)
ASTRAY = (ShipmentState.LOST, ShipmentState.RETURNED)
Do = Callable[[Any], Any]


def prepare(world: World, luck: Random) -> Act | None:
    """A shipment claims goods, or one that has is fetched, handed over, or given up."""
    here = [each for each in world.book.shipments.values() if each.state in HERE]
    if here and luck.random() < 0.6:
        return _go_on(luck.choice(here), luck)
    return plan(world, luck, lambda _: True)


def plan(world: World, luck: Random, wanted: Callable[[Deal], bool]) -> Act | None:
    """A shipment claims goods of an order that is *wanted*."""

    def fits(deal: Deal) -> bool:
        return deal.order.shippable and any(leaves(line) for line in deal.order.lines) and wanted(deal)

    if (deal := world.book.orders(luck, fits)) is None:
        return None
    key, where = f"plan-{luck.randrange(10**9)}", place_of(deal, luck)
    return Act(
        f"plans a shipment of {deal.id}", lambda shop: shop.shipments.plan(deal.order.id, location=where, key=key)
    )


def _go_on(shipment: Shipment, luck: Random) -> Act:
    id, key = shipment.id, f"leaves-{luck.randrange(10**9)}"
    steps: dict[str, Do] = {
        "is given up": lambda shop: shop.shipments.cancel(id, reason="no time"),
        "is fetched": lambda shop: shop.shipments.pick(id),
        "leaves": lambda shop: shop.shipments.hand_over(id, key=key),
    }
    says = luck.choices(tuple(steps), (20, 25, 55))[0]
    return Act(f"{id} {says}", steps[says])


def go_astray(world: World, luck: Random) -> Act | None:
    """A parcel is tried in vain, turned back, brought back, or lost."""
    away = [each for each in world.book.shipments.values() if each.state in AWAY]
    if not away:
        return None
    shipment = luck.choice(away)
    id = shipment.id
    steps: dict[str, Do] = {
        "was tried in vain": lambda shop: shop.shipments.failed(id, reason="nobody home"),
        "turns back": lambda shop: shop.shipments.returning(id, reason="refused"),
        "is back": lambda shop: shop.shipments.returned(id),
        "is lost": lambda shop: shop.shipments.lost(id, reason="no scan"),
    }
    says = luck.choice(tuple(steps))
    return Act(f"{id} {says}", steps[says])


def make_up(world: World, luck: Random) -> Act | None:
    """What did not arrive is sent again, or its money goes back; the courier is asked to pay for it."""
    astray = [each for each in world.book.shipments.values() if each.state in ASTRAY]
    if not astray:
        return None
    shipment = luck.choice(astray)
    id, key = shipment.id, f"astray-{luck.randrange(10**9)}"
    steps: dict[str, Do] = {
        "is sent again": lambda shop: shop.shipments.reship(id),
        "is given back": lambda shop: shop.returns.undelivered(id, reason="never came", key=key),
        "is claimed": lambda shop: shop.shipments.claim(id, IDR(50_000)),
    }
    says = luck.choices(tuple(steps), (45, 45, 10))[0]
    return Act(f"{id} {says}", steps[says])


def count_blind(world: World, luck: Random) -> Act | None:
    """Somebody counts goods of which the books' figure isn't shown, and posts the difference."""
    if world.counts and luck.random() < 0.7:
        id, sku = luck.choice(sorted(world.counts.items()))
        if (known := world.book.levels.get(resource(MAIN_LOCATION, sku.casefold()))) is None:
            return None
        seen = max(0, known.on_hand + luck.choice((-1, 0, 0, 1)))
        steps: dict[str, Do] = {
            "is counted": lambda shop: shop.counts.count(id, {sku: seen}),
            "is posted": lambda shop: shop.counts.post(id, reason="counted"),
            "is given up": lambda shop: shop.counts.cancel(id, reason="no time"),
        }
        says = luck.choices(tuple(steps), (50, 40, 10))[0]
        return Act(f"{id} {says}", steps[says], then=lambda made: _ended(world, made))
    sku = luck.choice(tuple(GOODS))
    return Act(
        f"opens a count of {sku}",
        lambda shop: shop.counts.open([sku]),
        again=False,
        then=lambda made: world.counts.__setitem__(made.id, sku),
    )


def _ended(world: World, count: Any) -> None:
    if count.state not in (CountState.OPEN, CountState.APPROVED):
        world.counts.pop(count.id, None)
