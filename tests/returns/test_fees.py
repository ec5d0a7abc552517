"""What is kept of a refund: fees of the policy, in the order, in the books and on the credit note."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD, Basket, InvalidInput, OrderState
from tokolib.documents.crediting import uncredited
from tokolib.documents.faktur import faktur_totals
from tokolib.documents.totals import document_allowances
from tokolib.kernel import FeeTax, ReturnFee, ReturnFeeKind, ReturnPolicy, ReturnRule, eu_withdrawal
from tokolib.orders.events import RefundWithheld
from tokolib.orders.model import PaymentStatus
from tokolib.returns import Disposition

TENTH = ReturnFee(kind=ReturnFeeKind.RESTOCKING, label="Restocking fee", rate=Decimal("0.1"))
WAY_BACK = ReturnFee(kind=ReturnFeeKind.RETURN_SHIPPING, label="Return shipping", once=IDR(15_000))
PKP = date(2020, 1, 1)


def under(*fees, **policy):
    """A policy with *fees* for all goods."""
    return ReturnPolicy(rules=(ReturnRule(code="usual", days=30, fees=fees),), **policy)


async def delivered(toko, lines, **options):
    """An order whose goods have all arrived."""
    order = await toko.given.order(lines, **options)
    await toko.ship(order)
    return await toko.orders.get(order.id)


async def balances(toko, order):
    """What stands on each account for an order."""
    return {each.account: each.amount.minor_units for each in await toko.ledger.balances(order)}


def kept(goods):
    """What is kept of a refund, by kind and in all."""
    parts = goods.refund.deductions
    return {part.kind: part.amount for part in parts}, sum(part.amount for part in parts)


def test_a_fee_is_kept_and_posted_to_an_account_of_its_own(play):
    """The customer gets the credit less the fees; the order is even and the books say for what the rest is."""

    async def body(toko):
        await toko.settings.change(return_policy=under(TENTH, WAY_BACK))
        order = await delivered(toko, {"KOPI-250": 2, "Teh-100": 1})

        done = await toko.returns.accept(order, {"KOPI-250": 2}, reason="changed mind")

        assert ({"restocking": 15_000, "return_shipping": 15_000}, 30_000) == kept(done)
        assert (IDR(150_000), IDR(120_000)) == (done.refund.credit, done.refund.amount)
        order = await toko.orders.get(order.id)
        assert (30_000, 120_000, IDR(0)) == (order.withheld, order.credited, order.due)
        assert (PaymentStatus.PARTIALLY_REFUNDED, OrderState.COMPLETED) == (order.payment, order.state)
        assert {
            "money:cash": 50_000,
            "sales": -20_000,
            "withheld:restocking": -15_000,
            "withheld:return_shipping": -15_000,
        } == await balances(toko, order)
        (event,) = [each.event for each in await toko.orders.history(order) if isinstance(each.event, RefundWithheld)]
        assert (done.id, done.refund.deductions) == (event.return_id, event.parts)

    play(body)


def test_what_is_kept_as_a_part_of_the_price_stays_taxed(play):
    """PPN goes back on what goes back; the credit note shows the fee, and a faktur of it has lower lines."""

    async def body(toko):
        await toko.settings.change(pkp_since=PKP, return_policy=under(TENTH))
        order = await delivered(toko, {"KOPI-250": 2})
        invoice = await toko.invoices.issue(order)
        done = await toko.returns.accept(order, {"KOPI-250": 2}, reason="changed mind")

        note = await toko.invoices.credit(done)

        (part,) = done.refund.deductions
        (tax,) = part.taxes
        assert (15_000, "PPN", 1_486) == (part.amount, tax.code, tax.amount)
        assert (done.refund.amount, order.total - IDR(15_000)) == (note.total, note.total)
        (shown,) = document_allowances(note.lines)
        assert ("Restocking fee", part.net) == (shown.reason, shown.amount)
        left = uncredited(invoice, [note])
        assert (15_000, 1_486) == (left.with_tax, left.tax)
        (faktur,) = faktur_totals(note)
        assert (note.totals.without_tax, note.tax.minor_units) == (faktur.dpp, faktur.ppn)
        books = await balances(toko, order)
        assert {"money:cash": 15_000, "tax:PPN": -1_486, "withheld:restocking": -13_514} == books

    play(body)


def test_what_is_kept_as_compensation_is_outside_all_tax(play):
    """The goods are credited whole, with all of their tax; the fee is a line of its own below zero."""

    async def body(toko):
        await toko.settings.change(
            pkp_since=PKP, return_policy=under(attrs.evolve(WAY_BACK, tax=FeeTax.OUTSIDE), TENTH)
        )
        order = await delivered(toko, {"KOPI-250": 2, "GULA": 1})
        invoice = await toko.invoices.issue(order)
        done = await toko.returns.accept(order, {"KOPI-250": 2}, reason="changed mind")

        note = await toko.invoices.credit(done)

        goods, fee = note.lines
        assert ("Return shipping", "", -15_000, -15_000, ()) == (fee.name, fee.sku, fee.net, fee.total, fee.taxes)
        assert IDR(goods.total + fee.total) == note.total == done.refund.amount
        assert 150_000 - 15_000 == goods.total
        assert not any(row.tax < 0 for row in uncredited(invoice, [note]).breakdown)
        assert -15_000 == (await balances(toko, order))["withheld:return_shipping"]

    play(body)


def test_for_a_faultless_reason_nothing_is_kept(play_in_memory):
    """Unless a fee names the reason; one that names reasons is asked for no others."""

    async def body(toko):
        picky = attrs.evolve(TENTH, kind=ReturnFeeKind.RETURN_SHIPPING, reasons=("no_longer_needed",))
        await toko.settings.change(return_policy=under(TENTH, picky))
        order = await delivered(toko, {"KOPI-250": 3})

        found = [
            kept(await toko.returns.accept(order, {"KOPI-250": 1}, reason=reason))[0]
            for reason in ("Damaged", "changed mind", "No longer needed")
        ]

        assert [{}, {"restocking": 7_500}, {"restocking": 7_500, "return_shipping": 7_500}] == found

    play_in_memory(body)


def test_within_the_days_of_a_law_only_what_it_leaves_is_kept(play_in_memory):
    """The way back, under the right of withdrawal; after its days all that the shop asks. The request's day counts."""

    async def body(toko):
        law = attrs.evolve(eu_withdrawal(), countries=("ID",))
        await toko.settings.change(return_policy=under(TENTH, WAY_BACK, laws=(law,)))
        order = await delivered(toko, {"KOPI-250": 3})
        asked = await toko.returns.request(order, {"KOPI-250": 1}, reason="changed mind")
        soon = await toko.returns.accept(order, {"KOPI-250": 1}, reason="changed mind")
        toko.clock.forward(days=15)

        later = await toko.returns.accept(order, {"KOPI-250": 1}, reason="changed mind")
        in_time = await toko.returns.accept(asked)

        way_back = {"return_shipping": 15_000}
        assert [way_back, {"restocking": 7_500} | way_back, way_back] == [
            kept(each)[0] for each in (soon, later, in_time)
        ]

    play_in_memory(body)


