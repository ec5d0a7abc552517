"""Taxes that a provider works out: asked before anything is stored, kept on quote and order, heeded at placement."""

from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD, Address, Basket, ChargeWish, Policies
from tokolib.adapters.tax_table import TableTaxProvider
from tokolib.catalog.errors import UnknownSku
from tokolib.checkout.errors import QuoteChanged, QuoteExpired, TaxNeverSettled
from tokolib.conditions import more_than
from tokolib.effects.outside import Conflict, NotFoundOutside
from tokolib.kernel import Registration, TaxOutage
from tokolib.kernel.errors import HostMismatch, InvalidInput
from tokolib.kernel.policies import AcrossBorders, DiscountBasis, PlacementPolicy, ShippingTax, SpreadBasis, TaxBase
from tokolib.kernel.quantity import KILOGRAM
from tokolib.kernel.storage_errors import InsideTransaction
from tokolib.orders.errors import NotFree
from tokolib.pricing import Off, Percent
from tokolib.pricing.model import ChargeKind
from tokolib.tax import EstimatedLine, NoTaxRules, TaxAnswerRefused, TaxEstimate, TaxStateUnknown, TaxUnavailable
from tokolib.testing import ManualClock
from tokolib.testing.builders import BUYER
from tokolib.testing.clock import START
from tokolib.testing.fake_tax import RATES, AsyncFakeTaxProvider, FakeTaxProvider

OAKLAND = Address(
    "Ann Lee", "1 Main St", city="Oakland", province="CA", district="Alameda", postal_code="94607", country="US"
)
NEXUS = (Registration("US", date(2020, 1, 1), scheme="CA"),)
WITHOUT_TAX = {"prices_include_tax": False, "registrations": NEXUS}


def acme():
    """A provider that knows California: 7.25 % in Oakland."""
    return FakeTaxProvider(ManualClock())


async def documents(toko):
    """How many documents the shop has."""
    return dict((await toko.verify()).checked)["documents"]


def test_a_quote_rests_on_what_the_provider_says(play):
    """Each line and charge bears the tax that was told of it; whose word it is, and until when, stands on the quote."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        quote = await toko.given.quote({"KOPI-250": 2}, delivery="jne:reg", ship_to=OAKLAND)

        assert (150_000, 18_000) == (quote.lines[0].net, quote.charges[0].net)
        assert [("US-CA", 9_000), ("US-CA/Alameda", 375), ("US-CA/Alameda County Transportation", 1_500)] == [
            (tax.code, tax.amount) for tax in quote.lines[0].taxes
        ]
        assert (IDR(12_180), IDR(180_180)) == (quote.tax, quote.total)
        fact = quote.tax_fact
        assert ("fake-tax", toko.clock.now(), False) == (fact.provider, fact.as_of, fact.degraded)
        assert toko.clock.now() + timedelta(days=1) == fact.valid_until
        assert ["estimate"] == provider.calls
        assert await toko.carts.quoted(quote.id) == quote

    play(body, tax=provider)


def test_the_explanation_names_who_said_so(play_in_memory):
    """In both languages, with the source, its instant and its term."""

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        quote = await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)

        told = "fake-tax: rates for tests, 2026"
        assert f"Taxes by {told}, as of 2 Mar 2026 09:00 (Asia/Jakarta)" in quote.explain("en")
        assert f"Pajak menurut {told} per 2 Mar 2026 09.00 (Asia/Jakarta)" in quote.explain("id")
        assert "RTC § 6051" in quote.explain("en") and "worked out by fake-tax" in quote.explain("en")
        assert "dihitung oleh fake-tax" in quote.explain("id")

        await toko.settings.change(registrations=())
        untaxed = await toko.given.quote({"KOPI-250": 1, "PAKET": 1}, delivery="jne:reg", ship_to=OAKLAND)
        assert IDR(0) == untaxed.tax
        assert 4 == untaxed.explain("en").count("No tax, says fake-tax: the seller is not registered for it there")
        assert "Tanpa pajak menurut fake-tax: penjual tidak terdaftar" in untaxed.explain("id")

    play_in_memory(body, tax=acme())


def test_what_goes_elsewhere_keeps_the_tables_of_law(play_in_memory):
    """The provider is for the countries that it names; the shop's own keeps its table."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(pkp_since=date(2025, 1, 1))
        for place in (BUYER, None):
            quote = await toko.given.quote({"KOPI-250": 2}, ship_to=place)
            assert (None, "PPN") == (quote.tax_fact, quote.lines[0].taxes[0].code)
        assert [] == provider.calls

    play_in_memory(body, tax=provider)


