"""Whatever sells, comes back and goes wrong, the tax provider's books end as our documents stand."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import Address
from tokolib.documents.filing.states import FilingState
from tokolib.documents.model import DocumentKind
from tokolib.kernel import Registration
from tokolib.testing import ManualClock
from tokolib.testing.builders import Given
from tokolib.testing.fake_tax import FakeTaxProvider

OAKLAND = Address(
    "Ann Lee", "1 Main St", city="Oakland", province="CA", district="Alameda", postal_code="94607", country="US"
)
GOODS = {"KOPI": 12_345, "CANGKIR": 33_333, "PERMEN": 7}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.lists(st.integers(0, 4), min_size=3, max_size=3).filter(any), st.booleans()),
        st.tuples(st.just("return"), st.integers(0, 9), st.integers(0, 2), st.booleans()),
        st.tuples(st.just("cancel"), st.integers(0, 9), st.booleans()),
        st.tuples(
            st.just("trouble"),
            st.sampled_from(["unreachable", "time_out_before", "time_out_after", "refusals"]),
            st.integers(1, 4),
        ),
        st.tuples(st.just("wait"), st.sampled_from([0, 3, 60, 60 * 24, 60 * 24 * 20])),
        st.tuples(st.just("issue again"), st.integers(0, 9)),
        st.tuples(st.just("file"), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=14,
)


class Script:
    """A shop and its tax provider, led by drawn steps: each is done, or passed over where nothing can be done."""

    def __init__(self):
        self.clock = ManualClock()
        self.provider = FakeTaxProvider(self.clock)
        self.shop = tokolib.open("memory://", country="ID", tax=self.provider, clock=self.clock)
        self.shop.settings.change(
            prices_include_tax=False, registrations=(Registration("US", date(2020, 1, 1), scheme="CA"),)
        )
        self.given = Given(self.shop)
        self.given.goods(GOODS, stock=1_000)
        self.given.delivery({"jne:reg": 18_000})
        self.sold = []
        self.open = []

    def sell(self, quantities, ship):
        """An order that is invoiced; nothing goes wrong where its taxes are worked out, which is another story."""
        switches = self.provider.switches
        self.provider.switches = type(switches)()
        wanted = {sku: count for sku, count in zip(GOODS, quantities, strict=True) if count}
        order = self.given.order(wanted, delivery="jne:reg", ship_to=OAKLAND)
        self.provider.switches = switches
        self.shop.invoices.issue(order)
        (self.sold if ship else self.open).append(order)
        if ship:
            self.shop.shipments.delivered(self.shop.shipments.hand_over(order))

    def give_back(self, at, line, everything):
        """A return of a unit of one line, or of all that is left of all lines."""
        if not self.sold:
            return
        order = self.shop.orders.get(self.sold[at % len(self.sold)].id)
        left = {each.line.sku: each.line.steps - self.returned(order, each.id) for each in order.lines}
        left = {sku: count for sku, count in left.items() if count}
        if not left:
            return
        sku = sorted(left)[line % len(left)]
        back = self.shop.returns.accept(order, left if everything else {sku: 1}, reason="x")
        self.shop.invoices.credit(back)

    def returned(self, order, line_id):
        """How many units of a line came back."""
        goods = [line for each in self.shop.returns.of(order) for line in each.lines]
        return sum(each.run.beyond - each.run.first for each in goods if each.run.line_id == line_id)

    def cancel(self, at, credit_twice):
        """An order that never left."""
        if not self.open:
            return
        order = self.open.pop(at % len(self.open))
        self.shop.orders.cancel(order, reason="x")
        for _ in range(1 + credit_twice):
            self.shop.invoices.credit(order)

    def do(self, name, *drawn):
        """One step."""
        orders = self.sold + self.open
        match name:
            case "sell":
                self.sell(*drawn)
            case "return":
                self.give_back(*drawn)
            case "cancel":
                self.cancel(*drawn)
            case "trouble":
                setattr(self.provider.switches, *drawn)
            case "wait":
                self.clock.forward(minutes=drawn[0])
                self.shop.tick()
            case "issue again" if orders:
                self.shop.invoices.issue(orders[drawn[0] % len(orders)])
            case "file" if orders:
                self.shop.invoices.file(self.shop.invoices.of(orders[drawn[0] % len(orders)])[0])

    def documents(self):
        """All documents by number."""
        orders = self.shop.orders.page(limit=100).items
        return {each.number: each for order in orders for each in self.shop.invoices.of(order)}

    def settle(self):
        """The provider is well again: ticks do what machines can, a person files again what was refused."""
        self.provider.switches = type(self.provider.switches)()
        self.clock.forward(hours=2)
        self.shop.tick()
        for each in self.documents().values():
            if self.shop.invoices.filing(each).state is FilingState.REVIEW:
                self.shop.invoices.file(each)


def added(taxes, line):
    """The sums of what went back of each tax of a line."""
    return [sum(each[i] for each in taxes) for i in range(len(line.taxes))]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_the_provider_s_books_end_as_ours(steps):
    """Every invoice once, with its taxes less those of its notes, line by line; nothing else, and nothing waits."""
    script = Script()
    with script.shop:
        for step in steps:
            script.do(*step)
        script.settle()

        documents, provider = script.documents(), script.provider
        invoices = [each for each in documents.values() if each.kind is DocumentKind.INVOICE]
        assert {each.number for each in invoices} == set(provider.books)
        for invoice in invoices:
            notes = [each for each in documents.values() if each.corrects == invoice.number]
            left = invoice.tax.minor_units - sum(note.tax.minor_units for note in notes)
            filing, receipt = script.shop.invoices.filing(invoice), provider.books[invoice.number]
            assert left == receipt.tax == filing.kept_tax
            assert (FilingState.VOIDED if receipt.void else FilingState.FILED) is filing.state
            document, taken = provider.kept(invoice.number)
            assert document == filing.document
            if not receipt.void:
                assert [each for note in filing.notes for each in note.slices] == list(taken)
                for line in document.lines:
                    stated = [each for note in notes for each in note.lines if each.id == line.id]
                    gone = [each for each in taken if each.line_id == line.id]
                    assert sum(each.taxable for each in stated) == sum(each.net for each in gone)
                    taxes = [tuple(tax.amount for tax in each.taxes) for each in stated]
                    assert added(taxes, line) == added([each.taxes for each in gone], line)
        report = script.shop.verify()
        assert report.ok and report.alarms == (), [str(each) for each in report.violations]
