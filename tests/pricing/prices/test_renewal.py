"""Exchange rates renewed from outside, and how old they may be."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD, InvalidInput
from tokolib.adapters.exchange import AsyncTableExchangeRates, TableExchangeRates
from tokolib.effects.outside import Transient
from tokolib.kernel.ctx import Decision
from tokolib.kernel.errors import Forbidden, HostMismatch
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing import NoExchangeRates, NoPrice, Quotation, Rate, RateKind
from tokolib.testing import ManualClock

MONDAY = date(2026, 3, 2)
"""The day on which the manual clock begins."""
BANK = "Bank Sentral"


def rate(value, on=MONDAY, base="IDR", quote="USD", kind=RateKind.MID):
    return Rate(base, quote, Fraction(value), BANK, on, kind)


class Rates(TableExchangeRates):
    """A source that a test fills, and that counts how often it is asked."""

    def __init__(self, *rows):
        figures = [Quotation(day, "IDR", "USD", RateKind.MID, Fraction(value), BANK) for day, value in rows]
        super().__init__(figures, max_age_days=5)
        self.asked = []

    def rate(self, base, quote, on, kind=RateKind.MID):
        self.asked.append((base, quote, on, kind))
        return super().rate(base, quote, on, kind)


@pytest.fixture(params=["memory", "sqlite"])
def opened(request, tmp_path):
    """Opens a shop that sells coffee in rupiah and dollars, with a source of rates; its books must be sound after."""
    shops = []

    def opens(source, **more):
        clock = ManualClock()
        url = "memory://" if request.param == "memory" else f"sqlite:///{tmp_path / 'kedai.db'}"
        shop = tokolib.open(url, country="ID", clock=clock, exchange=source, **more)
        shops.append(shop)
        shop.settings.change(currencies=("USD",))
        shop.catalog.put("KOPI", "Kopi")
        shop.catalog.put("TEH", "Teh")
        shop.stock.receive("KOPI", 100, key="kopi")
        shop.prices.put("KOPI", IDR(80_000))
        return shop, clock

    yield opens
    for shop in shops:
        assert shop.verify()
        shop.close()


def dollars(shop, **more):
    return shop.prices.put_list("usd", currency="USD", parent="idr", rate=rate("1/16000"), **more)


def price(shop):
    return shop.prices.get("KOPI", list="usd").price


def test_lists_follow_the_newest_rate(opened):
    """Source and day stand on the list, and on the explanation of what is sold by it."""
    source = Rates((date(2026, 3, 6), "1/10000"))
    shop, clock = opened(source)
    dollars(shop)
    clock.forward(days=5)

    told = shop.prices.renew_rates()

    assert told
    [renewed] = told.renewed
    assert (rate("1/16000"), rate("1/10000", date(2026, 3, 6))) == (renewed.before, renewed.rate)
    assert [("IDR", "USD", date(2026, 3, 7), RateKind.MID)] == source.asked
    assert UnitPrice.of(USD("8.00")) == price(shop)
    quote = shop.carts.quote(shop.carts.start({"KOPI": 1}, currency="USD"))
    assert USD("8.00") == quote.total
    assert "Bank Sentral" in quote.explain("en") and "2026" in quote.explain("en")


def test_the_same_rate_again_changes_nothing(opened):
    """Nor does one of an earlier day; every list is told."""
    shop, _ = opened(Rates((date(2026, 3, 1), "1/9000"), (MONDAY, "1/16000")))
    made = dollars(shop)
    shop.prices.put_list("old", currency="USD", parent="usd", percent=5)

    told = shop.prices.renew_rates()

    assert (True, (), (made.id,), ()) == (bool(told), told.renewed, told.kept, told.failed)
    shop.prices.put_list("usd", currency="USD", parent="idr", rate=rate("1/8000", date(2026, 3, 3)))
    assert (made.id,) == shop.prices.renew_rates().kept
    assert UnitPrice.of(USD("10.00")) == price(shop)


def test_one_question_for_all_lists_of_a_pair(opened):
    """Stopped lists are renewed too, since others may follow from them, and stay stopped."""
    source = Rates((date(2026, 3, 3), "1/10000"))
    shop, clock = opened(source)
    dollars(shop)
    shop.prices.put_list("base", currency="USD", parent="idr", rate=rate("1/20000"))
    shop.prices.stop_list("base")
    shop.prices.put_list("tax", currency="USD", parent="idr", rate=rate("1/20000", kind=RateKind.TAX))
    clock.forward(days=1)

    told = shop.prices.renew_rates()

    assert ["pls_base", "pls_usd"] == sorted(each.list_id for each in told.renewed)
    assert [("pls_tax", "pricing.rate_not_found")] == [(each.list_id, each.code) for each in told.failed]
    assert not told
    assert [RateKind.MID, RateKind.TAX] == [kind for *_, kind in source.asked]
    assert ["pls_base"] == [each.id for each in (shop.prices.stop_list("base"),) if not each.active]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Transient("acme", "no route"), "effects.transient"),
        (rate("1/10000", quote="EUR"), "pricing.bad_rate"),
        (rate(0), "pricing.bad_rate"),
        (rate("1/10000", date(2026, 3, 3)), "pricing.bad_rate"),
    ],
)
def test_what_a_source_has_no_answer_for_stays_as_it_is(opened, answer, code):
    """It can't be reached, or says what nobody asked for: told, and the old rate goes on."""

    class Odd(Rates):
        def rate(self, *asked):
            if isinstance(answer, Exception):
                raise answer
            return answer

    shop, _ = opened(Odd())
    dollars(shop)

    told = shop.prices.renew_rates()

    assert [("pls_usd", rate("1/16000"), code)] == [(each.list_id, each.rate, each.code) for each in told.failed]
    assert UnitPrice.of(USD("5.00")) == price(shop)


