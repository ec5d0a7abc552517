"""Who buys, as tax law sees them: businesses with their ids, and papers that free a sale; kept on quote and order."""

from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import EUR, IDR, Address, Basket, InvalidInput, Policies
from tokolib.checkout import ChargeWish
from tokolib.checkout.errors import QuoteExpired
from tokolib.kernel import Registration
from tokolib.kernel.errors import KeyReused
from tokolib.kernel.policies import PlacementPolicy
from tokolib.pricing import ChargeKind, Scope
from tokolib.tax import Buyer, BuyerKind, Certificate, IdState, Treatment
from tokolib.testing import ManualClock
from tokolib.testing.builders import BUYER
from tokolib.testing.fake_tax import FakeTaxProvider

PARIS = Address("SARL Dupont", "1 rue de Rivoli", city="Paris", postal_code="75001", country="FR")
OAKLAND = Address(
    "Ann Lee", "1 Main St", city="Oakland", province="CA", district="Alameda", postal_code="94607", country="US"
)
DUPONT = Buyer(BuyerKind.BUSINESS, "FR40303265045", "FR", IdState.VALID)
GERMAN = {"country": "DE", "pkp_since": date(2000, 1, 1)}
PKP = {"country": "ID", "pkp_since": date(2025, 1, 1)}
SKB = Certificate("SKB-7/2026", "PT Maju", "ID", date(2026, 1, 1), date(2026, 12, 31), source="PP 49/2022")


def maju(*papers):
    """A business with certificates."""
    return Buyer(BuyerKind.BUSINESS, "0013162538092000", "ID", IdState.VALID, papers or (SKB,))


async def quoted(toko, lines, **how):
    """A quote for a new cart."""
    return await toko.carts.quote(await toko.carts.start(lines), **how)


def test_a_business_of_another_state_accounts_for_the_tax_itself(play):
    """Directive 2006/112/EC art. 138: 0 %, category K, with the evidence on quote, order, explanation and invoice."""

    async def body(toko):
        await toko.settings.change(prices_include_tax=False, tax_id="DE136695976")
        to_business = await quoted(toko, {"KOPI-250": 1}, ship_to=PARIS, buyer=DUPONT)
        to_consumer = await quoted(toko, {"KOPI-250": 1}, ship_to=PARIS)

        assert (EUR(75_000), EUR(89_250)) == (to_business.total, to_consumer.total)
        assert [("K", 0)] == [(tax.category, tax.amount) for tax in to_business.lines[0].taxes]
        assert "Intra-community supply from DE" in to_business.explain("en")
        assert "To FR, for a business with a valid VAT id of FR" in to_business.explain("en")
        assert (DUPONT, None) == (to_business.buyer, to_consumer.buyer)

        order = await toko.orders.place(to_business, tender="cash", key="a")
        await toko.ship(order)
        invoice = await toko.invoices.issue(order)

        assert (DUPONT, EUR(75_000)) == (order.buyer, order.total)
        assert to_business.explain("id") == await toko.orders.explain(order, "id")
        (row,) = invoice.totals.breakdown
        assert ("K", "Directive 2006/112/EC art. 138(1)", "FR40303265045") == (
            row.category.letter,
            row.reason,
            invoice.buyer_tax_id,
        )

    play(body, **GERMAN)


def test_an_id_that_was_not_found_valid_makes_no_business(play_in_memory):
    """It is taxed like a consumer, and the explanation says why."""

    async def body(toko):
        for state in (IdState.UNCHECKED, IdState.PENDING, IdState.INVALID):
            doubted = attrs.evolve(DUPONT, tax_id_state=state)
            quote = await quoted(toko, {"KOPI-250": 1}, ship_to=PARIS, buyer=doubted)
            assert Decimal(19) == quote.lines[0].taxes[0].rate
            assert f"The buyer counts as a consumer: the VAT id is {state}" in quote.explain("en")

    play_in_memory(body, **GERMAN)


