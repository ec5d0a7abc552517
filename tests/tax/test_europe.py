"""VAT of the European Union's 27 member states, of the parts of them with rates of their own, and of what is outside.

`TEDB` and `STANDARD_CHANGES` are what others publish: TEDB as of 29 September 2026 (eu-vat-rates-data 2026.9.29) and
duty27-eu-vat 0.1.0 of 4 October 2026. The other changes are those of the acts and notices that the tables name.
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tokolib.kernel.defaults import COUNTRY_DEFAULTS
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile
from tokolib.tax.countries.eu import MEMBERS, ROUNDINGS, TABLES
from tokolib.tax.model import Rule, Treatment
from tokolib.tax.rules import assess
from tokolib.tax.situation import SellerStatus

REGISTERED = SellerStatus(date(1980, 1, 1))
BEGIN = date(2017, 1, 1)
"""From this day on the tables know every change."""
TODAY = date(2026, 9, 29)

STANDARD_CHANGES = [
    ("DE", date(2020, 7, 1), "19", "16"),
    ("DE", date(2021, 1, 1), "16", "19"),
    ("EE", date(2024, 1, 1), "20", "22"),
    ("EE", date(2025, 7, 1), "22", "24"),
    ("FI", date(2024, 9, 1), "24", "25.5"),
    ("IE", date(2020, 9, 1), "23", "21"),
    ("IE", date(2021, 3, 1), "21", "23"),
    ("LU", date(2023, 1, 1), "17", "16"),
    ("LU", date(2024, 1, 1), "16", "17"),
    ("RO", date(2025, 8, 1), "19", "21"),
    ("SK", date(2025, 1, 1), "20", "23"),
]
"""Every change of a standard rate since 2017, as two public tables have them."""

REDUCED_CHANGES = [
    ("AT", "super_reduced", date(2026, 7, 1), "10", "4.9"),
    ("CY", "super_reduced", date(2023, 7, 21), "5", "3"),
    ("CZ", "reduced", date(2024, 1, 1), "15", "12"),
    ("CZ", "second_reduced", date(2024, 1, 1), "10", "12"),
    ("DE", "reduced", date(2020, 7, 1), "7", "5"),
    ("DE", "reduced", date(2021, 1, 1), "5", "7"),
    ("EE", "intermediate", date(2025, 1, 1), "9", "13"),
    ("EE", "second_reduced", date(2022, 8, 1), "9", "5"),
    ("EE", "second_reduced", date(2025, 1, 1), "5", "9"),
    ("FI", "reduced", date(2026, 1, 1), "14", "13.5"),
    ("LT", "reduced", date(2026, 1, 1), "9", "12"),
    ("LU", "intermediate", date(2023, 1, 1), "14", "13"),
    ("LU", "intermediate", date(2024, 1, 1), "13", "14"),
    ("LU", "parking", date(2023, 1, 1), "14", "13"),
    ("LU", "parking", date(2024, 1, 1), "13", "14"),
    ("LU", "reduced", date(2023, 1, 1), "8", "7"),
    ("LU", "reduced", date(2024, 1, 1), "7", "8"),
    ("MT", "parking", date(2024, 1, 1), "18", "12"),
    ("NL", "reduced", date(2019, 1, 1), "6", "9"),
    ("RO", "reduced", date(2025, 8, 1), "9", "11"),
    ("RO", "second_reduced", date(2025, 8, 1), "5", "11"),
    ("SI", "second_reduced", date(2020, 1, 1), "9.5", "5"),
    ("SK", "reduced", date(2025, 1, 1), "10", "19"),
    ("SK", "second_reduced", date(2025, 1, 1), "10", "5"),
]

FOOD_AND_BOOKS = [
    ("AT", "basic_food", date(2026, 7, 1), "10", "4.9"),
    ("AT", "books", date(2020, 7, 1), "10", "5"),
    ("AT", "books", date(2022, 1, 1), "5", "10"),
    ("BG", "basic_food", date(2022, 7, 1), "20", "0"),
    ("BG", "basic_food", date(2025, 1, 1), "0", "20"),
    ("BG", "books", date(2020, 7, 1), "20", "9"),
    ("CZ", "books", date(2024, 1, 1), "10", "0"),
    ("ES", "basic_food", date(2023, 1, 1), "4", "0"),
    ("ES", "basic_food", date(2024, 10, 1), "0", "2"),
    ("ES", "basic_food", date(2025, 1, 1), "2", "4"),
    ("ES", "olive_oil", date(2023, 1, 1), "10", "5"),
    ("ES", "olive_oil", date(2024, 7, 1), "5", "0"),
    ("ES", "olive_oil", date(2024, 10, 1), "0", "2"),
    ("ES", "olive_oil", date(2025, 1, 1), "2", "4"),
    ("ES", "pasta", date(2023, 1, 1), "10", "5"),
    ("ES", "pasta", date(2024, 10, 1), "5", "7.5"),
    ("ES", "pasta", date(2025, 1, 1), "7.5", "10"),
    ("FI", "books", date(2025, 1, 1), "10", "14"),
    ("FI", "books", date(2026, 1, 1), "14", "13.5"),
    ("LT", "books", date(2026, 1, 1), "9", "5"),
    ("LV", "basic_food", date(2026, 7, 1), "21", "12"),
    ("LV", "basic_food", date(2027, 7, 1), "12", "21"),
    ("PL", "basic_food", date(2022, 2, 1), "5", "0"),
    ("PL", "basic_food", date(2024, 4, 1), "0", "5"),
    ("PT", "basic_food", date(2023, 4, 18), "6", "0"),
    ("PT", "basic_food", date(2024, 1, 5), "0", "6"),
    ("SE", "basic_food", date(2026, 4, 1), "12", "6"),
    ("SE", "basic_food", date(2028, 1, 1), "6", "12"),
]

REGIONAL_CHANGES = [
    ("PT", "20", "standard", date(2021, 7, 1), "18", "16"),
    ("PT", "30", "reduced", date(2024, 10, 1), "5", "4"),
    ("PT", "20", "basic_food", date(2023, 4, 18), "4", "0"),
    ("PT", "20", "basic_food", date(2024, 1, 5), "0", "4"),
    ("PT", "30", "basic_food", date(2023, 4, 18), "5", "0"),
    ("PT", "30", "basic_food", date(2024, 1, 5), "0", "5"),
    ("PT", "30", "basic_food", date(2024, 10, 1), "5", "4"),
]

CHANGES = [
    *((country, "", "standard", *rest) for country, *rest in STANDARD_CHANGES),
    *((country, "", "shipping", *rest) for country, *rest in STANDARD_CHANGES),
    *((country, "", *rest) for country, *rest in (*REDUCED_CHANGES, *FOOD_AND_BOOKS)),
    *REGIONAL_CHANGES,
    ("PT", "20", "shipping", date(2021, 7, 1), "18", "16"),
]

TEDB = {
    "AT": "20 10 13 19 4.9",
    "BE": "21 6 12",
    "BG": "20 9",
    "CY": "19 5 9 3",
    "CZ": "21 12",
    "DE": "19 7",
    "DK": "25",
    "EE": "24 9 13",
    "ES": "21 10 4",
    "FI": "25.5 10 13.5",
    "FR": "20 0.9 1.05 5.5 8.5 10 13 2.1",
    "GR": "24 6 13 17 4",
    "HR": "25 5 13",
    "HU": "27 5 18",
    "IE": "23 9 13.5",
    "IT": "22 5 10 4",
    "LT": "21 5 12",
    "LU": "17 8 14 3",
    "LV": "21 5 12",
    "MT": "18 5 7 12",
    "NL": "21 9",
    "PL": "23 5 8",
    "PT": "23 6 13 16 22",
    "RO": "21 11",
    "SE": "25 6 12",
    "SI": "22 5 9.5",
    "SK": "23 5 19",
}
"""Every rate above zero that TEDB names for a country and its parts, on 29 September 2026."""
CLASSES = {
    "AT": "basic_food 4.9, books 10, intermediate 13, parking 13, reduced 10, standard 20, super_reduced 4.9, zero 0",
    "BE": "intermediate 12, parking 12, reduced 6, standard 21, zero 0",
    "BG": "basic_food 20, books 9, reduced 9, standard 20",
    "CY": "reduced 9, second_reduced 5, standard 19, super_reduced 3, zero 0",
    "CZ": "books 0, reduced 12, second_reduced 12, standard 21",
    "DE": "reduced 7, standard 19, zero 0",
    "DK": "standard 25, zero 0",
    "EE": "intermediate 13, reduced 9, second_reduced 9, standard 24",
    "ES": "basic_food 4, olive_oil 4, pasta 10, reduced 10, standard 21, super_reduced 4",
    "FI": "books 13.5, reduced 13.5, second_reduced 10, standard 25.5",
    "FR": "intermediate 10, reduced 5.5, standard 20, super_reduced 2.1",
    "GR": "reduced 13, second_reduced 6, standard 24, super_reduced 4",
    "HR": "reduced 13, second_reduced 5, standard 25, zero 0",
    "HU": "reduced 18, second_reduced 5, standard 27",
    "IE": "parking 13.5, reduced 13.5, second_reduced 9, standard 23, super_reduced 4.8, zero 0",
    "IT": "reduced 10, second_reduced 5, standard 22, super_reduced 4",
    "LT": "books 5, reduced 12, second_reduced 5, standard 21",
    "LU": "intermediate 14, parking 14, reduced 8, standard 17, super_reduced 3",
    "LV": "basic_food 12, reduced 12, second_reduced 5, standard 21",
    "MT": "parking 12, reduced 7, second_reduced 5, standard 18, zero 0",
    "NL": "reduced 9, standard 21, zero 0",
    "PL": "basic_food 5, reduced 8, second_reduced 5, standard 23",
    "PT": "basic_food 6, intermediate 13, parking 13, reduced 6, standard 23",
    "RO": "reduced 11, second_reduced 11, standard 21",
    "SE": "basic_food 6, reduced 12, second_reduced 6, standard 25, zero 0",
    "SI": "reduced 9.5, second_reduced 5, standard 22",
    "SK": "reduced 19, second_reduced 5, standard 23",
}
"""What each class of goods bears in a country at large on that day."""
NOT_WRITTEN = {"FR": {Decimal("0.9"), Decimal(13)}}
"""Corsica's rates of art. 297 for petroleum products, livestock and first performances."""
NOT_IN_TEDB = {"IE": {Decimal("4.8")}}
"""Ireland's rate of livestock."""


