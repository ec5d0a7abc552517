"""Two processes go for the same order, or the same goods, at the same moment: one ends what the other changes.

Whoever is first, what comes of it is one of the ends that doing the one after the other has, or one of the two is
refused by name; never a mixture, and nothing is lost.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Barrier
from typing import Any, Final

import attrs
from sequences.oracle import Impossible, OrderBooks

from safety.children import Say, start
from safety.site import Site
from tokolib import IDR, Basket, Staff, json_converter
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.ids import CountId, OrderId, ReturnId
from tokolib.shop import Shop
from tokolib.testing.builders import BUYER, Given
from tokolib.testing.fake_courier_account import NAME as COURIER

PATIENCE: Final = 120.0
LEAD: Final = 0.015
"""Seconds that each of the two may wait, so that either is first at times."""
UNITS: Final = 2

Act = Callable[[Shop, str], object]


@attrs.frozen
class Pair:
    """Two acts on one subject, and how it is made ready for them."""

    name: str
    ready: Callable[[Shop, str], str]
    """Makes a subject under a key: an order, by its id; or what the two acts make of it."""
    one: tuple[str, Act]
    other: tuple[str, Act]
    told_by: Mapping[str, str] = attrs.field(factory=dict)
    """The act that an event of an order's history tells of; whose event comes first, or alone, was first."""


@attrs.frozen
class Met:
    """What came of all meetings of a pair."""

    pair: str
    first: Mapping[str, int]
    """How often each act came first."""
    refused: Mapping[str, int]
    """How often each act was refused, by the error's code."""
    faults: tuple[str, ...]

    def __str__(self) -> str:
        first = ", ".join(f"{name} first {count}" for name, count in sorted(self.first.items()))
        refused = ", ".join(f"{name} {count}" for name, count in sorted(self.refused.items())) or "none"
        return f"{self.pair}: {first}; refused {refused}; lost or mixed up {len(self.faults)}"


def _edit(shop: Shop, order: str) -> object:
    return shop.orders.edit(OrderId(order), remove={"KOPI-250": 1}, add={"TEH-100": 1}, reason="rather tea")


def _ship(shop: Shop, order: str) -> object:
    return shop.shipments.hand_over(OrderId(order))


def _cancel(shop: Shop, order: str) -> object:
    return shop.orders.cancel(OrderId(order), reason="changed mind")


def _pay(shop: Shop, order: str) -> object:
    return shop.payments.received(order, shop.orders.get(OrderId(order)).total, reference=f"bank-{order}")


def _refund(key: str, shop: Shop, order: str) -> object:
    return shop.payments.refund(order, IDR(100_000), reason="goodwill", key=f"{key}-{order}")


def _ordered(tender: str, shop: Shop, key: str) -> str:
    quote = shop.carts.quote(shop.carts.start({"KOPI-250": UNITS}))
    return shop.orders.place(quote, tender=tender, key=key).id


def _counted(shop: Shop, key: str) -> str:
    """A SKU of which somebody has found nothing on the shelf, and the count that says so."""
    sku = "R-" + key.rpartition("-")[2]
    Given(shop).goods({sku: 10_000}, stock=UNITS)
    sheet = shop.acting(Staff("ani")).counts.open([sku])
    shop.acting(Staff("budi")).counts.count(sheet, {sku: 0})
    return f"{sku} {sheet.id}"


def _post(shop: Shop, subject: str) -> object:
    return shop.counts.post(CountId(subject.split()[1]), reason="counted")


def _sell(shop: Shop, subject: str) -> object:
    return shop.orders.place(Basket({subject.split()[0]: UNITS}), tender="cash", key=subject)


def _waiting(shop: Shop, key: str) -> str:
    """An order of goods that are still to come."""
    sku = "W-" + key.rpartition("-")[2]
    Given(shop).goods({sku: 10_000}, stock=0)
    shop.backorders.allow(sku, UNITS, days=7)
    return shop.orders.place(Basket({sku: UNITS}), tender="cash", key=key).id


def _serve(shop: Shop, order: str) -> object:
    """The goods come, and are given to whoever waits for them."""
    shop.stock.receive(shop.orders.get(OrderId(order)).lines[0].line.sku, UNITS)
    return shop.orders.allocate()


def _agreed(shop: Shop, key: str) -> str:
    """A return that the shop has agreed to."""
    order = shop.orders.place(Basket({"KOPI-250": UNITS}), tender="cash", key=key)
    shop.shipments.delivered(shop.shipments.hand_over(order))
    return shop.returns.authorise(shop.returns.request(order, {"KOPI-250": UNITS}, reason="changed mind")).id


def _label(shop: Shop, goods: str) -> object:
    return shop.return_labels.buy(ReturnId(goods), courier=COURIER, recipient=BUYER, sender=BUYER)


