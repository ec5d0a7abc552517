"""Orders from elsewhere: every figure is kept, and the order lives on like any other, down to zero."""

from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD, InvalidInput, OrderState
from tokolib.catalog import UnknownSku
from tokolib.inventory.errors import OutOfStock
from tokolib.kernel import Policies
from tokolib.kernel.money import Money
from tokolib.kernel.policies import ShippingRefund
from tokolib.orders import IllegalOrderTransition
from tokolib.orders.foreign import (
    ForeignCharge,
    ForeignDiscount,
    ForeignLine,
    ForeignOrder,
    ForeignOrderDiffers,
    ForeignTax,
)
from tokolib.payments.errors import NotLocal, UnknownTender
from tokolib.pricing.model import ChargeKind
from tokolib.returns import Disposition

FLASH = ForeignDiscount("Flash", IDR(10_000), "tokopedia")
TOTAL = IDR(161_999)
WHEN = datetime(2026, 3, 1, 4, tzinfo=UTC)


def there(number="T-1", total=TOTAL, **changed):
    """An order of a marketplace whose total is a rupiah less than its parts."""
    stated = ForeignOrder(
        source="tokopedia",
        number=number,
        ordered_at=WHEN,
        lines=(
            ForeignLine("KOPI-250", 2, IDR(70_000), IDR(130_000), (FLASH,)),
            ForeignLine("CANGKIR", 1, IDR(20_000), IDR(20_000)),
        ),
        charges=(ForeignCharge(ChargeKind.SHIPPING, "Reguler", IDR(12_000)),),
        total=total,
    )
    return attrs.evolve(stated, **changed)


async def sound(toko):
    """Nothing is wrong with the books."""
    report = await toko.shop.verify()
    assert report.ok, report


@pytest.mark.parametrize("sku", ["Cafe\u0301-1", "ＣＡＦÉ-1", " café-1 "])
def test_a_sku_is_known_however_it_is_written(play_in_memory, sku):
    """Composed or not, wide or narrow: it is the catalogue's SKU."""

    async def body(toko):
        await toko.given.goods({"Caf\u00e9-1": 10_000})
        order = await toko.foreign.take_over(
            there(lines=(ForeignLine(sku, 1, IDR(10_000), IDR(10_000)),), charges=(), total=IDR(10_000))
        )
        assert ["Caf\u00e9-1"] == [line.line.sku for line in order.lines]

    play_in_memory(body)


def test_every_figure_is_kept(play):
    """Lines, discounts, charges and the total, as they are stated; the rest is a charge of its own kind."""

    async def body(toko):
        order = await toko.foreign.take_over(there())

        assert (OrderState.PLACED, IDR(161_999), IDR(161_999)) == (order.state, order.total, order.paid)
        assert [130_000, 20_000] == [line.line.total for line in order.lines]
        assert [("Flash", 10_000, "tokopedia")] == [
            (each.name, each.amount, each.funder) for line in order.lines for each in line.line.discounts
        ]
        kinds = [(each.kind, each.total) for each in order.charges]
        assert [(ChargeKind.SHIPPING, 12_000), (ChargeKind.DIFFERENCE, -1)] == kinds
        assert ("tokopedia", WHEN.date(), "channel") == (order.channel, order.tax_date, order.tender)
        taken = await toko.foreign.of(order)
        assert taken == await toko.foreign.find("tokopedia", "T-1")
        assert ["total: 161999 there, 162000 here, difference -1"] == [str(each) for each in taken.discrepancies]
        assert (-1, [taken]) == (taken.difference, list((await toko.foreign.differing()).items))
        assert "tokopedia T-1" in await toko.orders.explain(order)
        await sound(toko)

    play(body)


def test_the_same_order_is_taken_over_once(play):
    """However often it is sent; with another figure, or by another tender, it is a conflict that names the order."""

    async def body(toko):
        first = await toko.foreign.take_over(there())
        assert first == await toko.foreign.take_over(there())
        for again, tender in ((there(total=IDR(162_000)), "channel"), (there(), "cash")):
            with pytest.raises(ForeignOrderDiffers) as refused:
                await toko.foreign.take_over(again, tender=tender)
            assert ("tokopedia", "T-1", first.id) == (
                refused.value.source,
                refused.value.number,
                refused.value.order_id,
            )
        other = await toko.foreign.take_over(there(source="shopee"))
        assert other.id != first.id
        assert 2 == len((await toko.orders.page()).items)
        assert None is await toko.foreign.of(await toko.given.order({"Teh-100": 1}))

    play(body)