def rate(country: str, tax_class: str, on: date, region: str = "") -> Decimal:
    """The percentage that a registered seller charges."""
    return sum((c.rate for c in assess(country, tax_class, on, REGISTERED, region=region).components), Decimal(0))


def level(rule: Rule) -> str:
    return str(sum((component.rate for component in rule.components), Decimal(0)))


def written_changes() -> list[tuple[str, str, str, date, str, str]]:
    """Where two neighbouring rules of a place and class differ, since 2017."""
    kept: dict[tuple[str, str, str], list[Rule]] = {}
    for rule in sorted((rule for rules in TABLES.values() for rule in rules), key=lambda rule: rule.since):
        kept.setdefault((rule.country, rule.region, rule.tax_class), []).append(rule)
    return [
        (*place, later.since, level(earlier), level(later))
        for place, rules in kept.items()
        for earlier, later in pairwise(rules)
        if later.since > BEGIN and level(earlier) != level(later)
    ]


@pytest.mark.parametrize(("country", "region", "tax_class", "since", "before", "after"), CHANGES)
def test_a_rate_changes_on_its_day_and_not_the_day_before(country, region, tax_class, since, before, after):
    """The last day of the old rate, the first of the new one."""
    eve = since - timedelta(days=1)

    assert (Decimal(before), Decimal(after)) == (
        rate(country, tax_class, eve, region),
        rate(country, tax_class, since, region),
    )


