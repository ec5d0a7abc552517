"""The facts that there are, and what they can be asked."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tokolib.conditions import (
    FACTS,
    FactType,
    InvalidPredicate,
    all_of,
    any_of,
    at_least,
    between,
    check,
    checked,
    during,
    equal,
    holds,
    never,
    not_equal,
    one_of,
    overlaps,
    regions,
    weekly,
)

T0 = datetime(2026, 8, 16, 17, tzinfo=UTC)


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


def test_a_time_is_asked_only_where_the_moment_is_a_fact():
    """A line has no moment: its target with a window would never hold."""
    line_facts = {name: FACTS[name] for name in ("sku", "quantity")}
    hours = weekly("monday", since="09:00", until="17:00", zone="UTC")
    rule = one_of("sku", "KOPI") & (during(T0, None, zone="UTC") | never(hours))

    assert [("of[1].of[0]", "now"), ("of[1].of[1].of", "now")] == [
        (fault.path, fault.value) for fault in check(rule, line_facts)
    ]
    assert () == check(rule)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (overlaps("attributes", "roast=dark", "roast"), "values[0]"),
        (overlaps("attributes", "=dark"), "values[0]"),
        (overlaps("attributes", "roast="), "values[0]"),
        (one_of("country", "ID", "Indonesia"), "values[1]"),
        (equal("country", "id"), "value"),
        (not_equal("region_code", "5171"), "value"),
        (overlaps("regions", "51", "Bali"), "values[1]"),
        (overlaps("regions", "5"), "values[0]"),
    ],
)
def test_text_that_its_fact_never_has_is_told(rule, path):
    """All of Bali is "51" and not "Bali", which would never be found."""
    (fault,) = check(rule)

    assert ("conditions.wrong_form", path) == (fault.code, fault.path)


def test_facts_of_one_form_are_asked_in_it():
    """An attribute's value may have an equals sign, and its name blanks."""
    assert () == check(overlaps("attributes", "roast=dark", "country of origin=ID", "formula=a=b"))
    assert () == check(overlaps("regions", "51", "51.71", "51.71.01", "51.71.01.1001"))
    assert () == check(one_of("country", "ID", "SG"))


def test_the_regions_of_a_place_are_all_that_it_lies_in():
    """A rule for all of Bali asks for 51; one for Denpasar for 51.71; of a place without a code nothing is known."""
    place = regions("51.71.01.1001")

    assert {"51", "51.71", "51.71.01", "51.71.01.1001"} == place
    assert holds(overlaps("regions", "51"), {"regions": place})
    assert not holds(overlaps("regions", "51"), {"regions": regions("35.78")})
    assert frozenset() == regions("")


def test_facts_of_the_order_its_goods_and_its_place_are_of_these_types():
    """Rooms give them as such."""
    expected = {
        "subtotal_after_discounts": FactType.MONEY,
        "subtotal_with_tax": FactType.MONEY,
        "subtotal_after_discounts_with_tax": FactType.MONEY,
        "unit_price": FactType.MONEY,
        "attributes": FactType.TEXTS,
        "order_number": FactType.NUMBER,
        "first_order": FactType.FLAG,
        "district": FactType.TEXT,
        "village": FactType.TEXT,
        "postal_code": FactType.TEXT,
        "region_code": FactType.TEXT,
        "regions": FactType.TEXTS,
        "delivery": FactType.TEXT,
    }

    assert expected == {name: FACTS[name].type for name in expected}
