"""What may happen to an order, each act by the shop's own doors. One that is refused has changed nothing."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import attrs

from tokolib import IDR, LineWish
from tokolib.checkout import ChargeWish
from tokolib.orders import Reprice
from tokolib.pricing import ChargeKind
from tokolib.returns.claims import ClaimKind, ClaimRemedy

SKUS = ("CANGKIR", "KOPI-250", "TEH-50", "PAKET")
"""Cups at an odd price, coffee, tea, and a kit of coffee and tea."""


@attrs.define
class Scene:
    """A shop, the world of its gateway, one order in it, and chance."""

    shop: Any
    world: Any
    clock: Any
    random: Random
    order: Any
    number: int = 0

    def now(self) -> Any:
        """The order as it is."""
        return self.shop.orders.get(self.order.id)

    def key(self) -> str:
        """A key that was not used before."""
        self.number += 1
        return f"{self.order.id}-{self.number}"

    def some(self, units: Callable[[Any], Any]) -> dict[str, int]:
        """Some of the units that a line has in a bucket: of one line, by its id."""
        lines = [line for line in self.now().lines if units(line)]
        if not lines:
            raise Nothing
        line = self.random.choice(lines)
        return {line.id: self.random.randint(1, len(units(line)))}


class Nothing(Exception):
    """There is nothing to do this to."""


def pay(scene: Scene) -> None:
    """The customer pays what is due, or a part of it, by cash, transfer or a gateway."""
    due = scene.now().due
    if due <= IDR(0):
        raise Nothing
    by = scene.random.choice(("cash", "bank_transfer", "fake"))
    if by == "fake":
        scene.shop.payments.charge(scene.order, gateway="fake")
        return hear(scene)
    part = due if scene.random.random() < 0.7 else IDR(scene.random.randint(1, due.minor_units))
    scene.shop.payments.received(scene.order, part, method=by, key=scene.key())
    return None


def hear(scene: Scene) -> None:
    """What the gateway tells is received."""
    for message in scene.world.webhooks():
        scene.shop.webhooks.receive("fake", *message)


def ship(scene: Scene) -> None:
    """A part, or all that is left, is handed over."""
    goods = None if scene.random.random() < 0.2 else scene.some(lambda line: line.open)
    scene.shop.shipments.hand_over(scene.order, goods)
    hear(scene)


def deliver(scene: Scene) -> None:
    """A parcel arrives."""
    for shipment in scene.shop.shipments.of(scene.order):
        if shipment.delivered_at is None:
            scene.shop.shipments.delivered(shipment)
            return
    raise Nothing


def cancel(scene: Scene) -> None:
    """Units that are still to leave never will."""
    goods, order = scene.some(lambda line: line.open), scene.now()
    left = sum(len(line.open) for line in order.lines)
    if left == sum(goods.values()) and not any(line.shipped for line in order.lines):
        raise Nothing  # it would be the end of the order
    scene.shop.orders.cancel(scene.order, goods, reason="less")
    hear(scene)


def edit(scene: Scene) -> None:
    """Goods are added, taken out, or put in the place of others, and priced in every way; a charge is put on."""
    random = scene.random
    asked: dict[str, Any] = {}
    kind = random.choice(("add", "add", "swap", "charge", "instead", "stated", "remove"))
    if kind in ("add", "swap"):
        asked |= {"add": {random.choice(SKUS): random.randint(1, 3)}, "reprice": random.choice(tuple(Reprice))}
    if kind in ("swap", "remove", "instead"):
        asked |= {"remove": scene.some(lambda line: line.open)}
    if kind == "stated":
        asked |= {"add": [LineWish(random.choice(SKUS[:3]), 1, IDR(random.randint(1, 99_999)), "a friend")]}
    if kind in ("charge", "instead"):
        fee = IDR(random.randint(1, 9_999))
        asked |= {"charges": [ChargeWish(ChargeKind.FEE, "Fee", fee, "odd", refundable=random.random() < 0.7)]}
    if random.random() < 0.3:
        asked["preview"] = scene.shop.orders.preview_edit(scene.order, **asked).hash
    scene.shop.orders.edit(scene.order, reason="edited", **asked)
    hear(scene)


def give_back(scene: Scene) -> None:
    """Goods come back, kits too, and are put on the shelf again."""
    scene.shop.returns.accept(scene.order, scene.some(lambda line: line.kept), reason="dislikes", key=scene.key())
    hear(scene)


def exchange(scene: Scene) -> None:
    """Goods come back, and others take their place: at the same worth, or at what they cost today; or it is dropped."""
    random, goods = scene.random, scene.some(lambda line: line.kept)
    ((line_id, units),) = goods.items()
    even = random.random() < 0.4
    sku = next(line.line.sku for line in scene.now().lines if line.id == line_id) if even else random.choice(SKUS)
    asked = scene.shop.exchanges.request(
        scene.order,
        goods,
        {sku: units if even else random.randint(1, 3)},
        pricing="even" if even else "now",
        until=scene.clock.now() + timedelta(days=7),
        reason="another one",
        key=scene.key(),
    )
    if random.random() < 0.15:
        scene.shop.exchanges.cancel(asked, reason="keeps it")
    else:
        scene.shop.exchanges.complete(asked, key=scene.key())
    hear(scene)


def claim(scene: Scene) -> None:
    """Goods were not as they should be: money, others in their place, or so much less; the goods may stay."""
    random, goods = scene.random, scene.some(lambda line: line.kept)
    remedy = random.choice(tuple(ClaimRemedy))
    asked: dict[str, Any] = {}
    if remedy is ClaimRemedy.REPLACEMENT:
        asked["until"] = scene.clock.now() + timedelta(days=7)
    if remedy is ClaimRemedy.ALLOWANCE:
        asked["amount"] = IDR(random.randint(1, 5_000))
    made = scene.shop.claims.open(
        scene.order, goods, kind=ClaimKind.DAMAGED, remedy=remedy, reason="torn", key=scene.key(), **asked
    )
    if random.random() < 0.15:
        scene.shop.claims.reject(made, note="by the customer")
    else:
        scene.shop.claims.approve(made, key=scene.key())
    hear(scene)


def lose(scene: Scene) -> None:
    """A parcel is lost: it is sent once more, or the money goes back."""
    for shipment in scene.shop.shipments.of(scene.order):
        if shipment.state == "handed_over":
            lost = scene.shop.shipments.lost(shipment, reason="no scan")
            make_up(scene, lost, again=scene.random.random() < 0.5)
            return
    raise Nothing


def make_up(scene: Scene, lost: Any, *, again: bool) -> None:
    """The customer gets the goods of a *lost* shipment *again*, or the money."""
    if again:
        scene.shop.shipments.reship(lost)
    else:
        scene.shop.returns.undelivered(lost, reason="lost", key=scene.key())
    hear(scene)


def refund(scene: Scene) -> None:
    """Money goes back though no goods do, and is due again."""
    most = scene.shop.payments.intent(scene.order).refundable.minor_units
    if most <= 0:
        raise Nothing
    amount = IDR(scene.random.randint(1, max(1, most // 3)))
    scene.shop.payments.refund(scene.order, amount, reason="goodwill", key=scene.key())
    hear(scene)


def allow(scene: Scene) -> None:
    """So much less is owed, and the goods stay."""
    amount = IDR(scene.random.randint(1, 5_000))
    scene.shop.orders.grant_allowance(scene.order, amount, reason="a dent", key=scene.key())
    hear(scene)


def hand_out(scene: Scene) -> None:
    """A refund that waits for a person is handed over, or fails and is made anew."""
    payouts = scene.shop.payments.intent(scene.order).payouts
    if not payouts:
        raise Nothing
    if scene.random.random() < 0.2:
        scene.shop.payments.payout_failed(payouts[0].id, reason="no such account")
    else:
        scene.shop.payments.paid_out(payouts[0].id)


def wait(scene: Scene) -> None:
    """Time passes, and the machine goes on with what waits."""
    scene.clock.forward(minutes=20)
    scene.shop.tick()
    hear(scene)


ACTS: dict[str, tuple[Callable[[Scene], None], int]] = {
    "pay": (pay, 5),
    "ship": (ship, 4),
    "deliver": (deliver, 2),
    "cancel": (cancel, 2),
    "edit": (edit, 4),
    "return": (give_back, 4),
    "exchange": (exchange, 3),
    "claim": (claim, 3),
    "lose": (lose, 2),
    "refund": (refund, 2),
    "allow": (allow, 1),
    "pay out": (hand_out, 2),
}
"""Each act with how often it is tried, by the others."""
