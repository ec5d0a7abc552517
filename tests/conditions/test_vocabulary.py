"""The facts that there are, and what they can be asked."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tokolib.conditions import (
    InvalidPredicate,
    all_of,
    any_of,
    at_least,
    between,
    check,
    checked,
    during,
    equal,
    never,
    one_of,
    overlaps,
)

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)
NAIVE = datetime(2026, 8, 17)  # noqa: DTZ001


def test_a_misspelt_fact_is_told_when_the_rule_is_put():
    """Names and types by the vocabulary; a host's own facts are free."""
    rule = all_of(
        at_least("subtotl", 1),
        equal("x.level", "gold"),
        any_of(equal("city", 5), never(overlaps("channel", "web")), one_of("tags", "a")),
        at_least("subtotal", Decimal(1)),
        equal("first_order", 1),
        at_least("now", 5),
        between("quantity", T0, T0 + timedelta(1)),
        during(T0, None, zone="UTC"),
    )

    assert [
        ("of[0].fact", "subtotl"), ("of[2].of[0]", "city"), ("of[2].of[1].of", "channel"), ("of[2].of[2]", "tags"),
        ("of[3]", "subtotal"), ("of[4]", "first_order"), ("of[5]", "now"), ("of[6]", "quantity"),
    ] == [(fault.path, fault.value) for fault in check(rule)]  # fmt: skip
    with pytest.raises(InvalidPredicate, match="no fact of that name"):
        checked(rule)
    good = at_least("subtotal", 1) & equal("now", T0) & at_least("quantity", Decimal("0.5"))
    assert good is checked(good)
