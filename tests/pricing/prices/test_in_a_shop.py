"""Prices in a whole shop on a file: what a quote says, an order keeps, and no customer sees."""

from datetime import date, timedelta

import pytest

import tokolib
from tokolib import IDR, USD
from tokolib.adapters.exchange import TableExchangeRates
from tokolib.kernel.errors import TokolibError
from tokolib.kernel.policies import PlacementPolicy, Policies
from tokolib.pricing import Ending, TierMode
from tokolib.testing import ManualClock

RATES = "date,base,quote,kind,rate,source\n2026-02-27,IDR,USD,mid,0.0000625,JISDOR\n"


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def shop(tmp_path, clock):
    """A shop that sells coffee, opened on a file as any other."""
    with tokolib.open(f"sqlite:///{tmp_path / 'kedai.db'}", country="ID", clock=clock) as shop:
        shop.catalog.put("KOPI", "Kopi")
        shop.stock.receive("KOPI", 1_000, key="opening")
        yield shop


def test_an_order_explains_its_bands_years_later(shop):
    """In both languages, from what it keeps; the base is the sum of the bands."""
    shop.prices.put("KOPI", IDR(1_000), tiers={10: IDR(900)}, tier_mode=TierMode.GRADUATED)
    shop.prices.put_list("toko", name="Toko", parent="idr", percent=10, ending=Ending(IDR(50)), priority=1)
    quote = shop.carts.quote(shop.carts.start({"KOPI": 15}))
    order = shop.orders.place(quote, tender="cash", key="1")
    shop.prices.put("KOPI", IDR(7))

    told = shop.orders.explain(order, "id")

    assert IDR(10 * 1_100 + 5 * 1_000) == order.total
    assert quote.explain("id") == told
    for words in ("harga bertingkat", "10 × Rp", "5 × Rp", "di atas 10", "diturunkan dari", "kelipatan Rp"):
        assert words in told
    assert "graduated price from price list Toko" in shop.orders.explain(order, "en")


def test_no_face_for_customers_shows_a_cost(shop):
    """Not the cart, not the quote, not the order, in no field and in no word."""
    shop.prices.put("KOPI", IDR(99_999), cost=IDR(77_777))
    cart = shop.carts.start({"KOPI": 1})
    quote = shop.carts.quote(cart)
    order = shop.orders.place(quote, tender="cash", key="1")

    shown = [repr(cart), repr(quote), repr(order), quote.explain("id"), shop.orders.explain(order, "en")]

    assert "99999" in shown[1].replace("_", "")
    assert not [text for text in shown if "77777" in text.replace("_", "")]


def test_a_price_that_comes_between_quote_and_order(shop, clock):
    """Told as a difference where the policy is to look again; the quote's own price where it is frozen."""
    shop.prices.put("KOPI", IDR(1_000))
    shop.prices.put("KOPI", IDR(800), since=clock.now() + timedelta(minutes=5))
    again, kept = (shop.carts.quote(shop.carts.start({"KOPI": 1})) for _ in range(2))
    clock.forward(minutes=6)

    with pytest.raises(TokolibError) as caught:
        shop.orders.place(again, tender="cash", key="1")
    assert "checkout.quote_changed" == caught.value.code
    assert IDR(800) == shop.carts.quote(shop.carts.start({"KOPI": 1})).total
    shop.settings.change(policies=Policies(placement=PlacementPolicy.FROZEN))
    assert IDR(1_000) == shop.orders.place(kept, tender="cash", key="2").total


def test_a_list_at_a_rate_of_a_table(shop):
    """The rate is asked for once, and stands on the list."""
    shop.settings.change(currencies=("USD",))
    shop.prices.put("KOPI", IDR(80_000))
    rate = TableExchangeRates.from_csv(RATES, max_age_days=7).rate("IDR", "USD", date(2026, 3, 2))

    made = shop.prices.put_list("usd", currency="USD", parent="idr", rate=rate, ending=Ending(USD(1), USD("0.49")))

    assert USD("5.49") == USD(shop.prices.get("KOPI", list="usd").price.amount)
    assert (
        made.derived
        == shop.prices.put_list(
            "usd", currency="USD", parent="idr", rate=rate, ending=Ending(USD(1), USD("0.49"))
        ).derived
    )
    assert 1 == made.version


def test_the_books_are_sound(shop, clock):
    """Every row reads back, and every schedule is what its history makes of it."""
    for days in range(40):
        clock.forward(days=1)
        shop.prices.put("KOPI", IDR(1_000 + days * 13 % 40), minimum=IDR(900))
        shop.prices.put("KOPI", IDR(950), since=clock.now() + timedelta(days=3), until=clock.now() + timedelta(days=4))

    assert () == shop.verify().violations