def test_who_is_for_the_whole_world_leaves_home_its_table(play_in_memory):
    """Unless it names the country, or there is no table."""

    class World(FakeTaxProvider):
        @property
        def capabilities(self):
            return attrs.evolve(super().capabilities, countries=frozenset())

    provider = World(ManualClock())

    async def body(toko):
        await toko.settings.change(pkp_since=date(2025, 1, 1), registrations=NEXUS)
        assert "PPN" == (await toko.given.quote({"KOPI-250": 2})).lines[0].taxes[0].code
        assert "US-CA" == (await toko.given.quote({"KOPI-250": 2}, ship_to=OAKLAND)).lines[0].taxes[0].code
        assert ["estimate"] == provider.calls

    play_in_memory(body, tax=provider)


def test_who_names_the_shop_s_own_country_goes_before_its_table(play_in_memory):
    """Prices with tax were made for the table's all the same."""

    class Home(FakeTaxProvider):
        @property
        def capabilities(self):
            return attrs.evolve(super().capabilities, countries=frozenset({"ID"}))

        def estimate(self, request):
            self.calls.append("estimate")
            lines = tuple(EstimatedLine(id=each.id, taxes=(), reason="tax.no_rate") for each in request.lines)
            until = START + timedelta(hours=1)
            return TaxEstimate(lines=lines, total=0, source="home 1", as_of=START, valid_until=until)

    provider = Home(ManualClock())

    async def body(toko):
        await toko.settings.change(pkp_since=date(2025, 1, 1))
        for place in (BUYER, None):
            quote = await toko.given.quote({"KOPI-250": 2}, ship_to=place)
            assert ("home 1", IDR(150_000), ()) == (quote.tax_fact.source, quote.total, quote.lines[0].taxes)
            assert "there is no rate for it there" in quote.explain("en")
        await toko.settings.change(policies=Policies(across_borders=AcrossBorders.NET))
        assert IDR(135_135) == (await toko.given.quote({"KOPI-250": 2})).total
        assert ["estimate"] * 3 == provider.calls

    play_in_memory(body, tax=provider)


def test_an_order_keeps_what_its_quote_rests_on(play):
    """Placing asks nobody: taxes, fact and evidence are the quote's, in the history for good and on the invoice."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        quote = await toko.given.quote({"KOPI-250": 2, "PAKET": 1}, delivery="jne:reg", ship_to=OAKLAND)
        provider.switches.unreachable = 99

        order = await toko.orders.place(quote, tender="cash", key="a")

        assert quote.lines == tuple(line.line for line in order.lines)
        assert (quote.charges, quote.total, quote.tax_fact) == (order.charges, order.total, order.tax_fact)
        assert quote.explain("en") == await toko.orders.explain(order, "en")
        assert ["estimate"] == provider.calls
        await toko.ship(order)
        invoice = await toko.invoices.issue(order)
        assert quote.total.minor_units == invoice.totals.with_tax
        assert quote.tax.minor_units == sum(row.tax for row in invoice.totals.breakdown)
        assert ["estimate", "commit"] == provider.calls

    play(body, tax=provider)


def test_a_basket_is_estimated_before_it_is_stored(play):
    """One call places it; the same key again asks nobody."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        basket = Basket({"KOPI-250": 2, "Teh-100": 1}, ship_to=OAKLAND, delivery="jne:reg")

        order = await toko.orders.place(basket, tender="cash", key="till-1")

        assert IDR(201_630) == order.total
        assert "fake-tax" == order.tax_fact.provider
        assert order == await toko.orders.place(basket, tender="cash", key="till-1")
        assert ["estimate"] == provider.calls

    play(body, tax=provider)


