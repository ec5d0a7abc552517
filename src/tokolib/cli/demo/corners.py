"""Chapters 10 and 11: an order that nobody pays, and two buyers of the one thing that is left."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final

import attrs

from tokolib.checkout import Quote
from tokolib.cli.demo.stage import Scene
from tokolib.inventory import OutOfStock
from tokolib.kernel import Quantity
from tokolib.orders import Order

WANTED: Final = "ANGKLUNG-12"
LAST: Final = "BALON-UDARA"
BUYERS: Final = ("Rani", "Joko")


def let_expire(scene: Scene) -> None:
    """Chapter 10: a bank transfer that never comes; a day later its goods are for sale again."""
    tell, shop = scene.tell, scene.shop
    tell.chapter(10, "expiry.title")
    rows = [_level(scene, "expiry.before")]
    free = shop.stock.available(WANTED)
    quote = shop.carts.quote(shop.carts.start({WANTED: free}))
    order = shop.orders.place(quote, tender="bank_transfer", key="web-budi-1")
    rows.append(_level(scene, "expiry.waiting"))
    until = order.due_until or scene.clock.now()
    tell.say("expiry.story", quantity=free, total=order.total, until=until)
    scene.clock.forward(hours=25)
    ticked = shop.tick()
    rows.append(_level(scene, "expiry.after"))
    columns = ("col.moment", "col.on_hand>", "col.held>", "col.available>")
    tell.table("expiry.levels", columns, rows)
    state = tell.text(f"order.{shop.orders.get(order.id).state}")
    tell.say("expiry.done", now=scene.now(), expired=ticked.expired_orders, state=state)


def _level(scene: Scene, moment: str) -> tuple[str, Quantity, Quantity, Quantity]:
    level = scene.shop.stock.level(WANTED)
    return scene.tell.text(moment), level.on_hand, level.held, level.available


@attrs.frozen
class Outcome:
    """What a buyer is told: an order, or what is left."""

    buyer: str
    order: Order | None = None
    refused: OutOfStock | None = None


def race(scene: Scene) -> None:
    """Chapter 11: two threads place at the same instant, each with a quote that says there is one."""
    tell, shop = scene.tell, scene.shop
    tell.chapter(11, "race.title")
    left = shop.stock.available(LAST)
    tell.say("race.story", available=left.amount)
    quotes = [shop.carts.quote(shop.carts.start({LAST: 1})) for _ in BUYERS]
    outcomes = _place_at_once(scene, quotes)
    rows = []
    for each in outcomes:
        if each.order is not None:
            rows.append((each.buyer, tell.text("race.won"), tell.text("race.order", reference=each.order.reference)))
        if each.refused is not None:
            short = each.refused.shortages[0]
            wanted, there = Quantity(short.wanted, left.unit), Quantity(short.available, left.unit)
            rows.append((each.buyer, tell.text("race.lost"), tell.text("race.left", wanted=wanted, available=there)))
    tell.table("race.outcomes", ("col.buyer", "col.outcome", "col.told"), rows)
    for each in outcomes:
        if each.order is not None:
            _fly_away(scene, each.buyer, each.order)


def _place_at_once(scene: Scene, quotes: Sequence[Quote]) -> list[Outcome]:
    start = Barrier(len(quotes))

    def place(buyer: str, quote: Quote) -> Outcome:
        start.wait()
        try:
            order = scene.shop.orders.place(quote, tender="bank_transfer", key=f"web-{buyer}-1")
        except OutOfStock as error:
            return Outcome(buyer, refused=error)
        return Outcome(buyer, order)

    with ThreadPoolExecutor(len(quotes)) as threads:
        return list(threads.map(place, BUYERS, quotes))


def _fly_away(scene: Scene, buyer: str, order: Order) -> None:
    """The winner pays, and fetches it."""
    tell, shop = scene.tell, scene.shop
    scene.clock.forward(hours=2)
    shop.payments.received(order, order.total, reference="BCA-20260308-0042")
    shop.shipments.delivered(shop.shipments.hand_over(order), received_by=buyer)
    document = shop.invoices.issue(order)
    tell.say("race.flown", buyer=buyer, total=document.total, tax=document.tax, number=document.number)
