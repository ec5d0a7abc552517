"""What a tax provider is told of documents: stored first, asked outside any unit, and kept there once."""

import sqlite3
from datetime import date

import attrs
import pytest

import tokolib
from tokolib import IDR, Address, NotFound, Staff
from tokolib.desk.reviews.model import ReviewKind
from tokolib.documents.errors import AlreadyFiled, StatedByHand
from tokolib.documents.filing.states import FilingState
from tokolib.effects.answers import UnusableAnswer
from tokolib.effects.model import EffectKind, EffectState
from tokolib.kernel import Registration
from tokolib.kernel.errors import HostMismatch, InvalidInput
from tokolib.tax.estimates import TaxReceipt
from tokolib.tax.ports import TaxCan, VoidWithin
from tokolib.testing import ManualClock
from tokolib.testing.builders import BUYER
from tokolib.testing.fake_tax import AsyncFakeTaxProvider, FakeTaxProvider

OAKLAND = Address(
    "Ann Lee", "1 Main St", city="Oakland", province="CA", district="Alameda", postal_code="94607", country="US"
)
NEXUS = (Registration("US", date(2020, 1, 1), scheme="CA"),)
WITHOUT_TAX = {"prices_include_tax": False, "registrations": NEXUS}
NUMBER = "INV/2026/000001"
GOODS = {"KOPI-250": 3, "CANGKIR": 2}


def acme():
    """A provider that keeps documents, and knows California."""
    return FakeTaxProvider(ManualClock())


async def sale(toko, goods=GOODS, **asked):
    """An order whose taxes are the provider's word."""
    await toko.settings.change(**WITHOUT_TAX)
    return await toko.given.order(goods, delivery="jne:reg", ship_to=OAKLAND, **asked)


async def come_back(toko, order, goods):
    """The credit note of goods that came back."""
    return await toko.invoices.credit(await toko.returns.accept(order, goods, reason="too many"))


async def waiting(toko):
    """What waits for somebody, in books that are sound."""
    report = await toko.verify()
    assert report.ok, [str(each) for each in report.violations]
    return [(each.promise, each.row) for each in report.alarms]


def test_an_invoice_is_committed_when_it_is_issued(play):
    """As it stands: its lines and charges by their own ids, what is taxed, and each tax of each jurisdiction."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        invoice = await toko.invoices.issue(order)

        document, taken = provider.kept(NUMBER)
        assert ["estimate", "commit"] == provider.calls
        assert (invoice.number, invoice.tax_date, "IDR", ()) == (document.number, document.on, document.currency, taken)
        assert invoice.tax.minor_units == document.tax == provider.books[NUMBER].tax > 0
        lines = [(line.id, line.taxable, [tax.amount for tax in line.taxes]) for line in invoice.lines]
        assert lines == [(line.id, line.net, [tax.amount for tax in line.taxes]) for line in document.lines]
        assert [*(line.id for line in order.lines), "shipping"] == [line.id for line in document.lines]
        assert ["US-CA", "US-CA/Alameda"] == [tax.jurisdiction for tax in document.lines[0].taxes][:2]

        filing = await toko.invoices.filing(invoice)
        (commit,) = filing.operations
        assert (FilingState.FILED, invoice.tax.minor_units, document) == (
            filing.state,
            filing.kept_tax,
            filing.document,
        )
        assert (EffectKind.TAX_COMMIT, invoice.id, invoice.tax) == (commit.kind, commit.subject, commit.amount)
        assert (f"ft-{NUMBER}", f"{filing.id}.1.1") == (commit.reference, commit.key)
        assert filing == await toko.invoices.filing(NUMBER) == await toko.invoices.filing(invoice.id)

        assert invoice == await toko.invoices.issue(order)
        assert ["estimate", "commit"] == provider.calls
        assert [] == await waiting(toko)

    play(body, tax=provider)


def test_an_awaited_provider_is_told_as_well(play):
    """Its methods may be `async def` where the shop is awaited."""

    async def body(toko):
        if toko.shop._subject.blocking:
            return
        invoice = await toko.invoices.issue(await sale(toko))
        assert FilingState.FILED is (await toko.invoices.filing(invoice)).state
        assert [NUMBER] == list(provider.inner.books)

    provider = AsyncFakeTaxProvider(ManualClock())
    try:
        play(body, tax=provider)
    except HostMismatch as error:
        assert "tax" in str(error)


def test_an_answer_that_is_lost_makes_no_second_document(play):
    """The request is sent again under its own key, by the next tick that finds it due: kept once."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        provider.switches.time_out_after = 1
        invoice = await toko.invoices.issue(order)

        filing = await toko.invoices.filing(invoice)
        assert FilingState.WAITING is filing.state and EffectState.UNKNOWN is filing.operations[0].standing
        assert [NUMBER] == list(provider.books)

        assert 0 == (await toko.shop.tick()).asked_filings
        toko.clock.forward(minutes=2)
        assert 1 == (await toko.shop.tick()).asked_filings
        filing = await toko.invoices.filing(invoice)
        assert (FilingState.FILED, 1) == (filing.state, len(filing.operations))
        assert [NUMBER] == list(provider.books) and provider.books[NUMBER].tax == invoice.tax.minor_units
        assert ["estimate", "commit", "commit"] == provider.calls

    play(body, tax=provider)


