"""Invoices and credit notes: gapless, made once, never changed."""

import threading
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import partial

import attrs
import pytest

import tokolib
from tokolib import IDR, NotFound
from tokolib.adapters.memory.storage import MemoryStorage
from tokolib.adapters.memory.unit import MemoryUnit
from tokolib.adapters.sqlite import SqliteStorage
from tokolib.documents import uncredited
from tokolib.documents.errors import NotCreditable, NotInvoiceable, SeriesBroken
from tokolib.documents.events import DocumentIssued, NumberTaken, SeriesOpened
from tokolib.documents.lifecycle import evolve_document, evolve_series
from tokolib.documents.model import DocumentKind
from tokolib.records.collections import COLLECTIONS


def test_an_invoice_states_the_sale(play):
    """Lines, charges, discounts and PPN as they were sold; issued once, found by number."""

    async def body(toko):
        await toko.settings.change(pkp_since=date(2020, 1, 1))
        await toko.promotions.percent("HEMAT", 10)
        order = await toko.given.order({"KOPI-250": 2, "GULA": "0.5"}, delivery="jne:reg")
        invoice = await toko.invoices.issue(order)
        assert invoice.number == "INV/2026/000001"
        assert (invoice.total, invoice.kind, invoice.order_reference) == (
            order.total,
            DocumentKind.INVOICE,
            order.reference,
        )
        assert [(line.sku, line.quantity) for line in invoice.lines] == [
            ("KOPI-250", "2 pcs"),
            ("GULA", "0.5 kg"),
            ("", "1"),
        ]
        assert invoice.lines[0].discount == 15_000 and invoice.lines[0].taxes[0].base_fraction == Fraction(11, 12)
        assert invoice.tax == order.total - IDR(sum(line.net for line in invoice.lines))
        assert await toko.invoices.issue(order.id) == invoice
        assert await toko.invoices.get("INV/2026/000001") == invoice == await toko.invoices.get(invoice.id)
        with pytest.raises(NotFound):
            await toko.invoices.get("INV/2026/000002")

    play(body)


def test_what_is_uncredited_can_be_asked_of_stored_documents(play_on_file):
    """As it is asked of documents that were just issued."""

    async def body(toko):
        await toko.settings.change(pkp_since=date(2020, 1, 1))
        order = await toko.given.order({"CANGKIR": 3})
        await toko.ship(order)
        made = await toko.invoices.issue(order)
        note = await toko.invoices.credit(await toko.returns.accept(order, {"CANGKIR": 3}))
        stored, *notes = await toko.invoices.of(order)

        assert uncredited(made, [note]) == uncredited(stored, notes)
        assert [0] == [row.tax for row in uncredited(stored, notes).breakdown]

    play_on_file(body)


def test_a_credit_note_states_what_came_back(play):
    """The shares that were refunded, with the sale's own taxes; one for each return, and its own series."""

    async def body(toko):
        await toko.settings.change(pkp_since=date(2020, 1, 1), policies=tokolib.Policies(shipping_refund="with_goods"))
        order = await toko.given.order({"CANGKIR": 3}, delivery="jne:reg")
        await toko.ship(order)
        parts = [await toko.returns.accept(order, {"CANGKIR": n}) for n in (1, 2)]
        with pytest.raises(NotCreditable):
            await toko.invoices.credit(parts[0])
        invoice = await toko.invoices.issue(order)
        notes = [await toko.invoices.credit(part) for part in parts]
        assert [note.number for note in notes] == ["CN/2026/000001", "CN/2026/000002"]
        assert [note.corrects for note in notes] == [invoice.number] * 2
        assert await toko.invoices.credit(parts[0].id) == notes[0]
        assert notes[0].total + notes[1].total == invoice.total
        assert notes[0].tax + notes[1].tax == invoice.tax
        assert await toko.invoices.of(order) == (invoice, *notes)
        asked = await toko.given.order({"CANGKIR": 1})
        await toko.ship(asked)
        with pytest.raises(NotCreditable):
            await toko.invoices.credit(await toko.returns.request(asked, {"CANGKIR": 1}, reason="x"))
        with pytest.raises(NotCreditable):
            await toko.invoices.credit(order)

    play(body)


