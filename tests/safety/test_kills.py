"""`kill -9` at random moments: every acknowledged order is there, whole, and the books are sound."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from safety.killing import kill
from safety.selling import Receipt, broken, sell_one
from safety.site import Site, on_postgres

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
Count = Callable[[object], None]
SERVER_GONE = {"storage.unavailable", "storage.commit_unknown"}
"""What a sale may answer whose server is killed under it."""


def test_a_killed_seller_has_promised_nothing_that_is_gone(on_file: Site, amount: Any, count: Count) -> None:
    """Sellers die in the middle of a sale while others sell on; nobody is refused, nothing is lost or half there."""
    on_file.furnish(1_000_000)
    kills, orders_each, round_of, least = amount((6, 3, 4, 10), (200, 12, 48, 2_000))

    killed = kill(on_file, kills=kills, orders_each=orders_each, round_of=round_of)

    count(f"{on_file.name}: {killed}")
    assert killed.acknowledged >= least
    assert ((), (), "ok", {}) == (killed.lost, killed.violations, killed.damage, dict(killed.refusals))
    assert 0 <= killed.unacknowledged <= killed.kills


def test_a_killed_server_has_lost_nothing_that_was_promised(lasting_server: Any, amount: Any, count: Count) -> None:
    """Sellers die, and the whole server dies under those who live: they are told so, and sell on when it is back."""
    site = on_postgres(lasting_server, durable=True)
    site.furnish(1_000_000)
    kills, orders_each, round_of, least = amount((6, 3, 4, 10), (120, 12, 28, 2_000))

    killed = kill(site, kills=kills, orders_each=orders_each, round_of=round_of, server_every=amount(2, 9))

    count(f"{site.name}: {killed}")
    assert killed.acknowledged >= least
    assert killed.server_kills >= amount(2, 12)
    assert ((), ()) == (killed.lost, killed.violations)
    assert SERVER_GONE >= set(killed.refusals)
    assert 0 <= killed.unacknowledged <= killed.kills + sum(killed.refusals.values())


def test_the_harness_sees_what_is_gone(on_file: Site) -> None:
    """The control: an order that isn't there, and one that isn't what was promised, are named."""
    on_file.furnish(100)
    with on_file.open() as shop:
        kept = sell_one(shop, "s", 1, random.Random(1))
        gone = Receipt("s", 2, kept.order[:-1] + ("y" if kept.order.endswith("x") else "x"), kept.basket, kept.total)
        other = Receipt("s", 3, kept.order, kept.basket, kept.total + 1)

        assert () == broken(shop, [kept])
        assert [gone.order, other.order] == [found.split()[0] for found in broken(shop, [kept, gone, other])]