def test_the_tables_have_these_changes_and_no_others():
    """A change that nobody wrote down here would be one that nobody looked up."""
    assert sorted(CHANGES) == sorted(written_changes())


@pytest.mark.parametrize("country", sorted(MEMBERS))
def test_the_rates_of_a_country_are_those_that_the_commission_publishes(country):
    """Nothing that TEDB names is missing, and in the country at large nothing else is charged."""
    published = {Decimal(percent) for percent in TEDB[country].split()}
    rules = TABLES[country]
    everywhere = {rate(country, rule.tax_class, TODAY, rule.region) for rule in rules if rule.since <= TODAY}
    at_large = {rate(country, rule.tax_class, TODAY) for rule in rules if rule.since <= TODAY and not rule.region}

    assert published - everywhere == NOT_WRITTEN.get(country, set())
    assert at_large - published - {0} == NOT_IN_TEDB.get(country, set())


@pytest.mark.parametrize("country", sorted(MEMBERS))
def test_the_classes_of_a_country_bear_what_their_names_promise(country):
    """`second_reduced` is the lower one, `super_reduced` below 5 %; the rest is exports, exemptions and delivery."""
    classes = sorted({rule.tax_class for rule in TABLES[country]} - {"shipping", "export", "exempt"})

    assert CLASSES[country] == ", ".join(f"{name} {rate(country, name, TODAY)}" for name in classes)


@pytest.mark.parametrize("country", sorted(MEMBERS))
def test_every_member_state_has_what_a_shop_needs(country):
    """Standard and reduced goods, delivery, exports, exemptions, a rounding rule and a shop's defaults."""
    classes = {rule.tax_class for rule in TABLES[country]}

    assert {"standard", "shipping", "export", "exempt"} <= classes
    assert ("reduced" in classes) is (country != "DK")
    assert {country} == {rule.country for rule in TABLES[country]}
    assert all(rule.source and all(part.source for part in rule.components) for rule in TABLES[country])
    assert 1 == sum(rule.country == country for rule in ROUNDINGS)
    assert country in COUNTRY_DEFAULTS