def test_a_blank_id_makes_no_business_whatever_is_said_of_it(play_in_memory):
    """Nobody found nothing valid: it is taxed like a consumer, and no document states it."""

    async def body(toko):
        for blank in ("", "  ", "\t"):
            buyer = attrs.evolve(DUPONT, tax_id=blank)
            quote = await quoted(toko, {"KOPI-250": 1}, ship_to=PARIS, buyer=buyer)
            assert (Decimal(19), "") == (quote.lines[0].taxes[0].rate, quote.buyer.tax_id)
            assert "The buyer counts as a consumer: the VAT id is unchecked" in quote.explain("en")

    play_in_memory(body, **GERMAN)


@pytest.mark.parametrize(
    ("country", "prefix", "refused"),
    [
        ("FR", "DE", True),
        ("DE", "el", True),
        ("GR", "FR ", True),
        ("GB", "DE", True),
        ("FR", "FR", False),
        ("FR", "", False),
        ("GR", "EL", False),
        ("GR", "GR", False),
        ("GB", "XI", False),
        ("GB", "GB", False),
        ("CH", "CHE-", False),
        ("MX", "DE", False),
    ],
)
def test_an_id_of_another_country_than_is_said_is_refused(play_in_memory, country, prefix, refused):
    """Its prefix says whose it is: EL is Greece's, XI that of Northern Ireland; the id itself isn't told again."""

    async def body(toko):
        buyer = Buyer(BuyerKind.BUSINESS, f"{prefix}136695976", country, IdState.VALID)
        if not refused:
            assert buyer == (await quoted(toko, {"KOPI-250": 1}, ship_to=PARIS, buyer=buyer)).buyer
            return
        for call in (
            quoted(toko, {"KOPI-250": 1}, ship_to=PARIS, buyer=buyer),
            toko.orders.place(Basket({"KOPI-250": 1}, ship_to=PARIS, buyer=buyer), tender="cash", key="a"),
        ):
            with pytest.raises(InvalidInput) as found:
                await call
            (fault,) = found.value.faults
            assert ("buyer.tax_id_country", "checkout.other_tax_id_country") == (fault.path, fault.code)
            assert "136695976" not in str(found.value)

    play_in_memory(body, **GERMAN)


def test_what_a_price_with_tax_comes_to_for_them_is_a_policy(play_in_memory):
    """The price stays as it is, or home's tax is taken out of it first."""

    async def body(toko):
        gross = await quoted(toko, {"KOPI-250": 1}, ship_to=PARIS, buyer=DUPONT)
        await toko.settings.change(policies=Policies(across_borders="net"))
        net = await quoted(toko, {"KOPI-250": 1}, ship_to=PARIS, buyer=DUPONT)

        assert (EUR(75_000), EUR("63025.21")) == (gross.total, net.total)

    play_in_memory(body, **GERMAN)


def test_a_certificate_frees_the_sale_and_is_kept_by_value(play):
    """0 %, category E, its law and its number: on quote, order, explanation and invoice."""

    async def body(toko):
        buyer = maju()
        quote = await quoted(toko, {"KOPI-250": 2}, ship_to=BUYER, delivery="jne:reg", buyer=buyer)

        assert IDR(0) == quote.tax
        for taxes in (quote.lines[0].taxes, quote.charges[0].taxes):
            assert [("PPN", 0, "E", "PP 49/2022; certificate SKB-7/2026")] == [
                (tax.code, tax.amount, tax.category, tax.source) for tax in taxes
            ]
        assert "PPN: exemption certificate SKB-7/2026 applies" in quote.explain("en")
        assert "SKB-7/2026" in quote.explain("id")
        order = await toko.orders.place(quote, tender="cash", key="a")
        await toko.ship(order)
        invoice = await toko.invoices.issue(order)

        assert buyer == order.buyer == (await toko.orders.get(order.id)).buyer
        assert SKB in order.buyer.certificates
        (row,) = invoice.totals.breakdown
        assert ("E", "PP 49/2022; certificate SKB-7/2026", 0) == (row.category.letter, row.reason, row.tax)
        assert buyer == (await toko.carts.quoted(quote.id)).buyer

    play(body, **PKP)