def test_what_is_not_free_before_tax_is_refused_before_anybody_is_asked(play):
    """Whatever the tax will be: a basket and a quote whose estimate has lapsed."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        basket = Basket({"KOPI-250": 2}, ship_to=OAKLAND, delivery="jne:reg")
        with pytest.raises(NotFree):
            await toko.orders.place(basket, tender="free", key="till-1")
        assert [] == provider.calls

        quote = await toko.given.quote({"KOPI-250": 2}, ship_to=OAKLAND, delivery="jne:reg")
        asked = len(provider.calls)
        toko.clock.forward(minutes=20)
        with pytest.raises((NotFree, QuoteExpired)):
            await toko.orders.place(quote, tender="free", key="till-2")
        assert asked == len(provider.calls)

    play(body, tax=provider)


def test_it_is_asked_in_the_currency_of_the_sale(play):
    """Cents are cents: what goes to Oakland in dollars is asked about, and taxed, in dollars."""

    class Curious(FakeTaxProvider):
        def estimate(self, request):
            asked.append((request.currency, [line.amount for line in request.lines]))
            return super().estimate(request)

    asked, provider = [], Curious(ManualClock())

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX, currencies=("USD",))
        await toko.prices.put("KOPI-250", USD("5.00"))
        cart = await toko.carts.start({"KOPI-250": 2}, currency="USD")
        quote = await toko.carts.quote(cart, ship_to=OAKLAND)
        order = await toko.orders.place(quote, tender="cash", key="a")
        basket = Basket({"KOPI-250": 2}, currency="USD", ship_to=OAKLAND)

        assert (USD("0.73"), USD("10.73")) == (quote.tax, order.total)
        assert USD("10.73") == (await toko.orders.place(basket, tender="cash", key="b")).total
        assert [("USD", [1_000])] * 2 == asked

    play(body, tax=provider)


def test_a_lapsed_estimate_is_a_difference(play):
    """Within the quote's own time, and with frozen prices too: its taxes must be worked out anew."""
    clock = ManualClock()
    provider = TableTaxProvider(RATES, clock=clock, zone="Asia/Jakarta", lifetime=timedelta(minutes=10))

    async def body(toko):
        for placement in PlacementPolicy:
            await toko.settings.change(**WITHOUT_TAX, policies=Policies(placement=placement))
            quote = await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)
            other = await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)
            stored = await documents(toko)
            for each in (clock, toko.clock):
                each.forward(minutes=9)
            assert "table" == (await toko.orders.place(other, tender="cash", key=f"{placement}-0")).tax_fact.provider
            for each in (clock, toko.clock):
                each.forward(minutes=1)

            with pytest.raises(QuoteChanged) as lapsed:
                await toko.orders.place(quote, tender="cash", key=placement)

            (told,) = lapsed.value.differences
            assert told.startswith("tax_estimate: valid until ") and "lapsed at" in told
            assert stored + 2 == await documents(toko)
            for each in (clock, toko.clock):
                each.forward(hours=1)
            with pytest.raises(QuoteExpired):
                await toko.orders.place(quote, tender="cash", key=placement)

    play(body, tax=provider)


def test_an_estimate_of_other_goods_is_a_difference(play):
    """What changed is told; what it comes to with tax, nobody knows yet, and nobody is asked."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        quote = await toko.given.quote({"KOPI-250": 1}, delivery="jne:reg", ship_to=OAKLAND)
        await toko.prices.put("KOPI-250", IDR(80_000))
        await toko.delivery.flat("jne:reg", IDR(20_000))
        stored = await documents(toko)

        with pytest.raises(QuoteChanged) as changed:
            await toko.orders.place(quote, tender="cash", key="a")

        assert (
            "lines[KOPI-250].unit_price: IDR 75000 → IDR 80000",
            "charges[shipping].amount: 18000 → 20000",
            "tax_estimate: of what was quoted → to be worked out for what changed",
        ) == changed.value.differences
        assert stored == await documents(toko)
        assert ["estimate"] == provider.calls

    play(body, tax=provider)


def test_a_provider_that_is_down_blocks_the_sale(play):
    """As shops are set up: one clear error, and nothing is stored, whether it arrived or not."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        cart = await toko.carts.start({"KOPI-250": 1})
        stored = await documents(toko)
        for switch in ("unreachable", "time_out_before", "time_out_after"):
            setattr(provider.switches, switch, 1)
            with pytest.raises(TaxUnavailable, match="the policy is block") as down:
                await toko.carts.quote(cart, ship_to=OAKLAND)
            assert 503 == down.value.status
        provider.switches.unreachable = 1
        with pytest.raises(TaxUnavailable):
            await toko.orders.place(Basket({"KOPI-250": 1}, ship_to=OAKLAND), tender="cash", key="a")

        assert stored == await documents(toko)
        assert 20 == (await toko.stock.available("KOPI-250")).steps
        assert (await toko.orders.place(Basket({"KOPI-250": 1}, ship_to=OAKLAND), tender="cash", key="a")).tax_fact

    play(body, tax=provider, tax_fallback=acme())


