"""A courier: labels are bought, given back and billed otherwise; parcels are fetched, and scanned in any order."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, Final

from tokolib.fulfilment.labels.model import Label
from tokolib.fulfilment.labels.states import LabelState
from tokolib.fulfilment.model import Shipment
from tokolib.fulfilment.packing.model import ParcelDraft
from tokolib.fulfilment.pickups.states import PickupState
from tokolib.kernel.address import Address
from tokolib.kernel.money import IDR
from tokolib.kernel.quantity import Counted, Quantity
from tokolib.shipping.tracking import Scan, TrackingStatus
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.carriage import end_doubt, is_doubtful
from tokolib.testing.simulator.warehouse import HERE, plan
from tokolib.testing.simulator.world import World

Do = Callable[[Any], Any]
SENDER: Final = Address("Toko", "Jl. Asia Afrika 1", city="Bandung", postal_code="40111", country="ID")
JOURNEY: Final = tuple(each for each in TrackingStatus if each is not TrackingStatus.PENDING)
STANDING: Final = (LabelState.BOUGHT, LabelState.WAITING, LabelState.REVIEW)


def label(world: World, luck: Random) -> Act | None:
    """A parcel is packed, and its label bought; one that stands is given back or billed otherwise; a doubt is ended."""
    doubtful = [each for each in world.book.labels.values() if is_doubtful(each)]
    if doubtful and luck.random() < 0.7:
        return end_doubt(world, luck.choice(doubtful))
    here = [each for each in world.book.shipments.values() if each.state in HERE and each.method]
    if not here or luck.random() < 0.2:
        return plan(world, luck, lambda deal: bool(deal.order.delivery))
    shipment = luck.choice(here)
    standing = [each for each in _labels(world, shipment) if each.state in STANDING]
    if not shipment.parcels or (not standing and luck.random() < 0.1):
        parcels = _parcels(world, shipment, luck)
        return Act(f"packs {shipment.id}", lambda shop: shop.shipments.pack(shipment.id, parcels))
    if not standing or luck.random() < 0.2:
        return Act(
            f"buys the labels of {shipment.id}",
            lambda shop: shop.shipments.buy_labels(shipment.id, courier=world.courier.name, sender=SENDER),
        )
    one = luck.choice(standing)
    billed = IDR(luck.randint(9, 40) * 1_000)
    steps: dict[str, Do] = {
        "is asked about": lambda shop: shop.shipments.advance_label(one.id),
        "is given back": lambda shop: shop.shipments.void_label(one.id),
        f"is billed {billed}": lambda shop: shop.shipments.reweighed(one.id, billed, grams=2_000),
    }
    says = luck.choice(tuple(steps))
    return Act(f"{one.id} {says}", steps[says])


def fetch(world: World, luck: Random) -> Act | None:
    """A courier is told to fetch what has labels, or not to come; a doubt about that is ended."""
    doubtful = [each for each in world.book.pickups.values() if is_doubtful(each)]
    if doubtful and luck.random() < 0.7:
        return end_doubt(world, luck.choice(doubtful))
    booked = [each for each in world.book.pickups.values() if each.state is PickupState.BOOKED]
    if booked and luck.random() < 0.4:
        id = luck.choice(booked).id
        return Act(f"{id} is called off", lambda shop: shop.pickups.cancel(id))
    ready = [each for each in world.book.shipments.values() if each.state in HERE and _is_labelled(world, each)]
    if not ready:
        return None
    chosen = [each.id for each in luck.sample(ready, min(len(ready), luck.randint(1, 2)))]
    if luck.random() < 0.3:
        return Act(
            f"closes the manifest of {len(chosen)}",
            lambda shop: shop.manifests.close(chosen, courier=world.courier.name),
        )
    begins = world.clock.now() + timedelta(hours=luck.choice((2, 20)))
    window = (begins, begins + timedelta(hours=4))
    return Act(
        f"has {len(chosen)} shipments fetched",
        lambda shop: shop.pickups.book(chosen, courier=world.courier.name, window=window, address=SENDER),
    )


def scan(world: World, luck: Random) -> Act | None:
    """The courier's people scan a parcel, be it as nobody expects; the shop asks, or is told."""
    sent = [each for each in world.book.shipments.values() if each.tracking]
    if not sent:
        return None
    shipment = luck.choice(sent)
    seen = Scan(world.clock.now() - timedelta(minutes=luck.randrange(600)), luck.choice(JOURNEY), raw_text="scanned")
    if luck.random() < 0.4:
        return Act(f"{shipment.id} is {seen.status}", lambda shop: shop.shipments.scanned(shipment.id, [seen]))
    world.courier.scans(shipment.tracking, seen)
    if luck.random() < 0.2:
        return Act("asks where parcels are", lambda shop: shop.shipments.ask_couriers(limit=5))
    return Act(
        f"asks where {shipment.id} is",
        lambda shop: shop.shipments.ask_courier(shipment.id, courier=world.courier.name),
    )


def misbehave(world: World, luck: Random) -> Act:
    """The courier is the one that does wrong."""
    switches, toggled = world.courier.switches, ("fetched", "lost")
    says = luck.choice(("refusals", "time_out_after", "time_out_before", "unreachable", "twice", *toggled, "order"))

    def do(_: Any) -> None:
        if says in toggled:
            setattr(switches, says, not getattr(switches, says))
        elif says == "order":
            switches.shuffled, switches.withheld = luck.random() < 0.5, luck.choice((0, 0, 1))
        else:
            setattr(switches, says, luck.randint(1, 2))

    return Act(f"the courier: {says}", do)


def _labels(world: World, shipment: Shipment) -> list[Label]:
    return [each for each in world.book.labels.values() if each.shipment_id == shipment.id]


def _is_labelled(world: World, shipment: Shipment) -> bool:
    return any(each.state is LabelState.BOUGHT for each in _labels(world, shipment))


def _parcels(world: World, shipment: Shipment, luck: Random) -> list[ParcelDraft]:
    """All of it in one parcel, or each line in one of its own."""
    lines = {line.id: line.line for line in world.book.deals[shipment.order_id].order.lines}
    goods: dict[str, Counted] = {run.line_id: Quantity(run.units, lines[run.line_id].unit) for run in shipment.runs}
    each_its_own = len(goods) > 1 and luck.random() < 0.4
    parts = [{line: units} for line, units in goods.items()] if each_its_own else [goods]
    return [ParcelDraft(goods=part, grams=luck.randint(2, 30) * 100) for part in parts]
