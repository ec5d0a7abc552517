"""The figures of a faktur pajak: whole rupiah, header and lines alike."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from tokolib import IDR, USD, Basket
from tokolib.documents import NotAFaktur, StatedLine, StatedTax, faktur_totals, uncredited
from tokolib.documents.totals import stated_totals
from tokolib.tax import Buyer, BuyerKind, Certificate, IdState, Treatment
from tokolib.tax.indonesia import TransactionCode

PKP = {"pkp_since": date(2020, 1, 1)}


def with_lines(invoice, *lines):
    return attrs.evolve(invoice, lines=lines, totals=stated_totals(lines))


def test_a_faktur_is_the_sum_of_its_lines(play):
    """PPN is 12 % of 11/12, by line and in the header; delivery is a line, and discounts are in the lines."""

    async def body(toko):
        await toko.settings.change(**PKP)
        await toko.promotions.percent("HEMAT", 10)
        invoice = await toko.invoices.issue(await toko.given.order({"KOPI-250": 2, "CANGKIR": 3}, delivery="jne:reg"))

        (faktur,) = faktur_totals(invoice)

        assert (Decimal(12), Fraction(11, 12), "S") == (faktur.rate, faktur.base_fraction, faktur.letter)
        assert [
            ("KOPI-250", 135_136, 13_514, 121_622, 111_487, 13_378, 0),
            ("CANGKIR", 90_089, 9_009, 81_080, 74_323, 8_919, 0),
            ("", 16_216, 0, 16_216, 14_865, 1_784, 0),
        ] == [
            (line.sku, line.price, line.discount, line.dpp, line.dpp_other, line.ppn, line.ppnbm)
            for line in faktur.lines
        ]
        assert (218_918, 200_675, 24_081, 0) == (faktur.dpp, faktur.dpp_other, faktur.ppn, faktur.ppnbm)
        assert (faktur.dpp, faktur.ppn) == (invoice.totals.without_tax, invoice.totals.tax)

    play(body)


def test_three_lines_of_33_333(play_in_memory):
    """ETAX-20028: each line is rounded, and the header is 11,001, which isn't 11 % of its DPP."""

    async def body(toko):
        await toko.settings.change(**PKP, prices_include_tax=False)
        await toko.given.goods({"A": 33_333, "B": 33_333, "C": 33_333})

        (faktur,) = faktur_totals(await toko.invoices.issue(await toko.given.order({"A": 1, "B": 1, "C": 1})))

        assert (99_999, 11_001) == (faktur.dpp, faktur.ppn)
        assert [30_555] * 3 == [line.dpp_other for line in faktur.lines]

    play_in_memory(body)


def test_fifty_million(play_in_memory):
    """PMK 131/2024 art. 3: of 50,000,000 the DPP nilai lain is 45,833,333 and the PPN 5,500,000."""

    async def body(toko):
        await toko.settings.change(**PKP, prices_include_tax=False)
        await toko.given.goods({"MESIN": 50_000_000})

        (faktur,) = faktur_totals(await toko.invoices.issue(await toko.given.order({"MESIN": 1})))

        assert (50_000_000, 45_833_333, 5_500_000) == (faktur.dpp, faktur.dpp_other, faktur.ppn)

    play_in_memory(body)


def test_returned_units_take_their_dpp_with_them(play_in_memory):
    """A credit note's DPP, DPP nilai lain and PPN are shares; all notes together are the faktur."""

    async def body(toko):
        await toko.settings.change(**PKP)
        order = await toko.given.order({"CANGKIR": 7})
        await toko.ship(order)
        (sold,) = faktur_totals(await toko.invoices.issue(order))
        back = []
        for units in (1, 4, 2):
            note = await toko.invoices.credit(await toko.returns.accept(order, {"CANGKIR": units}))
            back.extend(faktur_totals(note))

        for name in ("dpp", "dpp_other", "ppn", "ppnbm"):
            assert getattr(sold, name) == sum(getattr(each, name) for each in back)
        assert ["1 pcs", "4 pcs", "2 pcs"] == [each.lines[0].quantity for each in back]

    play_in_memory(body)


def test_each_rule_of_ppn_has_its_faktur(play_in_memory):
    """Coretax takes one rule for each; luxury goods bear PPnBM beside PPN, exported ones are in none."""

    async def body(toko):
        await toko.settings.change(**PKP)
        issued = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}))

        def tax(code, rate, letter, base, amount, fraction=Fraction(1)):
            return StatedTax(code, code, Decimal(rate), fraction, letter, base, amount, "a law")

        def luxury(net, ppnbm):
            return tax("PPN", 12, "S", net, net * 12 // 100), tax("PPnBM", ppnbm, "S", net, net * ppnbm // 100)

        def line(sku, net, *taxes):
            return StatedLine(sku, sku, "1 pcs", 0, net, net + sum(each.amount for each in taxes), taxes)

        made = faktur_totals(
            with_lines(
                issued,
                line(
                    "MOBIL",
                    1_000_000,
                    tax("PPN", 12, "S", 1_000_000, 120_000),
                    tax("PPnBM", 20, "S", 1_000_000, 200_000),
                ),
                line("BERAS", 75_000, tax("PPN", 0, "E", 75_000, 0)),
                line("MOTOR", 500_000, *luxury(500_000, 40)),
                line("KOPI", 12_000, tax("PPN", 12, "S", 11_000, 1_320, Fraction(11, 12))),
                line("EKSPOR", 90_000, tax("PPN", 0, "G", 90_000, 0)),
                line("KARTU", 5_000),
            )
        )

        assert [("MOBIL", "MOTOR"), ("BERAS",), ("KOPI",)] == [tuple(line.sku for line in each.lines) for each in made]
        assert [(1_500_000, 1_500_000, 180_000, 400_000), (75_000, 75_000, 0, 0), (12_000, 11_000, 1_320, 0)] == [
            (each.dpp, each.dpp_other, each.ppn, each.ppnbm) for each in made
        ]
        assert [20, 40] == [line.ppnbm_rate for line in made[0].lines]

    play_in_memory(body)


def test_no_ppn_no_faktur(play_in_memory):
    """A seller who isn't PKP may not issue one; a document in another currency can't be one."""

    async def body(toko):
        invoice = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}))

        assert () == faktur_totals(invoice)
        with pytest.raises(NotAFaktur) as refused:
            faktur_totals(attrs.evolve(invoice, currency=USD))
        assert "document INV/2026/000001 is in USD with 2 digits, not in whole rupiah" == str(refused.value)
        with pytest.raises(NotAFaktur):
            faktur_totals(attrs.evolve(invoice, currency=attrs.evolve(invoice.currency, digits=2)))

    play_in_memory(body)


