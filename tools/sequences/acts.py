"""What may happen to an order, each act by the shop's own doors, and one command each but for what it is shown before.

An act that is refused has changed nothing. One that is accepted notes in the scene of which kinds it was.
"""

from collections.abc import Callable
from typing import Any

import attrs

from sequences.scene import SKUS, Nothing, Scene
from tokolib import IDR, LineWish
from tokolib.checkout import ChargeWish
from tokolib.effects.model import EffectKind
from tokolib.orders import Reprice
from tokolib.pricing import ChargeKind
from tokolib.testing.builders import BUYER

Act = Callable[[Scene], None]


def pay(scene: Scene) -> None:
    """The customer pays what is due by cash, transfer or a gateway, or a part of it by the first two."""
    due = scene.now().due
    if due <= IDR(0):
        raise Nothing
    by = scene.random.choice(("cash", "bank_transfer", "fake"))
    if by == "fake":
        scene.shop.payments.charge(scene.order, gateway="fake")
        return
    part = due if scene.random.random() < 0.7 else IDR(scene.random.randint(1, due.minor_units))
    scene.shop.payments.received(scene.order, part, method=by, key=scene.key())
    if part < due:
        scene.did.add("partial payment")


def ship(scene: Scene) -> None:
    """A part, or all that is left, is handed over; what was reserved for it is captured."""
    goods = None if scene.random.random() < 0.2 else scene.some(lambda line: line.open)
    before = len(scene.world.entries)
    scene.shop.shipments.hand_over(scene.order, goods)
    if any(line.open for line in scene.now().lines):
        scene.did.add("partial shipment")
    if any(is_part(scene, each) for each in scene.world.entries[before:]):
        scene.did.add("partial capture")


def is_part(scene: Scene, entry: Any) -> bool:
    """Whether an entry of the gateway's books took a part of what is reserved."""
    return entry.kind is EffectKind.CAPTURE and entry.amount < scene.world.charge(entry.about).amount


def deliver(scene: Scene) -> None:
    """A parcel arrives."""
    away = [each for each in scene.shop.shipments.of(scene.order) if each.state == "handed_over"]
    scene.shop.shipments.delivered(scene.one_of(away))


def cancel(scene: Scene) -> None:
    """Units that are still to leave never will, and the order goes on."""
    goods, order = scene.some(lambda line: line.open), scene.now()
    left = sum(len(line.open) for line in order.lines)
    if left == sum(goods.values()) and not any(line.shipped for line in order.lines):
        raise Nothing  # it would be the end of the order
    scene.shop.orders.cancel(scene.order, goods, reason="less")


def call_off(scene: Scene) -> None:
    """The bargain is off, before anything has left."""
    scene.shop.orders.cancel(scene.order, reason="called off")


def edit(scene: Scene) -> None:
    """Goods are added, taken out or put in the place of others, a charge is put on, it goes elsewhere or otherwise."""
    kind = scene.random.choice(tuple(EDITS))
    asked = EDITS[kind](scene)
    if scene.random.random() < 0.3:
        asked["preview"] = scene.shop.orders.preview_edit(scene.order, **asked).hash
    scene.shop.orders.edit(scene.order, reason="edited", **asked)
    scene.did.add(f"edit: {kind}")


def _added(scene: Scene) -> dict[str, Any]:
    random = scene.random
    return {"add": {random.choice(SKUS): random.randint(1, 3)}, "reprice": random.choice(tuple(Reprice))}


def _stated(scene: Scene) -> dict[str, Any]:
    price = IDR(scene.random.randint(1, 99_999))
    return {"add": [LineWish(scene.random.choice(SKUS[:3]), 1, price, "a friend")]}


def _charged(scene: Scene) -> dict[str, Any]:
    fee, refundable = IDR(scene.random.randint(1, 9_999)), scene.random.random() < 0.7
    return {"charges": [ChargeWish(ChargeKind.FEE, "Fee", fee, "odd", refundable=refundable)]}


def _removed(scene: Scene) -> dict[str, Any]:
    return {"remove": scene.some(lambda line: line.open)}


def _elsewhere(scene: Scene) -> dict[str, Any]:
    """To another door of the street; half of them travel otherwise too, for more or for less."""
    street = attrs.evolve(BUYER, street=f"Jl. Malioboro {scene.random.randint(1, 99)}")
    by = {"delivery": scene.random.choice(("jne:reg", "jne:yes"))} if scene.random.random() < 0.5 else {}
    return {"ship_to": street, **by}


EDITS: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "goods": _added,
    "stated price": _stated,
    "swap": lambda scene: _removed(scene) | _added(scene),
    "charge": _charged,
    "less and a charge": lambda scene: _removed(scene) | _charged(scene),
    "less": _removed,
    "address": _elsewhere,
}
"""Each kind of edit, with what is asked for."""


def lose(scene: Scene) -> None:
    """A parcel is lost."""
    away = [each for each in scene.shop.shipments.of(scene.order) if each.state == "handed_over"]
    scene.shop.shipments.lost(scene.one_of(away), reason="no scan")


def make_up(scene: Scene) -> None:
    """What was lost is sent once more, or the money goes back."""
    lost = scene.one_of([each for each in scene.shop.shipments.of(scene.order) if each.state == "lost"])
    if scene.random.random() < 0.5:
        scene.shop.shipments.reship(lost)
        scene.did.add("sent again")
    else:
        scene.shop.returns.undelivered(lost, reason="lost", key=scene.key())
        scene.did.add("money for what was lost")


def refund(scene: Scene) -> None:
    """Money goes back though no goods do, and is due again."""
    most = scene.shop.payments.intent(scene.order).refundable.minor_units
    if most <= 0:
        raise Nothing
    amount = IDR(scene.random.randint(1, max(1, most // 3)))
    scene.shop.payments.refund(scene.order, amount, reason="goodwill", key=scene.key())


def allow(scene: Scene) -> None:
    """So much less is owed, and the goods stay."""
    amount = IDR(scene.random.randint(1, 5_000))
    scene.shop.orders.grant_allowance(scene.order, amount, reason="a dent", key=scene.key())


def hand_out(scene: Scene) -> None:
    """A refund that waits for a person is handed over, or fails and is made anew."""
    payout = scene.one_of(scene.shop.payments.intent(scene.order).payouts)
    if scene.random.random() < 0.2:
        scene.shop.payments.payout_failed(payout.id, reason="no such account")
    else:
        scene.shop.payments.paid_out(payout.id)


def wait(scene: Scene) -> None:
    """Time passes, and the machine goes on with what waits."""
    scene.clock.forward(minutes=20)
    scene.shop.tick()
