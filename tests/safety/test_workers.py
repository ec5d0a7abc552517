"""One shop, opened once, in many threads and in processes that are forked off afterwards."""

import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from safety.children import Say, start
from safety.races import SKUS
from safety.selling import Receipt, broken, sell, sell_one, stored_orders, violations
from safety.site import Site

from tokolib.inventory.errors import OutOfStock
from tokolib.shop import Shop

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
Count = Callable[[object], None]


def bought(shop: Shop, buyer: int) -> str:
    """The id of a buyer's order; nothing when they came too late."""
    try:
        return sell(shop, {SKUS[buyer % 3]: 1}, f"buyer-{buyer}").id
    except OutOfStock:
        return ""


class Workers:
    """What must come out wherever the shop is kept."""

    def test_fifty_threads_share_one_shop(self, site: Site, amount: Any, count: Count) -> None:
        """Fifty threads of one process sell with one shop: each gets an order of its own or is refused, none twice."""
        buyers, units = amount((100, 20), (1_000, 200))
        site.furnish(units)

        with site.open() as shop:
            with ThreadPoolExecutor(50) as pool:
                orders = list(pool.map(lambda buyer: bought(shop, buyer), range(buyers)))
            left = [shop.stock.available(sku).steps for sku in SKUS]
            sold = [order for order in orders if order]

            count(f"50 threads, {buyers} buyers of 3 x {units} units: sold {len(sold)}, left {sum(left)}")
            assert (3 * units, [0, 0, 0]) == (len(sold), left)
            assert set(sold) == stored_orders(shop)
            assert () == violations(shop)

    def test_forked_workers_sell_with_their_parents_shop(self, site: Site, amount: Any, count: Count) -> None:
        """A shop that is opened before a server forks its workers serves them all, and its parent too."""
        site.furnish(1_000_000)
        workers, each = amount((3, 4), (8, 50))
        with site.open() as shop:
            sell(shop, {SKUS[0]: 1}, "before")

            def work(say: Say) -> None:
                name = f"w{os.getpid()}"
                for number in range(1, each + 1):
                    say(sell_one(shop, name, number, random.Random(number)).line())

            children = [start(work) for _ in range(workers)]
            sell(shop, {SKUS[0]: 1}, "meanwhile")
            receipts = [Receipt.read(line) for child in children for line in child.finish()]
            sell(shop, {SKUS[0]: 1}, "after")

            count(f"{workers} forked workers: {len(receipts)} orders, and 3 of their parent")
            assert workers * each == len(receipts)
            assert workers * each + 3 == len(stored_orders(shop))
            assert ((), ()) == (broken(shop, receipts), violations(shop))


class TestOnSqlite(Workers):
    @pytest.fixture
    def site(self, on_file: Site) -> Site:
        return on_file


class TestOnPostgres(Workers):
    @pytest.fixture
    def site(self, on_server: Site) -> Site:
        return on_server
