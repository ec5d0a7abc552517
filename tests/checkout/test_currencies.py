"""Selling in several currencies: each has prices, fees and rates of its own, and one order is in one of them."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD, Policies, UnitPrice
from tokolib.checkout.basket import Basket
from tokolib.checkout.errors import QuoteChanged
from tokolib.conditions import at_least, equal
from tokolib.kernel import CurrencyNotAccepted
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.money import currency
from tokolib.kernel.money_errors import CurrencyMismatch
from tokolib.kernel.policies import PlacementPolicy
from tokolib.payments import Risk
from tokolib.pricing import Budget, ChargeKind, Percent, Rate
from tokolib.pricing.kits import KitBy
from tokolib.testing import Given
from tokolib.testing.builders import BUYER

JPY = currency("JPY")


async def sells_in_dollars(toko):
    """The shop sells in dollars too: coffee at two prices, and a way to send it."""
    await toko.settings.change(currencies=("USD",))
    await toko.prices.put("KOPI-250", USD("5.00"))
    await toko.prices.put_list("app-usd", name="App", currency="USD", channel="app", priority=5)
    await toko.prices.put("KOPI-250", USD("4.55"), list="app-usd")
    await toko.delivery.flat("dhl", USD("8.25"))


def test_an_order_in_dollars_from_cart_to_credit_note(play):
    """Quote, order, payment, refund, invoice and credit note are in the cart's currency; the books stay true."""

    async def body(toko):
        await sells_in_dollars(toko)
        await toko.promotions.percent("tenth", 10)
        cart = await toko.carts.start({"KOPI-250": 3}, currency="USD", channel="app")
        quote = await toko.carts.quote(cart, delivery="dhl", ship_to=BUYER)
        order = await toko.orders.place(quote, tender="bank_transfer", key="usd-1")
        await toko.payments.received(order, order.total, reference="m-1")
        invoice = await toko.invoices.issue(order)
        await toko.ship(order)
        goods = await toko.returns.accept(order, {"KOPI-250": 1})
        note = await toko.invoices.credit(goods)

        assert USD("20.53") == quote.total  # 3 × 4.55, a tenth less, and 8.25
        assert (USD("20.53"), USD("16.43")) == (order.total, (await toko.payments.intent(order)).amount)
        assert (USD("20.53"), USD("4.10"), USD("4.10")) == (invoice.total, goods.refund.amount, note.total)

    play(body)


def test_a_cart_that_names_no_currency_is_in_that_of_the_books(play_in_memory):
    """However many others the shop sells in; what a cart is in stands on it."""

    async def body(toko):
        await sells_in_dollars(toko)
        cart = await toko.carts.start({"KOPI-250": 2})
        dollars = await toko.carts.start({"KOPI-250": 2}, currency="USD")

        assert ("IDR", "USD") == (cart.currency, dollars.currency)
        assert IDR(150_000) == (await toko.carts.quote(cart)).total
        assert USD("10.00") == (await toko.carts.quote(dollars)).total
        assert () == await toko.carts.problems(dollars)

    play_in_memory(body)


def test_a_basket_names_its_currency_too(play):
    """Placed at once, or quoted first; a basket in another currency is another one."""

    async def body(toko):
        await sells_in_dollars(toko)
        basket = Basket({"KOPI-250": 2}, currency="USD")
        order = await toko.orders.place(basket, tender="cash", key="b-1")

        assert (USD("10.00"), USD("10.00")) == (order.total, order.paid)
        assert order == await toko.orders.place(basket, tender="cash", key="b-1")
        with pytest.raises(tokolib.TokolibError) as caught:
            await toko.orders.place(attrs.evolve(basket, currency=None), tender="cash", key="b-1")
        assert "kernel.key_reused" == caught.value.code

    play(body)


def test_lists_of_other_currencies_are_told_among_those_that_lost(play_in_memory):
    """A dollar list of the highest priority is no secret to whoever asks why a rupiah price counts."""

    async def body(toko):
        await sells_in_dollars(toko)
        quote = await toko.given.quote({"KOPI-250": 1}, channel="app")

        told = quote.explain("en")

        assert "App" in told
        assert "it is for USD only" in told
        assert "hanya untuk mata uang USD" in quote.explain("id")

    play_in_memory(body)


