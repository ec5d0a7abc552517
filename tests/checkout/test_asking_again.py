"""The policy `ask_again`: a stand-in's taxes do for a quote, and no order is placed before the provider confirms them.

So no money of it is captured on their word, whatever the tender.
"""

import sqlite3
from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Address, Basket, Policies
from tokolib.adapters.tax_table import TableTaxProvider, read_tax_rates
from tokolib.checkout.confirming import confirm
from tokolib.checkout.errors import QuoteChanged
from tokolib.checkout.providing import Provided
from tokolib.effects.outside import Invalid
from tokolib.kernel import Registration
from tokolib.kernel.policies import PlacementPolicy
from tokolib.kernel.storage_errors import InsideTransaction
from tokolib.tax import TaxUnavailable
from tokolib.testing import ManualClock
from tokolib.testing.fake_tax import RATES, FakeTaxProvider

OAKLAND = Address(
    "Ann Lee", "1 Main St", city="Oakland", province="CA", district="Alameda", postal_code="94607", country="US"
)
NEXUS = (Registration("US", date(2020, 1, 1), scheme="CA"),)
DEARER = read_tax_rates(
    "state,level,name,county,postal_codes,tax_class,rate,since,source\n"
    "CA,state,California,,,,6,2013-01-01,RTC § 6051 and 6201\n"
    "CA,county,Alameda,Alameda,,,0.5,1970-01-01,RTC § 7202\n"
    "CA,district,Alameda County Transportation,Alameda,94501-94621,,1,2022-07-01,RTC § 7251\n",
    named="other rates",
)
TENDERS = ("cash", "bank_transfer", "cod", "fake")


def acme():
    """A provider that knows California: 7.25 % in Oakland."""
    return FakeTaxProvider(ManualClock())


def table(rates=RATES, **options):
    """Who stands in for it."""
    return TableTaxProvider(rates, clock=ManualClock(), zone="Asia/Jakarta", stands_in=True, **options)


async def asks_again(toko, **policies):
    """Let the shop sell to California, and ask again what a stand-in said."""
    chosen = Policies(tax_outage="ask_again", **policies)
    await toko.settings.change(prices_include_tax=False, registrations=NEXUS, policies=chosen)


async def quoted_in_an_outage(toko, provider, lines, **options):
    """A quote whose taxes a stand-in worked out."""
    provider.switches.unreachable = 1
    quote = await toko.given.quote(lines, ship_to=OAKLAND, **options)
    assert (True, "table") == (quote.tax_fact.degraded, quote.tax_fact.stand_in)
    provider.calls.clear()
    return quote


async def documents(toko):
    """How many documents the shop has."""
    return dict((await toko.verify()).checked)["documents"]


def test_an_order_rests_on_the_word_of_the_provider(play):
    """It was down when the quote was made, and says the same when it is placed: the figures stay those of the quote."""
    provider = acme()

    async def body(toko):
        await asks_again(toko)
        quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 2, "PAKET": 1}, delivery="jne:reg")

        order = await toko.orders.place(quote, tender="cash", key="a")

        assert ["estimate"] == provider.calls
        assert quote.lines == tuple(line.line for line in order.lines)
        assert (quote.charges, quote.total, quote.hash) == (order.charges, order.total, order.quote_hash)
        fact = order.tax_fact
        assert ("fake-tax", "", False) == (fact.provider, fact.stand_in, fact.degraded)
        assert (toko.clock.now(), quote.tax_fact.digest) == (fact.as_of, fact.digest)
        english, indonesian = [await toko.orders.explain(order, locale) for locale in ("en", "id")]
        assert "fake-tax did not answer: table stands in its place" in english
        told = "fake-tax: rates for tests, 2026"
        assert (
            f"fake-tax was asked before the order was placed, and says the same: {told}, as of 2 Mar 2026 09:00"
            in english
        )
        assert f"fake-tax ditanya sebelum pesanan dibuat, dan menjawab sama: {told} per 2 Mar 2026 09.00" in indonesian
        provider.switches.unreachable = 1
        assert order == await toko.orders.place(quote, tender="cash", key="a")
        assert ["estimate"] == provider.calls

    play(body, tax=provider, tax_fallback=table())


