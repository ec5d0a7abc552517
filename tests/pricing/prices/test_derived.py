"""Lists that follow from others, and lists for countries."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.errors import InvalidInput, NotFound
from tokolib.kernel.money import IDR, USD, Money
from tokolib.kernel.money_errors import AmountOutOfRange
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.rounding import RoundingMode
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.exchange.model import Rate
from tokolib.pricing.lost import Why
from tokolib.pricing.model import TierMode
from tokolib.pricing.prices import steps as pricing
from tokolib.pricing.prices.book import PriceBook
from tokolib.pricing.prices.derive import derived
from tokolib.pricing.prices.errors import PriceListCycle
from tokolib.pricing.prices.events import PriceListPut
from tokolib.pricing.prices.model import Derivation, Ending, PriceList
from tokolib.pricing.prices.ports import PRICE_LISTS

NOW = datetime(2026, 1, 31, 5, tzinfo=UTC)
DAY = timedelta(days=1)
DOLLARS = Rate("IDR", "USD", Fraction(1, 16_000), "Bank Indonesia, JISDOR", date(2026, 1, 30))


def rupiah(amount):
    return UnitPrice.of(IDR(amount))


def paths(caught):
    return [fault.path for fault in caught.value.faults]


def asked(till, counter, key="a", currency=IDR, **more):
    book = till.do(lambda unit: pricing.book(unit, [key], currency.code))
    return counter.ask([counter.line(key)], book=book, currency=currency, **more)


def test_a_list_ten_percent_below_another(till, counter):
    """Its price follows whenever the parent's changes, and says how; one of its own goes first."""
    till.prices.put("a", IDR(75_050), compare_at=IDR(80_000))
    till.prices.put_list("Reseller", parent="idr", percent=-10, ending=Ending(IDR(100)), priority=1)

    priced = asked(till, counter)
    assert (67_500, IDR(80_000 - 8_000)) == (priced.total, Money(priced.lines[0].choice.compare_at.times(1), IDR))
    codes = [each.code for each in priced.reason.walk()]
    assert ["pricing.derived_price", "pricing.derived_step"] == [code for code in codes if "derived" in code]
    till.prices.put("a", IDR(60_000))
    assert 54_000 == asked(till, counter).total
    assert rupiah(54_000) == till.prices.get("a", list="reseller").price
    till.prices.put("a", IDR(50_000), list="reseller")
    assert 50_000 == asked(till, counter).total
    till.prices.withdraw("a", list="reseller")
    assert 54_000 == asked(till, counter).total


def test_a_list_in_dollars_by_a_rate(till, counter):
    """The rate stands on the list with its source and its day, and in the explanation; endings are of its currency."""
    till.prices.put(
        "a", IDR(75_000), tiers={10: IDR(70_000)}, cost=IDR(40_000), minimum=UnitPrice.parse("60000.002", IDR)
    )
    made = till.prices.put_list(
        "usd", currency="USD", parent="idr", percent=5, rate=DOLLARS, ending=Ending(USD(1), USD("0.99"))
    )

    choice = asked(till, counter, currency=USD).lines[0].choice
    assert DOLLARS == made.derived.rate
    assert UnitPrice.of(USD("4.99")) == choice.price  # 4.921875
    assert UnitPrice.parse("2.5", USD) == choice.cost
    assert UnitPrice.parse("3.750001", USD) == choice.minimum  # 3.750000125, upwards
    (how,) = [each for each in choice.how if each.code == "pricing.derived_rate"]
    assert (Decimal("0.0000625"), DOLLARS.source, DOLLARS.as_of) == (how["rate"], how["source"], how["as_of"])


def test_a_list_of_a_list(till, counter):
    """Each generation follows from the one before, and the explanation nests as they do."""
    till.prices.put("a", IDR(10_000))
    till.prices.put_list("one", parent="idr", percent="-10")
    till.prices.put_list("two", parent="one", percent=Decimal("12.5"), priority=9)

    priced = asked(till, counter)

    assert 10_125 == priced.total
    outer, *_ = priced.lines[0].choice.how
    assert (IDR(9_000), Decimal("12.5"), "one") == (outer["price"], outer["percent"], outer["list"])
    assert (IDR(10_000), "IDR") == (outer.children[0]["price"], outer.children[0]["list"])


def test_a_parent_need_not_sell_itself(till, counter):
    """A stopped list of bare figures, in a currency that the shop doesn't sell in."""
    till.prices.put_list("base", currency="USD")
    till.prices.put("a", USD("2.50"), list="base")
    till.prices.stop_list("base")
    rate = Rate("USD", "IDR", Fraction(16_000), "BI", date(2026, 1, 30))
    till.prices.put_list("shop", parent="base", rate=rate)

    assert 40_000 == asked(till, counter).total