@pytest.mark.parametrize("trouble", ["unreachable", "time_out_before"])
def test_a_provider_that_is_down_for_a_day_is_told_afterwards(play, trouble):
    """The sale goes on, returns too; it is asked again and again, and is told all of it in its order, once."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        setattr(provider.switches, trouble, 10_000)
        invoice = await toko.invoices.issue(order)
        await toko.ship(order)
        note = await come_back(toko, order, {"KOPI-250": 1})
        for _ in range(25):
            toko.clock.forward(hours=1)
            await toko.shop.tick()
        filing = await toko.invoices.filing(invoice)
        assert (FilingState.WAITING, {}) == (filing.state, provider.books)
        assert [("L1", f"tax filing {filing.id}")] == await waiting(toko)

        setattr(provider.switches, trouble, 0)
        toko.clock.forward(hours=1)
        await toko.shop.tick()
        filing = await toko.invoices.filing(invoice)
        assert (FilingState.FILED, 2) == (filing.state, len(filing.operations))
        assert (invoice.tax - note.tax).minor_units == provider.books[NUMBER].tax == filing.kept_tax
        assert [] == await waiting(toko)

    play(body, tax=provider)


def test_credit_notes_take_exactly_their_taxes_and_the_last_one_closes(play):
    """Each note is slices of the invoice's lines; together they are all of it, the shipping charge apart."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        invoice = await toko.invoices.issue(order)
        await toko.ship(order)
        left = invoice.tax
        for goods in ({"KOPI-250": 1}, {"CANGKIR": 1, "KOPI-250": 1}, {"KOPI-250": 1}, {"CANGKIR": 1}):
            before = len(provider.kept(NUMBER)[1])
            note = await come_back(toko, order, goods)
            slices = provider.kept(NUMBER)[1][before:]
            assert [(line.id, [tax.amount for tax in line.taxes]) for line in note.lines] == [
                (each.line_id, list(each.taxes)) for each in slices
            ]
            assert [line.taxable for line in note.lines] == [each.net for each in slices]
            left -= note.tax
            filing = await toko.invoices.filing(note)
            assert (FilingState.FILED, left.minor_units) == (filing.state, provider.books[NUMBER].tax)
        document, taken = provider.kept(NUMBER)
        for line in document.lines:
            gone = [each for each in taken if each.line_id == line.id]
            whole = 0 if line.id == "shipping" else line.net
            assert whole == sum(each.net for each in gone)
        assert sum(tax.amount for tax in document.lines[-1].taxes) == provider.books[NUMBER].tax
        assert [EffectKind.TAX_COMMIT, *[EffectKind.TAX_REFUND] * 4] == [each.kind for each in filing.operations]

    play(body, tax=provider)


def test_an_order_that_is_cancelled_at_once_is_void(play):
    """Everything goes back before anything else did, in the month of the tax: the supply never was."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        await toko.invoices.issue(order)
        await toko.orders.cancel(order, reason="changed mind")
        note = await toko.invoices.credit(order)

        filing = await toko.invoices.filing(note)
        assert (FilingState.VOIDED, 0) == (filing.state, filing.kept_tax)
        assert (True, 0) == (provider.books[NUMBER].void, provider.books[NUMBER].tax)
        assert ["estimate", "commit", "void"] == provider.calls

    play(body, tax=provider)


def test_an_order_that_is_cancelled_in_another_month_is_refunded(play):
    """The return of the month may have told of it: what was filed stands, and is taken back in its own month."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        await toko.invoices.issue(order)
        toko.clock.forward(days=31)
        await toko.orders.cancel(order, reason="changed mind")
        filing = await toko.invoices.filing(await toko.invoices.credit(order))

        assert (FilingState.FILED, 0) == (filing.state, filing.kept_tax)
        assert TaxReceipt(number=NUMBER, reference=f"ft-{NUMBER}", tax=0) == provider.books[NUMBER]
        assert ["estimate", "commit", "refund"] == provider.calls

    play(body, tax=provider)


