"""The totals that invoices and credit notes carry: stories of a shop that is PKP."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from tokolib import IDR, Policies
from tokolib.documents import AllowanceLevel, TaxCategory, rule_misses, uncredited
from tokolib.pricing.promotions.benefits import Scope
from tokolib.pricing.promotions.model import Funding

PPN = TaxCategory("PPN", "PPN", "S", Decimal(12), Fraction(11, 12))
PKP = {"pkp_since": date(2020, 1, 1)}


def test_an_invoice_shows_discounts_where_they_belong(play):
    """A promotion on lines is in the lines, one on the order or delivery is on the document; by who bears it."""

    async def body(toko):
        await toko.settings.change(**PKP, prices_include_tax=False)
        await toko.promotions.percent("BARIS", 10, on=Scope.LINE, priority=9)
        await toko.promotions.fixed("PESANAN", IDR(20_000), funding=(Funding("bank", 60),))
        await toko.promotions.percent("ONGKIR", 50, on=Scope.SHIPPING)

        order = await toko.given.order({"KOPI-250": 2, "Teh-100": 1}, delivery="jne:reg")
        invoice = await toko.invoices.issue(order)

        coffee, tea, delivery = invoice.lines
        assert [(150_000, 135_000), (20_000, 18_000)] == [(each.undiscounted, each.amount) for each in (coffee, tea)]
        assert (117_353, 15_647, 9_000) == (coffee.net, tea.net, delivery.net)
        assert (18_000, True) == (delivery.amount, delivery.is_charge)
        assert [("BARIS", "", 15_000, AllowanceLevel.LINE)] == [
            (each.reason, each.funder, each.amount, each.level)
            for each in coffee.allowances
            if each.level is AllowanceLevel.LINE
        ]
        assert [("PESANAN", "bank", 12_000), ("PESANAN", "", 8_000), ("ONGKIR", "", 9_000)] == [
            (each.reason, each.funder, each.amount) for each in invoice.allowances
        ]
        totals = invoice.totals
        assert (153_000, 29_000, 18_000, 142_000) == (
            totals.lines,
            totals.allowances,
            totals.charges,
            totals.without_tax,
        )
        assert (15_620, 157_620) == (totals.tax, totals.with_tax)
        assert [(PPN, 142_000, 15_620, 0)] == [
            (row.category, row.taxable, row.tax, row.rounding) for row in totals.breakdown
        ]
        assert () == rule_misses(invoice.items, totals)
        assert order.total == invoice.total

    play(body)


def test_what_was_paid_before_is_taken_off_what_is_payable(play_in_memory):
    """An order that is paid leaves nothing to pay (BT-113, BT-115); one on cash on delivery all of it."""

    async def body(toko):
        paid = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}))
        due = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}, delivery="jne:reg", tender="cod"))

        assert (75_000, 75_000, 0) == (paid.totals.with_tax, paid.totals.prepaid, paid.totals.payable)
        assert (93_000, 0, 93_000) == (due.totals.with_tax, due.totals.prepaid, due.totals.payable)

    play_in_memory(body)


def test_who_is_no_pkp_states_no_tax_and_says_so(play_in_memory):
    """One row, outside the scope of tax (category O), with all that was sold and no tax."""

    async def body(toko):
        invoice = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}, delivery="jne:reg"))

        (row,) = invoice.totals.breakdown
        assert ("O", 0, 93_000, 0) == (row.category.letter, row.category.rate, row.taxable, row.tax)
        assert ("VATEX-EU-O", "") == (row.reason_code, row.reason)

    play_in_memory(body)


def test_returns_one_by_one_leave_nothing(play):
    """Three cups come back in three parcels: what is uncredited falls, and ends at zero in every figure."""

    async def body(toko):
        await toko.settings.change(**PKP, policies=Policies(shipping_refund="with_goods"))
        await toko.promotions.percent("HEMAT", 7)
        order = await toko.given.order({"CANGKIR": 3}, delivery="jne:reg")
        await toko.ship(order)
        invoice = await toko.invoices.issue(order)
        notes, left = [], [uncredited(invoice, [])]
        for _ in range(3):
            notes.append(await toko.invoices.credit(await toko.returns.accept(order, {"CANGKIR": 1})))
            left.append(uncredited(invoice, notes))

        assert [36_999, 37_000, 37_000] == sorted(note.totals.with_tax for note in notes)
        assert [3_666, 3_667, 3_667] == sorted(note.totals.tax for note in notes)
        assert [PPN] * 4 == [row.category for each in left for row in each.breakdown]
        assert (0, 0) == (left[-1].breakdown[0].taxable, left[-1].breakdown[0].tax)
        assert (0, 0, 0, 0, 0) == (
            left[-1].lines, left[-1].allowances, left[-1].charges, left[-1].with_tax, left[-1].payable,
        )  # fmt: skip
        assert invoice.totals.allowances == sum(note.totals.allowances for note in notes)
        assert {"BR-CO-17"} >= {miss.rule for note in notes for miss in rule_misses(note.items, note.totals)}
        assert all(note.totals.payable == note.totals.with_tax for note in notes)

    play(body)


def test_notes_show_discounts_as_their_invoice_does(play_in_memory):
    """A promotion that is on lines today, and was on the order when it was invoiced, stays on document level."""

    async def body(toko):
        await toko.settings.change(**PKP)
        await toko.promotions.percent("HEMAT", 10)
        order = await toko.given.order({"CANGKIR": 2})
        await toko.ship(order)
        invoice = await toko.invoices.issue(order)
        await toko.promotions.percent("HEMAT", 10, on=Scope.LINE)

        note = await toko.invoices.credit(await toko.returns.accept(order, {"CANGKIR": 2}))

        assert invoice.totals.allowances == note.totals.allowances > 0
        assert invoice.allowances == note.allowances

    play_in_memory(body)


def test_a_cancelled_order_is_credited_with_all_it_stated(play_in_memory):
    """Goods, delivery and what was taken off: the one note is the invoice."""

    async def body(toko):
        await toko.settings.change(**PKP)
        await toko.promotions.percent("HEMAT", 10)
        order = await toko.given.order({"CANGKIR": 2, "GULA": "0.5"}, delivery="jne:reg")
        invoice = await toko.invoices.issue(order)

        note = await toko.invoices.credit(await toko.orders.cancel(order, reason="x"))

        assert invoice.lines == note.lines
        assert invoice.totals.breakdown == note.totals.breakdown

    play_in_memory(body)


def test_a_makers_coupon_is_a_payment_where_the_law_says_so(play_in_memory):
    """By policy `before_funded` a coupon that the maker pays back leaves the taxable amount: 100 − 20, tax on 100.

    SSUTA, "sales price": 100.00 less a maker's coupon of 20.00 at 7 % is taxed 7.00; here with 11 % in rupiah.
    """

    async def body(toko):
        await toko.settings.change(**PKP, prices_include_tax=False, policies=Policies(tax_base="before_funded"))
        await toko.promotions.fixed("PABRIK", IDR(20_000), funding=(Funding("maker", 100),))
        order = await toko.given.order({"PAKET": 1}, tender="bank_transfer")
        await toko.payments.received(order, order.total)
        invoice = await toko.invoices.issue(order)

        (line,) = invoice.lines
        totals = invoice.totals
        assert (100_000, 100_000, 80_000) == (line.taxable, line.amount, line.net)
        assert (100_000, 11_000, 111_000) == (totals.without_tax, totals.tax, totals.with_tax)
        assert (20_000, 111_000, 0) == (totals.borne, totals.prepaid, totals.payable)
        assert IDR(91_000) == order.total == invoice.total
        assert () == rule_misses(invoice.items, totals)

    play_in_memory(body)


def test_rounding_by_line_has_its_field(play_in_memory):
    """Three lines of 33,333 at 11 %: 3,667 each is 11,001, and on their sum 11,000 (PER-11/PJ/2025 art. 129)."""

    async def body(toko):
        await toko.settings.change(**PKP, prices_include_tax=False)
        await toko.given.goods({"A": 33_333, "B": 33_333, "C": 33_333})
        invoice = await toko.invoices.issue(await toko.given.order({"A": 1, "B": 1, "C": 1}))

        (row,) = invoice.totals.breakdown
        assert (99_999, 11_001, 1) == (row.taxable, row.tax, row.rounding)
        assert [("BR-CO-17", 1, PPN)] == [
            (miss.rule, miss.off_by, miss.category) for miss in rule_misses(invoice.items, invoice.totals)
        ]

    play_in_memory(body)
