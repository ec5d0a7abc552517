"""Which payments were made twice: one pure function of what came, whatever the order in which it did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.payments.dispositions import paid_twice

AMOUNTS = st.lists(st.integers(1, 12), max_size=6)


def over(amount, charges):
    """What came beyond *amount*."""
    return max(0, sum(charges) - amount)


@pytest.mark.parametrize(
    ("amount", "charges", "expected"),
    [
        (100, [100], 0),
        (100, [100, 100], 100),
        (100, [100, 100, 100], 200),
        (100, [105, 100], 100),
        (100, [50, 50], 0),
        (100, [50, 50, 50], 50),
        (100, [40, 60, 60], 60),
        (100, [60, 60], 0),
        (100, [100, 30], 0),
        (0, [10, 10], 0),
    ],
)
def test_two_of_the_same_amount_or_two_that_pay_all(amount, charges, expected):
    """As a person would tell, who looks at a bank statement."""
    assert expected == paid_twice(amount, charges, over(amount, charges))


@given(st.integers(0, 15), AMOUNTS, st.randoms(use_true_random=False))
def test_the_order_of_payments_does_not_matter(amount, charges, luck):
    """Only which there are."""
    other = list(charges)
    luck.shuffle(other)
    assert paid_twice(amount, charges, over(amount, charges)) == paid_twice(amount, other, over(amount, other))


@given(st.integers(0, 15), AMOUNTS)
def test_no_more_was_paid_twice_than_is_too_much(amount, charges):
    """What is left still pays the order, if all of it did."""
    assert 0 <= paid_twice(amount, charges, over(amount, charges)) <= over(amount, charges)


@given(st.integers(1, 15), st.integers(1, 4))
def test_of_equal_full_payments_all_but_one_were_made_twice(amount, times):
    """However many there are."""
    charges = [amount] * times
    assert amount * (times - 1) == paid_twice(amount, charges, over(amount, charges))