def test_there_are_27_member_states():
    """The United Kingdom left; Greece is GR here, whatever its VAT numbers begin with."""
    assert 27 == len(MEMBERS)
    assert not {"GB", "EL"} & MEMBERS
    assert "GR" in MEMBERS


def test_tax_is_rounded_once_for_each_category_and_rate():
    """EN 16931, BT-117, from the day on which the norm was published."""
    per_rate = RoundingProfile(RoundingMode.HALF_UP, RoundingLevel.RATE_GROUP)

    assert {per_rate} == {assess(country, "standard", TODAY, REGISTERED).profile for country in MEMBERS}


days = st.dates(BEGIN, date(2030, 12, 31))


@given(st.sampled_from(sorted(MEMBERS)), days)
def test_the_standard_rate_is_at_least_15_percent_and_delivery_bears_it(country, on):
    """Directive 2006/112/EC, art. 97; delivery shares the tax of the goods."""
    assert 15 <= rate(country, "standard", on) <= 27
    assert rate(country, "standard", on) == rate(country, "shipping", on)


FLOORS = {"reduced": 5, "second_reduced": 5, "intermediate": 5, "parking": 12}
"""In percent: Directive 2006/112/EC, art. 98 and 118."""
floored = [rule for rules in TABLES.values() for rule in rules if rule.tax_class in FLOORS and not rule.region]


@given(st.sampled_from(floored), days)
def test_reduced_rates_keep_the_floors_of_the_directive_and_stay_below_the_standard_one(rule, on):
    """At least 5 %, parking rates at least 12 %, and never above the standard rate of the day."""
    assume(rule.since <= on)

    found = rate(rule.country, rule.tax_class, on)

    assert FLOORS[rule.tax_class] <= found <= rate(rule.country, "standard", on)


@pytest.mark.parametrize(
    ("country", "region", "tax_class", "percent"),
    [
        ("AT", "JUNGHOLZ", "standard", "19"),
        ("AT", "MITTELBERG", "shipping", "19"),
        ("AT", "MITTELBERG", "reduced", "10"),
        ("FR", "971", "standard", "8.5"),
        ("FR", "972", "reduced", "2.1"),
        ("FR", "974", "intermediate", "2.1"),
        ("FR", "974", "super_reduced", "1.05"),
        ("FR", "20R", "standard", "20"),
        ("FR", "20R", "super_reduced", "2.1"),
        ("GR", "ISLANDS", "standard", "17"),
        ("GR", "ISLANDS", "reduced", "9"),
        ("GR", "ISLANDS", "second_reduced", "4"),
        ("GR", "ISLANDS", "super_reduced", "3"),
        ("PT", "20", "standard", "16"),
        ("PT", "20", "intermediate", "9"),
        ("PT", "20", "parking", "9"),
        ("PT", "20", "reduced", "4"),
        ("PT", "30", "standard", "22"),
        ("PT", "30", "intermediate", "12"),
        ("PT", "30", "reduced", "4"),
        ("PT", "11", "standard", "23"),
    ],
)
def test_parts_of_a_country_have_rates_of_their_own(country, region, tax_class, percent):
    """Islands, overseas departments and valleys; a part without its own rate bears the country's."""
    assert Decimal(percent) == rate(country, tax_class, TODAY, region)


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("DE", "BUESINGEN"),
        ("DE", "HELGOLAND"),
        ("ES", "CE"),
        ("ES", "CN"),
        ("ES", "ML"),
        ("FR", "973"),
        ("FR", "976"),
        ("GR", "69"),
        ("IT", "CAMPIONE"),
        ("IT", "LIVIGNO"),
    ],
)
def test_no_vat_is_charged_where_the_vat_territory_ends(country, region):
    """Whatever the class, what goes there from the rest of the country is exported; exempt goods stay exempt."""
    taxed = {rule.tax_class for rule in TABLES[country] if rule.treatment is Treatment.TAXED}

    found = {assess(country, tax_class, TODAY, REGISTERED, region=region).category for tax_class in taxed}

    assert {"G"} == found
    assert "E" == assess(country, "exempt", TODAY, REGISTERED, region=region).category


@given(st.sampled_from(sorted(MEMBERS)), days)
def test_a_part_with_its_own_standard_rate_has_its_own_of_every_class(country, on):
    """Else the rest of the country's reduced rate would be charged there; Jungholz and Mittelberg alone share it."""
    taxed = {r.tax_class for r in TABLES[country] if not r.region and r.treatment is Treatment.TAXED and r.since <= on}
    own = {r.region for r in TABLES[country] if r.region and r.tax_class == "standard"} - {"JUNGHOLZ", "MITTELBERG"}

    for region in own:
        assert taxed <= {r.tax_class for r in TABLES[country] if r.region == region and r.since <= on}