async def follows_rupiah(toko, **rates):
    """Lists in dollars that follow that of the books by rates of the first of March, each as many days old at most."""
    await toko.settings.change(currencies=("USD",))
    rate = Rate("IDR", "USD", Fraction("1/15000"), "Bank Sentral", date(2026, 3, 1))
    for at, (code, days) in enumerate(rates.items()):
        await toko.prices.put_list(code, currency="USD", parent="idr", rate=rate, rate_days=days, priority=at)


MIDNIGHT = datetime(2026, 3, 2, 17, tzinfo=UTC)
"""When the third of March begins in Jakarta."""


def lapses(quote):
    """When the first exchange rate is too old that its prices follow by."""
    return min((each.until for each in quote.grounds.lines if each.until is not None), default=None)


@pytest.mark.parametrize("placement", PlacementPolicy)
def test_a_quote_changes_with_the_age_of_the_rate_that_its_prices_follow_by(play, placement):
    """A rate may be a day old: where it is two, the customer agrees again; a price of the list's own stays."""

    async def body(toko):
        await follows_rupiah(toko, usd=1)
        await toko.settings.change(policies=Policies(placement=placement))
        await toko.prices.put("TEH-100", USD("2.00"), list="usd")
        toko.clock.instant = MIDNIGHT - timedelta(minutes=30)
        first, late = [await toko.given.quote({"KOPI-250": 1}, currency="USD") for _ in range(2)]
        own = await toko.given.quote({"Teh-100": 1}, currency="USD")
        assert [MIDNIGHT, MIDNIGHT, None] == [lapses(each) for each in (first, late, own)]
        toko.clock.instant = MIDNIGHT - timedelta(microseconds=1)
        assert USD("5.00") == (await toko.orders.place(first, tender="cash", key="a")).total

        toko.clock.instant = MIDNIGHT
        with pytest.raises(QuoteChanged) as changed:
            await toko.orders.place(late, tender="cash", key="b")
        assert [
            f"lines[KOPI-250].exchange_rate: valid until {MIDNIGHT.isoformat()} → lapsed at {MIDNIGHT.isoformat()}"
        ] == [*changed.value.differences]
        assert USD("2.00") == (await toko.orders.place(own, tender="cash", key="c")).total

    play(body)


def test_a_lapsed_rate_is_told_beside_the_price_that_holds_now(play_in_memory):
    """Another list has a price for it."""

    async def body(toko):
        await follows_rupiah(toko, long=30, brief=1)
        toko.clock.instant = MIDNIGHT - timedelta(minutes=30)
        await toko.prices.put("KOPI-250", USD("5.50"), list="long")
        quote = await toko.given.quote({"KOPI-250": 1}, currency="USD")

        toko.clock.instant = MIDNIGHT
        with pytest.raises(QuoteChanged) as changed:
            await toko.orders.place(quote, tender="cash", key="a")

        told = " ".join(changed.value.differences)
        assert "exchange_rate: valid until" in told
        assert "total: USD 5.00 → USD 5.50" in told

    play_in_memory(body)


def test_a_rate_of_a_list_that_lost_changes_no_quote(play_in_memory):
    """Its price is another list's; where the oldest rate is that of the winner's parent, it lapses with that."""

    async def body(toko):
        await follows_rupiah(toko, brief=1, long=30)
        toko.clock.instant = MIDNIGHT - timedelta(minutes=30)
        assert MIDNIGHT < lapses(await toko.given.quote({"KOPI-250": 1}, currency="USD"))

        await toko.prices.put_list("vip", currency="USD", parent="brief", percent=-10, priority=9)
        assert MIDNIGHT == lapses(await toko.given.quote({"KOPI-250": 1}, currency="USD"))

    play_in_memory(body)


def test_a_kit_lapses_with_the_rates_of_what_its_components_cost(play_in_memory):
    """Its own price is in dollars; its shares go by what the components cost, as long as they have a price."""

    async def body(toko):
        await follows_rupiah(toko, usd=1)
        await toko.prices.put("PAKET", USD("9.00"))
        toko.clock.instant = MIDNIGHT - timedelta(minutes=30)

        quote = await toko.given.quote({"PAKET": 1}, currency="USD")

        assert (KitBy.LIST_PRICE, MIDNIGHT) == (quote.grounds.lines[0].kit_by, lapses(quote))
        toko.clock.instant = MIDNIGHT - timedelta(microseconds=1)
        assert quote.lines[0].shares == (await toko.orders.place(quote, tender="cash", key="a")).lines[0].line.shares

    play_in_memory(body)