def test_a_table_stands_in_by_policy_and_the_sale_says_so(play):
    """The figures are the table's; the fact on quote and order is marked, and the explanation says why."""
    provider = acme()
    table = TableTaxProvider(RATES, clock=ManualClock(), zone="Asia/Jakarta", stands_in=True)

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX, policies=Policies(tax_outage="fallback_table"))
        provider.switches.unreachable = 1
        quote = await toko.given.quote({"KOPI-250": 2}, ship_to=OAKLAND)

        assert IDR(10_875) == quote.tax
        fact = quote.tax_fact
        assert (True, "fake-tax", "table") == (fact.degraded, fact.provider, fact.stand_in)
        assert "table: rates for tests, 2026" == fact.source
        english, indonesian = quote.explain("en"), quote.explain("id")
        assert "fake-tax did not answer: table stands in its place" in english
        assert "worked out by table in place of fake-tax" in english
        assert "worked out by fake-tax" not in english
        assert "fake-tax tidak menjawab: table menggantikannya" in indonesian
        assert "dihitung oleh table menggantikan fake-tax" in indonesian
        assert "in place of" not in indonesian
        order = await toko.orders.place(quote, tender="cash", key="a")
        assert fact == order.tax_fact
        await toko.settings.change(registrations=())
        provider.switches.unreachable = 1
        untaxed = await toko.given.quote({"KOPI-250": 2}, ship_to=OAKLAND)
        assert "No tax, says table: the seller is not registered for it there" in untaxed.explain("en")
        await toko.settings.change(**WITHOUT_TAX)
        assert not (await toko.given.quote({"KOPI-250": 2}, ship_to=OAKLAND)).tax_fact.degraded

    play(body, tax=provider, tax_fallback=table)


def test_without_a_table_nothing_stands_in(play_in_memory):
    """Neither the policy alone nor one who is down too; a definite no of the provider is no outage either."""
    provider, other = acme(), acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX, policies=Policies(tax_outage=TaxOutage.FALLBACK_TABLE))
        provider.switches.unreachable = 1
        with pytest.raises(TaxUnavailable, match="no table answered"):
            await toko.given.quote({"KOPI-250": 2}, ship_to=OAKLAND)
        with pytest.raises(TaxStateUnknown, match="names no state by its code"):
            await toko.given.quote({"KOPI-250": 2}, ship_to=attrs.evolve(OAKLAND, province="Texas"))

    async def body_with_another(toko):
        other.switches.unreachable = 1
        await body(toko)
        assert ["estimate"] == other.calls
        provider.switches.unreachable = 1
        with pytest.raises(TaxStateUnknown, match="names no state by its code"):
            await toko.given.quote({"KOPI-250": 2}, ship_to=attrs.evolve(OAKLAND, province="Texas"))

    play_in_memory(body, tax=provider)
    play_in_memory(body_with_another, tax=provider, tax_fallback=other)


class Confused(FakeTaxProvider):
    """Answers about other lines than it was asked."""

    def estimate(self, request):
        answer = super().estimate(request)
        return attrs.evolve(answer, lines=(attrs.evolve(answer.lines[0], id="9"),))


