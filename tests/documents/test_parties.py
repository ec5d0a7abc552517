"""By which tax ids the parties of a document are known, and what isn't issued without them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from tokolib import EUR, Address, InvalidInput
from tokolib.documents import IncompleteInvoice, StatedLine, StatedTax
from tokolib.documents.parties import parties, seller_tax_id
from tokolib.kernel import Registration
from tokolib.kernel.defaults import defaults
from tokolib.tax import Buyer, BuyerKind, IdState

LONG_AGO = date(2000, 1, 1)
GERMAN = {"country": "DE", "pkp_since": LONG_AGO}
PARIS = Address("SARL Dupont", "1 rue de Rivoli", city="Paris", postal_code="75001", country="FR")
DUPONT = Buyer(BuyerKind.BUSINESS, "FR40303265045", "FR", IdState.VALID)
OSS = Registration("DE", LONG_AGO, scheme="oss", number="DE811569869")


async def ordered(toko, key, **how):
    """A placed order of one package of coffee."""
    quote = await toko.carts.quote(await toko.carts.start({"KOPI-250": 1}), **how)
    return await toko.orders.place(quote, tender="cash", key=key)


def stated(letter, place="DE"):
    """A line of 100.00 that is taxed nothing in that category."""
    tax = StatedTax("VAT", "VAT", Decimal(0), Fraction(1), letter, 100_00, 0, "a law", jurisdiction=place)
    return StatedLine("A", "A", "1 pcs", 0, 100_00, 100_00, (tax,))


def test_an_invoice_states_by_which_ids_the_parties_are_known(play):
    """The shop's NPWP and the buyer's, and on which day the tax arose; what is not told stays empty."""

    async def body(toko):
        nameless = await toko.invoices.issue(await ordered(toko, "a"))
        await toko.settings.change(tax_id="01.316.253.8-092.000")
        buyer = Buyer(BuyerKind.BUSINESS, "0013162538092000", "ID", IdState.VALID)
        order = await ordered(toko, "b", buyer=buyer)
        invoice = await toko.invoices.issue(order)

        assert ("", "", "") == (nameless.seller_tax_id, nameless.buyer_tax_id, nameless.buyer_tax_id_country)
        assert ("01.316.253.8-092.000", "0013162538092000", "ID") == (
            invoice.seller_tax_id,
            invoice.buyer_tax_id,
            invoice.buyer_tax_id_country,
        )
        assert order.tax_date == invoice.tax_date

    play(body, pkp_since=date(2020, 1, 1))


@pytest.mark.parametrize(
    ("registrations", "place", "number"),
    [
        ((OSS,), "DE", "DE136695976"),
        ((OSS,), "FR", "DE811569869"),
        ((OSS, Registration("FR", LONG_AGO, number="FR83404833048")), "FR", "FR83404833048"),
        ((OSS, Registration("FR", LONG_AGO, date(2026, 3, 2), number="FR83404833048")), "FR", "DE811569869"),
        ((OSS, Registration("FR", LONG_AGO)), "FR", "DE811569869"),
        ((Registration("NL", LONG_AGO, scheme="over_threshold", number="x"),), "NL", "DE136695976"),
        ((OSS, Registration("SG", LONG_AGO, number="M90371234X")), "SG", "M90371234X"),
        ((Registration("IE", LONG_AGO, scheme="ioss", number="IM3720000224"), OSS), "CH", "IM3720000224"),
        ((Registration("US", LONG_AGO, scheme="CA", number="102-345678"),), "US-CA", "102-345678"),
        ((Registration("US", LONG_AGO, scheme="CA", number="102-345678"),), "US-WA", "DE136695976"),
        ((Registration("DE", LONG_AGO, number="DE999999999"),), "DE", "DE999999999"),
    ],
)
def test_the_id_is_that_of_the_registration_by_which_the_tax_is_charged(registrations, place, number):
    """There, by its day; of the one-stop shop, where the seller has none there; else the shop's own."""
    settings = attrs.evolve(defaults("DE"), tax_id="DE136695976", registrations=registrations)

    assert number == seller_tax_id(settings, place, date(2026, 3, 2))