@pytest.mark.parametrize("total", [IDR(161_999), IDR(162_000), IDR(162_500), IDR(150_000)])
def test_it_goes_the_whole_way_to_zero(play, total):
    """Invoiced, shipped, returned in two parts, credited and paid back: nothing is left, whatever the difference is."""

    async def body(toko):
        await toko.settings.change(policies=Policies(shipping_refund=ShippingRefund.WITH_GOODS))
        order = await toko.foreign.take_over(there(total=total))
        await toko.invoices.issue(order)
        await toko.ship(order, {"KOPI-250": 1})
        await toko.ship(order)
        given = IDR(0)
        for number, goods in enumerate(({"KOPI-250": 1}, {"KOPI-250": 1, "CANGKIR": 1})):
            back = await toko.returns.accept(
                order, goods, reason="x", disposition=Disposition.RESTOCK, key=f"back-{number}"
            )
            await toko.invoices.credit(back)
            given += back.refund.credit
        for each in (await toko.payments.intent(order)).payouts:
            await toko.payments.paid_out(each.id)

        order = await toko.orders.get(order.id)
        assert (total, IDR(0), IDR(0)) == (given, order.paid, order.due)
        assert OrderState.COMPLETED is order.state
        balances = await toko.ledger.of(order)
        assert {} == {name: amount for name, amount in _sums(balances).items() if name.startswith("money")}
        await sound(toko)

    play(body)


def test_the_difference_goes_with_the_goods_whatever_becomes_of_the_charges(play):
    """Where the shop keeps shipping, what was asked less is given back less: never more than came for the goods."""

    async def body(toko):
        order = await toko.foreign.take_over(there(total=IDR(150_000)))
        await toko.ship(order)
        back = await toko.returns.accept(order, {"KOPI-250": 2, "CANGKIR": 1}, reason="x", key="back")

        assert IDR(138_000) == back.refund.credit
        await sound(toko)

    play(body)


def _sums(postings):
    sums = {}
    for posting in postings:
        for leg in posting.legs:
            sums[leg.account] = sums.get(leg.account, 0) + leg.amount.minor_units
    return {name: amount for name, amount in sums.items() if amount}


def test_it_is_cancelled_in_part_and_then_whole(play):
    """What was paid goes back by the way that it came, and the goods are free."""

    async def body(toko):
        before = (await toko.stock.available("KOPI-250")).steps
        order = await toko.foreign.take_over(there())
        order = await toko.orders.cancel(order, {"KOPI-250": 1}, reason="one too many")
        order = await toko.orders.cancel(order, reason="not at all")
        for each in (await toko.payments.intent(order)).payouts:
            assert "channel" == each.provider
            await toko.payments.paid_out(each.id)

        order = await toko.orders.get(order.id)
        assert (OrderState.CANCELLED, IDR(0)) == (order.state, order.paid)
        assert before == (await toko.stock.available("KOPI-250")).steps
        await sound(toko)

    play(body)


def test_unpaid_it_waits_or_is_placed_on_credit(play):
    """As any order by that tender does; what comes later is received as ever."""

    async def body(toko):
        waits = await toko.foreign.take_over(there("1"), paid=False)
        credit = await toko.foreign.take_over(there("2"), paid=False, tender="cod")
        assert [OrderState.PENDING_PAYMENT, OrderState.PLACED] == [waits.state, credit.state]
        assert IDR(161_999) == credit.due

        await toko.payments.received(waits, waits.total, reference="P-1")
        assert OrderState.PLACED is (await toko.orders.get(waits.id)).state
        late = await toko.foreign.take_over(there("3"), paid=False)
        toko.clock.forward(days=30)
        await toko.shop.tick()
        assert OrderState.EXPIRED is (await toko.orders.get(late.id)).state
        await sound(toko)

    play(body)


