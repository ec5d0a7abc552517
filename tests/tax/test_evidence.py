"""Taxes of zero through a whole sale: quoted, ordered, invoiced and given back, and in no posting."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from tokolib import IDR
from tokolib.kernel.registration import Registration
from tokolib.orders.events import OrderPlaced
from tokolib.orders.postings import legs

ZONE = ZoneInfo("Asia/Jakarta")
CLASSES = {"BERAS": "exempt", "AVTUR": "not_collected", "EKSPOR": "zero", "KOPI-250": "standard"}


async def stocked(toko) -> None:
    """A PKP with goods of each kind."""
    await toko.settings.change(pkp_since=date(2020, 1, 1))
    for sku, tax_class in CLASSES.items():
        await toko.catalog.put(sku, sku.title(), tax_class=tax_class)
        await toko.prices.put(sku, IDR(111_000))
        await toko.stock.receive(sku, 10, key=f"first-{sku}")


def test_every_line_shows_its_tax_and_only_one_pays(play_in_memory):
    """Category, law and jurisdiction on each; the total has the one PPN, and the waived one stands beside."""

    async def body(toko):
        await stocked(toko)
        quote = await toko.given.quote(dict.fromkeys(CLASSES, 1))
        taxes = {line.sku: line.taxes[0] for line in quote.lines}

        assert {"BERAS": "E", "AVTUR": "E", "EKSPOR": "G", "KOPI-250": "S"} == {
            sku: tax.category for sku, tax in taxes.items()
        }
        assert {"ID"} == {tax.jurisdiction for tax in taxes.values()}
        assert all(tax.source for tax in taxes.values())
        assert (IDR(11_000), 12_210) == (quote.tax, taxes["AVTUR"].waived)
        assert IDR(444_000) == sum((IDR(line.total) for line in quote.lines), IDR(0))
        text = quote.explain("en")
        assert "Exempt in ID" in text and "Not collected in ID" in text

    play_in_memory(body)


def test_a_tax_of_zero_is_invoiced_and_given_back_and_in_no_posting(play_in_memory):
    """The books know the tax that was charged; the credit note states the sale's own zero again."""

    async def body(toko):
        await stocked(toko)
        order = await toko.given.order({"BERAS": 2, "AVTUR": 1})
        invoice = await toko.invoices.issue(order)
        accounts = {leg.account for leg in legs(order, OrderPlaced(order.placed_at, False))}

        assert not [account for account in accounts if account.startswith("tax:")]
        assert [("PPN", Decimal(0), 0), ("PPN", Decimal(12), 0)] == [
            (line.taxes[0].code, line.taxes[0].rate, line.taxes[0].amount) for line in invoice.lines[:2]
        ]
        await toko.ship(order)
        back = await toko.returns.accept(order, {"BERAS": 2, "AVTUR": 1})
        note = await toko.invoices.credit(back)
        assert (IDR(0), order.total) == (note.tax, note.total)
        assert [("PPN", 0), ("PPN", 0)] == [(line.taxes[0].code, line.taxes[0].amount) for line in note.lines[:2]]
        assert (await toko.verify()).ok

    play_in_memory(body)


def test_registrations_are_settings_like_others(play_in_memory):
    """Stored, read back, and heeded: a producer charges PPnBM from its day on, and no quote outlives that."""

    async def body(toko):
        await stocked(toko)
        await toko.catalog.put("YACHT", "Kapal pesiar", tax_class="luxury_75")
        await toko.prices.put("YACHT", IDR(1_870_000_000))
        await toko.stock.receive("YACHT", 1, key="yacht")
        today = toko.clock.now().date()
        before = await toko.given.quote({"YACHT": 1})
        changed = await toko.settings.change(registrations=(Registration("ID", today, scheme="ppnbm"),))
        after = await toko.given.quote({"YACHT": 1})

        assert (changed.registrations, changed) == (
            (Registration("ID", today, scheme="ppnbm"),),
            await toko.settings.get(),
        )
        assert ["PPN"] == [tax.code for tax in before.lines[0].taxes]
        assert [("PPN", 120_000_000), ("PPnBM", 750_000_000)] == [
            (tax.code, tax.amount) for tax in after.lines[0].taxes
        ]
        ends = today.replace(day=today.day + 1)
        await toko.settings.change(
            registrations=(Registration("ID", today, ends, scheme="ppnbm"),), quote_minutes=10_000
        )
        last = await toko.given.quote({"YACHT": 1})
        assert ends == last.valid_until.astimezone(ZONE).date()

    play_in_memory(body)