def test_a_refusal_waits_for_a_person(play):
    """A definite no is asked again by nobody but a person, and then under a new key; nothing behind it is told."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        provider.switches.refusals = 1
        invoice = await toko.invoices.issue(order)
        await toko.ship(order)
        note = await come_back(toko, order, {"KOPI-250": 1})
        toko.clock.forward(days=1)
        assert 0 == (await toko.shop.tick()).asked_filings
        filing = await toko.invoices.filing(invoice)
        assert (FilingState.REVIEW, {}) == (filing.state, provider.books)
        assert [("L1", f"tax filing {filing.id}")] == await waiting(toko)

        filing = await toko.invoices.file(invoice)
        assert FilingState.FILED is filing.state
        assert ["1.1", "2.1", "3.2"] == [each.key.partition(".")[2] for each in filing.operations]
        assert (invoice.tax - note.tax).minor_units == provider.books[NUMBER].tax
        assert filing == await toko.invoices.file(note) and [] == await waiting(toko)

    play(body, tax=provider)


def test_a_person_files_by_hand(play):
    """What was refused is kept by a person's word, and what waits behind it goes on; the word can't be taken back."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        invoice = await toko.invoices.issue(order)
        await toko.ship(order)
        provider.switches.refusals = 1
        note = await come_back(toko, order, {"KOPI-250": 1})
        assert FilingState.REVIEW is (await toko.invoices.filing(note)).state

        with pytest.raises(InvalidInput):
            await toko.invoices.resolve(note, happened=False)
        refused = await toko.invoices.resolve(note, happened=False, reason="not in their list")
        assert FilingState.REVIEW is refused.state
        done = await toko.invoices.resolve(note, happened=True, reference="by hand 7")
        assert (FilingState.FILED, "by hand 7") == (done.state, done.latest(note.id).reference)
        assert done == await toko.invoices.resolve(note, happened=True)
        with pytest.raises(AlreadyFiled) as caught:
            await toko.invoices.resolve(note.number, happened=False, reason="oh")
        assert ("CN/2026/000001", "fake-tax", "by hand 7") == (
            caught.value.document,
            caught.value.provider,
            caught.value.reference,
        )
        assert done == await toko.invoices.filing(invoice)

    play(body, tax=provider)


@pytest.mark.parametrize("answer", [None, {"tax": 1}, {"void": True}, {"number": "A"}])
def test_an_answer_that_does_not_fit_is_looked_at(play_in_memory, answer):
    """No machine knows what the provider keeps now: it isn't asked again, by `file` neither, until a person says."""

    class Odd(FakeTaxProvider):
        def commit(self, document, *, key):
            kept = super().commit(document, key=key)
            return answer and attrs.evolve(kept, **answer)

    provider = Odd(ManualClock())

    async def body(toko):
        invoice = await toko.invoices.issue(await sale(toko))
        toko.clock.forward(days=1)
        await toko.shop.tick()
        filing = await toko.invoices.file(invoice)
        (commit,) = filing.operations
        why = "documents.no_receipt" if answer is None else "documents.other_receipt"
        assert (FilingState.REVIEW, (why,)) == (filing.state, commit.reviews)
        assert ["estimate", "commit"] == provider.calls
        assert [("L1", f"tax filing {filing.id}")] == await waiting(toko)
        assert FilingState.FILED is (await toko.invoices.resolve(invoice, happened=True)).state

    play_in_memory(body, tax=provider)


def test_a_provider_s_own_mistake_is_named_and_asked_again(play_in_memory):
    """What its adapter raises, and no port names, is told with the provider and the call; the filing goes on later."""

    class Odd(FakeTaxProvider):
        broken = True

        def commit(self, document, *, key):
            return {}["receipt"] if Odd.broken else super().commit(document, key=key)

    provider = Odd(ManualClock())

    async def body(toko):
        order = await sale(toko)
        with pytest.raises(UnusableAnswer, match=r"no usable answer to commit .*: it raised KeyError: 'receipt'"):
            await toko.invoices.issue(order)
        Odd.broken = False
        toko.clock.forward(days=1)
        await toko.shop.tick()
        (invoice,) = await toko.invoices.of(order)
        assert FilingState.FILED is (await toko.invoices.filing(invoice)).state

    play_in_memory(body, tax=provider)