def test_an_answer_about_other_lines_is_refused(play):
    """Nothing rests on it, and nothing is stored."""

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        cart = await toko.carts.start({"KOPI-250": 1})
        stored = await documents(toko)

        with pytest.raises(TaxAnswerRefused, match="must be of 1, in this order"):
            await toko.carts.quote(cart, ship_to=OAKLAND)

        assert stored == await documents(toko)

    play(body, tax=Confused(ManualClock()))


class Mute(FakeTaxProvider):
    """Answers what is no estimate."""

    answer: Any = None

    def estimate(self, request):
        answer = super().estimate(request)
        return self.answer(answer) if callable(self.answer) else self.answer


NO_ESTIMATES = {
    "nothing": (None, "answer: must be a TaxEstimate"),
    "text": ("6 %", "answer: must be a TaxEstimate"),
    "a total in floats": (lambda found: attrs.evolve(found, total=12.5), "total: must be"),
    "no lines": (lambda found: attrs.evolve(found, lines=None), "lines: must be"),
    "lines of something else": (lambda found: attrs.evolve(found, lines=("1",)), r"lines\[0\]: must be"),
    "a source that is a number": (lambda found: attrs.evolve(found, source=7), "source: must be"),
}


@pytest.mark.parametrize(("answer", "said"), NO_ESTIMATES.values(), ids=NO_ESTIMATES)
def test_what_is_no_estimate_is_refused_as_such(play_in_memory, answer, said):
    """A provider that forgets its answer is told so by name, and so is one that stands in."""
    provider, table = Mute(ManualClock()), Mute(ManualClock())
    provider.answer = table.answer = answer

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX, policies=Policies(tax_outage=TaxOutage.FALLBACK_TABLE))
        cart = await toko.carts.start({"KOPI-250": 1})
        for switch in (0, 1):
            provider.switches.unreachable = switch
            with pytest.raises(TaxAnswerRefused, match=f"the answer of fake-tax is no answer: {said}"):
                await toko.carts.quote(cart, ship_to=OAKLAND)

    play_in_memory(body, tax=provider, tax_fallback=table)


UNFIT = {
    "no source": (lambda found: attrs.evolve(found, source=""), "source: must be 1 to 300"),
    "a reference that is a book": (
        lambda found: attrs.evolve(found, reference="x" * 999),
        "reference: must be 0 to 300",
    ),
    "a day to come": (
        lambda found: attrs.evolve(found, as_of=found.as_of + timedelta(hours=2)),
        "as_of: must not be after",
    ),
    "an instant without a zone": (
        lambda found: attrs.evolve(found, valid_until=found.valid_until.replace(tzinfo=None)),
        "answer: ",
    ),
    "more than there is": (
        lambda found: attrs.evolve(
            found,
            lines=tuple(
                attrs.evolve(line, taxes=(attrs.evolve(line.taxes[0], amount=10**16),)) for line in found.lines
            ),
            total=10**16,
        ),
        r"lines\[0\].taxes: must be at most",
    ),
    "no tax and no reason": (
        lambda found: attrs.evolve(found, lines=tuple(attrs.evolve(line, taxes=()) for line in found.lines), total=0),
        r"lines\[0\].reason: must be 1 to 300",
    ),
}


@pytest.mark.parametrize(("answer", "said"), UNFIT.values(), ids=UNFIT)
def test_what_can_t_be_kept_is_refused_in_the_provider_s_name(play_in_memory, answer, said):
    """The customer has done nothing wrong: the error names who answered, and what."""
    provider = Mute(ManualClock())
    provider.answer = answer

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        cart = await toko.carts.start({"KOPI-250": 1})
        with pytest.raises(TaxAnswerRefused, match=f"the answer of fake-tax is no answer: .*{said}") as refused:
            await toko.carts.quote(cart, ship_to=OAKLAND)
        assert 502 == refused.value.status

    play_in_memory(body, tax=provider)


@pytest.mark.parametrize("error", [TimeoutError("slow"), ConnectionResetError("gone")])
def test_a_lost_connection_that_an_adapter_lets_through_is_an_outage(play_in_memory, error):
    """The table stands in, or the sale is blocked: never a bare error of the network."""

    class Lost(FakeTaxProvider):
        def estimate(self, request):
            raise error

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        with pytest.raises(TaxUnavailable, match=r"effects\.unknown"):
            await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)
        await toko.settings.change(policies=Policies(tax_outage=TaxOutage.FALLBACK_TABLE))
        assert (await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)).tax_fact.degraded

    play_in_memory(body, tax=Lost(ManualClock()), tax_fallback=acme())