def test_nothing_is_kept_of_money_that_would_not_have_gone_back(play):
    """Of an order that nobody has paid the fee is told and not asked; so is what an allowance gave before."""

    async def body(toko):
        await toko.settings.change(return_policy=under(TENTH, WAY_BACK))
        unpaid = await delivered(toko, {"KOPI-250": 2}, tender="cod", delivery="jne:reg")
        paid = await delivered(toko, {"KOPI-250": 1})
        await toko.orders.grant_allowance(paid, IDR(70_000), reason="a dent", key="dent")

        whole = await toko.returns.accept(unpaid, {"KOPI-250": 1}, reason="changed mind")
        rest = await toko.returns.accept(paid, {"KOPI-250": 1}, reason="changed mind")

        assert {"restocking": 7_500, "return_shipping": 15_000} == {
            each.kind: each.asked for each in whole.refund.deductions
        }
        assert (0, IDR(0), IDR(93_000)) == (kept(whole)[1], whole.refund.amount, (await toko.orders.get(unpaid.id)).due)
        assert ({"restocking": 5_000, "return_shipping": 0}, IDR(0)) == (kept(rest)[0], rest.refund.amount)
        assert (5_000, IDR(0)) == ((await toko.orders.get(paid.id)).withheld, (await toko.orders.get(paid.id)).due)

    play(body)


def test_what_never_arrived_is_refunded_whole(play_in_memory):
    """No fee is asked for a parcel that was lost."""

    async def body(toko):
        await toko.settings.change(return_policy=under(TENTH, WAY_BACK))
        order = await toko.given.order({"KOPI-250": 1})
        parcel = await toko.shipments.lost(await toko.shipments.hand_over(order), reason="gone")

        done = await toko.returns.undelivered(parcel, reason="damaged in transit")

        assert (({}, 0), IDR(75_000)) == (kept(done), done.refund.amount)
        assert {Disposition.UNDELIVERED} == {line.disposition for line in done.lines}

    play_in_memory(body)


def test_a_fee_goes_by_its_own_measure(play_in_memory):
    """By units of measure, rounded half up, in its own currency; and of fees once for a return the highest."""

    async def body(toko):
        per_kilo = attrs.evolve(TENTH, rate=None, per_unit=IDR(1_001))
        dollars = attrs.evolve(TENTH, rate=None, once=USD("1.00"))
        dear = attrs.evolve(WAY_BACK, once=IDR(20_000))
        rules = (
            ReturnRule(code="tea", tags=("tea",), fees=(WAY_BACK,)),
            ReturnRule(code="usual", fees=(per_kilo, dollars, dear)),
        )
        await toko.given.goods({"SENCHA": 40_000}, tags=["tea"])
        await toko.settings.change(return_policy=ReturnPolicy(rules=rules))
        order = await delivered(toko, {"GULA": "2.5", "SENCHA": 1})

        done = await toko.returns.accept(order, {"GULA": "1.5", "SENCHA": 1}, reason="changed mind")

        gula = order.lines[0].id
        assert [("restocking", gula, 1_502), ("return_shipping", gula, 20_000)] == [
            (each.kind, each.line_id, each.asked) for each in done.refund.deductions
        ]
        assert [1_502, 20_000] == [each.amount for each in done.refund.deductions]

    play_in_memory(body)


