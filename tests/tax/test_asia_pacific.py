"""Malaysia's sales and service tax, and New Zealand's GST.

Figures: P.U.(A) 64/2024 (service tax), P.U.(A) 403/2023 and 404/2023 (low value goods), GST Act 1985 (New Zealand).
"""

from datetime import date
from decimal import Decimal

import pytest

from tokolib.tax.amounts import on_top
from tokolib.tax.errors import NoTaxRules
from tokolib.tax.rules import assess
from tokolib.tax.situation import SellerStatus

REGISTERED = SellerStatus(date(2018, 9, 1))


@pytest.mark.parametrize("on", [date(2018, 9, 1), date(2024, 1, 1), date(2026, 11, 22)])
@pytest.mark.parametrize("tax_class", ["standard", "shipping", "exempt", "export"])
def test_a_malaysian_retailer_charges_no_sales_tax(tax_class, on):
    """It was charged to the manufacturer or at import; registration for service tax changes nothing for goods."""
    assert [0] == [c.rate for c in assess("MY", tax_class, on, REGISTERED).components]


@pytest.mark.parametrize(
    ("tax_class", "on", "code", "percent"),
    [
        ("service", date(2018, 9, 1), "SERVICE", "6"),
        ("service", date(2024, 2, 29), "SERVICE", "6"),
        ("service", date(2024, 3, 1), "SERVICE", "8"),
        ("service_reduced", date(2024, 2, 29), "SERVICE", "6"),
        ("service_reduced", date(2024, 3, 1), "SERVICE", "6"),
        ("courier", date(2024, 3, 1), "SERVICE", "6"),
        ("sales_tax", date(2024, 3, 1), "SALES", "10"),
        ("sales_tax_reduced", date(2025, 7, 1), "SALES", "5"),
        ("low_value_goods", date(2024, 1, 1), "SALES", "10"),
    ],
)
def test_registered_malaysian_sellers_charge_what_their_class_says(tax_class, on, code, percent):
    """Service tax went from 6 to 8 % on 1 March 2024, but not for food, telecommunication, parking and logistics."""
    assert [(code, Decimal(percent))] == [(c.code, c.rate) for c in assess("MY", tax_class, on, REGISTERED).components]


def test_low_value_goods_were_not_taxed_before_2024():
    """The tax was put off twice; asked for a day before it, the table says that it knows no rule."""
    with pytest.raises(NoTaxRules, match="'low_value_goods' in MY on 2023-12-31"):
        assess("MY", "low_value_goods", date(2023, 12, 31), REGISTERED)


def test_a_low_value_parcel_bears_ten_percent_of_its_price():
    """RM499.90 of goods, delivery left out: RM49.99 of sales tax."""
    found = assess("MY", "low_value_goods", date(2026, 1, 1), REGISTERED)

    assert [4_999] == [tax.amount for tax in on_top(49_990, found.components, found.profile.mode)]


def test_new_zealand_charges_fifteen_percent_and_nothing_on_exports():
    """GST Act 1985, s. 8 and 11."""
    on = date(2026, 1, 1)

    assert [15] == [c.rate for c in assess("NZ", "standard", on, REGISTERED).components]
    assert [15] == [c.rate for c in assess("NZ", "shipping", on, REGISTERED).components]
    assert ("Z", "G", "E") == tuple(
        assess("NZ", tax_class, on, REGISTERED).category for tax_class in ("zero", "export", "exempt")
    )