def test_a_currency_that_isnt_sold_in_is_refused_everywhere(play_in_memory):
    """One error from every door that takes a cart, and nothing is kept of what could never count."""

    async def body(toko):
        await toko.settings.change(currencies=("USD",))
        for code in ("EUR", "XXX", "usd", ""):
            with pytest.raises(CurrencyNotAccepted) as caught:
                await toko.carts.start({"KOPI-250": 1}, currency=code)
            assert ("IDR", "USD") == caught.value.accepted
            with pytest.raises(CurrencyNotAccepted):
                await toko.orders.place(Basket({"KOPI-250": 1}, currency=code), tender="cash", key="x")
            with pytest.raises(CurrencyNotAccepted):
                await toko.prices.shelf("KOPI-250", currency=code)

        yen = [
            lambda: toko.prices.put("KOPI-250", JPY(500)),
            lambda: toko.prices.put_list("jp", currency="JPY"),
            lambda: toko.prices.put_list("none", currency="XXX"),
            lambda: toko.promotions.fixed("yen", JPY(100)),
            lambda: toko.promotions.percent("yen", 10, at_least=JPY(100)),
            lambda: toko.promotions.percent("yen", 10, currency="JPY"),
            lambda: toko.promotions.percent("yen", 10, budgets=[Budget("a", JPY(100))]),
            lambda: toko.promotions.tiers("yen", {JPY(100): Percent(1)}),
            lambda: toko.charges.fixed("yen", ChargeKind.FEE, JPY(100)),
            lambda: toko.charges.percent("yen", ChargeKind.FEE, 1, minimum=JPY(100)),
            lambda: toko.tenders.put("cod", at_most=JPY(100)),
        ]
        for put in yen:
            with pytest.raises(InvalidInput) as refused:
                await put()
            assert "kernel.currency_not_accepted" in {fault.code for fault in refused.value.faults}
        with pytest.raises(CurrencyNotAccepted):
            await toko.delivery.flat("ems", JPY(1_000))
        with pytest.raises(CurrencyNotAccepted):
            await toko.delivery.table("ems", [], in_currency=JPY)
        assert ((), ()) == (await toko.charges.running(), await toko.tenders.policies())

    play_in_memory(body)


@pytest.mark.parametrize("codes", [("XXX",), ("XTS",), ("ZZZ",), ("IDR",), ("USD", "USD"), ["USD"], ("usd",), (5,)])
def test_what_is_no_currency_to_sell_in_is_refused(play_in_memory, codes):
    """No code that nobody can pay in, none twice, and the books' own needs no second mention."""

    async def body(toko):
        before = await toko.settings.get()
        with pytest.raises(InvalidInput):
            await toko.settings.change(currencies=codes)
        assert before == await toko.settings.get()

    play_in_memory(body)


def test_what_names_amounts_counts_in_their_currency_alone(play_in_memory):
    """Percentages are for every cart; amounts, and percentages with an amount in them, for carts in their own."""

    async def body(toko):
        await sells_in_dollars(toko)
        await toko.charges.fixed("bungkus", ChargeKind.FEE, IDR(2_000))
        await toko.charges.fixed("wrap", ChargeKind.FEE, USD("0.20"))
        await toko.charges.percent("layanan", ChargeKind.FEE, 1)
        await toko.promotions.fixed("potong", IDR(5_000))
        await toko.promotions.percent("capped", 50, cap=IDR(1_000))
        await toko.promotions.percent("tenth", 10)

        rupiah = await toko.given.quote({"KOPI-250": 1})
        dollars = await toko.given.quote({"KOPI-250": 1}, currency="USD")

        named = [{each.label for each in quote.charges} for quote in (rupiah, dollars)]
        given = [{each.promotion_id for line in quote.lines for each in line.discounts} for quote in (rupiah, dollars)]
        assert [{"bungkus", "layanan"}, {"wrap", "layanan"}] == named
        assert [{"prm_potong", "prm_capped", "prm_tenth"}, {"prm_tenth"}] == given
        assert "it is for IDR only" in dollars.explain("en")

    play_in_memory(body)


