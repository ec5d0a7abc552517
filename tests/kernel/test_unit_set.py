"""Sets of numbered units keep the laws of sets, and one value stands for each set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.unit_set import NO_UNITS, UnitSet

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


def numbers(units: UnitSet) -> set[int]:
    """The units one by one."""
    return {unit for first, beyond in units.spans for unit in range(first, beyond)}


def listed(spans: list[tuple[int, int]]) -> set[int]:
    """The units of spans that may overlap, one by one."""
    return {unit for first, beyond in spans for unit in range(first, beyond)}


@given(SPANS, SPANS)
def test_it_is_a_set(some, others):
    """Union, intersection, difference, inclusion, size and membership are those of the sets of numbers."""
    a, b = UnitSet.of(some), UnitSet.of(others)
    x, y = listed(some), listed(others)

    assert x == numbers(a)
    assert x | y == numbers(a | b)
    assert x & y == numbers(a & b)
    assert x - y == numbers(a - b)
    assert (x <= y) == (a <= b)
    assert len(x) == len(a)
    assert bool(x) == bool(a)
    assert x == {unit for unit in range(31) if unit in a}


@given(SPANS, SPANS)
def test_equal_sets_are_equal_values(some, others):
    """However a set came about, it is kept in one way."""
    a, b = UnitSet.of(some), UnitSet.of(others)

    assert (numbers(a) == numbers(b)) == (a == b)
    assert (a - b) | (a & b) == a
    assert UnitSet(a.spans) == a


@given(SPANS, st.data())
def test_the_first_and_the_last_make_the_whole(spans, data):
    """The lowest units and the highest ones are as many as were asked for, and share none."""
    whole = UnitSet.of(spans)
    units = data.draw(st.integers(0, len(whole)))

    first, last = whole.first(units), whole.last(len(whole) - units)

    assert sorted(numbers(whole))[:units] == sorted(numbers(first))
    assert first | last == whole
    assert NO_UNITS == first & last


@pytest.mark.parametrize("spans", [((3, 3),), ((5, 2),), ((-1, 2),), ((4, 6), (0, 2)), ((0, 2), (2, 4))])
def test_an_untidy_set_is_refused(spans):
    """Runs are sorted, not empty, and neither overlap nor touch."""
    with pytest.raises(ValueError, match=r"runs? of units"):
        UnitSet(spans)


@pytest.mark.parametrize("units", [-1, 4])
def test_more_than_there_are_can_not_be_had(units):
    """There is no fourth of three units."""
    whole = UnitSet.whole(3)

    with pytest.raises(ValueError, match=f"{units} of 3 units"):
        whole.first(units)
    with pytest.raises(ValueError, match=f"{units} of 3 units"):
        whole.last(units)
