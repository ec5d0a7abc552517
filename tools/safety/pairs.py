"""Two processes go for one order at the same moment: one ends what the other changes, pays, ships or gives back.

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
from multiprocessing.synchronize import Barrier
from typing import Any, Final

import attrs
from sequences.oracle import Impossible, OrderBooks

from safety.children import Say, start
from safety.site import Site
from tokolib import IDR, json_converter
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.ids import OrderId
from tokolib.shop import Shop

PATIENCE: Final = 120.0
LONGEST_LEAD: Final = 0.015
"""Seconds that one of the two may wait, so that either is first at times."""
UNITS: Final = 2

Act = Callable[[Shop, OrderId], object]


@attrs.frozen
class Pair:
    """Two acts on one order, and how it is made ready for them."""

    name: str
    tender: str
    one: tuple[str, Act]
    other: tuple[str, Act]
    told_by: Mapping[str, str]
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


def _edit(shop: Shop, order: OrderId) -> object:
    return shop.orders.edit(order, remove={"KOPI-250": 1}, add={"TEH-100": 1}, reason="rather tea")


def _ship(shop: Shop, order: OrderId) -> object:
    return shop.shipments.hand_over(order)


def _cancel(shop: Shop, order: OrderId) -> object:
    return shop.orders.cancel(order, reason="changed mind")


def _pay(shop: Shop, order: OrderId) -> object:
    return shop.payments.received(order, shop.orders.get(order).total, reference=f"bank-{order}")


def _refund(key: str, shop: Shop, order: OrderId) -> object:
    return shop.payments.refund(order, IDR(100_000), reason="goodwill", key=f"{key}-{order}")


PAIRS: Final = (
    Pair(
        "edit against ship",
        "cash",
        ("edit", _edit),
        ("ship", _ship),
        {"orders.order_amended": "edit", "orders.goods_shipped": "ship"},
    ),
    Pair(
        "cancel against capture",
        "bank_transfer",
        ("cancel", _cancel),
        ("capture", _pay),
        {"orders.order_cancelled": "cancel", "orders.payment_captured": "capture"},
    ),
    Pair("two refunds", "cash", ("this", partial(_refund, "this")), ("that", partial(_refund, "that")), {}),
)


def meet(site: Site, pair: Pair, times: int, *, seed: int = 1) -> Met:
    """Let both acts of *pair* go for *times* orders, one order after the other."""
    with site.open() as shop:
        orders = [_ready(shop, pair, number) for number in range(times)]
    gate = get_context("fork").Barrier(2)
    children = [start(partial(_act, site, act, orders, gate, f"{seed}-{name}")) for name, act in (pair.one, pair.other)]
    said = [json.loads(child.finish()[-1]) for child in children]
    names = (pair.one[0], pair.other[0])
    with site.open() as shop:
        faults = [str(each) for each in shop.verify().violations]
        first: Counter[str] = Counter(dict.fromkeys(names, 0))
        for at, order in enumerate(orders):
            done = [name for name, answers in zip(names, said, strict=True) if not answers[at]]
            if not done:
                faults.append(f"{order}: both were refused")
                continue
            first[_first(shop, pair, order, done)] += 1
            faults.extend(f"{order}: {each}" for each in _mixed(shop, order))
    codes = [f"{name} by {code}" for name, answers in zip(names, said, strict=True) for code in answers if code]
    return Met(pair.name, first, Counter(codes), tuple(faults))


def _ready(shop: Shop, pair: Pair, number: int) -> OrderId:
    quote = shop.carts.quote(shop.carts.start({"KOPI-250": UNITS}))
    return shop.orders.place(quote, tender=pair.tender, key=f"{pair.name}-{number}").id


def _act(site: Site, act: Act, orders: Sequence[OrderId], gate: Barrier, seed: str, say: Say) -> None:
    """Act on each order when the other is there too, and tell the codes of what was refused."""
    luck, answers = random.Random(seed), []
    with site.open() as shop:
        for order in orders:
            gate.wait(PATIENCE)
            time.sleep(luck.random() * LONGEST_LEAD)
            try:
                act(shop, order)
                answers.append("")
            except TokolibError as error:
                answers.append(error.code)
    say(json.dumps(answers))


def _first(shop: Shop, pair: Pair, order: OrderId, done: Sequence[str]) -> str:
    if len(done) == 1:
        return done[0]
    told = [pair.told_by.get(each.event.topic, "") for each in shop.orders.history(order)]
    return next(name for name in told if name)


def _mixed(shop: Shop, order: OrderId) -> list[str]:
    """Where the order's history tells what can't be, or its money is not what its own books say."""
    converter = json_converter()
    history = shop.orders.history(order)
    told: list[tuple[str, Any]] = [(each.event.topic, converter.unstructure(each.event)) for each in history]
    try:
        books = OrderBooks().tell(told)
    except Impossible as error:
        return [str(error)]
    now = shop.orders.get(order)
    return [] if books.money == now.paid.minor_units else [f"holds {now.paid}, and its history says {books.money}"]