def test_a_mistake_in_the_adapter_is_told_in_the_provider_s_name(play_in_memory):
    """What it raises, and no port names, reads like an answer that is none."""
    provider = Mute(ManualClock())
    provider.answer = lambda found: found.no_such_field

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        with pytest.raises(TaxAnswerRefused, match=r"fake-tax is no answer: estimate: it raised AttributeError: "):
            await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)

    play_in_memory(body, tax=provider)


@pytest.mark.parametrize("error", [NotFoundOutside("fake-tax", "1 Main St"), Conflict("fake-tax", "k", "other")])
def test_an_answer_that_it_is_unknown_is_no_outage(play_in_memory, error):
    """No table may answer what the service says it doesn't know."""

    class Strict(FakeTaxProvider):
        def estimate(self, request):
            raise error

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX, policies=Policies(tax_outage=TaxOutage.FALLBACK_TABLE))
        with pytest.raises(type(error)):
            await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)

    play_in_memory(body, tax=Strict(ManualClock()), tax_fallback=acme())


@pytest.mark.parametrize("stage", ["before_discounts_with_tax", "after_discounts_with_tax"])
def test_a_threshold_with_tax_knows_the_told_tax(play, stage):
    """75,000 with 7.25 % is 80,438: the promotion from 80,000 is given, and taken into the next question."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX, policies=Policies(thresholds=stage))
        await toko.promotions.fixed("hemat", IDR(5_000), at_least=IDR(80_000), name="Hemat")
        quote = await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)

        assert (IDR(5_000), IDR(5_075), ["estimate"] * 2) == (quote.discount, quote.tax, provider.calls)
        assert quote.total == (await toko.orders.place(quote, tender="cash", key="a")).total
        less = await toko.given.quote({"Teh-100": 3}, ship_to=OAKLAND)
        assert IDR(0) == less.discount

    play(body, tax=provider)


def test_a_dropped_coupon_is_told_as_what_it_gave(play_in_memory):
    """Taxes are to be worked out anew, and the customer reads why."""

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        await toko.promotions.percent("ten", 10, coupon="TEN")
        cart = await toko.carts.start({"KOPI-250": 2}, coupons=["TEN"])
        quote = await toko.carts.quote(cart, ship_to=OAKLAND)
        await toko.carts.drop_coupon(cart, "TEN")
        with pytest.raises(QuoteChanged) as changed:
            await toko.orders.place(quote, tender="cash", key="a")
        assert "lines[KOPI-250].discount: 15000 → 0" == changed.value.differences[0]

    play_in_memory(body, tax=acme())


def test_a_seller_registered_by_state_is_not_sold_untaxed_without_a_provider(play_in_memory):
    """Nothing is guessed: a worker that was opened without the provider says so, and which states are meant."""

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        with pytest.raises(NoTaxRules, match="US-CA") as missing:
            await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)
        assert "open(tax=)" in missing.value.hint

    play_in_memory(body, country="US")


def test_what_can_t_be_sold_is_refused_before_anybody_is_asked(play_in_memory):
    """A provider's calls are paid for."""
    provider = acme()

    async def body(toko):
        with pytest.raises(UnknownSku):
            await toko.orders.place(Basket({"NICHTS": 1}, ship_to=OAKLAND), tender="cash", key="a")
        assert [] == provider.calls

    play_in_memory(body, tax=provider)


BIG = more_than("subtotal_after_discounts_with_tax", 160_000)