def test_what_has_shipped_leaves_the_books_at_once(play):
    """In the transaction that takes it over: where it can't leave, nothing is there."""

    async def body(toko):
        before = (await toko.stock.level("KOPI-250")).on_hand.steps
        order = await toko.foreign.take_over(there("1"), shipped=True, tracking="JNE-1")
        (shipment,) = await toko.shipments.of(order)
        assert ("shipped", "JNE-1") == (order.fulfilment, shipment.tracking)
        assert before - 2 == (await toko.stock.level("KOPI-250")).on_hand.steps

        with pytest.raises(IllegalOrderTransition):
            await toko.foreign.take_over(there("2"), paid=False, shipped=True)
        with pytest.raises(tokolib.NotFound):
            await toko.foreign.find("tokopedia", "2")
        assert 1 == len((await toko.orders.page()).items)
        await sound(toko)

    play(body)


def test_taxes_are_theirs_and_compared_with_the_law(play):
    """A rupiah of PPN less than the rules make of it stays a rupiah less, and is told."""

    async def body(toko):
        await toko.settings.change(pkp_since=datetime(2020, 1, 1, tzinfo=UTC).date())
        tax = ForeignTax("PPN", Decimal(12), IDR(10_999))
        line = ForeignLine("CANGKIR", 1, IDR(111_000), IDR(111_000), taxes=(tax,))
        order = await toko.foreign.take_over(there(lines=(line,), charges=(), total=IDR(111_000)))

        (own,) = order.lines[0].line.taxes
        assert (10_999, "S", 100_001) == (own.amount, own.category, order.lines[0].line.net)
        (figure,) = (await toko.foreign.of(order)).discrepancies
        assert ("lines[0].tax", 10_999, 11_000) == (figure.path, figure.theirs, figure.ours)
        invoice = await toko.invoices.issue(order)
        assert 10_999 == invoice.totals.tax
        await sound(toko)

    play(body)


def test_what_can_not_be_kept_is_refused_with_its_path(play):
    """All faults at once, and nothing is stored; so it is with what the shop doesn't have or know."""

    async def body(toko):
        (first, *_) = there().lines
        wrong = attrs.evolve(first, total=IDR(-1), unit_price=USD(1), discounts=(ForeignDiscount("", IDR(1)),))
        taxed = ForeignCharge(ChargeKind.DIFFERENCE, "x", IDR(5), (ForeignTax("PPN", Decimal(12), IDR(6)),))
        with pytest.raises(InvalidInput) as refused:
            await toko.foreign.take_over(there(source=" ", lines=(wrong,), charges=(taxed,)))
        paths = {fault.path for fault in refused.value.faults}
        expected = {"lines[0].unit_price", "lines[0].total", "lines[0].discounts[0].name", "charges[0].kind"}
        assert expected | {"charges[0].taxes"} <= paths
        for error, order, how in (
            (InvalidInput, there(lines=()), {}),
            (UnknownSku, there(lines=(attrs.evolve(first, sku="NOTHING"),)), {}),
            (OutOfStock, there(lines=(attrs.evolve(first, quantity=10_000),)), {}),
            (NotLocal, there(), {"tender": "fake"}),
        ):
            with pytest.raises(error):
                await toko.foreign.take_over(order, **how)
        assert 0 == len((await toko.orders.page()).items)
        with pytest.raises(UnknownTender):
            await toko.given.order({"Teh-100": 1}, tender="channel")

    play(body)


@settings(max_examples=40)
@given(
    totals=st.lists(st.integers(0, 10**6), min_size=1, max_size=4),
    off=st.integers(0, 10**4),
    difference=st.integers(-(10**4), 10**4),
)
def test_whatever_is_stated_is_what_the_units_give_back(totals, off, difference):
    """Every unit cancelled one by one gives back its share, and all of them the total, to the last rupiah."""
    with tokolib.open("memory://", country="ID") as shop:
        shop.catalog.put("A", "A")
        shop.prices.put("A", IDR(1))
        shop.stock.receive("A", 100)
        off_each = (ForeignDiscount("x", Money.minor(off, IDR)),)
        lines = tuple(ForeignLine("A", 3, IDR(7), Money.minor(total, IDR), off_each) for total in totals)
        total = max(0, sum(totals) + difference)
        stated = ForeignOrder(source="old", number="1", ordered_at=WHEN, lines=lines, total=Money.minor(total, IDR))

        order = shop.foreign.take_over(stated)
        credited = 0
        for line in order.lines:
            for _ in range(3):
                before = order.credited
                order = shop.orders.cancel(order, {line.id: 1}, reason="x")
                credited += order.credited - before

        assert total == order.total.minor_units == credited
        assert OrderState.CANCELLED is order.state
        assert shop.verify().ok
