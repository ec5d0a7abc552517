"""Instalments by rule."""

import pytest

from tokolib.kernel.errors import InvalidInput
from tokolib.payments.plans.model import MOST_STEPS, PlanStep, monthly


@pytest.mark.parametrize("count", [1.5, "3", None, True, 0, -2, MOST_STEPS + 1])
def test_monthly_takes_a_number_of_months(count):
    """Anything but 1 to 60 is refused by name."""
    with pytest.raises(InvalidInput) as refused:
        monthly(count)
    assert [fault.path for fault in refused.value.faults] == ["count"]


def test_monthly_makes_a_step_a_month():
    """One month after another, each of the same weight."""
    assert monthly(2) == (PlanStep(months=1), PlanStep(months=2))
