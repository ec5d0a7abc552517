"""A connection that is cut at COMMIT: nobody knows on which side of it, and the sale still happens exactly once."""

import asyncio
import random
from collections.abc import Iterator
from typing import Any, Final

import pytest
from safety.cutting import Line, Side  # tools/, see pytest's `pythonpath`
from safety.selling import stored_orders
from safety.site import on_postgres

import tokolib
from tokolib.kernel.hosting import drive, resolved
from tokolib.kernel.storage_errors import CommitUnknown

STOCK: Final = 100
SALES: Final = 30


@pytest.fixture
def url(postgres: Any) -> str:
    """Where a shop with a hundred bags of coffee is."""
    site = on_postgres(postgres)
    storage = site.storage()
    drive(resolved(storage.migrate()))
    drive(resolved(storage.close()))
    site.furnish(STOCK)
    return site.url


@pytest.fixture
def line(url: str) -> Iterator[Line]:
    """The line to its server."""
    made = Line(url)
    yield made
    made.close()


def once(side: Side) -> Any:
    """Cuts at the next COMMIT, and never again."""
    sides = [side]
    return lambda: sides.pop() if sides else None


def sold(url: str) -> tuple[int, int, bool]:
    """How many orders there are, how many bags are left, and whether the books are sound; asked without the line."""
    with tokolib.open(url) as shop:
        return len(stored_orders(shop)), shop.stock.available("KOPI-250").steps, bool(shop.verify())


@pytest.mark.parametrize("side", Side)
def test_a_sale_whose_answer_is_lost_happens_once(url: str, line: Line, side: Side) -> None:
    """The sale is `CommitUnknown`, and isn't tried again by itself; sent again with its key it is one sale."""
    with tokolib.open(line.url + "&durable=0") as shop:
        quote = shop.carts.quote(shop.carts.start({"KOPI-250": 1}))
        line.fate, line.commits = once(side), 0

        with pytest.raises(CommitUnknown) as unknown:
            shop.orders.place(quote, tender="cash", key="till-1")
        assert 1 == line.commits
        assert int(side is Side.AFTER) == sold(url)[0]

        order = shop.orders.place(quote, tender="cash", key="till-1")
        assert order == shop.orders.place(quote, tender="cash", key="till-1")

    assert "send the command again with the same key" in unknown.value.hint
    assert (1, STOCK - 1, True) == sold(url)


@pytest.mark.parametrize("side", Side)
def test_an_awaited_sale_whose_answer_is_lost_happens_once(url: str, line: Line, side: Side) -> None:
    """The same for `AsyncShop`."""

    async def sell_twice() -> None:
        async with await tokolib.aopen(line.url + "&durable=0") as shop:
            quote = await shop.carts.quote(await shop.carts.start({"KOPI-250": 1}))
            line.fate, line.commits = once(side), 0
            with pytest.raises(CommitUnknown):
                await shop.orders.place(quote, tender="cash", key="till-1")
            assert 1 == line.commits
            await shop.orders.place(quote, tender="cash", key="till-1")

    asyncio.run(sell_twice())

    assert (1, STOCK - 1, True) == sold(url)


def test_a_bad_line_sells_everything_once(url: str, line: Line, record_property: Any) -> None:
    """Thirty sales over a line that cuts off three commits of ten: whoever sends again has one sale for each key."""
    luck = random.Random(26)
    unknown = 0
    with tokolib.open(line.url + "&durable=0") as shop:
        quotes = [shop.carts.quote(shop.carts.start({"KOPI-250": 1})) for _ in range(SALES)]
        line.fate = lambda: luck.choice(list(Side)) if luck.random() < 0.3 else None
        line.commits = 0
        for number, quote in enumerate(quotes):
            for _ in range(SALES):
                try:
                    shop.orders.place(quote, tender="cash", key=f"till-{number}")
                    break
                except CommitUnknown:
                    unknown += 1

    record_property("counted", f"{SALES} sales, {line.commits} commits, {unknown} of them unknown")
    assert SALES // 10 < unknown
    assert (SALES, STOCK - SALES, True) == sold(url)
