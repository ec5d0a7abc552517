"""Playing a sequence: an order begins, at least twelve things happen to it, and then everything is closed."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any, Final

import attrs

from sequences.acts import Act, allow, call_off, cancel, deliver, edit, hand_out, lose, make_up, pay, refund, ship, wait
from sequences.aftercare import (
    ask_back,
    ask_exchange,
    decide_claim,
    give_back,
    lead_exchange,
    lead_return,
    open_claim,
)
from sequences.opening import Stage, begin, raise_stage
from sequences.oracle import OrderBooks
from sequences.scene import SKUS, Nothing, Scene
from tokolib import IDR, json_converter
from tokolib.effects.model import EffectKind, EffectState
from tokolib.kernel.errors import TokolibError
from tokolib.orders.explain import reason_of

LEAST, MOST_TRIES, TOGETHER = 12, 600, 25
CONVERTER = json_converter()
SIGNS = {EffectKind.CHARGE: 1, EffectKind.CAPTURE: 1, EffectKind.REFUND: -1}
"""What a movement at the gateway does to what it holds for the shop."""

ACTS: Final[dict[str, tuple[Act, int]]] = {
    "pay": (pay, 6),
    "ship": (ship, 6),
    "deliver": (deliver, 2),
    "cancel": (cancel, 3),
    "edit": (edit, 6),
    "return": (give_back, 2),
    "return asked for": (ask_back, 4),
    "return led on": (lead_return, 14),
    "exchange asked for": (ask_exchange, 3),
    "exchange led on": (lead_exchange, 14),
    "claim": (open_claim, 3),
    "claim decided": (decide_claim, 6),
    "lose": (lose, 3),
    "make up": (make_up, 12),
    "refund": (refund, 2),
    "allow": (allow, 1),
    "pay out": (hand_out, 2),
}
"""Each act with how often it is tried, by the others."""
HESITANT: Final = 0.2
"""In so many sequences nothing leaves, and the order is called off at the end."""
BEFORE: Final = ("pay", "cancel", "edit", "refund", "allow", "pay out")
"""What happens to an order of which nothing leaves."""
WAITS: Final = 0.05
"""How often time passes instead; that is no command."""
MEETING: Final = ("ship", "cancel", "edit", "refund")
"""Acts that have to find returns, exchanges and claims open."""
KINDS: Final = (
    *ACTS,
    "called off",
    "taken over",
    "partial payment",
    "partial shipment",
    "partial capture",
    *(f"edit: {kind}" for kind in ("goods", "stated price", "swap", "charge", "less and a charge", "less", "address")),
    "kit back",
    *(f"return {step}" for step in ("authorised", "received", "inspected", "settled", "dropped")),
    *(f"exchange {step}" for step in ("authorised", "put off", "received", "completed", "dropped")),
    "claim approved",
    "claim turned down",
    "sent again",
    "money for what was lost",
    *(f"{name} beside what is open" for name in MEETING),
)
"""The kinds of commands: each has to be a part of enough sequences."""


@attrs.define
class Told:
    """What came of many sequences."""

    sequences: int = 0
    accepted: int = 0
    having: Counter[str] = attrs.field(factory=Counter)
    """In how many sequences each kind of command was accepted."""
    fewest: int = 10**9
    closed_empty: int = 0
    faults: list[str] = attrs.field(factory=list)

    def __add__(self, other: "Told") -> "Told":
        return Told(
            self.sequences + other.sequences,
            self.accepted + other.accepted,
            self.having + other.having,
            min(self.fewest, other.fewest),
            self.closed_empty + other.closed_empty,
            self.faults + other.faults,
        )

    def __str__(self) -> str:
        each = ", ".join(f"{name} {self.having[name] / self.sequences:.0%}" for name in sorted(KINDS))
        return (
            f"{self.sequences:,} sequences of {self.fewest} and more accepted commands, {self.accepted:,} in "
            f"all; in how many of them: {each}; {self.closed_empty:,} closed with all goods back; "
            f"faults {len(self.faults)}"
        )


def play_many(places: Iterator[str], sequences: int, seed: int) -> Told:
    """So many sequences, a few in each of the shops that *places* are made for; each shop's books are verified."""
    told, number = Told(), 0
    while told.sequences < sequences and not told.faults:
        random, number = Random(f"{seed}.{number}"), number + 1
        stage = raise_stage(next(places), random)
        for _ in range(min(TOGETHER, sequences - told.sequences)):
            told += play(stage, random)
        told.faults.extend(map(str, stage.shop.verify().violations))
        stage.shop.close()
    return told


def play(stage: Stage, random: Random) -> Told:
    """One sequence: what was accepted, and what does not close."""
    before, scene = shelves(stage), begin(stage, random)
    scene.hear()
    accepted = live(scene)
    close(scene, empty=random.random() < 0.5)
    books, after = OrderBooks().tell(history(scene)), shelves(stage)
    moved = [(key, after[key] - before[key]) for key in before]
    faults = [*books.faults(moved), *_world(scene, books), *_unexplained(scene)]
    named = [f"{scene.order.id}: {each}" for each in faults]
    return Told(1, accepted, Counter(scene.did), accepted, int(books.all_is_back), named)