def test_tiers_follow_too(till, counter):
    """Graduated ones stay graduated."""
    till.prices.put("a", IDR(100), tiers={10: IDR(80)}, tier_mode=TierMode.GRADUATED)
    till.prices.put_list("half", parent="idr", percent=-50, priority=1)
    book = till.do(lambda unit: pricing.book(unit, ["a"]))

    assert 10 * 50 + 5 * 40 == counter.ask([counter.line("a", None, 15)], book=book).total


def test_a_minimum_lifts_what_would_follow_below_it(till, counter):
    """The floor isn't lowered by the percentage, and the explanation says that it was met."""
    till.prices.put("a", IDR(100), minimum=IDR(95), tiers={5: IDR(98)})
    till.prices.put_list("low", parent="idr", percent=-10, priority=1)

    choice = asked(till, counter).lines[0].choice

    assert (rupiah(95), rupiah(95)) == (choice.price, choice.minimum)
    assert "pricing.derived_minimum" in [each.code for each in choice.how]


def test_a_book_without_the_sku_has_no_price_in_the_derived_list_either(till, counter):
    """It says so, as any list does."""
    till.prices.put_list("low", parent=till.prices.put_list("base"), percent=-10)

    assert ["pricing.no_price"] == [problem.code for problem in asked(till, counter).problems]
    with pytest.raises(NotFound):
        till.prices.get("a", list="low")


def test_what_a_derived_list_showed(till):
    """From its own rows, its parent's and its rules, each as it was known then."""
    clock = till.work.clock
    till.prices.put_list("low", parent=till.prices.put_list("base"), percent=-10)
    till.prices.put("a", IDR(100), list="base")
    clock.time = NOW + 2 * DAY
    till.prices.put_list("low", parent="base", percent=-20)
    clock.time = NOW + 4 * DAY
    till.prices.put("a", IDR(200), list="base")
    clock.time = NOW + 6 * DAY
    till.prices.put("a", IDR(150), list="low")

    found = [till.prices.shown("a", at=NOW + day * DAY, list="low").price.amount for day in (0, 1, 2, 4, 6)]

    assert [90, 90, 80, 160, 150] == found
    assert 160 == till.prices.shown("a", at=NOW + 7 * DAY, known_at=NOW + 5 * DAY, list="low").price.amount
    assert rupiah(80) == till.prices.lowest("a", list="low")
    assert rupiah(160) == till.prices.lowest("a", days=1, list="low")


def test_a_list_that_would_come_from_itself_is_refused(till):
    """The way round is named, and nothing is changed."""
    till.prices.put_list("a")
    till.prices.put_list("b", parent="a")
    till.prices.put_list("c", parent="b")

    with pytest.raises(PriceListCycle) as caught:
        till.prices.put_list("a", parent="c")
    with pytest.raises(PriceListCycle) as itself:
        till.prices.put_list("d", parent="d")

    assert ("a", "c", "b", "a") == caught.value.lists
    assert ("d", "d") == itself.value.lists
    assert ["pricing.price_list_put"] == till.history("pls_a")
    assert [] == till.history("pls_d")
    with pytest.raises(NotFound):
        till.prices.put_list("d", parent="nothing")
    with pytest.raises(InvalidInput, match="None is for prices of its own @ parent"):
        till.prices.put_list("d", parent="")


def test_a_circle_made_by_two_at_once_is_told_and_not_walked_for_ever(counter):
    """Each saw the other's list as it was before."""
    lists = [counter.list(one, derived=Derivation(f"pls_{other}")) for one, other in (("a", "b"), ("b", "a"))]

    with pytest.raises(PriceListCycle):
        counter.ask([counter.line("x")], book=PriceBook(tuple(lists)))


def test_a_list_is_not_derived_from_a_circle(till):
    """One that two made at once: it is told, nothing is made of it, and either of them can still leave it."""

    async def circle(unit):
        for code, parent in (("a", "b"), ("b", "a")):
            event = PriceListPut(f"pls_{code}", code, code, "IDR", derived=Derivation(f"pls_{parent}"))
            unit[PRICE_LISTS].record(None, event)

    till.do(circle)
    with pytest.raises(PriceListCycle) as caught:
        till.prices.put_list("c", parent="a")

    assert ("c", "a", "b", "a") == caught.value.lists
    assert [] == till.history("pls_c")
    assert till.prices.put_list("b").derived is None
    assert "c" == till.prices.put_list("c", parent="a").code


def test_a_list_that_is_derived_no_more_showed_what_it_showed(till):
    """The lowest price of late counts what followed from the parent then."""
    till.prices.put_list("low", parent=till.prices.put_list("base"), percent=-10)
    till.prices.put("a", IDR(100), list="base")
    till.work.clock.time = NOW + 2 * DAY
    till.prices.put_list("low")
    till.prices.put("a", IDR(120), list="low")

    assert rupiah(90) == till.prices.lowest("a", list="low")