def test_what_a_gateway_cannot_send_back_is_paid_out_by_hand(play):
    """A bank transfer's refund waits, less the fee, until somebody says that it was paid."""

    async def body(toko):
        await toko.settings.change(return_policy=under(TENTH))
        order = await toko.given.order({"KOPI-250": 1}, tender="bank_transfer")
        await toko.payments.received(order, IDR(75_000), method="bank_transfer")
        await toko.ship(order)

        done = await toko.returns.accept(order, {"KOPI-250": 1}, reason="changed mind")

        (part,) = done.refund.parts
        assert ("bank_transfer", IDR(67_500)) == (part.tender, part.amount)
        assert PaymentStatus.REFUND_DUE is (await toko.orders.get(order.id)).payment
        await toko.payments.paid_out(part.operation_id, reference="TRF-1")
        assert (IDR(0), IDR(7_500)) == ((await toko.orders.get(order.id)).due, (await toko.orders.get(order.id)).paid)

    play(body)


BAD = {
    "nothing": {"rate": None},
    "two": {"once": IDR(1)},
    "a float": {"rate": 0.1},
    "too much": {"rate": Decimal("1.1")},
    "too fine": {"rate": Decimal("0.0000001")},
    "no money": {"rate": None, "once": 5},
    "less than nothing": {"rate": None, "per_unit": IDR(-5)},
    "no label": {"label": ""},
    "no kind": {"kind": "restocking fee"},
    "reasons": {"reasons": "damaged"},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_a_fee_that_is_none_is_refused(changes):
    """When it is made, with the fault's path."""
    with pytest.raises(InvalidInput) as refused:
        attrs.evolve(TENTH, **changes)

    assert refused.value.faults[0].path


FEES = st.builds(
    lambda kind, tax, how, rate, amount: ReturnFee(
        kind=kind,
        label=f"{kind}",
        tax=tax,
        **({"rate": rate} if how == "rate" else {how: IDR(amount)}),
    ),
    st.sampled_from(ReturnFeeKind),
    st.sampled_from(FeeTax),
    st.sampled_from(["rate", "per_unit", "once"]),
    st.decimals("0.01", 1, places=2),
    st.integers(1, 120_000),
)


@settings(max_examples=25)
@given(st.lists(FEES, min_size=1, max_size=3), st.booleans(), st.integers(0, 4), st.integers(0, 9_999), st.data())
def test_a_return_is_its_refund_and_what_is_kept(fees, pkp, first, off, data):
    """Credit = refund + deductions, the order stays even, notes state it, and the books are sound."""
    with tokolib.open("memory://", country="ID", pkp_since=PKP if pkp else None) as shop:
        for sku, price in {"A": 33_333, "B": 7}.items():
            shop.catalog.put(sku, sku)
            shop.prices.put(sku, IDR(price))
            shop.stock.receive(sku, 20)
        shop.catalog.put("KIT", "Kit", components={"A": 1, "B": 2})
        shop.prices.put("KIT", IDR(50_001))
        shop.promotions.fixed("POTONG", IDR(off + 1))
        shop.settings.change(return_policy=under(*fees))
        order = shop.orders.place(Basket({"A": 4, "B": 3, "KIT": 2}), tender="cash", key="one")
        invoice = shop.invoices.issue(order)
        shop.shipments.delivered(shop.shipments.hand_over(order))
        given_back = [{"A": first}, {"A": 4 - first, "B": 3}, {"KIT": data.draw(st.integers(1, 2))}]
        done = [
            shop.returns.accept(order, {sku: some for sku, some in goods.items() if some}, reason="changed mind")
            for goods in given_back
            if any(goods.values())
        ]
        notes = [shop.invoices.credit(each) for each in done]
        after = shop.orders.get(order.id)

        for each, note in zip(done, notes, strict=True):
            assert each.refund.credit.minor_units == each.refund.amount.minor_units + kept(each)[1]
            assert note.total == each.refund.amount
        assert IDR(0) == after.due
        assert after.withheld == sum(kept(each)[1] for each in done)
        assert (
            after.paid.minor_units
            == after.total.minor_units - sum(each.refund.credit.minor_units for each in done) + after.withheld
        )
        assert uncredited(invoice, notes).with_tax == after.paid.minor_units
        report = shop.verify()
        assert report, [str(each) for each in report.violations]