def test_a_fee_that_goes_by_the_tax_is_asked_about_once_more(play):
    """Amounts that changed with the answer are asked about again, until the answer is about what is sold."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        await toko.charges.fixed("layanan", ChargeKind.FEE, IDR(10_000), conditions=BIG)
        quote = await toko.given.quote({"KOPI-250": 2}, ship_to=OAKLAND)

        assert ["estimate", "estimate"] == provider.calls
        assert [("1", 150_000), ("charge:fee/layanan", 10_000)] == [
            (each.asked.id, each.asked.amount) for each in quote.grounds.estimate.lines
        ]
        assert IDR(171_600) == quote.total == (await toko.orders.place(quote, tender="cash", key="a")).total

    play(body, tax=provider)


class Moody(FakeTaxProvider):
    """Takes nothing as soon as there is a charge, so that the charge falls away."""

    def estimate(self, request):
        answer = super().estimate(request)
        if len(request.lines) == 1:
            return answer
        lines = tuple(attrs.evolve(line, taxes=(), reason="resale") for line in answer.lines)
        return attrs.evolve(answer, lines=lines, total=0)


def test_answers_that_never_settle_are_one_clear_error(play_in_memory):
    """Each answer changed what it was about; nothing is stored."""
    provider = Moody(ManualClock())

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        await toko.charges.fixed("layanan", ChargeKind.FEE, IDR(10_000), conditions=BIG)
        cart = await toko.carts.start({"KOPI-250": 2})
        stored = await documents(toko)
        with pytest.raises(TaxNeverSettled, match="fake-tax gave 4 answers") as endless:
            await toko.carts.quote(cart, ship_to=OAKLAND)
        assert "charge rule" in endless.value.hint
        assert (4, stored) == (len(provider.calls), await documents(toko))

    play_in_memory(body, tax=provider)


def test_options_name_the_taxes_as_missing(play_in_memory):
    """Nobody is asked for every delivery and every tender."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        cart = await toko.carts.start({"KOPI-250": 1})
        options = await toko.carts.options(cart, ship_to=OAKLAND, delivery="jne:reg")

        assert "the taxes, which fake-tax works out when it is quoted" in options.explain("en")
        assert "pajak, yang dihitung fake-tax" in options.explain("id")
        assert IDR(93_000) == options.tenders[0].total
        assert "taxes" not in (await toko.carts.options(cart, ship_to=BUYER, delivery="jne:reg")).explain("en")
        assert [] == provider.calls

    play_in_memory(body, tax=provider)


def test_a_provider_may_be_awaited(tmp_path, raise_stage):
    """By a shop that is awaited; one that isn't says so when it is opened."""
    import asyncio

    async def sell():
        provider = AsyncFakeTaxProvider(ManualClock())
        options = {"country": "ID", "tax": provider}
        stage, close = await raise_stage(tmp_path / "toko.db", "sqlite-async", options, furnished=False)
        await stage.settings.change(**WITHOUT_TAX)
        order = await stage.orders.place(Basket({"KOPI-250": 1}, ship_to=OAKLAND), tender="cash", key="a")
        await close()
        return order

    assert IDR(80_438) == asyncio.run(sell()).total
    for name in ("tax", "tax_fallback"):
        with pytest.raises(HostMismatch, match="fake-tax"):
            tokolib.open("memory://", country="ID", **{name: AsyncFakeTaxProvider(ManualClock())})
        with pytest.raises(InvalidInput, match="must be a tax provider"):
            tokolib.open("memory://", country="ID", **{name: print})


