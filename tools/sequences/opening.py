"""Where sequences begin: a furnished shop, and an order that is placed there, or made elsewhere and taken over."""

from datetime import timedelta
from random import Random
from typing import Any

import attrs

from sequences.scene import SKUS, Scene
from tokolib import IDR, Policies, open
from tokolib.kernel.policies import CaptureMoment, ShippingRefund, StockTaken
from tokolib.orders.foreign import ForeignCharge, ForeignDiscount, ForeignLine, ForeignOrder
from tokolib.pricing import ChargeKind
from tokolib.testing import FakeGateway, FakeWorld, ManualClock, SeededIds
from tokolib.testing.builders import BUYER

PRICES = dict(zip(SKUS, (33_333, 75_000, 20_001, 99_999), strict=True))


@attrs.define
class Stage:
    """A shop in which one sequence after the other is played."""

    shop: Any
    world: Any
    clock: Any


def raise_stage(place: str, random: Random) -> Stage:
    """A furnished shop."""
    clock = ManualClock()
    world = FakeWorld(clock)
    world.instant = True
    ids = SeededIds(random.getrandbits(32))
    shop = open(place, country="ID", clock=clock, ids=ids, gateways=[FakeGateway(world)])
    for sku in SKUS[:3]:
        shop.catalog.put(sku, sku.capitalize(), weight="300 g")
        shop.stock.receive(sku, 100_000, key=sku)
    shop.catalog.put("PAKET", "Paket", weight="600 g", components={"KOPI-250": 1, "TEH-50": 2})
    for sku, price in PRICES.items():
        shop.prices.put(sku, IDR(price))
    shop.delivery.flat("jne:reg", IDR(18_001))
    shop.delivery.flat("jne:yes", IDR(25_003))
    shop.promotions.percent("tujuh", "7", name="Tujuh persen")
    return Stage(shop, world, clock)


def begin(stage: Stage, random: Random) -> Scene:
    """An order under policies of its own."""
    stage.shop.settings.change(
        policies=Policies(
            capture=random.choice((CaptureMoment.AT_ORDER, CaptureMoment.AT_HAND_OVER, CaptureMoment.AT_HAND_OVER)),
            stock_taken=random.choice(tuple(StockTaken)),
            shipping_refund=random.choice(tuple(ShippingRefund)),
        )
    )
    wanted = {sku: random.randint(1, 5) for sku in random.sample(SKUS, random.randint(1, 3))}
    scene = Scene(stage.shop, stage.world, stage.clock, random, None)
    scene.order = _taken_over(scene, wanted) if random.random() < 0.2 else _placed(scene, wanted)
    return scene


def _placed(scene: Scene, wanted: dict[str, int]) -> Any:
    shop = scene.shop
    quote = shop.carts.quote(shop.carts.start(wanted), delivery="jne:reg", ship_to=BUYER)
    tender = scene.random.choice(("cash", "cod", "fake", "fake", "fake", "bank_transfer"))
    order = shop.orders.place(quote, tender=tender, key=quote.id)
    if tender == "bank_transfer":
        shop.payments.received(order, order.total, key=f"{order.id}-0")
    return order


def _taken_over(scene: Scene, wanted: dict[str, int]) -> Any:
    """With prices, a discount and a total of its own, paid there or not, and perhaps on its way already."""
    random, shop = scene.random, scene.shop
    lines = []
    for sku, units in wanted.items():
        off = random.randint(0, 5_000)
        discounts = (ForeignDiscount("Flash", IDR(off), "tokopedia"),) if off else ()
        lines.append(ForeignLine(sku, units, IDR(PRICES[sku]), IDR(PRICES[sku] * units - off), discounts))
    fee = IDR(random.randint(100, 20_000))
    stated = ForeignOrder(
        source="tokopedia",
        number=f"T-{random.getrandbits(64)}",
        ordered_at=scene.clock.now() - timedelta(days=1),
        lines=tuple(lines),
        charges=(ForeignCharge(ChargeKind.SHIPPING, "Reguler", fee, refundable=random.random() < 0.7),),
        total=IDR(sum(line.total.minor_units for line in lines) + fee.minor_units + random.randint(-9, 9)),
        ship_to=BUYER,
        delivery="Reguler",
    )
    paid = random.random() < 0.7
    tender = random.choice(("channel", "cash", "bank_transfer")) if paid else "cod"
    order = shop.foreign.take_over(stated, paid=paid, tender=tender, shipped=random.random() < 0.3)
    scene.did.add("taken over")
    return order