def test_what_a_certificate_leaves_owed_stays_a_figure(play_in_memory):
    """Not collected: nothing is paid, and the invoice can say how much."""

    async def body(toko):
        paper = attrs.evolve(SKB, treatment=Treatment.NOT_COLLECTED, facility="05")
        quote = await quoted(toko, {"KOPI-250": 1}, buyer=maju(paper))

        (tax,) = quote.lines[0].taxes
        assert (0, 8_250, "05") == (tax.amount, tax.waived, tax.facility)

    play_in_memory(body, **PKP)


def test_a_quote_never_outlives_the_certificate_that_it_rests_on(play):
    """It ends with the paper's last day in the shop's zone, with frozen prices too; after it, it isn't applied."""

    async def body(toko):
        await toko.settings.change(quote_minutes=100_000, policies=Policies(placement=PlacementPolicy.FROZEN))
        paper = attrs.evolve(SKB, valid_until=date(2026, 3, 2))
        quote = await quoted(toko, {"KOPI-250": 1}, buyer=maju(paper))

        assert datetime(2026, 3, 2, 17, 0, tzinfo=UTC) == quote.valid_until
        toko.clock.forward(hours=15)
        with pytest.raises(QuoteExpired):
            await toko.orders.place(quote, tender="cash", key="a")
        late = await quoted(toko, {"KOPI-250": 1}, buyer=maju(paper))
        assert IDR(7_432) == late.tax
        assert "Exemption certificate SKB-7/2026 is not applied: it ended on 2 Mar 2026" in late.explain("en")

    play(body, **PKP)


def test_a_basket_says_who_buys_too(play):
    """The same answer under one key only for the same buyer."""

    async def body(toko):
        basket = Basket({"KOPI-250": 1}, buyer=maju())

        order = await toko.orders.place(basket, tender="cash", key="till-1")

        assert (IDR(75_000), maju()) == (order.total, order.buyer)
        assert 0 == sum(tax.amount for tax in order.lines[0].line.taxes)
        assert order == await toko.orders.place(basket, tender="cash", key="till-1")
        with pytest.raises(KeyReused):
            await toko.orders.place(attrs.evolve(basket, buyer=None), tender="cash", key="till-1")

    play(body, **PKP)


def test_options_are_for_whoever_buys(play_in_memory):
    """What they say is what the quote says."""

    async def body(toko):
        await toko.settings.change(prices_include_tax=False)
        cart = await toko.carts.start({"KOPI-250": 1})
        for buyer in (None, DUPONT):
            options = await toko.carts.options(cart, ship_to=PARIS, buyer=buyer)
            quote = await toko.carts.quote(cart, ship_to=PARIS, buyer=buyer)
            cash = next(each for each in options.tenders if each.tender == "cash")
            assert quote.total == cash.total

    play_in_memory(body, **GERMAN)


def test_a_provider_is_told_who_buys(play):
    """It heeds the certificates, and its answer is about this buyer."""
    provider = FakeTaxProvider(ManualClock())
    resale = Certificate("CDTFA-230", "Ann Lee", "US-CA", date(2026, 1, 1), source="18 CCR § 1668")

    async def body(toko):
        nexus = (Registration("US", date(2020, 1, 1), scheme="CA"),)
        await toko.settings.change(prices_include_tax=False, registrations=nexus)
        buyer = Buyer(certificates=(resale,))
        quote = await quoted(toko, {"KOPI-250": 1}, ship_to=OAKLAND, buyer=buyer)

        assert IDR(0) == quote.tax
        assert {("E", "18 CCR § 1668; certificate CDTFA-230")} == {
            (tax.category, tax.source) for tax in quote.lines[0].taxes
        }
        order = await toko.orders.place(quote, tender="cash", key="a")
        assert (buyer, quote.tax_fact) == (order.buyer, order.tax_fact)
        assert IDR(5_438) == (await quoted(toko, {"KOPI-250": 1}, ship_to=OAKLAND)).tax

    play(body, tax=provider)


