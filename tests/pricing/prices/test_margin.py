"""Margins: exact, of a unit and of a line, and negative when sold below cost."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.money import IDR, USD, Money
from tokolib.kernel.money_errors import CurrencyMismatch, NotMoney
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.unit_price import UnitPrice
from tokolib.pricing.prices.margin import line_margin, unit_margin


def test_the_margin_of_a_unit():
    """A quarter of what it is sold for."""
    margin = unit_margin(IDR(100_000), UnitPrice.of(IDR(75_000)))

    assert (IDR(25_000), Fraction(1, 4), False) == (margin.money(), margin.rate, margin.is_negative)


def test_sold_below_cost_is_told():
    """As an amount below nothing, and as a rate below nothing."""
    margin = line_margin(IDR(90), UnitPrice.parse("33.5", IDR), 3)

    assert (Fraction(-21, 2), Fraction(-7, 60), True) == (margin.amount, margin.rate, margin.is_negative)
    assert IDR(-11) == margin.money()


def test_nothing_asked_has_no_rate():
    """A gift loses its cost, and no share of nothing."""
    margin = line_margin(IDR(0), UnitPrice.of(IDR(5)), Decimal("0.35"))

    assert (None, Fraction(-7, 4)) == (margin.rate, margin.amount)


def test_two_currencies_and_bare_numbers_are_refused():
    """There is no margin between them, none of 0.1, and none of 5 of what."""
    with pytest.raises(NotMoney):
        unit_margin(5, UnitPrice.of(IDR(5)))
    with pytest.raises(NotMoney):
        line_margin(IDR(5), 5, 1)
    with pytest.raises(CurrencyMismatch):
        unit_margin(USD(5), UnitPrice.of(IDR(5)))
    with pytest.raises(CurrencyMismatch):
        line_margin(USD(5), UnitPrice.of(IDR(5)), 1)
    with pytest.raises(NotExact):
        line_margin(IDR(5), UnitPrice.of(IDR(5)), 0.1)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 99)), min_size=1))
def test_margins_of_lines_add_up_to_that_of_all(lines):
    """Exact as they are, they lose nothing."""
    found = [line_margin(Money(net, IDR), UnitPrice(cost, IDR), quantity) for net, cost, quantity in lines]

    nets, costs = sum(net for net, _, _ in lines), sum(Fraction(cost, 10_000) * many for _, cost, many in lines)
    assert nets - costs == sum(margin.amount for margin in found)
