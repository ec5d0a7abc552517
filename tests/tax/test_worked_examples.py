"""Worked examples of law and tax offices, each with its source; the figures are theirs unless said otherwise."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.explain import reason
from tokolib.kernel.rounding import RoundingLevel, RoundingMode, RoundingProfile, divide
from tokolib.tax import Assessment, Component, SellerStatus, assess, contained, on_top
from tokolib.tax.settle import Taxable, settle

HALF_UP = RoundingMode.HALF_UP
BY_LINE, BY_DOCUMENT = (RoundingProfile(HALF_UP, level) for level in (RoundingLevel.LINE, RoundingLevel.DOCUMENT))
REGISTERED = SellerStatus(date(1985, 4, 1))


def document(*amounts: int, rate: str, profile: RoundingProfile) -> int:
    """The tax on amounts without tax, at one rate."""
    tax = Component("TAX", "Tax", Decimal(rate), Fraction(1), "S", "the example")
    found = Assessment((tax,), profile, reason("tax.assessed"), "S")
    return sum(each.amount for line in settle([Taxable(amount, found) for amount in amounts], False) for each in line)


def test_pmk_131_of_2024():
    """PMK 131/2024 art. 3: Rp50,000,000 × 11/12 = 45,833,333; × 12 % = 5,500,000 (in force 1 January 2025)."""
    (tax,) = on_top(50_000_000, assess("ID", "standard", date(2025, 1, 1), REGISTERED).components, HALF_UP)

    assert (45_833_333, 5_500_000) == (tax.base, tax.amount)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"), [(150_000_049, 100, 1_500_000), (190_000_050, 100, 1_900_001)]
)
def test_per_11_pj_2025_rounds_half_up(numerator, denominator, expected):
    """PER-11/PJ/2025 art. 129: 1,500,000.49 is 1,500,000; 1,900,000.50 is 1,900,001."""
    assert assess("ID", "standard", date(2025, 5, 22), REGISTERED).profile.mode is HALF_UP
    assert expected == divide(numerator, denominator, HALF_UP)


@pytest.mark.parametrize(("on", "expected"), [(date(2022, 4, 1), 379_879), (date(2025, 5, 21), 379_879)])
def test_se_22_pj_24_1990_rounds_down(on, expected):
    """SE-22/PJ.24/1990, PER-29/PJ/2015: 3,453,454 × 11 % = 379,879.94, rounded down to 379,879."""
    found = assess("ID", "standard", on, REGISTERED)

    assert expected == on_top(3_453_454, found.components, found.profile.mode)[0].amount


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2022, 4, 1), 110), (date(2025, 1, 1), 120), (date(2025, 2, 3), 120), (date(2025, 2, 4), 110)],
)
def test_pmk_11_of_2025(on, expected):
    """PMK 71/PMK.03/2022 art. 3 and PMK 11/2025: a parcel service bears 10 % × 11/12 × 12 %, 1.1 % of what it costs."""
    found = assess("ID", "courier", on, REGISTERED)

    assert expected == on_top(10_000, found.components, found.profile.mode)[0].amount


def test_singapore_takes_nine_hundred_and_ninths():
    """GST Act 1993 s. 16; IRAS: the tax fraction is 9/109, so $109 contain $9 (computed: $10.90 contain 90 cents)."""
    components = assess("SG", "standard", date(2024, 1, 1), REGISTERED).components

    assert [900, 90] == [contained(gross, components, HALF_UP)[0].amount for gross in (10_900, 1_090)]
    eight = assess("SG", "standard", date(2023, 12, 31), REGISTERED).components
    assert 800 == contained(10_800, eight, HALF_UP)[0].amount


@pytest.mark.parametrize(("profile", "tax", "payable"), [(BY_LINE, 33, 564), (BY_DOCUMENT, 32, 563)])
def test_three_pens_of_1_77(profile, tax, payable):
    """IRAS, and Malaysia's guide of 2015 at 6 %: by item 3 × 0.11 = 0.33, on the total 5.31 × 6 % = 0.32; both do."""
    found = document(177, 177, 177, rate="6", profile=profile)

    assert (tax, payable) == (found, 3 * 177 + found)


def test_australia_rounds_each_supply_or_their_sum():
    """GST Act 1999 s. 9-90(2), the supplier's choice (3); 0.5 cents upwards. Figures computed: three of $1.25 at 10 %.

    (a) the unrounded sum 0.375 is 0.38; (b) with a system of two decimals each 0.125 is 0.13, and the sum 0.39.
    """
    assert (38, 39) == (
        document(125, 125, 125, rate="10", profile=BY_DOCUMENT),
        document(125, 125, 125, rate="10", profile=BY_LINE),
    )
    assert BY_LINE == assess("AU", "standard", date(2024, 1, 1), REGISTERED).profile


@pytest.mark.parametrize(
    ("amount", "expected"), [(149, 10), (150, 11), (153, 11), (1_000, 70), (1_021, 71), (1_022, 72)]
)
def test_ssuta_324_rounds_up_above_four(amount, expected):
    """SSUTA s. 324(A): to the third decimal place, up to the next cent when that is greater than 4. Computed at 7 %.

    1.50 × 7 % = 0.105 is 0.11, 1.49 × 7 % = 0.1043 is 0.10, 10.21 × 7 % = 0.7147 is 0.71, 10.22 × 7 % = 0.7154 is 0.72.
    """
    assert expected == document(amount, rate="7", profile=BY_LINE)


@given(st.integers(0, 10**9), st.decimals(0, 20, places=4))
def test_ssuta_324_is_half_up_of_the_exact_amount(amount, rate):
    """Digits beyond the third are cut off, so the third is above 4 exactly from half a cent on."""
    exact = Fraction(amount) * Fraction(rate) / 100  # in cents
    thousandths = int(exact * 10)

    assert thousandths // 10 + (thousandths % 10 > 4) == document(amount, rate=str(rate), profile=BY_LINE)


def test_ssuta_324_lets_state_and_local_be_one_sum():
    """SSUTA s. 324(B): the rule may be applied to the aggregated taxes. Computed: 1.30 at 4.5 % and 2.5 %.

    Alone they are 0.0585 and 0.0325, so 0.06 and 0.03; together 0.091, so 0.09. Of 1.10: 0.05 + 0.03, together 0.077.
    """
    parts = tuple(
        Component(name, name, Decimal(rate), Fraction(1), "S", "law") for name, rate in (("S", "4.5"), ("L", "2.5"))
    )

    alone = [[tax.amount for tax in on_top(amount, parts, HALF_UP)] for amount in (130, 110, 150)]
    together = [[tax.amount for tax in on_top(amount, parts, HALF_UP, together=True)] for amount in (130, 110, 150)]

    assert [[6, 3], [5, 3], [7, 4]] == alone
    assert [9, 8, 11] == [sum(each) for each in together]
    odd = tuple(Component(name, name, Decimal("3.5"), Fraction(1), "S", "law") for name in "SL")
    assert ([4, 4], [4, 3]) == (  # 1.00 at 3.5 % twice: 0.035 and 0.035 are 0.04 each, and 0.07 together
        [tax.amount for tax in on_top(100, odd, HALF_UP)],
        [tax.amount for tax in on_top(100, odd, HALF_UP, together=True)],
    )