def test_a_buyer_that_cant_be_kept_is_refused_with_every_fault(play_in_memory):
    """By path; what is personal stays out of the message."""

    async def body(toko):
        cart = await toko.carts.start({"KOPI-250": 1})
        paper = attrs.evolve(SKB, holder="x" * 301, taxes=frozenset({""}))
        wrong = Buyer(BuyerKind.BUSINESS, "secret\n1", "Prancis", IdState.VALID, (SKB, paper))
        for ask in (
            lambda: toko.carts.quote(cart, buyer=wrong),
            lambda: toko.orders.place(Basket({"KOPI-250": 1}, buyer=wrong), tender="cash", key="a"),
        ):
            with pytest.raises(InvalidInput) as refused:
                await ask()
            assert [
                "buyer.tax_id",
                "buyer.tax_id_country",
                "buyer.certificates[1].holder",
                "buyer.certificates[1].taxes",
            ] == [fault.path for fault in refused.value.faults]
            assert "secret" not in str(refused.value)
        many = maju(*(attrs.evolve(SKB, number=str(number)) for number in range(51)))
        with pytest.raises(InvalidInput, match="at most 50 certificates"):
            await toko.carts.quote(cart, buyer=many)

    play_in_memory(body, **PKP)


PAPERS = st.builds(
    Certificate,
    number=st.sampled_from(["A", "B"]),
    holder=st.just("PT Maju"),
    jurisdiction=st.sampled_from(["ID", "SG"]),
    valid_from=st.dates(date(2026, 2, 1), date(2026, 3, 2)),
    valid_until=st.none() | st.dates(date(2026, 3, 2), date(2026, 3, 4)),
    taxes=st.sampled_from([frozenset(), frozenset({"PPN"}), frozenset({"PPnBM"})]),
    classes=st.sampled_from([frozenset(), frozenset({"standard"})]),
    treatment=st.sampled_from([Treatment.EXEMPT, Treatment.ZERO, Treatment.NOT_COLLECTED]),
)
BUYERS = st.builds(
    Buyer,
    kind=st.sampled_from(BuyerKind),
    tax_id=st.sampled_from(["", "0013162538092000"]),
    tax_id_country=st.sampled_from(["", "ID", "SG"]),
    tax_id_state=st.sampled_from(IdState),
    certificates=st.lists(PAPERS, max_size=2).map(tuple),
)


@settings(max_examples=25)
@given(BUYERS, st.booleans(), st.sampled_from(PlacementPolicy), st.sampled_from([BUYER, PARIS, None]))
def test_whoever_buys_the_order_stores_what_the_quote_says(buyer, included, placement, ship_to):
    """Figures, evidence and papers."""
    with tokolib.open("memory://", clock=ManualClock(), **PKP) as shop:
        shop.settings.change(prices_include_tax=included, policies=Policies(placement=placement))
        shop.catalog.put("KOPI", "Kopi")
        shop.prices.put("KOPI", IDR(75_001))
        shop.stock.receive("KOPI", 10)

        quote = shop.carts.quote(shop.carts.start({"KOPI": 3}), ship_to=ship_to, buyer=buyer)
        order = shop.orders.place(quote, tender="cash", key="a")
        basket = shop.orders.place(Basket({"KOPI": 3}, ship_to=ship_to, buyer=buyer), tender="cash", key="b")

        assert (buyer, quote.total) == (order.buyer, order.total) == (basket.buyer, basket.total)
        assert quote.lines == tuple(line.line for line in order.lines)
        assert quote.explain("en") == shop.orders.explain(order, "en")
        assert (quote, order) == (shop.carts.quoted(quote.id), shop.orders.get(order.id))
        assert quote.valid_until > shop.carts.quoted(quote.id).made_at
        assert () == shop.promotions.what_if().changes
        assert shop.verify()