def test_bare_amounts_in_conditions_are_those_of_the_books(play_in_memory):
    """5,000 is rupiah, and no fifty dollars, unless the terms or the conditions say so."""

    async def body(toko):
        await sells_in_dollars(toko)
        await toko.prices.put("KOPI-250", USD("60.00"))
        many = at_least("subtotal", 5_000)
        bare = await toko.promotions.percent("bare", 1, conditions=many)
        spend = await toko.promotions.tiers("spend", {USD(50): Percent(4)})
        stated = await toko.promotions.percent("stated", 2, conditions=many, currency="USD")
        asked = await toko.promotions.percent("asked", 3, conditions=many & equal("currency", "USD"))
        await toko.charges.percent("besar", ChargeKind.FEE, 1, conditions=many)

        rupiah = await toko.given.quote({"KOPI-250": 1})
        dollars = await toko.given.quote({"KOPI-250": 1}, currency="USD")

        assert ["IDR", "USD", "USD", ""] == [each.terms.currency for each in (bare, spend, stated, asked)]
        given = [{each.promotion_id for line in quote.lines for each in line.discounts} for quote in (rupiah, dollars)]
        assert [{"prm_bare"}, {"prm_spend", "prm_stated", "prm_asked"}] == given
        assert [1, 0] == [len(quote.charges) for quote in (rupiah, dollars)]

    play_in_memory(body)


def test_tiers_begin_at_money_of_one_currency(play_in_memory):
    """Which is that of the promotion, too."""

    async def body(toko):
        await toko.settings.change(currencies=("USD",))
        for steps, more in (
            ({IDR(100_000): Percent(5), USD(100): Percent(10)}, {}),
            ({IDR(100_000): Percent(5)}, {"currency": "USD"}),
        ):
            with pytest.raises(InvalidInput) as caught:
                await toko.promotions.tiers("spend", steps, **more)
            assert ["steps"] == [fault.path for fault in caught.value.faults]

    play_in_memory(body)


def test_a_tender_with_limits_is_for_their_currency(play_in_memory):
    """Told as a reason; one without amounts is for every currency."""

    async def body(toko):
        await sells_in_dollars(toko)
        await toko.tenders.put("cash", at_most=IDR(10_000_000))
        await toko.tenders.put("bank_transfer", risks=[Risk("big", at_least("subtotal", 1_000_000_000))])
        await toko.tenders.put("cod", risks=[Risk("stranger", equal("first_order", True))])
        cart = await toko.carts.start({"KOPI-250": 1}, currency="USD")

        options = await toko.carts.options(cart, delivery="dhl", ship_to=BUYER)

        told = {each.tender: each.explain().splitlines()[0] for each in options.tenders}
        assert "cash is for totals in IDR, this one is $13.25" == told["cash"]
        assert "bank_transfer is for totals in IDR, this one is $13.25" == told["bank_transfer"]
        assert told["cod"].startswith("cod is accepted")

    play_in_memory(body)


def test_a_method_in_another_currency_is_refused_with_its_reason(play_in_memory):
    """Its rates are in rupiah; the options tell so."""

    async def body(toko):
        await sells_in_dollars(toko)
        cart = await toko.carts.start({"KOPI-250": 1}, currency="USD")

        options = await toko.carts.options(cart, ship_to=BUYER)

        assert {"dhl": True, "jne:reg": False, "jne:yes": False} == {
            each.code: each.allowed for each in options.deliveries
        }
        with pytest.raises(tokolib.TokolibError) as caught:
            await toko.carts.quote(cart, delivery="jne:reg", ship_to=BUYER)
        assert ("shipping.no_rate", "USD") == (caught.value.code, caught.value.currency)
        assert "shop.delivery.flat('jne:reg', an amount in USD)" in caught.value.hint

    play_in_memory(body)


def test_a_currency_that_is_sold_in_no_longer_ends_quotes_and_not_orders(play_in_memory):
    """A cart in it is quoted and placed no more; what was ordered is paid and given back in it."""

    async def body(toko):
        await sells_in_dollars(toko)
        cart = await toko.carts.start({"KOPI-250": 1}, currency="USD")
        quote = await toko.given.quote({"KOPI-250": 2}, currency="USD")
        order = await toko.given.order({"KOPI-250": 1}, currency="USD", tender="bank_transfer")
        await toko.settings.change(currencies=())

        for refused in (lambda: toko.carts.quote(cart), lambda: toko.orders.place(quote, tender="cash", key="late")):
            with pytest.raises(CurrencyNotAccepted):
                await refused()
        await toko.payments.received(order, USD("5.00"), reference="m-1")
        assert USD("5.00") == (await toko.orders.cancel(order, reason="x")).total
        assert USD("5.00") == (await toko.payments.intent(order)).amount

    play_in_memory(body)