def test_a_rate_that_is_too_old_leaves_the_list_out(opened):
    """Told among the lists that lost; a price of the list's own goes on, and another list takes its place."""
    shop, clock = opened(None)
    dollars(shop, rate_days=7, priority=5)
    shop.prices.put("TEH", USD("2.00"), list="usd")
    shop.stock.receive("TEH", 10, key="teh")
    clock.forward(days=7)
    assert UnitPrice.of(USD("5.00")) == price(shop)
    clock.forward(days=1)

    with pytest.raises(NoPrice) as caught:
        shop.carts.quote(shop.carts.start({"KOPI": 1}, currency="USD"))
    assert "no price in USD for KOPI: the exchange rate of list usd, of 2026-03-02, is too old" == str(caught.value)
    assert "renew_rates" in caught.value.hint
    for refused in (lambda: price(shop), lambda: shop.prices.shelf("KOPI", currency="USD")):
        with pytest.raises(NoPrice, match="too old"):
            refused()
    assert {} == shop.prices.shelves(["KOPI"], currency="USD")
    assert USD("2.00") == shop.carts.quote(shop.carts.start({"TEH": 1}, currency="USD")).total
    shop.prices.put_list("fixed", currency="USD")
    shop.prices.put("KOPI", USD("6.00"), list="fixed")
    quote = shop.carts.quote(shop.carts.start({"KOPI": 1}, currency="USD"))
    assert USD("6.00") == quote.total
    assert "its exchange rate of 2026-03-02 is too old" in quote.explain("en")
    assert "kurs tanggal 2026-03-02 terlalu lama" in quote.explain("id")


def test_a_list_of_a_list_is_as_old_as_its_oldest_rate(opened):
    """Whatever it says of its own."""
    shop, clock = opened(None)
    dollars(shop, rate_days=2)
    shop.prices.put_list("vip", currency="USD", parent="usd", percent=-10)
    assert UnitPrice.of(USD("4.50")) == shop.prices.get("KOPI", list="vip").price
    clock.forward(days=3)

    with pytest.raises(NoPrice, match="list vip, of 2026-03-02"):
        shop.prices.get("KOPI", list="vip")


def test_the_shelf_ends_with_the_rate(opened):
    """Of all that a price follows by, the one that is too old first; by the shop's days."""
    shop, _ = opened(None)
    dollars(shop, rate_days=7)
    shop.prices.put_list("vip", currency="USD", parent="usd", percent=-10, customer_group="vip", priority=1)

    midnight = datetime(2026, 3, 9, 17, tzinfo=UTC)
    assert [midnight] * 2 == [shop.prices.shelf("KOPI", currency="USD", group=each).until for each in ("", "vip")]
    assert shop.prices.shelf("KOPI").until is None


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2901, 1, 1), date(1899, 12, 31), date.min])
def test_a_rate_is_of_a_day_whose_end_can_be_told(opened, day):
    """One that "never" ends would have to be told on every shelf, and in every history, for ever."""
    shop, _ = opened(None)

    with pytest.raises(InvalidInput) as caught:
        shop.prices.put_list("usd", currency="USD", parent="idr", rate=rate("1/16000", day), rate_days=3_660)

    assert [("rate.as_of", day.isoformat())] == [(fault.path, fault.value) for fault in caught.value.faults]


def test_the_last_rate_that_can_be_ends_on_the_shelf(opened):
    """At midnight in Jakarta, 3,660 days after its own."""
    shop, _ = opened(None)
    shop.prices.put_list("usd", currency="USD", parent="idr", rate=rate("1/16000", date(2900, 12, 31)), rate_days=3_660)

    assert datetime(2911, 1, 8, 17, tzinfo=UTC) == shop.prices.shelf("KOPI", currency="USD").until