def _unexplained(scene: Scene) -> list[str]:
    """What the explanation of the order leaves out of what its customer owes in the end."""
    order = scene.now()
    told = reason_of(order, scene.shop.orders.history(order.id)).amount
    comes_to = order.total.minor_units - order.credited
    return [] if told is not None and told.minor_units == comes_to else [f"comes to {comes_to}, explained as {told}"]


def live(scene: Scene) -> int:
    """At least twelve things happen to the order, where luck allows it; how many."""
    random, accepted = scene.random, 0
    hesitant = random.random() < HESITANT and not any(line.shipped for line in scene.now().lines)
    still = {name: weight for name, (_, weight) in ACTS.items() if name in BEFORE or not hesitant}
    for _ in range(MOST_TRIES):
        if accepted >= LEAST and random.random() < 0.1:
            break
        if random.random() < WAITS:
            wait(scene)
        accepted += happens(scene, random.choices(list(still), list(still.values()))[0])
    if hesitant:
        accepted += happens(scene, "called off")
    return accepted


def happens(scene: Scene, name: str) -> bool:
    """Whether an act, by its name, is accepted; what comes of it outside is heard."""
    act = call_off if name == "called off" else ACTS[name][0]
    try:
        act(scene)
    except (TokolibError, Nothing):
        return False
    finally:
        scene.hear()
    scene.did.add(name)
    if name in MEETING and (scene.exchanges or scene.claims or scene.returns):  # none of these acts opens or ends one
        scene.did.add(f"{name} beside what is open")
    return True


def close(scene: Scene, *, empty: bool) -> None:
    """Everything is brought to its end: cases are closed, goods come back or arrive, and the money is evened out."""
    shop = scene.shop
    _end_cases(scene)
    for _ in range(2):
        for line in scene.now().lines:
            if line.open and (empty or not scene.now().shippable):
                shop.orders.cancel(scene.order, {line.id: len(line.open)}, reason="closed")
        for line in scene.now().lines:
            if empty and line.kept:
                shop.returns.accept(scene.order, {line.id: len(line.kept)}, reason="closed", key=scene.key())
        scene.hear()
    if any(line.open for line in scene.now().lines):
        shop.shipments.hand_over(scene.order)
    for _ in range(8):
        wait(scene)
        scene.hear()
        for payout in shop.payments.intent(scene.order).payouts:
            shop.payments.paid_out(payout.id)
        if (due := scene.now().due) > IDR(0):
            shop.payments.received(scene.order, due, method="cash", key=scene.key())
        elif due == IDR(0) and not shop.payments.intent(scene.order).totals.pending_refund:
            return


def _end_cases(scene: Scene) -> None:
    """Nobody waits for anything any more, and what is lost is paid back."""
    for claim in scene.claims:
        scene.shop.claims.reject(claim, note="closed")
    for exchange in scene.exchanges:
        scene.shop.exchanges.reject(exchange, note="closed")
    for goods in scene.returns:
        scene.shop.returns.reject(goods, note="closed")
    for shipment in scene.shop.shipments.of(scene.order):
        if shipment.state == "lost":
            _paid_back(scene, shipment)


def _paid_back(scene: Scene, lost: Any) -> None:
    """The money for what is *lost*, unless it was made up for already."""
    try:
        scene.shop.returns.undelivered(lost, reason="closed", key=scene.key())
    except TokolibError:
        return


def history(scene: Scene) -> list[tuple[str, str, dict[str, Any]]]:
    """All that was told of the order and around it, as JSON has it."""
    told = scene.shop.timeline(scene.order.id)
    return [(each.subject, each.event.topic, CONVERTER.unstructure(each.event)) for each in told]


def shelves(stage: Stage) -> Counter[str]:
    """What the house has of each SKU: to be sold, put aside, and held for somebody."""
    found: Counter[str] = Counter()
    for sku in SKUS[:3]:
        level, key = stage.shop.stock.level(sku), sku.casefold()
        found[key] = level.on_hand.steps
        found[f"{key} held"] = level.held.steps
        found[f"{key} damaged"], found[f"{key} quality"] = level.damaged.steps, level.quality.steps
    return found


def _world(scene: Scene, books: OrderBooks) -> list[str]:
    """Where the books of the gateway say something else about the order's money."""
    at = books.accounts["money:fake"]
    own = {each.key for each in scene.shop.payments.intent(scene.order).operations}
    done = [each for each in scene.world.entries if each.key in own and each.state is EffectState.SUCCEEDED]
    there = sum(SIGNS.get(each.kind, 0) * each.amount.minor_units for each in done)
    return [] if at == there else [f"the gateway holds {there} for it, and the books say {at}"]