def test_a_cancelled_order_is_credited_if_it_was_invoiced(play):
    """No sale, no invoice; an invoice that was issued before is corrected whole."""

    async def body(toko):
        pending = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        with pytest.raises(NotInvoiceable):
            await toko.invoices.issue(pending)
        early = await toko.given.order({"KOPI-250": 1}, delivery="jne:reg")
        invoice = await toko.invoices.issue(early)
        early = await toko.orders.cancel(early, reason="x")
        late = await toko.orders.cancel(await toko.given.order({"KOPI-250": 1}), reason="x")
        with pytest.raises(NotInvoiceable):
            await toko.invoices.issue(late)
        with pytest.raises(NotCreditable):
            await toko.invoices.credit(late)
        note = await toko.invoices.credit(early)
        assert (note.total, note.corrects, note.cause) == (invoice.total, invoice.number, early.cancellations[0].id)
        assert await toko.invoices.credit(early.id) == note
        assert await toko.invoices.issue(early) == invoice

    play(body)


def test_each_year_of_the_shops_zone_has_its_series(play_in_memory):
    """One o'clock on new year's morning in Jakarta is still last year in London."""

    async def body(toko):
        toko.clock.instant = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
        old = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}))
        toko.clock.forward(minutes=1)
        new = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}))
        assert (old.number, new.number) == ("INV/2026/000001", "INV/2027/000001")
        assert new.issued_on == date(2027, 1, 1)

    play_in_memory(body)


def test_numbers_have_no_gap_under_threads(play_on_file):
    """Eight threads issue ten invoices each, at once; half of the orders are asked for twice."""

    async def body(toko):
        await toko.stock.receive("Teh-100", 100)
        orders = [(await toko.given.order({"Teh-100": 1})).id for _ in range(60)]
        mine = [orders[(n * 10) % 60 : (n * 10) % 60 + 10] for n in range(8)]
        gate = threading.Barrier(8)
        with tokolib.open(SqliteStorage(toko.path, COLLECTIONS, durable=False, timeout=30), clock=toko.clock) as shop:

            def issue(n):
                gate.wait()
                for order in mine[n]:
                    shop.invoices.issue(order)

            threads = [threading.Thread(target=issue, args=(n,)) for n in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            serials = sorted(each.serial for order in orders for each in shop.invoices.of(order))
        assert serials == list(range(1, 61))

    play_on_file(body)


@pytest.mark.parametrize("what", ["invoice", "credit note"])
def test_two_issuers_in_two_series_issue_one_document(play_in_memory, monkeypatch, what):
    """One looked, then another issued, then a new year and its series began: no order has two invoices."""

    async def body(toko):
        order = await toko.given.order({"KOPI-250": 1})
        issue = partial(toko.invoices.issue, order)
        if what == "credit note":
            await issue()
            await toko.ship(order)
            issue = partial(toko.invoices.credit, await toko.returns.accept(order, {"KOPI-250": 1}))
        toko.clock.instant = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
        old = await issue()
        toko.clock.forward(minutes=1)
        find, seen = MemoryUnit.find, MemoryUnit.seen

        def found_before(unit, *args, **more):
            page = find(unit, *args, **more)
            return attrs.evolve(page, items=tuple(doc for doc in page.items if doc.id != old.id))

        with monkeypatch.context() as looking:
            looking.setattr(MemoryUnit, "find", found_before)
            looking.setattr(MemoryUnit, "seen", lambda unit, *key: seen(unit, *key) and None)
            looking.setattr(MemoryStorage, "pause", lambda storage, attempt: looking.undo())
            assert await issue() == old
        assert [old] == [each for each in await toko.invoices.of(order) if each.kind is old.kind]

    play_in_memory(body)


def test_issued_documents_and_series_can_only_grow(play_in_memory):
    """A document never changes, and a series takes its next serial or none."""

    async def body(toko):
        invoice = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}))
        with pytest.raises(SeriesBroken):
            evolve_document(invoice, DocumentIssued(invoice))
        with pytest.raises(SeriesBroken):
            evolve_document(None, NumberTaken(1, "inv_1"))
        series = evolve_series(None, SeriesOpened("ser_X", "X"))
        assert evolve_series(series, NumberTaken(1, "inv_1")).next == 2
        for event in (NumberTaken(2, "inv_1"), SeriesOpened("ser_X", "X")):
            with pytest.raises(SeriesBroken):
                evolve_series(series, event)
        with pytest.raises(SeriesBroken) as broken:
            evolve_series(None, NumberTaken(1, "inv_1"))
        assert "NumberTaken" in str(broken.value)

    play_in_memory(body)