def test_who_is_still_down_lets_nothing_be_captured(play):
    """Whatever the tender: nothing is stored, no gateway is asked, and the same request goes through later."""
    provider = acme()

    async def body(toko):
        await asks_again(toko)
        for tender in TENDERS:
            quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 2}, delivery="jne:reg")
            stored, asked = await documents(toko), list(toko.world.calls)
            available = await toko.stock.available("KOPI-250")
            provider.switches.unreachable = 2
            for _ in range(2):
                with pytest.raises(TaxUnavailable, match="without an answer no order is placed") as down:
                    await toko.orders.place(quote, tender=tender, key=tender)
                assert (503, "effects.transient") == (down.value.status, down.value.failure)
            assert (stored, asked, available) == (
                await documents(toko),
                toko.world.calls,
                await toko.stock.available("KOPI-250"),
            )
            order = await toko.orders.place(quote, tender=tender, key=tender)
            assert (quote.total, False) == (order.total, order.tax_fact.degraded)

    play(body, tax=provider, tax_fallback=table())


def test_who_says_otherwise_has_the_customer_agree_again(play):
    """The difference names the goods and the charge, with each tax; a new quote rests on the provider's figures."""
    provider = acme()

    async def body(toko):
        for placement in PlacementPolicy:
            await asks_again(toko, placement=placement)
            quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 2}, delivery="jne:reg")
            assert IDR(12_600) == quote.tax
            stored, available = await documents(toko), await toko.stock.available("KOPI-250")

            with pytest.raises(QuoteChanged) as changed:
                await toko.orders.place(quote, tender="cash", key=placement)

            of_goods, of_charge, tax = changed.value.differences
            county = "US-CA/Alameda {} (US-CA/Alameda, S, {} % of 150000)"
            assert of_goods.startswith("lines[KOPI-250].taxes: US-CA 9000 (US-CA, S, 6 % of 150000) + ")
            assert county.format(750, "0.5") in of_goods.split(" → ")[0]
            assert county.format(375, "0.25") in of_goods.split(" → ")[1]
            assert of_charge.startswith("charges[shipping].taxes: US-CA 1080 ")
            assert "tax: 12600 → 12180" == tax
            assert (stored, available) == (await documents(toko), await toko.stock.available("KOPI-250"))
            again = await toko.given.quote({"KOPI-250": 2}, ship_to=OAKLAND, delivery="jne:reg")
            order = await toko.orders.place(again, tender="cash", key=f"{placement}-again")
            assert (IDR(180_180), False) == (order.total, order.tax_fact.degraded)

    play(body, tax=provider, tax_fallback=table(DEARER))


def test_frozen_prices_stay_and_their_taxes_are_asked_about(play):
    """What is asked is what was quoted, and not what the catalogue says by now."""
    provider = acme()

    async def body(toko):
        await asks_again(toko, placement=PlacementPolicy.FROZEN)
        quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 2})
        await toko.prices.put("KOPI-250", IDR(99_000))

        order = await toko.orders.place(quote, tender="cash", key="a")

        assert (quote.total, ["estimate"]) == (order.total, provider.calls)
        assert not order.tax_fact.degraded

    play(body, tax=provider, tax_fallback=table())


def test_what_changed_otherwise_is_told_before_anybody_is_asked(play_in_memory):
    """A provider's calls are paid for."""
    provider = acme()

    async def body(toko):
        await asks_again(toko)
        quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 2})
        await toko.prices.put("KOPI-250", IDR(99_000))
        with pytest.raises(QuoteChanged, match="unit_price"):
            await toko.orders.place(quote, tender="cash", key="a")
        assert [] == provider.calls

    play_in_memory(body, tax=provider, tax_fallback=table())


def test_a_basket_waits_for_the_provider(play):
    """It is quoted and placed at once, so no table stands in; one that never was in doubt is placed as ever."""
    provider = acme()

    async def body(toko):
        await asks_again(toko)
        basket = Basket({"KOPI-250": 2}, ship_to=OAKLAND)
        stored = await documents(toko)
        provider.switches.unreachable = 1
        with pytest.raises(TaxUnavailable, match="without an answer no order is placed"):
            await toko.orders.place(basket, tender="cash", key="a")
        assert stored == await documents(toko)
        order = await toko.orders.place(basket, tender="cash", key="a")
        assert (IDR(160_875), False) == (order.total, order.tax_fact.degraded)
        assert "says the same" not in await toko.orders.explain(order, "en")

        quote = await toko.given.quote({"KOPI-250": 2}, ship_to=OAKLAND)
        provider.switches.unreachable = 9
        assert quote.tax_fact == (await toko.orders.place(quote, tender="cash", key="b")).tax_fact

    play(body, tax=provider, tax_fallback=table())