def test_stated_prices_and_charges_are_in_the_carts_currency(play_in_memory):
    """Others are refused with their path; a cart with a price in rupiah doesn't go into one in dollars."""

    async def body(toko):
        await sells_in_dollars(toko)
        line = tokolib.LineWish("KOPI-250", 1, price=USD("4.00"), reason="friend")
        rupiah = tokolib.LineWish("KOPI-250", 1, price=IDR(60_000), reason="friend")
        cart = await toko.carts.start([line], currency="USD")
        other = await toko.carts.start([rupiah])
        plain = await toko.carts.start({"CANGKIR": 1})

        with pytest.raises(InvalidInput, match="USD"):
            await toko.carts.start([rupiah], currency="USD")
        with pytest.raises(CurrencyMismatch):
            await toko.carts.merge(cart, other)
        merged = await toko.carts.merge(cart, plain)
        assert ("USD", 2) == (merged.cart.currency, len(merged.cart.lines))
        assert USD("4.00") == (await toko.carts.quote(await toko.carts.start([line], currency="USD"))).total

    play_in_memory(body)


def test_a_campaigns_budget_in_each_currency_is_its_own(play_in_memory):
    """What is given in dollars takes nothing from the rupiah, and the other way round."""

    async def body(toko):
        await sells_in_dollars(toko)
        await toko.promotions.fixed("idr", IDR(5_000), budgets=[Budget("maret", IDR(10_000))])
        await toko.promotions.fixed("usd", USD("0.50"), budgets=[Budget("maret", USD("1.00"))])

        orders = [await toko.given.order({"KOPI-250": 1}, currency=code) for code in ("USD", "IDR") * 3]

        assert [USD("4.50"), IDR(70_000)] * 2 + [USD("5.00"), IDR(75_000)] == [each.total for each in orders]

    play_in_memory(body)


CODES = st.lists(st.tuples(st.sampled_from(["IDR", "USD"]), st.integers(1, 5), st.booleans()), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(CODES)
def test_orders_of_one_currency_come_to_what_they_would_without_the_others(wishes):
    """A second currency changes no figure of the first; every order adds up in its own, and the books are sound."""
    with tokolib.open("memory://", country="ID") as both, tokolib.open("memory://", country="ID") as alone:
        both.settings.change(currencies=("USD",))
        for shop in (both, alone):
            given_ = Given(shop)
            given_.goods({"KOPI": 74_999}, stock=100)
            shop.promotions.percent("tenth", 10)
            shop.promotions.fixed("potong", IDR(333))
        both.prices.put("KOPI", USD("4.99"))
        both.promotions.fixed("off", USD("0.07"))

        for number, (code, quantity, back) in enumerate(wishes):
            order = both.orders.place(Basket({"KOPI": quantity}, currency=code), tender="cash", key=f"{number}")
            assert code == order.currency.code == order.paid.currency.code
            assert order.total == order.paid
            if code == "IDR":
                same = alone.orders.place(Basket({"KOPI": quantity}), tender="cash", key=f"{number}")
                assert same.total == order.total
            if back:
                assert order.total == both.orders.cancel(order, reason="x").total

        assert both.verify()


def test_numbers_in_an_explanation_are_written_as_its_language_writes_them(play_in_memory):
    """A rate and a price finer than the smallest coin too: with a comma in Indonesian, with a point in English."""
    rate = Rate("IDR", "USD", Fraction(1, 16_000), "Bank Indonesia, JISDOR", date(2026, 3, 2))

    async def body(toko):
        await toko.settings.change(currencies=("USD",))
        await toko.prices.put("KOPI-250", UnitPrice.parse("1033.3333", IDR))
        await toko.prices.put_list("usd", currency="USD", parent="idr", rate=rate)

        rupiah = await toko.given.quote({"KOPI-250": 3})
        cart = await toko.carts.start({"KOPI-250": 3}, currency="USD")
        dollars = await toko.carts.quote(cart)

        assert "harga Rp1.033,3333 menurut" in rupiah.explain("id")
        assert "Rp1,033.3333" in rupiah.explain("en")
        assert "dengan kurs 1 IDR = 0,0000625 USD, Bank Indonesia, JISDOR" in dollars.explain("id")
        assert "at a rate of 1 IDR = 0.0000625 USD, Bank Indonesia, JISDOR" in dollars.explain("en")
        assert await toko.carts.quoted(rupiah.id) == rupiah
        assert await toko.carts.quoted(dollars.id) == dollars

    play_in_memory(body)