def test_a_number_that_is_another_document_s_is_a_definite_no(play_in_memory):
    """`Conflict` of this port says that the other one stands: asking again can't help."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        document = attrs.evolve(provider_document(), number=NUMBER)
        provider.commit(document, key="someone else's")
        filing = await toko.invoices.filing(await toko.invoices.issue(order))
        assert (FilingState.REVIEW, "effects.conflict") == (filing.state, filing.operations[0].failure)
        assert document == provider.kept(NUMBER)[0]

    play_in_memory(body, tax=provider)


def provider_document():
    """A document of another shop."""
    from tokolib.tax.estimates import TaxDocument

    return TaxDocument(number="", on=date(2026, 3, 2), currency="USD", lines=())


def test_within_a_transaction_of_the_host_nobody_is_asked(play_on_file):
    """The wish is stored with the document, or rolled back with it; after the commit a tick tells the provider."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        connection = sqlite3.connect(toko.path, isolation_level=None)
        inside = toko.shop._subject.within(connection)
        connection.execute("BEGIN IMMEDIATE")
        inside.invoices.issue(order)
        connection.execute("ROLLBACK")
        with pytest.raises(NotFound):
            await toko.invoices.get(NUMBER)

        connection.execute("BEGIN IMMEDIATE")
        invoice = inside.invoices.issue(order)
        assert FilingState.WAITING is inside.invoices.filing(invoice).state is inside.invoices.file(invoice).state
        connection.execute("COMMIT")
        connection.close()
        assert (["estimate"], {}) == (provider.calls, provider.books)

        assert 1 == (await toko.shop.tick()).asked_filings
        assert FilingState.FILED is (await toko.invoices.filing(invoice)).state
        assert ["estimate", "commit"] == provider.calls

    play_on_file(body, tax=provider)


def test_what_rests_on_the_tables_of_law_is_filed_with_nobody(play):
    """Not at home, and not where the provider keeps no documents."""

    class Keepless(FakeTaxProvider):
        @property
        def capabilities(self):
            reason = "it keeps none"
            return attrs.evolve(super().capabilities, lacks={TaxCan.COMMIT: reason, TaxCan.REFUND: reason})

    keepless = Keepless(ManualClock())

    async def body(toko):
        abroad = await toko.invoices.issue(await sale(toko))
        home = await toko.invoices.issue(await toko.given.order({"KOPI-250": 1}, ship_to=BUYER))
        for document in (abroad, home):
            assert None is await toko.invoices.filing(document)
            for call in (toko.invoices.file(document), toko.invoices.resolve(document, happened=True)):
                with pytest.raises(NotFound):
                    await call
        with pytest.raises(NotFound):
            await toko.invoices.filing("INV/2026/000009")
        assert ["estimate"] == keepless.calls

    play(body, tax=keepless)


def test_figures_that_another_stood_in_for_are_committed_as_they_are(play_in_memory):
    """The order says who answered; its provider keeps the document with these very figures."""

    class Quiet(FakeTaxProvider):
        def estimate(self, request):
            self.switches.unreachable = 1
            return super().estimate(request)

    provider, other = Quiet(ManualClock()), acme()

    async def body(toko):
        await toko.settings.change(policies=tokolib.Policies(tax_outage="fallback_table"))
        order = await sale(toko)
        assert ("fake-tax", True) == (order.tax_fact.provider, order.tax_fact.degraded)
        invoice = await toko.invoices.issue(order)
        assert invoice.tax.minor_units == provider.books[NUMBER].tax and {} == other.books

    play_in_memory(body, tax=provider, tax_fallback=other)


def test_another_provider_is_told_nothing_of_it(play_in_memory):
    """A shop that has changed its provider leaves what rests on the other's word to a person."""

    class Other(FakeTaxProvider):
        @property
        def name(self):
            return "other"

    provider = acme()

    async def body(toko):
        order = await sale(toko)
        provider.switches.unreachable = 1
        invoice = await toko.invoices.issue(order)
        shop = toko.shop._subject
        other = Other(ManualClock())
        changed = type(shop)(shop._work, attrs.evolve(shop._outside, tax=other), blocking=True)
        toko.clock.forward(hours=2)
        assert 0 == changed.tick().asked_filings
        assert FilingState.WAITING is changed.invoices.file(invoice).state
        assert ([], {}) == (other.calls, other.books)
        assert 1 == (await toko.shop.tick()).asked_filings

    play_in_memory(body, tax=provider)


