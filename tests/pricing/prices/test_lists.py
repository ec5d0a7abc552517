"""Price lists: which one wins, and why the others lost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from tokolib.conditions import at_least, one_of
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.lost import Why
from tokolib.pricing.prices.book import PriceBook

DAY = timedelta(days=1)
NOW = datetime(2026, 1, 31, 5, 0, tzinfo=UTC)


def lost(priced):
    return {each.name: (each.why, each.at or each.by) for each in priced.lines[0].choice.lost}


def two(counter, facts=None, **rules):
    """What a line costs with a list of 100 and a special one of 80, and what the special one says."""
    book = PriceBook(
        (counter.list(), counter.list("special", priority=1, **rules)),
        (counter.price("a", IDR(100)), counter.price("a", IDR(80), "special")),
    )
    return counter.ask([counter.line("a")], book=book, facts=facts)


def test_the_list_of_the_larger_priority_wins(counter):
    """The other one lost to it by name."""
    priced = two(counter)

    assert 80 == priced.total
    assert {"idr": (Why.PRIORITY, "special")} == lost(priced)
    codes = [each.code for each in priced.reason.walk()]
    assert "pricing.list_lost" in codes
    assert "pricing.why.priority" in codes


def test_of_equal_priority_the_more_specific_list_wins(counter):
    """A list for a channel goes before one for all; then the smaller id."""
    book = PriceBook(
        (counter.list("a"), counter.list("b"), counter.list("z", channel="app")),
        (counter.price("a", IDR(1), "a"), counter.price("a", IDR(2), "b"), counter.price("a", IDR(3), "z")),
    )

    web = counter.ask([counter.line("a")], book=book, facts={"channel": "web"})
    app = counter.ask([counter.line("a")], book=book, facts={"channel": "app"})

    assert (1, 3) == (web.total, app.total)


@pytest.mark.parametrize(
    ("rules", "facts", "expected"),
    [
        ({"active": False}, {}, (Why.STOPPED, "")),
        ({"channel": "app"}, {"channel": "web"}, (Why.CHANNEL, "app")),
        ({"customer_group": "reseller"}, {}, (Why.CUSTOMER_GROUP, "reseller")),
        ({"conditions": at_least("quantity", 5)}, {}, (Why.CONDITIONS, "")),
        ({"since": DAY}, {}, (Why.NOT_YET, NOW + DAY)),
        ({"until": -DAY}, {}, (Why.OVER, NOW - DAY)),
        ({"until": DAY}, {"now": ""}, (Why.NO_CLOCK, "")),
    ],
)
def test_a_list_that_does_not_apply_says_why(counter, rules, facts, expected):
    """The price is the other list's."""
    rules = {name: counter.now + value if isinstance(value, timedelta) else value for name, value in rules.items()}

    priced = two(counter, facts, **rules)

    assert 100 == priced.total
    assert {"special": expected} == lost(priced)


@pytest.mark.parametrize(
    ("rules", "facts"),
    [
        ({"channel": "app"}, {"channel": "app"}),
        ({"customer_group": "reseller"}, {"customer_groups": frozenset({"reseller", "vip"})}),
        ({"conditions": one_of("skus", "a") | at_least("lines", 1)}, {}),
    ],
)
def test_a_list_that_applies_wins(counter, rules, facts):
    """Channel, group and conditions are asked of the facts."""
    assert 80 == two(counter, facts, **rules).total


def test_a_list_without_the_sku_leaves_it_to_the_next(counter):
    """Before or after the winner, it says that it has no price; a withdrawn price is none."""
    withdrawn = attrs.evolve(counter.price("a", IDR(5), "high"), withdrawn=True)
    book = PriceBook(
        (counter.list(), counter.list("high", priority=9), counter.list("low", priority=-1)),
        (counter.price("a", IDR(100)), withdrawn),
    )

    priced = counter.ask([counter.line("a")], book=book)

    assert 100 == priced.total
    assert {"high": (Why.NO_PRICE, ""), "low": (Why.NO_PRICE, "idr")} == lost(priced)


def test_a_list_of_another_currency_is_no_help(counter):
    """Dollars don't price a cart in rupiah."""
    book = PriceBook((counter.list("usd", "USD"),), (counter.price("a", USD(5), "usd"),))

    priced = counter.ask([counter.line("a")], book=book)

    assert ["pricing.no_price"] == [problem.code for problem in priced.problems]


@pytest.mark.parametrize(
    ("quantity", "total", "tier"),
    [(9, 900, None), (10, 900, Decimal(10)), (99, 8_910, Decimal(10)), (100, 8_000, Decimal(100))],
)
def test_a_tier_prices_all_units(counter, quantity, total, tier):
    """From ten on 90 each, from a hundred on 80 each."""
    book = attrs.evolve(counter.book({}), prices=(counter.price("a", IDR(100), tiers={100: IDR(80), 10: IDR(90)}),))

    priced = counter.ask([counter.line("a", None, quantity)], book=book)

    assert (total, tier) == (priced.total, priced.lines[0].choice.tier)
    expected = "pricing.list_price" if tier is None else "pricing.tier_price"
    assert expected in [each.code for each in priced.reason.walk()]


def test_gifts_and_stated_lines_reach_no_tier(counter):
    """Only what pays a list's price counts towards one; other SKUs have pools of their own."""
    book = attrs.evolve(
        counter.book({}), prices=(counter.price("a", IDR(100), tiers={2: IDR(90)}), counter.price("b", IDR(1)))
    )
    lines = [
        counter.line("1", "a"),
        counter.line("2", "a", 5, gift=True),
        counter.line("3", "a", 5, stated=counter.stated(UnitPrice(0, IDR))),
        counter.line("4", "b", 5),
    ]

    assert 105 == counter.ask(lines, book=book).total


def test_a_book_that_priced_one_cart_prices_the_next_as_if_it_were_the_first(counter):
    """It remembers plain prices: for the same list and tax, and never for a cart that another list applies to."""

    def fresh():
        return PriceBook(
            (counter.list(), counter.list("app", priority=1, channel="app")),
            (counter.price("a", IDR(100)), counter.price("b", IDR(50)), counter.price("a", IDR(80), "app")),
        )

    kept = PriceBook((counter.list(),), (counter.price("a", IDR(100)), counter.price("b", IDR(50))))
    asked = [
        (book, counter.ask([counter.line(key)], book=book, facts={"channel": channel}, settings=settings))
        for book in (fresh(), kept)
        for _ in range(2)
        for settings in (counter.settings(prices_include_tax=True), counter.settings(prices_include_tax=False))
        for channel in ("web", "app")
        for key in ("a", "b")
    ]
    again = [
        counter.ask([counter.line(key)], book=attrs.evolve(book), facts={"channel": channel}, settings=settings)
        for book in (fresh(), kept)
        for _ in range(2)
        for settings in (counter.settings(prices_include_tax=True), counter.settings(prices_include_tax=False))
        for channel in ("web", "app")
        for key in ("a", "b")
    ]

    assert again == [priced for _, priced in asked]
    assert {100, 80, 50} == {priced.total for _, priced in asked}
