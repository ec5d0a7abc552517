"""The prior price beside a crossed-out one: the lowest that the shelf showed in the 30 days before it was reduced."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR
from tokolib.conditions import one_of, weekly
from tokolib.pricing import Scope
from tokolib.testing import ManualClock

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Monday, nine o'clock in Jakarta."""


@pytest.fixture(params=["memory", "sqlite"])
def shop(request, tmp_path):
    """A shop that sells tea at 20,000."""
    url = "memory://" if request.param == "memory" else f"sqlite:///{tmp_path / 'kedai.db'}"
    clock = ManualClock()
    with tokolib.open(url, country="ID", clock=clock) as shop:
        shop.catalog.put("TEH", "Teh")
        shop.catalog.put("GULA", "Gula")
        shop.prices.put("TEH", IDR(20_000))
        shop.clock = clock
        yield shop
        assert shop.verify()


def cut(shop, code, percent, **more):
    return shop.promotions.percent(code, percent, on=Scope.UNIT, on_shelf=True, **more)


def lowest(shop, **more):
    return shop.prices.shelf("TEH", **more).lowest


def test_a_reduction_names_the_lowest_price_before_it(shop):
    """Not what it cost long ago, and not the reduced price itself, however long that goes on."""
    shop.clock.forward(days=40)
    shop.prices.put("TEH", IDR(18_000))
    shop.clock.forward(days=5)
    shop.prices.put("TEH", IDR(22_000))
    shop.clock.forward(days=10)
    assert lowest(shop) is None  # nothing is crossed out
    cut(shop, "sepuluh", 10)

    assert (IDR(19_800), IDR(22_000), IDR(18_000)) == (
        shop.prices.shelf("TEH").price,
        shop.prices.shelf("TEH").was,
        lowest(shop),
    )
    shop.clock.forward(days=70)
    assert IDR(18_000) == lowest(shop)
    assert IDR(18_000) == shop.prices.shelves(["TEH"])["TEH"].lowest


def test_a_promotion_before_this_one_was_a_price(shop):
    """One reduction after another can't name the full price between them, though the first was stopped since."""
    shop.clock.forward(days=40)
    cut(shop, "maret", 30)
    shop.clock.forward(days=5)
    shop.promotions.stop("maret")
    shop.clock.forward(days=10)
    cut(shop, "april", 20)
    assert (IDR(16_000), IDR(14_000)) == (shop.prices.shelf("TEH").price, lowest(shop))

    shop.promotions.stop("april")
    shop.clock.forward(days=60)
    cut(shop, "mei", 20)
    assert IDR(20_000) == lowest(shop)


def test_a_code_that_was_for_other_goods_once_is_another_price(shop):
    """What it targeted then counts, not what it targets now; promotions on other goods don't."""
    shop.clock.forward(days=40)
    cut(shop, "kilat", 50, target=one_of("sku", "teh"))
    cut(shop, "gula", 90, target=one_of("sku", "gula"))
    shop.clock.forward(days=1)
    cut(shop, "kilat", 50, target=one_of("sku", "gula"))
    shop.clock.forward(days=1)
    cut(shop, "sepuluh", 10, target=one_of("sku", "teh"))
    assert IDR(10_000) == lowest(shop)

    shop.clock.forward(hours=1)
    shop.promotions.stop("sepuluh")
    shop.clock.forward(days=29)
    cut(shop, "april", 5, target=one_of("sku", "teh"))
    assert IDR(18_000) == lowest(shop)  # of "sepuluh": "kilat" ended 30 days ago


def test_a_price_of_some_hours_was_shown_in_the_week_before(shop):
    """A promotion of every Monday morning: on the second Monday, the first one's price is the prior price."""
    shop.clock.forward(days=39)
    hours = weekly("monday", since="08:00", until="12:00", zone="Asia/Jakarta")
    cut(shop, "pagi", 25, conditions=hours)
    shop.clock.instant = START + timedelta(days=42)
    assert (IDR(15_000), IDR(20_000)) == (shop.prices.shelf("TEH").price, lowest(shop))
    shop.clock.forward(days=7)
    assert (IDR(15_000), IDR(15_000)) == (shop.prices.shelf("TEH").price, lowest(shop))


def test_a_sale_in_a_list_of_its_own_counts_while_it_ran(shop):
    """By its dates and for its channel, though it was stopped since; where the price was crossed out by hand, too."""
    shop.clock.forward(days=40)
    shop.prices.put_list("sale", priority=5, until=date(2026, 4, 15))
    shop.prices.put("TEH", IDR(12_000), list="sale")
    shop.prices.put_list("app", priority=9, channel="app")
    shop.prices.put("TEH", IDR(9_000), list="app")
    shop.clock.forward(days=10)
    shop.prices.stop_list("sale")
    shop.prices.stop_list("app")
    shop.prices.put("TEH", IDR(17_000), compare_at=IDR(25_000))

    assert (IDR(25_000), IDR(12_000)) == (shop.prices.shelf("TEH").was, lowest(shop))
    assert IDR(9_000) == lowest(shop, channel="app")


def test_goods_that_are_new_have_no_prior_price(shop):
    """Nothing was shown before: nothing is named."""
    cut(shop, "baru", 10)
    shop.clock.forward(days=3)

    assert IDR(20_000) == shop.prices.shelf("TEH").was
    assert lowest(shop) is None


STEPS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(["price", "promotion", "stop"]), st.integers(1, 9)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_the_prior_price_is_the_lowest_that_a_customer_saw(steps):
    """Somebody who looks at the shelf each day, and each time that something changes, knows it as well."""
    clock = ManualClock()
    with tokolib.open("memory://", country="ID", clock=clock) as shop:
        shop.catalog.put("TEH", "Teh")
        shop.prices.put("TEH", IDR(5_000), compare_at=IDR(99_999))
        seen = []

        def look():
            found = shop.prices.shelf("TEH")
            seen.append((clock.now(), found.price))
            return found

        found = look()
        for days, what, figure in steps:
            for _ in range(days):
                clock.forward(days=1)
                look()
            clock.forward(hours=1)
            match what:
                case "price":
                    shop.prices.put("TEH", IDR(figure * 1_000), compare_at=IDR(99_999))
                case "promotion":
                    cut(shop, "p", figure * 10)
                case _ if any(each.active for each in shop.promotions.page().items):
                    shop.promotions.stop("p")
            found = look()

        began = clock.now()
        for at, price in reversed(seen):
            if price != found.price:
                break
            began = at
        first = next(i for i, (at, _) in enumerate(seen) if at == began)
        window = [price for at, price in seen[:first] if at >= began - timedelta(days=30)]
        # what was shown when the window opened was shown since the last look before it
        older = [price for at, price in seen[:first] if at < began - timedelta(days=30)][-1:]
        assert min([*window, *older], default=None) == found.lowest
