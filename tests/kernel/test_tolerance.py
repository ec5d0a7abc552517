"""How much of a difference a shop lets be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tokolib
from tokolib import IDR, USD
from tokolib.kernel import InvalidInput, Tolerance
from tokolib.kernel.money import Money
from tokolib.kernel.tolerance import allowed

SHARES = st.none() | st.integers(1, 10**6).map(lambda part: Decimal(part).scaleb(-6))


def test_it_is_an_amount_and_no_more_than_a_share():
    """The smaller of the two holds; another currency has none."""
    tolerance = Tolerance(IDR(1_000), Decimal("0.005"))

    assert [250, 1_000, 1_000] == [tolerance.of(IDR(total)) for total in (50_000, 200_000, 900_000)]
    assert tolerance.of(USD("100.00")) == 0
    assert allowed((tolerance, Tolerance(USD("0.50"))), USD("100.00")) == 50


@given(st.integers(1, 10**12), SHARES, st.integers(0, 10**12))
def test_it_is_never_more_than_either(most, share, total):
    """Nor less, by a whole minor unit."""
    found = Tolerance(Money(most, IDR), share).of(Money(total, IDR))
    exact = min(Decimal(most), total * share) if share is not None else Decimal(most)

    assert found <= exact < found + 1


@pytest.mark.parametrize(
    ("up_to", "share"),
    [
        (IDR(0), None),
        (IDR(-1), None),
        (1_000, None),
        (IDR(1), Decimal(0)),
        (IDR(1), Decimal("1.01")),
        (IDR(1), Decimal("NaN")),
        (IDR(1), Decimal("Infinity")),
        (IDR(1), Decimal("1e-999999")),
        (IDR(1), 0.5),
    ],
)
def test_what_is_none_is_refused(up_to, share):
    """Nothing, a share of more than all, one finer than a millionth, a float."""
    with pytest.raises(InvalidInput):
        Tolerance(up_to, share)


@pytest.mark.parametrize("name", ["short_tolerance", "over_tolerance"])
def test_a_shop_has_one_of_each_currency(name):
    """Two of one currency are refused, with the path of the second; nothing is changed."""
    with tokolib.open("memory://", country="ID") as shop:
        with pytest.raises(InvalidInput) as refused:
            shop.settings.change(**{name: (Tolerance(IDR(1)), Tolerance(IDR(2)))})
        assert [fault.path for fault in refused.value.faults] == [f"{name}[1]"]
        with pytest.raises(InvalidInput):
            shop.settings.change(**{name: [Tolerance(IDR(1))]})
        shop.settings.change(**{name: (Tolerance(IDR(1)),)})
        assert getattr(shop.settings.get(), name) == (Tolerance(IDR(1)),)