def test_a_distance_sale_states_the_number_of_the_one_stop_shop(play_in_memory):
    """French tax on a parcel from Germany, and German tax on one that stays there."""

    async def body(toko):
        await toko.settings.change(tax_id="DE136695976", registrations=(OSS,))

        abroad = await toko.invoices.issue(await ordered(toko, "a", ship_to=PARIS))
        at_home = await toko.invoices.issue(await ordered(toko, "b"))

        assert ("FR", "DE811569869") == (abroad.lines[0].taxes[0].jurisdiction, abroad.seller_tax_id)
        assert ("DE", "DE136695976") == (at_home.lines[0].taxes[0].jurisdiction, at_home.seller_tax_id)

    play_in_memory(body, **GERMAN)


def test_an_intra_community_supply_is_not_invoiced_without_the_sellers_id(play):
    """BR-IC-02: one error says what is missing, no number is used; its credit note repeats the ids of the invoice."""

    async def body(toko):
        await toko.settings.change(prices_include_tax=False)
        order = await ordered(toko, "a", ship_to=PARIS, buyer=DUPONT)

        with pytest.raises(IncompleteInvoice) as refused:
            await toko.invoices.issue(order)
        assert ("K", ("the seller's VAT id for DE (BT-31, BR-IC-02)",)) == (
            refused.value.category,
            refused.value.missing,
        )
        assert () == await toko.invoices.of(order)

        await toko.settings.change(tax_id="DE136695976")
        invoice = await toko.invoices.issue(order)
        await toko.settings.change(tax_id="DE811569869")
        await toko.ship(order)
        note = await toko.invoices.credit(await toko.returns.accept(order, {"KOPI-250": 1}))

        assert (1, EUR(75_000), "FR") == (invoice.serial, invoice.total, invoice.buyer.country)
        assert ("K", "VATEX-EU-IC") == (invoice.totals.breakdown[0].category.letter, *_code(invoice))
        for each in (invoice, note):
            assert ("DE136695976", "FR40303265045", "FR") == (
                each.seller_tax_id,
                each.buyer_tax_id,
                each.buyer_tax_id_country,
            )

    play(body, **GERMAN)


def _code(invoice):
    return [row.reason_code for row in invoice.totals.breakdown]


def test_all_that_is_missing_is_named_at_once(play_in_memory):
    """Reverse charge asks for both ids, an intra-Community supply for the country of delivery as well."""

    async def body(toko):
        order, settings = await ordered(toko, "a"), await toko.settings.get()

        with pytest.raises(IncompleteInvoice) as reverse:
            parties(order, [stated("S"), stated("AE")], settings)
        with pytest.raises(IncompleteInvoice) as intra:
            parties(order, [stated("K")], settings)

        assert (
            "the seller's VAT id for DE (BT-31, BR-AE-02)",
            "the buyer's VAT id (BT-48, BR-AE-02)",
        ) == reverse.value.missing
        assert (
            "the seller's VAT id for DE (BT-31, BR-IC-02)",
            "the buyer's VAT id (BT-48, BR-IC-02)",
            "the country of delivery (BT-80, BR-IC-12)",
        ) == intra.value.missing
        assert "category AE; its invoice lacks the seller's VAT id for DE" in str(reverse.value)
        assert "tax_id=" in reverse.value.hint
        known = attrs.evolve(settings, tax_id="DE136695976")
        assert "DE136695976" == parties(attrs.evolve(order, buyer=DUPONT), [stated("AE")], known).seller_tax_id

    play_in_memory(body, **GERMAN)


@pytest.mark.parametrize("wrong", ["\n", "-1", "NPWP 1\t", "1" * 41, None, 13])
def test_a_tax_id_that_cannot_be_printed_is_refused(wrong):
    """Of the shop and of a registration, with its path."""
    with pytest.raises(InvalidInput) as own:
        attrs.evolve(defaults("ID"), tax_id=wrong)
    with pytest.raises(InvalidInput) as there:
        Registration("DE", LONG_AGO, number=wrong)

    assert (["tax_id"], ["number"]) == (
        [each.path for each in own.value.faults],
        [each.path for each in there.value.faults],
    )
