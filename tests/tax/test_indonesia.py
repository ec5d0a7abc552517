"""PPN by date and class.

Figures: facts/fixtures/tax_weight_vectors.json (computed from PMK 131/2024, PMK 11/2025 and PER-11/PJ/2025 art. 129).
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.kernel.registration import Registration
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile, divide
from tokolib.tax.amounts import contained, on_top
from tokolib.tax.model import Assessment, TaxAmount
from tokolib.tax.rules import assess, next_change
from tokolib.tax.settle import Taxable, settle
from tokolib.tax.situation import SellerStatus

PKP = SellerStatus(registered_from=date(1985, 4, 1))
TODAY = date(2026, 1, 15)


def ppn(on: date, tax_class: str = "standard") -> Assessment:
    return assess("ID", tax_class, on, PKP)


def tax_on(price: int, on: date, tax_class: str = "standard") -> int:
    assessment = ppn(on, tax_class)
    return sum(tax.amount for tax in on_top(price, assessment.components, assessment.profile.mode))


@pytest.mark.parametrize(
    ("on", "tax_class", "expected"),
    [
        (date(1985, 4, 1), "standard", 10_000),
        (date(2022, 3, 31), "standard", 10_000),
        (date(2022, 4, 1), "standard", 11_000),
        (date(2024, 12, 31), "standard", 11_000),
        (date(2025, 1, 1), "standard", 11_000),
        (date(2024, 12, 31), "luxury", 11_000),
        (date(2025, 1, 15), "luxury", 11_000),
        (date(2025, 1, 31), "luxury", 11_000),
        (date(2025, 2, 1), "luxury", 12_000),
        (date(2026, 1, 15), "luxury", 12_000),
        (date(2024, 12, 31), "courier", 1_100),
        (date(2025, 1, 1), "courier", 1_200),
        (date(2025, 2, 3), "courier", 1_200),
        (date(2025, 2, 4), "courier", 1_100),
        (date(2025, 2, 4), "shipping", 11_000),
    ],
)
def test_the_tax_on_100_000_by_date_and_class(on, tax_class, expected):
    """The rule of the day decides; each boundary day is the first of the new rule."""
    assert expected == tax_on(100_000, on, tax_class)


@pytest.mark.parametrize(
    ("price", "expected"),
    [(100_000, 11_000), (150_000, 16_500), (33_333, 3_667), (50_000_000, 5_500_000), (45_141, 4_966)],
)
def test_tax_on_top_is_taken_from_the_unrounded_base(price, expected):
    """12 % of the exact 11/12; rounding the base first would make 4,965 of 45,141."""
    assert expected == tax_on(price, TODAY)


@pytest.mark.parametrize(
    ("gross", "net", "base", "tax"),
    [
        (111_000, 100_000, 91_667, 11_000),
        (50_000, 45_045, 41_291, 4_955),
        (85_000, 76_577, 70_196, 8_423),
        (213_750, 192_568, 176_521, 21_182),
        (99_999, 90_089, 82_582, 9_910),
        (149_900, 135_045, 123_791, 14_855),
    ],
)
def test_tax_contained_in_a_price(gross, net, base, tax):
    """Price, net, taxable base (DPP nilai lain) and tax, as an invoice prints them."""
    (amount,) = contained(gross, ppn(TODAY).components, RoundingMode.HALF_UP)

    assert (net, base, tax) == (gross - amount.amount, amount.base, amount.amount)
    assert (Decimal(12), Fraction(11, 12)) == (amount.rate, amount.base_fraction)


def test_contained_luxury_tax_is_the_residual():
    """1,400,014 halves exactly in both parts; rounding both up would make 1,400,015."""
    (amount,) = contained(1_400_014, ppn(TODAY, "luxury").components, RoundingMode.HALF_UP)

    assert (1_250_013, 150_001) == (amount.base, amount.amount)


def test_a_courier_invoice_of_18_000_bears_198():
    """10 % × 11/12 × 12 % (PMK 11/2025)."""
    assert 198 == tax_on(18_000, TODAY, "courier")


def test_rounded_down_until_21_may_2025_and_half_up_after():
    """3,453,454 at 11 % is 379,879.94: down to 379,879 (SE-22/PJ.24/1990), then 379,880."""
    assert 379_879 == tax_on(3_453_454, date(2025, 5, 21))
    assert 379_880 == tax_on(3_453_454, date(2025, 5, 22))


def test_tax_rounded_down_is_down_where_it_is_contained_too():
    """50,000 contains 4,954.95: before 22 May 2025 that is 4,954, and the net takes the rest."""
    assessment = ppn(date(2024, 6, 1))

    (amount,) = contained(50_000, assessment.components, assessment.profile.mode)

    assert 4_954 == amount.amount


@pytest.mark.parametrize(
    ("level", "expected"),
    [(RoundingLevel.LINE, (3_667, 3_667, 3_667)), (RoundingLevel.DOCUMENT, (3_667, 3_667, 3_666))],
)
def test_three_lines_of_33_333(level, expected):
    """11,001 rounded by line, 11,000 by document."""
    lines = [Taxable(33_333, ppn(TODAY))] * 3

    taxes = settle(lines, includes_tax=False, override=RoundingProfile(RoundingMode.HALF_UP, level))

    assert sorted(expected) == sorted(tax.amount for (tax,) in taxes)


@pytest.mark.parametrize(
    ("tax_class", "code", "category"),
    [
        ("zero", "tax.export", "G"),
        ("export", "tax.export", "G"),
        ("exempt", "tax.exempt", "E"),
        ("not_collected", "tax.not_collected", "E"),
    ],
)
def test_untaxed_classes_say_why(tax_class, code, category):
    """PPN stands there and charges nothing, with its category, law and place; the reason says why."""
    assessment = ppn(TODAY, tax_class)
    (tax,) = contained(111_000, assessment.components, RoundingMode.HALF_UP)

    assert (code, category) == (assessment.reason.code, assessment.category)
    assert ("PPN", 0, category, "ID") == (tax.code, tax.amount, tax.category, tax.jurisdiction)
    assert tax.source.startswith("UU PPN art.")
    assert 111_000 == tax.base or tax.waived


def test_what_is_outside_tax_has_no_tax_at_all():
    """Class `none` names no tax, and the reason says so."""
    assessment = ppn(TODAY, "none")

    assert ((), "tax.outside", "O") == (assessment.components, assessment.reason.code, assessment.category)


@pytest.mark.parametrize(
    ("on", "rate", "base", "waived"),
    [
        (date(2022, 3, 31), 10, 100_000, 10_000),
        (date(2024, 6, 1), 11, 100_000, 11_000),
        (TODAY, 12, 91_667, 11_000),
    ],
)
def test_what_is_not_collected_is_owed_and_printed(on, rate, base, waived):
    """UU PPN art. 16B(2): the invoice states DPP and PPN beside "tidak dipungut"; nothing is charged."""
    for split in (contained, on_top):
        (tax,) = split(100_000, ppn(on, "not_collected").components, RoundingMode.HALF_UP)

        assert (rate, base, waived, 0) == (tax.rate, tax.base, tax.waived, tax.amount)


@pytest.mark.parametrize(
    ("percent", "ppnbm"), [("20", 20_000_000), ("40", 40_000_000), ("50", 50_000_000), ("75", 75_000_000)]
)
def test_a_producer_charges_ppnbm_beside_ppn(percent, ppnbm):
    """Both of the same price, neither of the other: UU PPN art. 10; PMK 131/2024 art. 2."""
    producer = SellerStatus(date(1985, 4, 1), registrations=(Registration("ID", date(2020, 1, 1), scheme="ppnbm"),))
    taxes = on_top(100_000_000, assess("ID", f"luxury_{percent}", TODAY, producer).components, RoundingMode.HALF_UP)

    assert [("PPN", 12_000_000), ("PPnBM", ppnbm)] == [(tax.code, tax.amount) for tax in taxes]
    assert {100_000_000} == {tax.base for tax in taxes}


def test_ppnbm_is_charged_once_by_the_producer():
    """Whoever sells the goods on charges PPN alone, and the reason says why."""
    assessment = ppn(TODAY, "luxury_75")

    assert ["PPN"] == [component.code for component in assessment.components]
    assert "tax.not_in_scheme" in {node.code for node in assessment.reason.walk()}


def test_a_price_that_contains_both_taxes_adds_up():
    """1,750,000 with 12 % and 20 %: 1,325,758 + 159,091 + 265,151."""
    producer = SellerStatus(date(1985, 4, 1), registrations=(Registration("ID", date(2020, 1, 1), scheme="ppnbm"),))
    taxes = contained(1_750_000, assess("ID", "luxury_20", TODAY, producer).components, RoundingMode.HALF_UP)

    assert [159_091, 265_151] == [tax.amount for tax in taxes]
    assert {1_325_758} == {tax.base for tax in taxes}


def test_a_seller_who_is_no_pkp_charges_nothing_and_the_reason_says_so():
    """Before registration, and from the first day after it ended."""
    seller = SellerStatus(date(2025, 7, 1), date(2026, 1, 1))

    codes = [assess("ID", "standard", on, seller).reason.code for on in _around(date(2025, 7, 1), date(2026, 1, 1))]

    assert ["tax.not_registered", "tax.assessed", "tax.assessed", "tax.not_registered"] == codes
    assert "tax.not_registered" == assess("ID", "standard", TODAY, SellerStatus()).reason.code


def _around(*days: date) -> list[date]:
    return [on for day in days for on in (day - timedelta(days=1), day)]


def test_goods_that_leave_the_country_are_exported():
    """The destination decides, whatever the class; at home it changes nothing."""
    abroad = assess("ID", "standard", TODAY, PKP, destination="SG")

    assert (("tax.exported", "SG"), "G") == ((abroad.reason.code, abroad.reason["destination"]), abroad.category)
    assert ppn(TODAY) == assess("ID", "standard", TODAY, PKP, destination="ID")


def test_the_reason_names_rate_fraction_rounding_and_law():
    """Everything that an auditor asks for."""
    codes = {node.code: dict(node.values) for node in ppn(TODAY).reason.walk()}

    assert date(2025, 1, 1) == codes["tax.assessed"]["since"]
    assert {"rate": Decimal(12), "fraction": "11/12", "source": "PMK 131/2024 art. 3"}.items() <= codes[
        "tax.component_on_fraction"
    ].items()
    assert "PER-11/PJ/2025 art. 129" == codes["tax.rounded_half_up_by"]["source"]
    assert "tax.per_line" in codes


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2024, 12, 31), date(2025, 1, 1)),
        (date(2025, 1, 1), date(2025, 2, 1)),
        (date(2025, 2, 4), date(2025, 5, 22)),
        (date(2025, 5, 22), None),
    ],
)
def test_the_next_change_of_any_rule(on, expected):
    """A quote doesn't outlive it."""
    assert expected == next_change("ID", on)


@given(st.dates(date(1985, 4, 1), date(2040, 1, 1)), st.integers(-(10**12), 10**12))
def test_net_and_ppn_add_up_to_the_price_on_every_day(on, gross):
    """And the tax is within one rupiah of its exact value."""
    assessment = ppn(on)
    (tax,) = contained(gross, assessment.components, assessment.profile.mode)
    effective = assessment.components[0].effective

    assert isinstance(tax, TaxAmount)
    assert abs(tax.amount - Fraction(gross) * effective / (1 + effective)) < 1


@given(st.integers(0, 10**12), st.sampled_from([RoundingMode.HALF_UP, RoundingMode.DOWN]), st.booleans())
@example(213_750, RoundingMode.HALF_UP, True)
def test_the_printed_base_is_eleven_twelfths_of_the_printed_net(amount, mode, included):
    """Whoever holds the invoice finds it so: Coretax, too, takes `OtherTaxBase` of `TaxBase`."""
    (tax,) = (contained if included else on_top)(amount, ppn(TODAY).components, mode)
    net = amount - tax.amount if included else amount

    assert divide(net * 11, 12, mode) == tax.base
