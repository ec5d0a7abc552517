"""Goods on their way back: announced, agreed to, come in parts, looked at unit by unit, settled or dropped."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, Final

from tokolib.kernel.money import IDR
from tokolib.returns.labels.model import ReturnLabel
from tokolib.returns.labels.states import ReturnLabelState
from tokolib.returns.model import Disposition, Return, ReturnState
from tokolib.shipping.tracking import Scan
from tokolib.testing.builders import BUYER
from tokolib.testing.simulator.acts import Act
from tokolib.testing.simulator.carriage import end_doubt, is_doubtful
from tokolib.testing.simulator.carrying import JOURNEY, SENDER
from tokolib.testing.simulator.world import World

Do = Callable[[Any], Any]
FATES: Final = (
    Disposition.RESTOCK,
    Disposition.WRITE_OFF,
    Disposition.DAMAGED,
    Disposition.QUALITY,
    Disposition.REFUSED,
)
NEXT: Final = {
    ReturnState.REQUESTED: ("is agreed to", "is agreed to", "comes", "is settled", "is dropped"),
    ReturnState.AUTHORISED: ("comes", "comes", "is settled", "is dropped"),
    ReturnState.RECEIVED: ("comes", "is looked at", "is looked at", "is settled"),
    ReturnState.INSPECTED: ("is settled", "is settled", "is looked at", "is dropped"),
}
"""By state, what may come next."""


def lead_return(world: World, luck: Random) -> Act | None:
    """A return goes on by a step."""
    waiting = [each for each in world.book.returns.values() if each.state in NEXT and not each.part_of]
    if not waiting:
        return None
    goods = luck.choice(waiting)
    id, key, until = goods.id, f"led-{luck.randrange(10**9)}", world.clock.now() + timedelta(days=luck.choice((0.2, 5)))
    some, fate = _some(goods, luck), luck.choice(FATES)
    steps: dict[str, Do] = {
        "is agreed to": lambda shop: shop.returns.authorise(id, until=until),
        "comes": lambda shop: shop.returns.receive(id, some, key=key),
        "is looked at": lambda shop: shop.returns.inspect(id, disposition=fate),
        "is settled": lambda shop: shop.returns.accept(id, key=key),
        "is dropped": lambda shop: shop.returns.cancel(id, reason="keeps it"),
    }
    says = luck.choice(NEXT[goods.state])
    return Act(f"{id} {says}", steps[says])


def send_back(world: World, luck: Random) -> Act | None:
    """A label is bought with which goods come back, or given back, scanned, billed otherwise; a doubt is ended."""
    doubtful = [each for each in world.book.return_labels.values() if is_doubtful(each)]
    if doubtful and luck.random() < 0.7:
        return end_doubt(world, luck.choice(doubtful))
    labels = [each for each in world.book.return_labels.values() if each.state is ReturnLabelState.BOUGHT]
    if labels and luck.random() < 0.4:
        return _with_label(world, luck, luck.choice(labels))
    agreed = (ReturnState.AUTHORISED, ReturnState.RECEIVED)
    waiting = [each for each in world.book.returns.values() if each.state in agreed]
    if not waiting:
        asked, until = world.book.requested_returns(), world.clock.now() + timedelta(days=5)
        id = luck.choice(asked).id if asked else None
        return Act(f"{id} is agreed to", lambda shop: shop.returns.authorise(id, until=until)) if id else None
    goods, key, grams = luck.choice(waiting), f"back-{luck.randrange(10**9)}", luck.randint(2, 30) * 100
    what, sent = _some(goods, luck), {"recipient": SENDER, "sender": BUYER, "grams": grams, "key": key}
    return Act(
        f"buys a label for {goods.id}",
        lambda shop: shop.return_labels.buy(goods.id, courier=world.courier.name, what=what, **sent),
    )


def _with_label(world: World, luck: Random, label: ReturnLabel) -> Act:
    id, billed = label.id, IDR(luck.randint(9, 40) * 1_000)
    seen = Scan(world.clock.now(), luck.choice(JOURNEY), raw_text="scanned")
    steps: dict[str, Do] = {
        "is given back": lambda shop: shop.return_labels.void(id),
        f"is {seen.status}": lambda shop: shop.return_labels.scanned(id, [seen]),
        f"is billed {billed}": lambda shop: shop.return_labels.reweighed(id, billed),
    }
    says = luck.choices(tuple(steps), (50, 30, 20))[0]
    return Act(f"{id} {says}", steps[says])


def _some(goods: Return, luck: Random) -> dict[str, int] | None:
    """A part of it, or all that is to come."""
    run = luck.choice(goods.lines).run
    return {run.line_id: 1} if run.units > 1 and luck.random() < 0.5 else None