def test_the_term_of_who_stood_in_is_no_difference(play_in_memory):
    """The provider is asked anyway, and its own answer has a term of its own."""
    provider = acme()

    async def body(toko):
        await asks_again(toko)
        quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 2})
        toko.clock.forward(minutes=11)
        assert quote.tax_fact.valid_until < toko.clock.now() < quote.valid_until

        order = await toko.orders.place(quote, tender="cash", key="a")

        assert toko.clock.now() < order.tax_fact.valid_until

    play_in_memory(body, tax=provider, tax_fallback=table(lifetime=timedelta(minutes=10)))


def test_the_policy_of_the_day_counts(play_in_memory):
    """A shop that asks no longer takes the stand-in's word; one that begins to asks about what was quoted before."""
    provider = acme()

    async def body(toko):
        await asks_again(toko)
        one = await quoted_in_an_outage(toko, provider, {"KOPI-250": 1})
        await toko.settings.change(policies=Policies(tax_outage="fallback_table"))
        other = await quoted_in_an_outage(toko, provider, {"KOPI-250": 1})
        assert (await toko.orders.place(one, tender="cash", key="a")).tax_fact.degraded
        await asks_again(toko)
        assert not (await toko.orders.place(other, tender="cash", key="b")).tax_fact.degraded

    play_in_memory(body, tax=provider, tax_fallback=table())


def test_a_shop_that_blocks_by_now_asks_too(play_in_memory):
    """What it quoted on a stand-in's word is confirmed, or not placed at all."""
    provider = acme()

    async def body(toko):
        for before in ("ask_again", "fallback_table"):
            await asks_again(toko)
            await toko.settings.change(policies=Policies(tax_outage=before))
            quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 1})
            await toko.settings.change(policies=Policies(tax_outage="block"))
            provider.switches.unreachable = 1
            with pytest.raises(TaxUnavailable, match="the policy is block"):
                await toko.orders.place(quote, tender="cash", key=before)
            assert not (await toko.orders.place(quote, tender="cash", key=before)).tax_fact.degraded

    play_in_memory(body, tax=provider, tax_fallback=table())


OTHERWISE = {
    "another state": {"jurisdiction": "US-OR"},
    "another category": {"category": "E"},
    "another rate": {"rate": Decimal(5)},
    "another base": {"base": 70_000},
    "a part waived": {"waived": 700},
    "another code": {"code": "SALES"},
}


@pytest.mark.parametrize("said", OTHERWISE.values(), ids=OTHERWISE)
def test_the_same_sum_for_another_reason_is_a_difference(play_in_memory, said):
    """Tax would be put where it isn't owed, and the invoice would state it."""

    class Other(FakeTaxProvider):
        def estimate(self, request):
            answer = super().estimate(request)
            line = answer.lines[0]
            taxes = (attrs.evolve(line.taxes[0], **said), *line.taxes[1:])
            return attrs.evolve(answer, lines=(attrs.evolve(line, taxes=taxes),))

    provider = Other(ManualClock())

    async def body(toko):
        await asks_again(toko)
        quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 1})
        with pytest.raises(QuoteChanged) as changed:
            await toko.orders.place(quote, tender="cash", key="a")
        assert ["lines[KOPI-250].taxes"] == [each.split(":")[0] for each in changed.value.differences]

    play_in_memory(body, tax=provider, tax_fallback=table())


def test_an_answer_in_another_s_place_confirms_nothing(play_in_memory):
    """A provider that says itself that its figures stand in for others is one that is down."""
    provider = table()

    async def body(toko):
        await asks_again(toko)
        quote = await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)
        assert (True, "") == (quote.tax_fact.degraded, quote.tax_fact.stand_in)
        with pytest.raises(TaxUnavailable, match=r"\(tax.degraded\).*without an answer no order is placed"):
            await toko.orders.place(quote, tender="cash", key="a")
        await toko.settings.change(policies=Policies(tax_outage="block"))
        with pytest.raises(TaxUnavailable, match=r"\(tax.degraded\).*the policy is block"):
            await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)
        await toko.settings.change(policies=Policies(tax_outage="fallback_table"))
        assert (await toko.orders.place(quote, tender="cash", key="b")).tax_fact.degraded

    play_in_memory(body, tax=provider)


