"""Quantities are whole steps of a unit."""

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.numbers import NotExact
from tokolib.kernel.quantity import KILOGRAM, LARGEST_STEPS, METRE, PIECE, InvalidQuantity, Quantity, UnitOfMeasure


@given(st.integers(1, LARGEST_STEPS), st.sampled_from([PIECE, KILOGRAM, METRE, UnitOfMeasure("doz", Decimal("0.25"))]))
def test_steps_and_units_say_the_same(steps, unit):
    """A quantity's amount gives its steps again."""
    quantity = Quantity(steps, unit)

    assert quantity == Quantity.of(quantity.amount, unit) == Quantity.of(quantity, unit)
    assert steps == unit.steps(str(quantity).split()[0])


@pytest.mark.parametrize("value", [0, -1, "0.5", 10**10, Quantity(0), Quantity(-3)])
def test_what_cannot_be_sold_is_no_quantity_of_pieces(value):
    """Zero, less than zero, between steps and beyond 10^9 steps, a ready-made quantity included."""
    with pytest.raises(InvalidQuantity):
        Quantity.of(value)


def test_zero_is_allowed_where_it_is_asked_for_and_less_is_not():
    """`zero=True` allows zero alone."""
    assert 0 == PIECE.steps(0, zero=True)
    with pytest.raises(InvalidQuantity, match="negative"):
        PIECE.steps(-1, zero=True)


def test_kilograms_are_not_pieces():
    """A quantity of another unit, or of the same unit in other steps, is refused."""
    with pytest.raises(InvalidQuantity, match="counted in kg"):
        PIECE.steps(Quantity(1, KILOGRAM))


@pytest.mark.parametrize("steps", [1.5, True, "1", None])
def test_steps_are_an_int(steps):
    """A quantity can't be made from anything else; a level may be beyond what one order can ask for."""
    assert 10**10 == Quantity(10**10).amount
    with pytest.raises(InvalidQuantity):
        Quantity(steps)


def test_units_of_measure_refuse_nonsense():
    """A code, and a step above zero that is exact."""
    for code, step in (("", 1), ("x" * 17, 1), (5, 1), (["kg"], 1), ("kg", 0), ("kg", "-1")):
        with pytest.raises(InvalidQuantity):
            UnitOfMeasure(code, step)
    with pytest.raises(NotExact):
        UnitOfMeasure("kg", 0.1)
    assert UnitOfMeasure("kg", "0.001") == KILOGRAM


def test_the_host_context_changes_no_quantity():
    """Nine digits stay nine digits."""
    with decimal.localcontext(decimal.Context(prec=4)):
        assert "123456.789 kg" == str(Quantity(123_456_789, KILOGRAM))
        assert Decimal("123456.789") == Quantity(123_456_789, KILOGRAM).amount


@pytest.mark.parametrize("steps", [7**130, -(10**25), 10**5000], ids=["long", "negative", "huge"])
def test_a_sum_of_steps_has_an_end(steps):
    """What can't be written exactly is no quantity; every level of a shop is far below."""
    with pytest.raises(InvalidQuantity, match=r"beyond 10\^24"):
        Quantity(steps)
    assert "-1000000000000000000000 kg" == str(Quantity(-(10**24), KILOGRAM))


def test_a_unit_of_measure_is_not_its_code():
    """Text where the unit itself is needed is refused by name."""
    with pytest.raises(InvalidQuantity, match="'kg': is no UnitOfMeasure"):
        Quantity(1, "kg")