def test_what_was_shown_ends_with_the_rate(opened):
    """While the rate was too old there was no price; the archive says so, too."""
    source = Rates((date(2026, 3, 9), "1/10000"))
    shop, clock = opened(source)
    dollars(shop, rate_days=2)
    clock.forward(days=7)
    shop.prices.renew_rates()

    shown = {}
    for days in (0, 2, 3, 6, 7):
        at = clock.now() - timedelta(days=7 - days)
        try:
            shown[days] = shop.prices.shown("KOPI", at=at, list="usd").price
        except tokolib.NotFound:
            shown[days] = None

    five, eight = UnitPrice.of(USD("5.00")), UnitPrice.of(USD("8.00"))
    assert {0: five, 2: five, 3: None, 6: None, 7: eight} == shown
    assert five == shop.prices.lowest("KOPI", list="usd")


def test_without_a_source_nothing_is_renewed(opened):
    """The error says how a shop gets one; whoever may put no prices may renew no rates."""
    shop, _ = opened(None)
    dollars(shop)
    with pytest.raises(NoExchangeRates):
        shop.prices.renew_rates()

    class Nobody:
        def check(self, ctx, permission):
            return Decision(permission != "prices.put")

    source = Rates((MONDAY, "1/10000"))
    with tokolib.open("memory://", country="ID", exchange=source, access=Nobody()) as other, pytest.raises(Forbidden):
        other.prices.renew_rates()
    assert [] == source.asked


def test_a_source_is_checked_when_the_shop_opens():
    """No source, half a source, and one that a blocking shop can't wait for."""
    rows = [Quotation(MONDAY, "IDR", "USD", RateKind.MID, Fraction(1, 10_000), BANK)]
    with pytest.raises(InvalidInput) as caught:
        tokolib.open("memory://", country="ID", exchange=object())
    assert ["exchange"] == [fault.path for fault in caught.value.faults]
    with pytest.raises(HostMismatch):
        tokolib.open("memory://", country="ID", exchange=AsyncTableExchangeRates(rows, max_age_days=9))


def test_an_awaited_source_is_awaited():
    """The same in an async shop."""
    rows = [Quotation(MONDAY, "IDR", "USD", RateKind.MID, Fraction(1, 10_000), BANK)]
    source = AsyncTableExchangeRates(rows, max_age_days=9)

    async def body():
        async with tokolib.aopen("memory://", country="ID", exchange=source, clock=ManualClock()) as shop:
            await shop.settings.change(currencies=("USD",))
            await shop.prices.put("KOPI", IDR(80_000))
            await shop.prices.put_list("usd", currency="USD", parent="idr", rate=rate("1/16000", date(2026, 3, 1)))

            assert ["pls_usd"] == [each.list_id for each in (await shop.prices.renew_rates()).renewed]
            assert UnitPrice.of(USD("8.00")) == (await shop.prices.get("KOPI", list="usd")).price

    asyncio.run(body())


@pytest.mark.parametrize("days", [-1, 3_661, True, "7", 1.5])
def test_an_age_that_is_none_is_refused(opened, days):
    """Nor is one of a list without a rate."""
    shop, _ = opened(None)
    for more in ({"rate": rate("1/16000"), "currency": "USD", "rate_days": days}, {"rate_days": 7}):
        with pytest.raises(InvalidInput) as caught:
            shop.prices.put_list("x", parent="idr", **more)
        assert ["rate_days"] == [fault.path for fault in caught.value.faults]


DAYS = st.integers(0, 12)
FIGURES = st.dictionaries(DAYS, st.integers(1, 9), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(FIGURES, DAYS, DAYS, st.lists(DAYS, max_size=4).map(sorted))
def test_a_price_follows_the_newest_published_rate_that_is_not_too_old(figures, most, asked, renewals):
    """Whenever it is renewed: never a rate of a later day than it was renewed on, and none beyond its age."""
    rows = [(MONDAY + timedelta(days=day), Fraction(value, 10_000)) for day, value in figures.items()]
    clock = ManualClock()
    start = clock.now()
    with tokolib.open("memory://", country="ID", clock=clock, exchange=Rates(*rows)) as shop:
        shop.settings.change(currencies=("USD",))
        shop.prices.put("KOPI", IDR(10_000))
        shop.prices.put_list("usd", currency="USD", parent="idr", rate=rate("9/10000"), rate_days=most)
        stands = (0, 9)
        for day in renewals:
            clock.instant = start + timedelta(days=day)
            shop.prices.renew_rates()
            known = [each for each in figures if day - 5 <= each <= day and each >= stands[0]]
            stands = (max(known), figures[max(known)]) if known else stands
        clock.instant = start + timedelta(days=max([asked, *renewals]))

        if (clock.instant - start).days - stands[0] > most:
            with pytest.raises(NoPrice):
                shop.prices.get("KOPI", list="usd")
        else:
            assert UnitPrice.of(USD(stands[1])) == shop.prices.get("KOPI", list="usd").price
