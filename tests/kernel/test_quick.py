"""Frozen values made quickly are what their class would have made."""

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from tokolib.kernel.quick import quick, stamp


@attrs.frozen
class Point:
    """A value as most are."""

    x: int
    y: int
    name: str = "origin"


@attrs.frozen
class Checked:
    """A value that looks at its fields."""

    x: int = attrs.field(validator=attrs.validators.instance_of(int))


@attrs.frozen
class Listed:
    """A value whose default is made anew each time."""

    rows: list[int] = attrs.field(factory=list)


def test_what_comes_out_is_the_class_s_own_value():
    """Equal, of that very class, with its defaults, and frozen."""
    made = quick(Point)(1, y=2)

    assert Point(1, 2) == made
    assert Point is type(made)
    assert hash(Point(1, 2)) == hash(made)
    with pytest.raises(FrozenInstanceError):
        made.x = 3


def test_a_stamp_takes_only_what_differs():
    """Fields in common are given once; the others are given in their order, or by name, with their defaults."""
    above = stamp(Point, x=7)

    assert [Point(7, 1), Point(7, 2, "b"), Point(7, 3)] == [above(1), above(2, "b"), above(y=3)]
    assert Point(1, 5, "here") == stamp(Point, name="here", x=1)(5)


@pytest.mark.parametrize("cls", [Checked, Listed])
def test_a_class_that_looks_at_its_fields_is_refused(cls):
    """A validator would be passed by, and a default shared."""
    with pytest.raises(TypeError, match=f"{cls.__name__} can't be made quickly"):
        quick(cls)


def test_a_stamp_of_a_field_that_there_is_not_is_refused():
    """A name that was mistyped isn't passed over."""
    with pytest.raises(TypeError, match="Point has no z"):
        stamp(Point, z=1)
