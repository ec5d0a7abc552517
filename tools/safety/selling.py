"""The one way in which every harness sells, and what a buyer can show for it afterwards."""

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import Final

import attrs

from safety.site import PRICES
from tokolib.kernel.errors import NotFound
from tokolib.kernel.ids import OrderId
from tokolib.orders.model import Order, OrderState
from tokolib.shop import Shop

MOST_UNITS: Final = 3


def sell(shop: Shop, basket: Mapping[str, int], key: str) -> Order:
    """Sell a basket over the counter; when this returns, the buyer has been promised an order."""
    cart = shop.carts.start(basket)
    quote = shop.carts.quote(cart)
    return shop.orders.place(quote, tender="cash", key=key)


def basket_of(luck: random.Random) -> dict[str, int]:
    """A basket of one to three articles."""
    skus = luck.sample(sorted(PRICES), luck.randint(1, len(PRICES)))
    return {sku: luck.randint(1, MOST_UNITS) for sku in skus}


@attrs.frozen
class Receipt:
    """What a buyer was promised, and can ask for whatever happened meanwhile."""

    seller: str
    number: int
    order: str
    basket: Mapping[str, int]
    total: int
    """In rupiah."""

    def line(self) -> str:
        """As one line of text, to be sent out of the process before anything happens to it."""
        return json.dumps([self.seller, self.number, self.order, self.basket, self.total])

    @classmethod
    def read(cls, line: str) -> "Receipt":
        """The receipt that `line` wrote."""
        return cls(*json.loads(line))


def sell_one(shop: Shop, seller: str, number: int, luck: random.Random) -> Receipt:
    """Sell some basket as the sale *number* of a *seller*."""
    basket = basket_of(luck)
    order = sell(shop, basket, f"{seller}-{number}")
    return Receipt(seller, number, order.id, basket, order.total.minor_units)


def sell_on(shop: Shop, seller: str, luck: random.Random, say: Callable[[str], None], *, rest: float = 0) -> None:
    """Sell one basket after the other, numbered from 1, and say each receipt, until somebody ends the process.

    Buyers come up to *rest* seconds apart; without any rest, whoever has just sold has the file again at once.
    """
    for number in count(1):
        say(sell_one(shop, seller, number, luck).line())
        time.sleep(luck.uniform(0, rest))


def broken(shop: Shop, receipts: Iterable[Receipt]) -> tuple[str, ...]:
    """The receipts whose order is missing or isn't what was promised; none of them, in a sound shop."""
    return tuple(found for receipt in receipts if (found := _fault(shop, receipt)))


def _fault(shop: Shop, receipt: Receipt) -> str:
    try:
        order = shop.orders.get(OrderId(receipt.order))
    except NotFound:
        return f"{receipt.order} is gone"
    sold = {line.line.sku: line.line.steps for line in order.lines}
    found = (order.state, sold, order.total.minor_units, order.paid.minor_units)
    promised = (OrderState.PLACED, receipt.basket, receipt.total, receipt.total)
    return "" if found == promised else f"{receipt.order} is {found}, promised was {promised}"


def orders(shop: Shop) -> Iterator[Order]:
    """All orders in the shop, the newest first."""
    after: str | None = None
    while True:
        page = shop.orders.page(after=after)
        yield from page.items
        if (after := page.after) is None:
            return


def stored_orders(shop: Shop) -> frozenset[str]:
    """The ids of all orders in the shop."""
    return frozenset(order.id for order in orders(shop))


def violations(shop: Shop) -> tuple[str, ...]:
    """The promises that the books break; none of them, in a sound shop."""
    return tuple(str(each) for each in shop.verify().violations)