def in_a_bonded_zone(treatment, facility):
    """A business whose purchases are freed by a paper of that kind."""
    paper = Certificate(
        "KB-1", "PT Ekspor", "ID", date(2025, 1, 1), treatment=treatment, source="PP 85/2015", facility=facility
    )
    return Buyer(BuyerKind.BUSINESS, "0013162538092000", "ID", IdState.VALID, (paper,))


@pytest.mark.parametrize(
    ("treatment", "code", "waived"),
    [
        (Treatment.NOT_COLLECTED, TransactionCode.NOT_COLLECTED, 33_000),
        (Treatment.EXEMPT, TransactionCode.EXEMPT, 0),
    ],
)
def test_a_relief_is_stated_with_its_number_and_what_it_waives(play, treatment, code, waived):
    """Codes 07 and 08 ask for the facility; the PPN that isn't collected is printed, and stands in no total."""

    async def body(toko):
        await toko.settings.change(**PKP, prices_include_tax=False)
        basket = Basket({"CANGKIR": 9}, buyer=in_a_bonded_zone(treatment, "02"))
        order = await toko.orders.place(basket, tender="cash", key="a")
        invoice = await toko.invoices.issue(order)

        (faktur,), (row,) = faktur_totals(invoice), invoice.totals.breakdown
        (tax,) = invoice.lines[0].taxes

        assert (code, "02", 299_997, 0, waived) == (
            faktur.relief, faktur.facility, faktur.dpp, faktur.ppn, faktur.waived,
        )  # fmt: skip
        assert (0, waived, 299_997) == (row.tax, row.waived, invoice.totals.with_tax)
        assert ("02", "ID", waived) == (tax.facility, tax.jurisdiction, tax.waived)
        await toko.ship(order)
        notes = [
            await toko.invoices.credit(await toko.returns.accept(order, {"CANGKIR": units})) for units in (2, 4, 3)
        ]
        assert waived == sum(each.waived for note in notes for each in faktur_totals(note))
        assert (0, 0) == (uncredited(invoice, notes).breakdown[0].waived, uncredited(invoice, notes).with_tax)

    play(body)


def test_each_relief_has_its_faktur(play_in_memory):
    """Two lines by the same rule of PPN, freed by different reliefs: two fakturs, one row of EN 16931."""

    async def body(toko):
        await toko.settings.change(**PKP)
        issued = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}))
        tax = StatedTax("PPN", "PPN", Decimal(12), Fraction(11, 12), "E", 91_667, 0, "a law", 11_000, "ID", "02")
        other = attrs.evolve(tax, facility="05")

        made = with_lines(
            issued,
            *(
                StatedLine(sku, sku, "1 pcs", 0, 100_000, 100_000, (of,))
                for sku, of in zip("ab", (tax, other), strict=True)
            ),
        )

        assert [("02", 11_000), ("05", 11_000)] == [(each.facility, each.waived) for each in faktur_totals(made)]
        assert [22_000] == [row.waived for row in made.totals.breakdown]

    play_in_memory(body)


def test_what_is_waived_of_a_kit_is_that_of_all_its_components(play_in_memory):
    """Coffee and cup in one kit, both freed: the line says what would be due of both, and its notes close it."""

    async def body(toko):
        await toko.settings.change(**PKP, prices_include_tax=False)
        await toko.catalog.put("HAMPER", "Hamper", components={"KOPI-250": 1, "CANGKIR": 1})
        await toko.prices.put("HAMPER", IDR(100_000))
        basket = Basket({"HAMPER": 3}, buyer=in_a_bonded_zone(Treatment.NOT_COLLECTED, "02"))
        order = await toko.orders.place(basket, tender="cash", key="a")
        (line,) = order.lines
        (tax,) = line.line.taxes
        (stated,) = (await toko.invoices.issue(order)).lines
        await toko.ship(order)

        notes = [await toko.invoices.credit(await toko.returns.accept(order, {"HAMPER": 1})) for _ in range(3)]

        assert 33_000 == tax.waived == sum(each.waived for share in line.line.shares for each in share.taxes)
        assert 33_000 == stated.taxes[0].waived
        assert [11_000] * 3 == [note.totals.breakdown[0].waived for note in notes]

    play_in_memory(body)