PAIRS: Final = (
    Pair(
        "edit against ship",
        partial(_ordered, "cash"),
        ("edit", _edit),
        ("ship", _ship),
        told_by={"orders.order_amended": "edit", "orders.goods_shipped": "ship"},
    ),
    Pair(
        "cancel against capture",
        partial(_ordered, "bank_transfer"),
        ("cancel", _cancel),
        ("capture", _pay),
        told_by={"orders.order_cancelled": "cancel", "orders.payment_captured": "capture"},
    ),
    Pair(
        "two refunds",
        partial(_ordered, "cash"),
        ("this", partial(_refund, "this")),
        ("that", partial(_refund, "that")),
    ),
    Pair("count against sale", _counted, ("count", _post), ("sale", _sell)),
    Pair("two return labels", _agreed, ("this", _label), ("that", _label)),
    Pair(
        "serve against cancel",
        _waiting,
        ("serve", _serve),
        ("cancel", _cancel),
        told_by={"orders.goods_allocated": "serve", "orders.order_cancelled": "cancel"},
    ),
)


def meet(site: Site, pair: Pair, times: int, *, seed: int = 1) -> Met:
    """Let both acts of *pair* go for *times* orders, one order after the other."""
    with site.open() as shop:
        subjects = [pair.ready(shop, f"{pair.name}-{number}") for number in range(times)]
    fork = get_context("fork")
    gate, took = fork.Barrier(2), fork.Array("d", 2)
    children = [
        start(partial(_act, site, act, subjects, Meeting(gate, took, at), f"{seed}-{name}"))
        for at, (name, act) in enumerate((pair.one, pair.other))
    ]
    said = [json.loads(child.finish()[-1]) for child in children]
    names = (pair.one[0], pair.other[0])
    with site.open() as shop:
        faults = [str(each) for each in shop.verify().violations]
        first: Counter[str] = Counter(dict.fromkeys(names, 0))
        for at, subject in enumerate(subjects):
            done = [name for name, answers in zip(names, said, strict=True) if not answers[at]]
            if not done:
                faults.append(f"{subject}: both were refused")
                continue
            first[_first(shop, pair, subject, done)] += 1
            faults.extend(f"{subject}: {each}" for each in _mixed(shop, pair, subject, done))
    codes = [f"{name} by {code}" for name, answers in zip(names, said, strict=True) for code in answers if code]
    return Met(pair.name, first, Counter(codes), tuple(faults))


@attrs.frozen
class Meeting:
    """Where two processes meet: each knows how long the other's act takes, and leaves it that much of a lead."""

    gate: Barrier
    took: "SynchronizedArray[float]"
    """The seconds that the acts of either took of late."""
    at: int
    """Which of the two this is."""

    def wait(self, luck: random.Random) -> None:
        """Wait for the other, and then as long as makes either the first at times, however slow the machine is."""
        self.gate.wait(PATIENCE)
        ahead = max(0.0, self.took[1 - self.at] - self.took[self.at])
        time.sleep(luck.random() * (LEAD + 2 * ahead))

    def acted(self, seconds: float) -> None:
        """It took so long."""
        before = self.took[self.at]
        self.took[self.at] = (before + seconds) / 2 if before else seconds


def _act(site: Site, act: Act, subjects: Sequence[str], meeting: Meeting, seed: str, say: Say) -> None:
    """Act on each subject when the other is there too, and tell the codes of what was refused."""
    luck, answers = random.Random(seed), []
    with site.open() as shop:
        for subject in subjects:
            meeting.wait(luck)
            began = time.perf_counter()
            try:
                act(shop, subject)
                answers.append("")
            except TokolibError as error:
                answers.append(error.code)
            meeting.acted(time.perf_counter() - began)
    say(json.dumps(answers))


def _first(shop: Shop, pair: Pair, subject: str, done: Sequence[str]) -> str:
    if len(done) == 1:
        return done[0]
    told = [pair.told_by.get(each.event.topic, "") for each in shop.orders.history(OrderId(subject))]
    return next(name for name in told if name)


def _mixed(shop: Shop, pair: Pair, subject: str, done: Sequence[str]) -> list[str]:
    """Where an order's history tells what can't be, or its money is not what its own books say.

    Of goods, only one of the two may have been done.
    """
    if not subject.startswith("ord_"):
        return [] if len(done) == 1 else [f"{' and '.join(done)} were both done"]
    converter, id = json_converter(), OrderId(subject)
    told: list[tuple[str, str, Any]] = [
        (id, each.event.topic, converter.unstructure(each.event)) for each in shop.orders.history(id)
    ]
    try:
        books = OrderBooks().tell(told)
    except Impossible as error:
        return [str(error)]
    now = shop.orders.get(id)
    return [] if books.money == now.paid.minor_units else [f"holds {now.paid}, and its history says {books.money}"]