def test_what_costs_nothing_ends_with_nothing(counter):
    """A sample isn't sold for .99."""
    ending = Ending(IDR(1_000), IDR(990))

    assert 0 == derived(counter.price("a", IDR(0)), into(), Derivation("pls_p", ending=ending)).price.scaled
    assert rupiah(990) == derived(counter.price("a", IDR(1)), into(), Derivation("pls_p", ending=ending)).price


def test_every_fault_of_a_derivation_is_named(till):
    """Nothing is stored."""
    till.prices.put_list("base")
    wrong = [
        ({"parent": "base", "percent": "-100.5"}, ["percent"]),
        ({"parent": "base", "percent": 10_001}, ["percent"]),
        ({"parent": "base", "currency": "USD"}, ["rate"]),
        ({"parent": "base", "rate": DOLLARS}, ["rate"]),
        ({"parent": "base", "currency": "EUR", "rate": DOLLARS}, ["currency", "rate"]),
        ({"parent": "base", "ending": Ending(IDR(0))}, ["ending.step"]),
        ({"parent": "base", "ending": Ending(USD(1), IDR(-1))}, ["ending.step", "ending.tail"]),
        ({"parent": "base", "ending": Ending(IDR(10), IDR(10))}, ["ending.tail"]),
        ({"percent": -10, "ending": Ending(IDR(10))}, ["percent", "ending"]),
        ({"countries": ["ID", "ZZ", "id"]}, ["countries[1]", "countries[2]"]),
    ]
    for more, expected in wrong:
        with pytest.raises(InvalidInput) as caught:
            till.prices.put_list("x", **more)
        assert expected == paths(caught)
    with pytest.raises(NotExact):
        till.prices.put_list("x", parent="base", percent=-0.1)

    assert [] == till.history("pls_x")


def into(currency="IDR") -> PriceList:
    return PriceList("pls_x", 1, "x", "x", currency)


prices = st.integers(0, 10**12).map(lambda scaled: UnitPrice(scaled, IDR))


@given(prices, st.decimals(-100, 100, places=2))
def test_a_percentage_is_exact_to_the_ten_thousandth(counter, price, percent):
    """Rounded once, half up, below the minor unit."""
    found = derived(counter.price("a", price), into(), Derivation("pls_p", percent)).price

    assert abs(found.scaled - price.scaled * (100 + Fraction(percent)) / 100) <= Fraction(1, 2)


@given(prices, st.integers(1, 10**6), st.data(), st.sampled_from(RoundingMode))
def test_an_ending_is_the_nearest_one(counter, price, step, data, mode):
    """Never below nothing, less than a step away, on the side that the mode says; nothing stays nothing.

    And something never becomes nothing: what is nearest to it costs a step.
    """
    tail = data.draw(st.integers(0, step - 1))
    ending = Ending(IDR(step), IDR(tail), mode)

    found = derived(counter.price("a", price), into(), Derivation("pls_p", ending=ending)).price

    if price.scaled == 0:
        assert found.scaled == 0
        return
    assert found.scaled > 0
    assert tail * 10_000 == found.scaled % (step * 10_000)
    if tail == 0 and found.scaled == step * 10_000 and price.scaled < found.scaled:
        return
    away = found.scaled - price.scaled
    if price.scaled >= tail * 10_000:
        nearest = {RoundingMode.UP: 0 <= away, RoundingMode.DOWN: away <= 0}
        assert nearest.get(mode, 2 * abs(away) <= step * 10_000)
        assert abs(away) < step * 10_000
    else:
        assert tail * 10_000 == found.scaled or away > 0


def test_a_list_that_loses_is_asked_for_no_figure(till, counter):
    """Beyond all bounds as its price would be, it only says who won."""
    till.prices.put("a", UnitPrice(10**15, IDR))
    till.prices.put_list("huge", parent="idr", percent=10_000, priority=-1)

    (loser,) = asked(till, counter).lines[0].choice.lost

    assert ("huge", Why.PRIORITY) == (loser.name, loser.why)
    with pytest.raises(AmountOutOfRange):
        till.prices.get("a", list="huge")


def test_a_list_for_countries(till, counter):
    """For goods that go there, by the fact `country`; unknown is nowhere."""
    till.prices.put("a", IDR(100))
    made = till.prices.put_list("nusantara", countries=["id", "MY"])
    till.prices.put("a", IDR(90), list=made)

    assert ("ID", "MY") == made.countries
    assert 90 == asked(till, counter, facts={"country": "MY"}).total
    for facts in ({"country": "SG"}, {}):
        priced = asked(till, counter, facts=facts)
        assert 100 == priced.total
        assert [("nusantara", Why.COUNTRY, "ID, MY")] == [
            (each.name, each.why, each.by) for each in priced.lines[0].choice.lost
        ]
