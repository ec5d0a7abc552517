"""Kits on documents: components that are taxed unlike each other stand on lines of their own."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, Basket
from tokolib.documents import faktur_totals, rule_misses
from tokolib.documents.stating import credit_lines, sale_lines
from tokolib.orders.lines import Run
from tokolib.orders.shares import worths
from tokolib.pricing import Scope
from tokolib.testing import ManualClock

PRICES = {"kopi": 150_000, "beras": 66_000, "gelas": 20_000}


@pytest.fixture
def shop():
    """Sells coffee, untaxed rice and a cup, also in a kit."""
    with tokolib.open("memory://", country="ID", clock=ManualClock(), pkp_since=date(2026, 1, 1)) as shop:
        stock(shop)
        yield shop


def stock(shop):
    for sku, amount in PRICES.items():
        shop.catalog.put(sku, sku.title(), tax_class="exempt" if sku == "beras" else "standard")
        shop.prices.put(sku, IDR(amount))
        shop.stock.receive(sku, 1_000, key=sku)
    shop.catalog.put("PAKET", "Paket", components={"kopi": 1, "beras": 2, "gelas": 1})
    shop.prices.put("PAKET", IDR(290_000))


def test_each_set_of_taxes_is_a_line_of_its_own(shop):
    """Coffee and cup are taxed alike; the rice is not taxed, and is in no taxable amount of theirs."""
    order = shop.orders.place(Basket({"PAKET": 2}), tender="cash", key="1")

    invoice = shop.invoices.issue(order)

    assert ["Paket (kopi, gelas)", "Paket (beras)"] == [line.name for line in invoice.lines]
    rows = {row.category.letter: (row.taxable, row.tax, row.rounding) for row in invoice.totals.breakdown}
    # 580,000 by 150 : 132 : 20 is 288,079 for the coffee, 253,510 for the rice and 38,411 for the cup. Coffee and
    # cup contain 11/111 of themselves as tax, each rounded by itself: 28,548 and 3,806, one less than of both.
    assert {"S": (294_136, 32_354, -1), "E": (253_510, 0, 0)} == rows
    assert ["BR-CO-17"] == [miss.rule for miss in rule_misses(invoice.items, invoice.totals)]
    assert [("S", 294_136), ("E", 253_510)] == [(each.letter, each.dpp) for each in faktur_totals(invoice)]


@given(
    st.integers(1, 5),
    st.integers(0, 100),
    st.sampled_from([Scope.UNIT, Scope.ORDER]),
    st.integers(1, 400_000),
    st.booleans(),
)
def test_what_goes_back_of_a_kit_closes_to_what_was_sold(units, percent, scope, amount, with_tax):
    """Every figure of every line, whichever way the units come back."""
    with tokolib.open("memory://", country="ID", clock=ManualClock(), pkp_since=date(2026, 1, 1)) as shop:
        shop.settings.change(prices_include_tax=with_tax)
        stock(shop)
        shop.prices.put("PAKET", IDR(amount))
        if percent:
            shop.promotions.percent("turun", percent, on=scope)
        order = shop.orders.place(Basket({"PAKET": units}), tender="cash", key="1")
    [line] = order.lines

    notes = [back(order, [Run(line.id, unit, unit + 1)]) for unit in range(units)]

    assert figures(sale_lines(order)) == figures(back(order, [Run(line.id, 0, units)]))
    sums = [[sum(each) for each in zip(*rows, strict=True)] for rows in zip(*map(figures, notes), strict=True)]
    assert figures(sale_lines(order)) == sums
    paid = line.line
    assert (paid.net, paid.total) == tuple(sum(row[at] for row in figures(sale_lines(order))) for at in (1, 2))
    for note, unit in zip(notes, range(units), strict=True):
        [worth] = worths(order, [Run(line.id, unit, unit + 1)], charges=True)
        assert worth.goods == sum(each.total for each in note)
        assert [each.amount for each in worth.taxes] == [
            sum(tax.amount for each in note for tax in each.taxes if tax.source == sold.source) for sold in paid.taxes
        ]
        assert all(each.total >= 0 and tax.amount >= 0 for each in note for tax in each.taxes)


def test_no_unit_of_a_cheap_kit_gives_less_than_nothing_of_a_line(shop):
    """Of forty kits for a rupiah each, the twentieth gave 2 of coffee and cup, and took 1 of the rice."""
    shop.prices.put("PAKET", IDR(1))
    [line] = (order := shop.orders.place(Basket({"PAKET": 40}), tender="cash", key="1")).lines

    notes = [back(order, [Run(line.id, unit, unit + 1)]) for unit in range(40)]

    assert {(0, 1), (1, 0)} == {tuple(each.total for each in note) for note in notes}
    assert [each.total for each in sale_lines(order)] == [
        sum(each) for each in zip(*([each.total for each in note] for note in notes), strict=True)
    ]


def back(order, runs):
    return credit_lines(order, worths(order, runs, charges=True), runs)


def figures(lines):
    return [
        [
            line.discount,
            line.net,
            line.total,
            *(figure for tax in line.taxes for figure in (tax.amount, tax.base)),
            *(each.amount for each in line.allowances),
        ]
        for line in lines
    ]
