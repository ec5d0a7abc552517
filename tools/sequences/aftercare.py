"""Returns, exchanges and claims: begun, led on and ended by acts of their own, so that others find them open."""

from datetime import timedelta
from typing import Any

from sequences.scene import SKUS, Scene
from tokolib import IDR
from tokolib.returns import Disposition
from tokolib.returns.claims import ClaimKind, ClaimRemedy

WEEK, SHORT = timedelta(days=7), timedelta(minutes=30)
COMES_TO = (Disposition.RESTOCK, Disposition.RESTOCK, Disposition.DAMAGED, Disposition.QUALITY, Disposition.WRITE_OFF)
"""What becomes of what came in; it may also be refused."""


def give_back(scene: Scene) -> None:
    """Goods come back, kits too, and are put on the shelf again."""
    goods = scene.some(lambda line: line.kept)
    scene.shop.returns.accept(scene.order, goods, reason="dislikes", key=scene.key())
    _note_kit(scene, goods)


def ask_back(scene: Scene) -> None:
    """A customer wants to send goods back."""
    goods = scene.some(lambda line: line.kept)
    scene.shop.returns.request(scene.order, goods, reason="dislikes", key=scene.key())


def lead_return(scene: Scene) -> None:
    """A return goes on by a step: the shop agrees, something comes in, it is looked at, it is settled or dropped."""
    goods, random, returns = scene.one_of(scene.returns), scene.random, scene.shop.returns
    step = random.choice(RETURN_STEPS[goods.state])
    match step:
        case "authorised":
            returns.authorise(goods, until=scene.clock.now() + random.choice((WEEK, SHORT)))
        case "received":
            returns.receive(goods, _some_of(scene, goods), key=scene.key())
        case "inspected":
            found = (*COMES_TO, Disposition.REFUSED)
            returns.inspect(goods, disposition=random.choice(found))
        case "settled":
            done = returns.accept(goods, key=scene.key())
            _note_kit(scene, {line.run.line_id: 1 for line in done.lines})
        case _ if random.random() < 0.5:
            returns.cancel(goods, reason="keeps it")
        case _:
            returns.reject(goods, note="not ours")
    scene.did.add(f"return {step}")


RETURN_STEPS = {
    "requested": ("authorised", "authorised", "received", "received", "settled", "dropped"),
    "authorised": ("received", "received", "received", "received", "settled", "dropped"),
    "received": ("received", "inspected", "inspected", "inspected", "settled"),
    "inspected": ("settled", "settled", "inspected", "dropped"),
}
"""By state, what may come next; the likelier, the more often it is named."""


def ask_exchange(scene: Scene) -> None:
    """A customer wants others for goods: at the same worth, or at what they cost today."""
    random, goods = scene.random, scene.some(lambda line: line.kept)
    even, units = random.random() < 0.4, sum(goods.values())
    scene.shop.exchanges.request(
        scene.order,
        goods,
        {scene.sku(goods): units} if even else {random.choice(SKUS): random.randint(1, 3)},
        pricing="even" if even else "now",
        until=_until(scene),
        reason="another one",
        key=scene.key(),
    )


def lead_exchange(scene: Scene) -> None:
    """An exchange goes on by a step: the shop agrees, it is put off, the goods come in, it is completed or dropped."""
    asked, random, door = scene.one_of(scene.exchanges), scene.random, scene.shop.exchanges
    step = random.choice(("authorised", "put off", "received", "received", "completed", "dropped"))
    match step:
        case "authorised":
            door.authorise(asked)
        case "put off":
            door.extend(asked, until=_until(scene))
        case "received":
            goods = scene.shop.returns.get(asked.return_id)
            scene.shop.returns.receive(goods, _some_of(scene, goods), key=scene.key())
        case "completed":
            door.complete(asked, key=scene.key())
        case _ if random.random() < 0.5:
            door.cancel(asked, reason="keeps it")
        case _:
            door.reject(asked, note="not ours")
    scene.did.add(f"exchange {step}")


def open_claim(scene: Scene) -> None:
    """Goods were not as they should be: money, others or so much less is asked for; some of them are to come back."""
    random, goods = scene.random, scene.some(lambda line: line.kept)
    remedy = random.choice(tuple(ClaimRemedy))
    asked: dict[str, Any] = {"goods_back": remedy is not ClaimRemedy.ALLOWANCE and random.random() < 0.4}
    if remedy is ClaimRemedy.REPLACEMENT:
        asked["until"] = _until(scene)
    if remedy is ClaimRemedy.ALLOWANCE:
        asked["amount"] = IDR(random.randint(1, 5_000))
    scene.shop.claims.open(
        scene.order, goods, kind=ClaimKind.DAMAGED, remedy=remedy, reason="torn", key=scene.key(), **asked
    )


def decide_claim(scene: Scene) -> None:
    """The shop makes up for it or doesn't, or the customer lets it be."""
    claim, random, door = scene.one_of(scene.claims), scene.random, scene.shop.claims
    if random.random() < 0.7:
        door.approve(claim, key=scene.key())
        scene.did.add("claim approved")
        return
    if random.random() < 0.5:
        door.reject(claim, note="by the customer")
    else:
        door.withdraw(claim, reason="never mind")
    scene.did.add("claim turned down")


def _until(scene: Scene) -> Any:
    return scene.clock.now() + (SHORT if scene.random.random() < 0.2 else WEEK)


def _some_of(scene: Scene, goods: Any) -> dict[str, int] | None:
    """A part of what is to come in, by a line's id, or all of it."""
    run = scene.random.choice(goods.lines).run
    units = run.beyond - run.first
    return {run.line_id: scene.random.randint(1, units)} if scene.random.random() < 0.4 else None


def _note_kit(scene: Scene, goods: dict[str, int]) -> None:
    """Note where kits came back."""
    if any(scene.sku([line_id]) == "PAKET" for line_id in goods):
        scene.did.add("kit back")