class Limited(FakeTaxProvider):
    """A provider that says what it can't do."""

    def __init__(self, *, name="fake-tax", **said):
        super().__init__(ManualClock())
        self.said = said
        self.called = name

    @property
    def name(self):
        return self.called

    @property
    def capabilities(self):
        return attrs.evolve(super().capabilities, **self.said)


def changed_to(toko, **parts):
    """The same shop, opened with another tax provider."""
    shop = toko.shop._subject
    return type(shop)(shop._work, attrs.evolve(shop._outside, **parts), blocking=True)


def test_a_provider_that_was_left_is_told_of_what_it_keeps(play_in_memory):
    """Until it is named again the credit note waits for a person, once, and takes no place in tick; then it is told."""
    before, after = acme(), Limited(name="other")

    async def body(toko):
        order = await sale(toko)
        invoice = await toko.invoices.issue(order)
        await toko.ship(order)
        shop = changed_to(toko, tax=after)
        note = shop.invoices.credit(shop.returns.accept(order, {"KOPI-250": 1}, reason="too many"))
        assert [] == [each for each in before.calls if each == "refund"]

        (item,) = shop.reviews.list().items
        assert (ReviewKind.UNASKED, "fake-tax", order.id) == (item.kind, item.provider, item.order_id)
        assert note.number in item.what
        assert ["tick", "invoices.resolve"] == [each.command for each in item.ways]
        assert ((), 0) == ((ticked := shop.tick()).failures, ticked.asked_filings)
        assert ["L1"] == [each.promise for each in shop.verify().alarms]

        both = changed_to(toko, tax=after, tax_formerly=(before,))
        assert 1 == both.tick().asked_filings
        assert () == both.reviews.list().items
        assert FilingState.FILED is both.invoices.filing(invoice).state
        assert before.books[invoice.number].tax == invoice.tax.minor_units - note.tax.minor_units

    play_in_memory(body, tax=before)


def test_a_refusal_stands_in_the_queue(play_in_memory):
    """With what was sent and seen; asked again, or decided, it goes."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        provider.switches.refusals = 1
        invoice = await toko.invoices.issue(order)
        (item,) = (await toko.reviews.list()).items
        filing = await toko.invoices.filing(invoice)
        assert (ReviewKind.FILING, filing.id, filing.turn) == (item.kind, item.id, item.operation)
        assert [EffectState.FAILED] == [each.state for each in item.seen]
        assert item == await toko.reviews.get(filing.id)

        await toko.invoices.file(invoice)
        assert () == (await toko.reviews.list()).items

    play_in_memory(body, tax=provider)


def test_a_provider_that_keeps_no_refunds_is_one_item(play_in_memory):
    """It isn't asked for what it can't do; all its notes wait together, until a person has stated them there."""
    why = "state them in the portal"
    provider = Limited(lacks={TaxCan.REFUND: why})

    async def body(toko):
        await toko.settings.change(**WITHOUT_TAX)
        invoices = []
        for _ in range(3):
            order = await toko.given.order(GOODS, delivery="jne:reg", ship_to=OAKLAND)
            invoices.append(await toko.invoices.issue(order))
            await toko.ship(order)
            for _ in range(2):
                await come_back(toko, order, {"KOPI-250": 1})
        assert "refund" not in provider.calls
        (item,) = (await toko.reviews.list()).items
        assert (ReviewKind.BY_HAND, "tax:fake-tax", "fake-tax") == (item.kind, item.id, item.provider)
        assert item.what.startswith("3 invoices have credit notes") and item.what.endswith(f"fake-tax says: {why}")
        assert item == await toko.reviews.get(item.id)
        with pytest.raises(StatedByHand, match="can't be told what goes back"):
            await toko.invoices.file(invoices[0])
        assert 0 == (await toko.shop.tick()).asked_filings

        staff = toko.another(Staff("budi"))
        assert (6, 0) == (await staff.invoices.stated_by_hand("fake-tax"), await staff.invoices.stated_by_hand("x"))
        assert () == (await toko.reviews.list()).items
        assert {FilingState.FILED} == {(await toko.invoices.filing(each)).state for each in invoices}
        assert () == (await toko.verify()).alarms

    play_in_memory(body, tax=provider)


def test_it_can_be_told_once_the_provider_keeps_refunds(play_in_memory):
    """What waited for a person's hand is asked for as anything that was refused."""
    provider = Limited(lacks={TaxCan.REFUND: "not yet"})

    async def body(toko):
        order = await sale(toko)
        invoice = await toko.invoices.issue(order)
        await toko.ship(order)
        await come_back(toko, order, {"KOPI-250": 1})
        provider.said = {}
        assert FilingState.FILED is (await toko.invoices.file(invoice)).state
        assert "refund" in provider.calls

    play_in_memory(body, tax=provider)


