"""Changing fields of a frozen value."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.changed import changed


@attrs.frozen
class Pair:
    """Two fields."""

    first: int
    second: str = ""


@attrs.frozen(kw_only=True)
class Single:
    """One field."""

    only: int


@given(st.integers(), st.text(), st.fixed_dictionaries({}, optional={"first": st.integers(), "second": st.text()}))
def test_it_is_attrs_evolve(first, second, changes):
    """Whatever is changed, the value is the one that attrs would make."""
    assert attrs.evolve(Pair(first, second), **changes) == changed(Pair(first, second), **changes)


def test_a_class_of_one_field_is_no_exception():
    """A getter of one name answers the value itself, and not a tuple of it."""
    assert Single(only=2) == changed(Single(only=1), only=2)
    assert Single(only=1) == changed(Single(only=1))


def test_an_unknown_field_is_refused():
    """A typing error must not be passed over."""
    with pytest.raises(TypeError, match="third"):
        changed(Pair(1), third=3)