SEATTLE = Address("Ann Lee", "1 Pike St", city="Seattle", province="WA", postal_code="98101", country="US")
BRUSSELS = Address("Jan", "Rue 1", city="Bruxelles", postal_code="1000", country="BE")
BERLIN = Address("Hans", "Allee 1", city="Berlin", postal_code="10117", country="DE")


@pytest.mark.parametrize("across", ["gross", "net"])
@pytest.mark.parametrize("shipping", ["own_class", "goods_mix", "highest"])
def test_across_borders_charges_are_what_goods_are(across, shipping):
    """12.10 with 21 % in it is 10.00 for the seller: of goods, delivery, a fee by rule and one by hand alike."""
    with tokolib.open("memory://", country="NL", pkp_since=date(2015, 1, 1), clock=ManualClock()) as shop:
        oss = (Registration("NL", date(2021, 7, 1), scheme="oss"),)
        shop.settings.change(policies=Policies(across_borders=across, shipping_tax=shipping), registrations=oss)
        shop.catalog.put("M", "M")
        shop.prices.put("M", EUR("12.10"))
        shop.stock.receive("M", 99)
        shop.delivery.flat("post", EUR("12.10"))
        shop.charges.fixed("service", ChargeKind.FEE, EUR("12.10"))
        by_hand = [ChargeWish(ChargeKind.PACKAGING, "crate", EUR("12.10"), "agreed by telephone")]
        found = {}
        for to in (None, SEATTLE, BRUSSELS, BERLIN):
            cart = shop.carts.start({"M": 1})
            there = {} if to is None else {"ship_to": to, "delivery": "post"}
            quote = shop.carts.quote(cart, charges=by_hand, **there)
            assert {quote.lines[0].total} == {each.total for each in quote.charges}
            found[to and to.country] = (quote.lines[0].total, quote.lines[0].net)
            basket = Basket({"M": 1}, charges=by_hand, **there)
            order = shop.orders.place(basket, tender="cash", key=f"{to and to.country}")
            assert quote.total == order.total
            assert ("the tax of home" in quote.explain("en")) is (across == "net" and to is not None)
            assert quote.explain("id") == shop.orders.explain(order, "id")

        gross = {"US": (1_210, 1_210), "BE": (1_210, 1_000), "DE": (1_210, 1_016)}  # 4 × 10.168, rounded as a whole
        net = {"US": (1_000, 1_000), "BE": (1_210, 1_000), "DE": (1_190, 1_000)}
        assert {None: (1_210, 1_000), **(net if across == "net" else gross)} == found
        assert () == shop.promotions.what_if().changes
        assert shop.verify()


def test_a_promotion_takes_its_part_of_a_charge_without_home_s_tax():
    """Half of 10.00, on which Germany's 19 % are put; the invoice shows the discount as it was taken."""
    with tokolib.open("memory://", country="NL", pkp_since=date(2015, 1, 1), clock=ManualClock()) as shop:
        oss = (Registration("NL", date(2021, 7, 1), scheme="oss"),)
        shop.settings.change(policies=Policies(across_borders="net"), registrations=oss, tax_id="NL123456782B90")
        shop.catalog.put("M", "M")
        shop.prices.put("M", EUR("12.10"))
        shop.stock.receive("M", 99)
        shop.delivery.flat("post", EUR("12.10"))
        shop.promotions.percent("half", 50, on=Scope.SHIPPING)

        order = shop.orders.place(Basket({"M": 1}, ship_to=BERLIN, delivery="post"), tender="cash", key="a")
        (charge,) = order.charges

        assert (1_210, 1_000, False) == (charge.amount, charge.base, charge.includes_tax)
        assert (500, 595, [500]) == (charge.net, charge.total, [each.amount for each in charge.discounts])
        shop.shipments.hand_over(order, tracking="1")
        invoice = shop.invoices.issue(order)
        assert EUR("17.85") == order.total == invoice.total
        assert shop.verify()