def test_a_provider_is_never_asked_within_a_transaction_of_the_host(play_on_file):
    """It might keep the transaction open for as long as it likes; what needs no answer goes on."""
    import sqlite3

    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        cart = await toko.carts.start({"KOPI-250": 1})
        quote = await toko.given.quote({"KOPI-250": 1}, ship_to=OAKLAND)
        connection = sqlite3.connect(toko.path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        inside = toko.shop._subject.within(connection)
        with pytest.raises(InsideTransaction):
            inside.carts.quote(cart, ship_to=OAKLAND)
        order = inside.orders.place(quote, tender="cash", key="a")
        connection.execute("COMMIT")
        connection.close()

        assert order == await toko.orders.get(order.id)
        assert ["estimate"] == provider.calls

    play_on_file(body, tax=provider)


def test_past_orders_are_priced_again_with_the_taxes_that_were_told(play_in_memory):
    """Under the same rules to the letter; under others each tax goes with what it is taken of, and nobody is asked."""
    provider = acme()

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        await toko.promotions.percent("hemat", 20)
        await toko.given.order({"KOPI-250": 2}, delivery="jne:reg", ship_to=OAKLAND)

        assert () == (await toko.promotions.what_if()).changes
        (change,) = (await toko.promotions.what_if(without=["hemat"])).changes
        assert (30_000 + 2_175, 2_175) == (change.difference.total, change.difference.tax)
        (free,) = (await toko.promotions.what_if(put={"hemat": await off(toko, 100)})).changes
        assert (-120_000 - 8_700, -8_700) == (free.difference.total, free.difference.tax)
        assert ["estimate"] == provider.calls

    async def off(toko, percent):
        held = await toko.promotions.get("hemat")
        return attrs.evolve(held.terms, benefit=Off(Percent(percent)))

    play_in_memory(body, tax=provider)


POLICIES = st.builds(
    Policies,
    placement=st.sampled_from(PlacementPolicy),
    shipping_tax=st.sampled_from(ShippingTax),
    spread_basis=st.sampled_from(SpreadBasis),
    discount_basis=st.sampled_from(DiscountBasis),
    tax_base=st.sampled_from(TaxBase),
    across_borders=st.sampled_from(AcrossBorders),
)
GOODS = st.dictionaries(st.sampled_from(["KOPI", "TEH", "GULA", "PAKET"]), st.integers(1, 5), min_size=1)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(GOODS, POLICIES, st.booleans(), st.booleans(), st.sampled_from([0, 7, 30, 100]))
def test_what_the_quote_says_is_what_the_order_stores(goods, policies, included, wrapped, percent):
    """With a provider too, by every policy: lines, charges, taxes, evidence; and a basket of it comes to the same."""
    clock = ManualClock()
    provider = TableTaxProvider(RATES, clock=clock, zone="Asia/Jakarta")
    with tokolib.open("memory://", country="ID", clock=clock, tax=provider) as shop:
        shop.settings.change(
            prices_include_tax=included, registrations=NEXUS, policies=policies, pkp_since=date(2025, 1, 1)
        )
        for sku, price, tax_class in (("KOPI", 75_001, "standard"), ("TEH", 19_999, "exempt")):
            shop.catalog.put(sku, sku, tax_class=tax_class, weight="300 g")
            shop.prices.put(sku, IDR(price))
            shop.stock.receive(sku, 100)
        shop.catalog.put("GULA", "Gula", unit=KILOGRAM, weight="1 kg")
        shop.prices.put("GULA", IDR(14_500))
        shop.stock.receive("GULA", 100)
        shop.catalog.put("PAKET", "Paket", components={"KOPI": 1, "TEH": 2})
        shop.prices.put("PAKET", IDR(100_001))
        shop.delivery.flat("jne:reg", IDR(18_000))
        if percent:
            shop.promotions.percent("hemat", percent)
        wishes = [ChargeWish(ChargeKind.GIFT_WRAP, "Kado", IDR(5_000), "asked for it")] if wrapped else []
        how = {"delivery": "jne:reg", "ship_to": OAKLAND, "charges": wishes}

        quote = shop.carts.quote(shop.carts.start(goods), **how)
        order = shop.orders.place(quote, tender="cash", key="a")
        basket = shop.orders.place(Basket(goods, **how), tender="cash", key="b")

        assert quote.lines == tuple(line.line for line in order.lines)
        assert (quote.charges, quote.total, quote.tax_fact) == (order.charges, order.total, order.tax_fact)
        assert quote.explain("en") == shop.orders.explain(order, "en")
        assert quote == shop.carts.quoted(quote.id)
        assert order == shop.orders.get(order.id)
        assert [(line.net, line.total, line.taxes) for line in quote.lines] == [
            (line.line.net, line.line.total, line.line.taxes) for line in basket.lines
        ]
        assert (order.charges, order.tax_fact) == (basket.charges, basket.tax_fact)
        told = {each.asked.id: each.taxes for each in quote.grounds.estimate.lines}
        assert quote.tax.minor_units == sum(tax.amount for taxes in told.values() for tax in taxes)
        assert shop.verify()
        assert () == shop.promotions.what_if().changes
