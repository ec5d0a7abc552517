"""Playing a sequence: an order is placed, at least twelve things happen to it, and then everything is closed."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import attrs

from sequences.acts import ACTS, SKUS, Nothing, Scene, hear, wait
from sequences.oracle import OrderBooks
from tokolib import IDR, Policies, json_converter, open
from tokolib.effects.model import EffectKind, EffectState
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.policies import CaptureMoment, ShippingRefund, StockTaken
from tokolib.testing import FakeGateway, FakeWorld, ManualClock
from tokolib.testing.builders import BUYER

LEAST, MOST_TRIES, TOGETHER = 12, 200, 25
CONVERTER = json_converter()
SIGNS = {EffectKind.CHARGE: 1, EffectKind.CAPTURE: 1, EffectKind.REFUND: -1}
"""What a movement at the gateway does to what it holds for the shop."""


@attrs.define
class Told:
    """What came of many sequences."""

    sequences: int = 0
    accepted: Counter[str] = attrs.field(factory=Counter)
    having: Counter[str] = attrs.field(factory=Counter)
    """In how many sequences each kind of command was accepted."""
    fewest: int = 10**9
    closed_empty: int = 0
    faults: list[str] = attrs.field(factory=list)

    def __str__(self) -> str:
        each = ", ".join(f"{name} {count / self.sequences:.0%}" for name, count in sorted(self.having.items()))
        return (
            f"{self.sequences:,} sequences of {self.fewest} and more accepted commands, {self.accepted.total():,} in "
            f"all; in how many of them: {each}; {self.closed_empty:,} closed with all goods back; "
            f"faults {len(self.faults)}"
        )


@attrs.define
class Stage:
    """A shop in which one sequence after the other is played."""

    shop: Any
    world: Any
    clock: Any


def raise_stage(place: str, random: Random) -> Stage:
    """A furnished shop of one set of policies."""
    clock = ManualClock()
    world = FakeWorld(clock)
    world.instant = True
    shop = open(place, country="ID", clock=clock, gateways=[FakeGateway(world)])
    shop.settings.change(
        policies=Policies(
            capture=random.choice(tuple(CaptureMoment)),
            stock_taken=random.choice(tuple(StockTaken)),
            shipping_refund=random.choice(tuple(ShippingRefund)),
        )
    )
    for sku, price in zip(SKUS[:3], (33_333, 75_000, 20_001), strict=True):
        shop.catalog.put(sku, sku.capitalize(), weight="300 g")
        shop.prices.put(sku, IDR(price))
        shop.stock.receive(sku, 100_000, key=sku)
    shop.catalog.put("PAKET", "Paket", weight="600 g", components={"KOPI-250": 1, "TEH-50": 2})
    shop.prices.put("PAKET", IDR(99_999))
    shop.delivery.flat("jne:reg", IDR(18_001))
    shop.promotions.percent("tujuh", "7", name="Tujuh persen")
    return Stage(shop, world, clock)


def play_many(places: Iterator[str], sequences: int, seed: int) -> Told:
    """So many sequences, a few in each of the shops that *places* are made for; each shop's books are verified."""
    told, number = Told(), 0
    while told.sequences < sequences and not told.faults:
        random, number = Random(f"{seed}.{number}"), number + 1
        stage = raise_stage(next(places), random)
        for _ in range(min(TOGETHER, sequences - told.sequences)):
            play(stage, random, told)
        told.faults.extend(map(str, stage.shop.verify().violations))
        stage.shop.close()
    return told


def play(stage: Stage, random: Random, told: Told) -> None:
    """One sequence: what was accepted and what does not close is *told*."""
    before, scene = _shelves(stage), _placed(stage, random)
    names, weights = list(ACTS), [weight for _, weight in ACTS.values()]
    accepted: Counter[str] = Counter()
    for _ in range(MOST_TRIES):
        if sum(accepted.values()) >= LEAST and random.random() < 0.1:
            break
        name = random.choices(names, weights)[0]
        try:
            ACTS[name][0](scene)
        except (TokolibError, Nothing):
            continue
        accepted[name] += 1
    empty = random.random() < 0.5
    _close(scene, empty=empty)
    told.sequences += 1
    told.accepted += accepted
    told.having += Counter(accepted.keys())
    told.fewest = min(told.fewest, sum(accepted.values()))
    books = OrderBooks().tell(_history(scene))
    told.closed_empty += books.all_is_back
    after = _shelves(stage)
    found = [*books.faults((key, after[key] - before[key]) for key in before), *_world(scene, books)]
    told.faults.extend(f"{scene.order.id}: {each}" for each in found)


def _placed(stage: Stage, random: Random) -> Scene:
    lines = {sku: random.randint(1, 5) for sku in random.sample(SKUS, random.randint(1, 3))}
    quote = stage.shop.carts.quote(stage.shop.carts.start(lines), delivery="jne:reg", ship_to=BUYER)
    tender = random.choice(("cash", "cod", "fake", "bank_transfer"))
    order = stage.shop.orders.place(quote, tender=tender, key=quote.id)
    scene = Scene(stage.shop, stage.world, stage.clock, random, order)
    if tender == "bank_transfer":
        stage.shop.payments.received(order, order.total, key=scene.key())
    hear(scene)
    return scene


def _close(scene: Scene, *, empty: bool) -> None:
    """Everything is brought to its end: the goods come back or arrive, and the money is evened out."""
    shop = scene.shop
    for _ in range(2):
        for line in scene.now().lines:
            if line.open and (empty or not scene.now().shippable):
                shop.orders.cancel(scene.order, {line.id: len(line.open)}, reason="closed")
        for line in scene.now().lines:
            if empty and line.kept:
                shop.returns.accept(scene.order, {line.id: len(line.kept)}, reason="closed", key=scene.key())
        hear(scene)
    if any(line.open for line in scene.now().lines):
        shop.shipments.hand_over(scene.order)
    for _ in range(8):
        wait(scene)
        for payout in shop.payments.intent(scene.order).payouts:
            shop.payments.paid_out(payout.id)
        if (due := scene.now().due) > IDR(0):
            shop.payments.received(scene.order, due, method="cash", key=scene.key())
        elif due == IDR(0) and not shop.payments.intent(scene.order).totals.pending_refund:
            return


def _history(scene: Scene) -> list[tuple[str, dict[str, Any]]]:
    told = (each.event for each in scene.shop.timeline(scene.order.id))
    return [(event.topic, CONVERTER.unstructure(event)) for event in told]


def _shelves(stage: Stage) -> Counter[str]:
    """What the shop has of each SKU."""
    return Counter({sku.casefold(): stage.shop.stock.level(sku).on_hand.steps for sku in SKUS[:3]})


def _world(scene: Scene, books: OrderBooks) -> list[str]:
    """Where the books of the gateway say something else about the order's money."""
    at = books.accounts["money:fake"]
    own = {each.key for each in scene.shop.payments.intent(scene.order).operations}
    done = [each for each in scene.world.entries if each.key in own and each.state is EffectState.SUCCEEDED]
    there = sum(SIGNS.get(each.kind, 0) * each.amount.minor_units for each in done)
    return [] if at == there else [f"the gateway holds {there} for it, and the books say {at}"]
