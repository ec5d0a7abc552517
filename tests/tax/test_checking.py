"""Rules that contradict each other, and days without any."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.tax import Gap, NoTaxRules, RoundingRule, RuleSet, SellerStatus, Treatment, assess, check_rules, rule_gaps
from tokolib.tax.countries import BUILT_IN
from tokolib.tax.model import Component, Rule

SINCE = date(2020, 1, 1)
TAX = Component("ST", "Sales tax", Decimal(5), Fraction(1), "S", "own")
RULE = Rule("US", "standard", SINCE, Treatment.TAXED, "own", (TAX,), "CA")
HALF_UP = RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.LINE)


def faults(rules: RuleSet) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        check_rules(rules)
    return [(fault.path, fault.code) for fault in caught.value.faults]


def test_the_tables_that_come_with_tokolib_are_in_order():
    """No two rules for the same place, class, buyer and day; every zero says why."""
    assert BUILT_IN is check_rules(BUILT_IN)


def test_two_rules_for_the_same_overlap():
    """Which of them was meant can't be known; another place, class, buyer or day is another rule."""
    apart = [
        attrs.evolve(RULE, region="NV"),
        attrs.evolve(RULE, tax_class="food"),
        attrs.evolve(RULE, business_only=True),
        attrs.evolve(RULE, since=SINCE + timedelta(days=1)),
    ]

    assert [("rules[5]", "tax.overlapping_rules")] == faults(RuleSet((RULE, *apart, RULE)))
    assert check_rules(RuleSet((RULE, *apart)))


def test_an_extension_may_override_what_it_extends_and_not_itself():
    """Of two in one extension one is a mistake; its path counts in what was given."""
    base = RuleSet((RULE,))

    assert check_rules(base.extended(RULE).extended(RULE))
    assert [("rules[1]", "tax.overlapping_rules")] == faults(base.extended(RULE, RULE))
    assert [("base.rules[1]", "tax.overlapping_rules")] == faults(RuleSet((RULE, RULE)).extended())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"country": "UK"}, ("rules[0].country", "kernel.unknown_country")),
        ({"tax_class": "none"}, ("rules[0].tax_class", "tax.unknown_class")),
        ({"source": ""}, ("rules[0].source", "tax.no_source")),
        ({"components": (TAX, TAX)}, ("rules[0].components[1].code", "tax.duplicate_component")),
        (
            {"components": (attrs.evolve(TAX, compound=True),)},
            ("rules[0].components[0].compound", "tax.compound_first"),
        ),
        ({"components": (attrs.evolve(TAX, source=""),)}, ("rules[0].components[0].source", "tax.no_source")),
        ({"components": (attrs.evolve(TAX, code=""),)}, ("rules[0].components[0].code", "tax.needed")),
        (
            {"components": (attrs.evolve(TAX, category="X"),)},
            ("rules[0].components[0].category", "tax.unknown_category"),
        ),
        (
            {"components": (attrs.evolve(TAX, category="E"),)},
            ("rules[0].components[0].category", "tax.charged_at_zero"),
        ),
        (
            {"components": (attrs.evolve(TAX, rate=0),)},
            ("rules[0].components[0].category", "tax.zero_without_reason"),
        ),
    ],
)
def test_a_rule_that_cannot_be_is_named_by_its_path(change, fault):
    """Each fault by itself."""
    assert [fault] == faults(RuleSet((attrs.evolve(RULE, **change),)))


def test_all_faults_come_at_once():
    """Roundings too."""
    down = RoundingRule("XQ", SINCE, HALF_UP, "")
    wrong = attrs.evolve(RULE, country="UK", source="")

    assert [
        ("rules[0].country", "kernel.unknown_country"),
        ("rules[0].source", "tax.no_source"),
        ("roundings[0].country", "kernel.unknown_country"),
        ("roundings[0].source", "tax.no_source"),
        ("roundings[1]", "tax.overlapping_rules"),
    ] == [each for each in faults(RuleSet((wrong,), (down, down))) if not each[0].startswith("roundings[1].")]


def test_days_without_a_rule():
    """PPN on couriers begins in 2022; a class that a catalogue names and nobody knows has none at all."""
    found = rule_gaps(
        BUILT_IN, "ID", date(2021, 1, 1), date(2026, 12, 31), classes=["standard", "courier", "x", "none"]
    )

    assert (
        Gap("ID", "", "courier", date(2021, 1, 1), date(2022, 3, 31)),
        Gap("ID", "", "x", date(2021, 1, 1), date(2026, 12, 31)),
    ) == found
    assert () == rule_gaps(BUILT_IN, "ID", date(2022, 4, 1), date(2026, 12, 31))


@given(st.dates(date(1980, 1, 1), date(2030, 1, 1)), st.sampled_from(["standard", "courier", "luxury_20", "exempt"]))
def test_a_gap_is_where_a_sale_is_refused(on, tax_class):
    """And nowhere else."""
    refused = False
    try:
        assess("ID", tax_class, on, SellerStatus(date(1900, 1, 1)))
    except NoTaxRules:
        refused = True

    assert refused == bool(rule_gaps(BUILT_IN, "ID", on, on, classes=[tax_class]))


def test_a_regions_rule_leaves_the_rest_of_the_country_open():
    """California has one, Nevada none."""
    rules = RuleSet((RULE,))

    assert () == rule_gaps(rules, "US", SINCE, SINCE, region="CA", classes=["standard"])
    assert 1 == len(rule_gaps(rules, "US", SINCE, SINCE, region="NV", classes=["standard"]))
