"""Exemption certificates: which free a sale, from what, and when; the others are told."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.rounding import RoundingMode
from tokolib.tax import (
    Assessment,
    Buyer,
    Certificate,
    InvalidCertificate,
    SellerStatus,
    Situation,
    Treatment,
    assess_sale,
)
from tokolib.tax.amounts import on_top
from tokolib.tax.countries import BUILT_IN
from tokolib.tax.model import Component, Rule, RuleSet

TODAY = date(2026, 1, 15)
SELLER = SellerStatus(date(1985, 4, 1))
SKB = Certificate("SKB-7", "PT Maju", "ID", date(2026, 1, 1), date(2026, 12, 31), source="PP 49/2022")
STATE = Component("STATE", "California", Decimal(6), Fraction(1), "S", "RTC § 6051")
COUNTY = Component("COUNTY", "Alameda", Decimal(3), Fraction(1), "S", "ordinance")
CALIFORNIA = RuleSet((Rule("US", "standard", date(2020, 1, 1), Treatment.TAXED, "own", (STATE, COUNTY), "CA"),))


def sale(*papers: Certificate, tax_class: str = "standard", on: date = TODAY) -> Assessment:
    return assess_sale(Situation.at_home("ID", SELLER, Buyer(certificates=papers)), tax_class, on)


def codes(found: Assessment) -> list[str]:
    return [node.code for node in found.reason.walk() if "certificate" in node.code]


def test_a_certificate_frees_and_stands_in_the_evidence():
    """PPN at 0 %, category E, its source the law and the paper."""
    found = sale(SKB)
    (tax,) = found.components

    assert (0, "E", "PP 49/2022; certificate SKB-7") == (tax.rate, tax.category, tax.source)
    assert (Treatment.EXEMPT, "tax.exempt", ["tax.certificate"]) == (found.treatment, found.reason.code, codes(found))


def test_a_certificate_may_say_that_the_tax_is_owed_and_not_collected():
    """A bonded zone: the figures stay, nothing is charged, and the facility is known."""
    bonded = attrs.evolve(SKB, treatment=Treatment.NOT_COLLECTED, facility="02", source="PMK 65/2021")
    (tax,) = on_top(100_000, sale(bonded).components, RoundingMode.HALF_UP)

    assert (12, 91_667, 0, 11_000, "02") == (tax.rate, tax.base, tax.amount, tax.waived, tax.facility)


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_it_holds_from_its_first_day_to_its_last(on):
    """Outside of these it is told and not applied: the full tax is charged."""
    found = sale(SKB, on=on)

    if on < SKB.valid_from:
        assert (["tax.certificate_not_yet"], Treatment.TAXED) == (codes(found), found.treatment)
    elif on > SKB.valid_until:
        assert (["tax.certificate_expired"], Treatment.TAXED) == (codes(found), found.treatment)
    else:
        assert (["tax.certificate"], Treatment.EXEMPT) == (codes(found), found.treatment)
    assert bool(found.components[0].charged) == (found.treatment is Treatment.TAXED)


@pytest.mark.parametrize(
    "other", [{"jurisdiction": "SG"}, {"taxes": frozenset({"GST"})}, {"classes": frozenset({"luxury"})}]
)
def test_a_paper_about_something_else_says_nothing(other):
    """Another country, another tax, another class."""
    assert ([], sale()) == (codes(sale(attrs.evolve(SKB, **other))), sale(attrs.evolve(SKB, **other)))


def test_the_first_one_that_holds_counts():
    """An expired one beside it isn't worth a word."""
    old = attrs.evolve(SKB, number="SKB-6", valid_until=TODAY - timedelta(days=1), valid_from=date(2025, 1, 1))

    assert (["tax.certificate"], "PP 49/2022; certificate SKB-7") == (
        codes(sale(old, SKB)),
        sale(old, SKB).components[0].source,
    )


@pytest.mark.parametrize(
    ("jurisdiction", "taxes", "charged"),
    [("US", (), []), ("US-CA", (), []), ("US-CA", ("STATE",), ["COUNTY"]), ("US-NV", (), ["STATE", "COUNTY"])],
)
def test_a_state_may_free_from_its_own_tax_alone(jurisdiction, taxes, charged):
    """The county's goes on; the evidence shows both."""
    paper = Certificate("R-1", "Acme", jurisdiction, date(2025, 1, 1), taxes=frozenset(taxes))
    situation = Situation.at_home("US", SELLER, Buyer(certificates=(paper,)), region="CA")
    found = assess_sale(situation, "standard", TODAY, CALIFORNIA)

    assert charged == [each.code for each in found.components if each.charged]
    assert ["US-CA", "US-CA"] == [each.jurisdiction for each in found.components]
    assert (Treatment.TAXED if charged else Treatment.EXEMPT) is found.treatment


def test_what_bears_no_tax_needs_no_paper():
    """An exempt class stays what it is by law."""
    assert ([], sale(tax_class="exempt")) == (codes(sale(SKB, tax_class="exempt")), sale(SKB, tax_class="exempt"))


def test_the_tables_rules_are_never_changed_by_a_paper():
    """The next buyer pays."""
    before = BUILT_IN.rules
    sale(SKB)

    assert before is BUILT_IN.rules
    assert sale().components[0].charged == Fraction(11, 100)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": ""}, "needs a number"),
        ({"jurisdiction": ""}, "needs a number and a jurisdiction"),
        ({"valid_until": date(2025, 12, 31)}, "it ends on 2025-12-31, before 2026-01-01"),
        ({"treatment": Treatment.TAXED}, "can't make a sale taxed"),
    ],
)
def test_a_paper_that_cannot_be_is_refused(wrong, said):
    """At birth."""
    with pytest.raises(InvalidCertificate, match=said):
        attrs.evolve(SKB, **wrong)
