"""Collection points: what each takes, and which deliveries go there."""

from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib import IDR, Address, InvalidInput
from tokolib.catalog.model import Dimensions
from tokolib.shipping import CollectionPoint, DeliveryMethod, MethodKind, PointNeeded, PointRefused, Terms
from tokolib.shipping.points import error_of, no_cash, unsuitable
from tokolib.shipping.weight import Goods

KIOS = Address("Kios Malioboro", "Jl. Malioboro 1", city="Kota Yogyakarta", postal_code="55271", country="ID")
POINT = CollectionPoint(courier="paxel", id="YK-1", address=KIOS, max_grams=5_000)
LOCKER = DeliveryMethod("paxel:locker", 1, Terms("Locker", MethodKind.FLAT, IDR, points_of="paxel"))
DOOR = DeliveryMethod("jne:reg", 1, Terms("JNE", MethodKind.FLAT, IDR))
SIDES = st.integers(1, 500)


def goods(grams, units=Fraction(1), sku="KOPI"):
    """Pieces of one SKU."""
    return Goods(sku, Fraction(units), grams)


def code(*asked):
    """Why it can't be, as its code."""
    found = unsuitable(*asked)
    return None if found is None else found.code


def test_each_delivery_goes_to_the_door_or_to_points_of_its_courier():
    """One that goes to points needs one of its own; one that goes to the door takes none."""
    elsewhere = attrs.evolve(POINT, courier="jnt")

    assert (None, None) == (unsuitable(DOOR, None), unsuitable(LOCKER, POINT))
    assert "shipping.point_needed" == code(LOCKER, None)
    assert "shipping.to_the_door" == code(DOOR, POINT)
    assert "shipping.other_courier" == code(LOCKER, elsewhere)


def test_a_refusal_is_a_typed_error_that_names_the_way_out():
    """A missing point and a wrong one are told apart by their codes."""
    needed, refused = (error_of(unsuitable(method, point), method) for method, point in ((LOCKER, None), (DOOR, POINT)))

    assert isinstance(needed, PointNeeded) and ("paxel:locker", "paxel") == (needed.method, needed.courier)
    assert "shop.shipments.points('paxel:locker', address)" in needed.hint
    assert isinstance(refused, PointRefused) and refused.because == "shipping.to_the_door"
    assert "jne:reg goes to the door, not to collection point YK-1" == str(refused)
    assert "leave point= out" in refused.hint


def test_a_piece_that_is_too_heavy_alone_never_gets_there():
    """Many light pieces may be several parcels; one of six kilograms is one. Of what is weighed, less may be bought."""
    assert unsuitable(LOCKER, POINT, [goods(900, 20)]) is None
    assert "shipping.point_too_small" == code(LOCKER, POINT, [goods(900), goods(6_000, sku="BERAS")])
    assert "BERAS" == unsuitable(LOCKER, POINT, [goods(6_000, 3, sku="BERAS")])["skus"]
    assert unsuitable(LOCKER, POINT, [goods(6_000, Fraction(1, 2))]) is None
    assert unsuitable(LOCKER, POINT, [goods(None)]) is None


@given(st.permutations(range(3)), st.tuples(SIDES, SIDES, SIDES), st.tuples(SIDES, SIDES, SIDES))
def test_a_parcel_may_be_turned(turned, sides, most):
    """Whether it fits goes by its sides, whichever way they are named; what is larger on one side never fits."""
    point = attrs.evolve(POINT, max_dimensions=Dimensions(*most))
    fits = point.takes(1, Dimensions(*sides))

    assert fits == point.takes(1, Dimensions(*(sides[each] for each in turned)))
    assert fits == all(a <= b for a, b in zip(sorted(sides), sorted(most), strict=True))
    assert point.takes(5_000, None) and not point.takes(5_001, None)


def test_cash_is_taken_where_the_point_says_so():
    """The door has no say of its own."""
    assert (None, None) == (no_cash(None), no_cash(POINT))
    assert "shipping.point_takes_no_cash" == no_cash(attrs.evolve(POINT, cod=False)).code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("courier", ""),
        ("id", " "),
        ("id", "x" * 101),
        ("id", 7),
        ("hours", "a\nb"),
        ("max_grams", 0),
        ("max_grams", 1.5),
        ("max_grams", True),
        ("address", "Jl. Malioboro"),
    ],
)
def test_a_point_that_cannot_be_is_refused_with_its_field(field, value):
    """Every fault names its field."""
    with pytest.raises(InvalidInput) as refused:
        attrs.evolve(POINT, **{field: value})

    assert [field] == [each.path for each in refused.value.faults]