def test_a_definite_no_is_no_outage(play_in_memory):
    """The provider is back and refuses the address: that is its answer."""

    class Strict(FakeTaxProvider):
        def estimate(self, request):
            if strict:
                raise Invalid("fake-tax", "postal_code", "no such place")
            return super().estimate(request)

    strict, provider = [], Strict(ManualClock())

    async def body(toko):
        await asks_again(toko)
        quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 1})
        strict.append(True)
        with pytest.raises(Invalid, match="no such place"):
            await toko.orders.place(quote, tender="cash", key="a")

    play_in_memory(body, tax=provider, tax_fallback=table())


def test_within_a_transaction_of_the_host_nobody_is_asked(play_on_file):
    """The host places it outside, or waits until the provider has answered."""
    provider = acme()

    async def body(toko):
        await asks_again(toko)
        quote = await quoted_in_an_outage(toko, provider, {"KOPI-250": 1})
        connection = sqlite3.connect(toko.path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        inside = toko.shop._subject.within(connection)
        with pytest.raises(InsideTransaction):
            inside.orders.place(quote, tender="cash", key="a")
        connection.execute("ROLLBACK")
        connection.close()
        assert [] == provider.calls
        assert not (await toko.orders.place(quote, tender="cash", key="a")).tax_fact.degraded

    play_on_file(body, tax=provider, tax_fallback=table())


def test_a_shop_without_the_provider_has_the_customer_agree_again(tmp_path):
    """There is nobody to ask any more: the next quote goes by the shop's own tables."""
    url, provider = f"sqlite:///{tmp_path / 'toko.db'}", acme()
    chosen = {"prices_include_tax": False, "registrations": NEXUS, "policies": Policies(tax_outage="ask_again")}
    with tokolib.open(url, country="ID", clock=ManualClock(), tax=provider, tax_fallback=table()) as shop:
        shop.settings.change(**chosen)
        shop.catalog.put("KOPI", "Kopi")
        shop.prices.put("KOPI", IDR(75_000))
        shop.stock.receive("KOPI", 5)
        provider.switches.unreachable = 1
        quote = shop.carts.quote(shop.carts.start({"KOPI": 1}), ship_to=OAKLAND)
    with tokolib.open(url, country="ID", clock=ManualClock()) as shop:
        with pytest.raises(QuoteChanged) as changed:
            shop.orders.place(quote, tender="cash", key="a")
        assert ("tax_estimate: worked out in place of fake-tax → nobody to ask again",) == changed.value.differences
        assert shop.verify().ok


@pytest.fixture(scope="module")
def in_doubt():
    """A quote of goods and a kit whose provider was away, and the shop's settings."""
    provider = acme()
    with tokolib.open("memory://", country="ID", clock=ManualClock(), tax=provider, tax_fallback=table()) as shop:
        shop.settings.change(prices_include_tax=False, registrations=NEXUS, policies=Policies(tax_outage="ask_again"))
        for sku in ("A", "B"):
            shop.catalog.put(sku, sku)
            shop.prices.put(sku, IDR(20_000))
            shop.stock.receive(sku, 9)
        shop.catalog.put("AB", "A und B", components={"A": 1, "B": 2})
        shop.prices.put("AB", IDR(50_000))
        provider.switches.unreachable = 1
        quote = shop.carts.quote(shop.carts.start({"A": 2, "AB": 1}), ship_to=OAKLAND)
        return quote, shop.settings.get()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(off=st.lists(st.integers(-3, 3), min_size=3, max_size=3))
def test_what_is_confirmed_is_what_was_quoted(in_doubt, off):
    """Of a kit too: the word is kept if it gives every line the same taxes, and is a difference of each if not."""
    quote, now = in_doubt
    kept = quote.grounds.estimate
    said = attrs.evolve(
        kept,
        fact=attrs.evolve(kept.fact, degraded=False, stand_in=""),
        lines=tuple(
            attrs.evolve(line, taxes=(attrs.evolve(line.taxes[0], amount=line.taxes[0].amount + by), *line.taxes[1:]))
            for line, by in zip(kept.lines, off, strict=True)
        ),
    )
    provided = attrs.evolve(Provided.of(acme()), kept=said)

    def confirmed():
        return confirm(quote, kept, now, date(2026, 3, 2), provided)

    if any(off):
        with pytest.raises(QuoteChanged) as changed:
            confirmed()
        names = ("lines[A]", "lines[AB].components[a]", "lines[AB].components[b]")
        paths = [f"{name}.taxes" for name, by in zip(names, off, strict=True) if by]
        assert [*paths, *(["tax"] if sum(off) else [])] == [each.split(":")[0] for each in changed.value.differences]
    else:
        assert attrs.evolve(kept, confirmed=said.fact) == confirmed()