@pytest.mark.parametrize(
    ("within", "days", "kind"),
    [
        (VoidWithin.NEVER, 0, EffectKind.TAX_REFUND),
        (VoidWithin.MONTH, 0, EffectKind.TAX_VOID),
        (VoidWithin.MONTH, 31, EffectKind.TAX_REFUND),
        (VoidWithin.QUARTER, 29, EffectKind.TAX_VOID),
        (VoidWithin.QUARTER, 92, EffectKind.TAX_REFUND),
        (VoidWithin.YEAR, 92, EffectKind.TAX_VOID),
        (VoidWithin.YEAR, 370, EffectKind.TAX_REFUND),
        (VoidWithin.ALWAYS, 370, EffectKind.TAX_VOID),
    ],
)
def test_an_invoice_is_void_as_long_as_its_provider_says(play_in_memory, within, days, kind):
    """Afterwards a return has told of it, and what goes back is a refund."""
    provider = Limited(void_within=within)

    async def body(toko):
        order = await sale(toko)
        invoice = await toko.invoices.issue(order)
        toko.clock.forward(days=days)
        await toko.orders.cancel(order, reason="changed mind")
        await toko.invoices.credit(order)
        assert kind is (await toko.invoices.filing(invoice)).operations[-1].kind

    play_in_memory(body, tax=provider)


@pytest.mark.parametrize(
    ("issued", "on", "quarter"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), True),
        (date(2026, 3, 31), date(2026, 4, 1), False),
        (date(2026, 12, 1), date(2026, 12, 31), True),
        (date(2025, 12, 31), date(2026, 12, 31), False),
    ],
)
def test_a_quarter_is_three_months_of_one_year(issued, on, quarter):
    """As tax periods are told."""
    assert quarter is VoidWithin.QUARTER.holds(issued, on)


def test_after_a_restore_it_is_told_again_under_its_key(play_in_memory):
    """It may have been told in the time that was lost: the provider keeps it once, and nothing is decided anew."""
    provider = acme()

    async def body(toko):
        order = await sale(toko)
        provider.switches.unreachable = 1
        invoice = await toko.invoices.issue(order)
        (wish,) = (await toko.invoices.filing(invoice)).operations
        provider.commit((await toko.invoices.filing(invoice)).document, key=wish.key)

        restored = await toko.shop.after_restore(key="r-1", reason="disk")

        assert (wish.id,) == restored.presumed
        (presumed,) = (await toko.invoices.filing(invoice)).operations
        assert EffectState.UNKNOWN is presumed.standing
        assert 1 == (await toko.shop.tick()).asked_filings
        filing = await toko.invoices.filing(invoice)
        assert (FilingState.FILED, [wish.key]) == (filing.state, [each.key for each in filing.operations])

    play_in_memory(body, tax=provider)


def test_two_runners_tell_the_provider_once(play_in_memory):
    """Whoever holds the lease asks; the other finds nothing to do."""

    class Slow(FakeTaxProvider):
        inside = None

        def commit(self, document, *, key):
            if self.inside is not None:
                run, self.inside = self.inside, None
                run()
            return super().commit(document, key=key)

    provider = Slow(ManualClock())

    async def body(toko):
        order = await sale(toko)
        seen = []
        provider.inside = lambda: seen.append(toko.shop._subject.tick().asked_filings)
        filing = await toko.invoices.filing(await toko.invoices.issue(order))
        assert ([0], FilingState.FILED) == (seen, filing.state)
        assert ["estimate", "commit"] == provider.calls

    play_in_memory(body, tax=provider)


def test_nothing_to_take_back_is_not_told(play_in_memory):
    """Goods that cost nothing come back: their note has no tax and no amount."""
    provider = acme()

    async def body(toko):
        await toko.given.goods({"HADIAH": 0})
        order = await sale(toko, {"KOPI-250": 1, "HADIAH": 1})
        await toko.invoices.issue(order)
        await toko.ship(order)
        note = await come_back(toko, order, {"HADIAH": 1})
        assert IDR(0) == note.tax
        assert 1 == len((await toko.invoices.filing(note)).operations)

    play_in_memory(body, tax=provider)
