"""Transaction codes, facilities and the retail aggregate of Indonesian sales."""

from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.registration import Registration
from tokolib.kernel.rounding import RoundingMode
from tokolib.tax import (
    Buyer,
    BuyerKind,
    Certificate,
    Facility,
    InvalidTaxRule,
    RetailBy,
    RetailCode,
    RetailSale,
    SellerStatus,
    Situation,
    Supply,
    TransactionCode,
    Treatment,
    assess,
    assess_sale,
    facility,
    on_top,
    retail_rows,
    transaction_code,
)

PKP = SellerStatus(date(1985, 4, 1), registrations=(Registration("ID", date(2021, 8, 1), scheme="ppnbm"),))
TODAY = date(2026, 3, 2)
BONDED = Certificate(
    "KB-1", "PT Ekspor", "ID", date(2025, 1, 1), treatment=Treatment.NOT_COLLECTED, source="PP 85/2015", facility="02"
)


def code(tax_class: str = "standard", buyer: Buyer | None = None, on: date = TODAY, **more) -> str | None:
    buyer = buyer or Buyer()
    return transaction_code(assess_sale(Situation.at_home("ID", PKP, buyer), tax_class, on), buyer, **more)


@pytest.mark.parametrize(
    ("tax_class", "on", "expected"),
    [
        ("standard", date(2024, 12, 31), "01"),
        ("standard", date(2025, 1, 1), "04"),
        ("shipping", TODAY, "04"),
        ("luxury", date(2025, 1, 31), "04"),
        ("luxury", date(2025, 2, 1), "01"),
        ("luxury_75", TODAY, "01"),
        ("courier", TODAY, "05"),
        ("not_collected", TODAY, "07"),
        ("exempt", TODAY, "08"),
        ("export", TODAY, None),
        ("none", TODAY, None),
    ],
)
def test_the_code_follows_the_law_of_the_day(tax_class, on, expected):
    """01 on the price, 04 on 11/12 of it since 2025, 05 on a tenth; no code where there is no faktur pajak."""
    assert expected == code(tax_class, on=on)


@pytest.mark.parametrize(
    ("kind", "expected"), [("government", "02"), ("collector", "03"), ("visitor", "06"), ("business", "04")]
)
def test_who_buys_goes_before_the_base(kind, expected):
    """Public bodies and others that pay the PPN to the state themselves; tourists who get it back."""
    assert expected == code(buyer=Buyer(BuyerKind(kind)))
    assert "08" == code("exempt", Buyer(BuyerKind(kind)))


@pytest.mark.parametrize(("supply", "expected"), [(Supply.ASSET, "09"), (Supply.OTHER, "10"), (Supply.TRADE, "04")])
def test_what_is_sold_goes_before_the_base(supply, expected):
    """Fixed assets (UU PPN art. 16D) and what has no other code."""
    assert expected == code(supply=supply)
    assert "02" == code(buyer=Buyer(BuyerKind.GOVERNMENT), supply=supply)


def test_a_seller_who_is_no_pkp_issues_none():
    """And an export is declared to customs."""
    assert transaction_code(assess("ID", "standard", TODAY, SellerStatus())) is None
    assert transaction_code(assess("ID", "standard", TODAY, PKP, destination="SG")) is None


def test_a_facility_has_two_numbers_with_the_same_end():
    """`AddInfo` and `FacilityStamp` of code 07, from the buyer's certificate."""
    buyer = Buyer(BuyerKind.BUSINESS, certificates=(BONDED,))
    (tax,) = on_top(100_000, assess_sale(Situation.at_home("ID", PKP, buyer), "standard", TODAY).components, HALF_UP)

    assert "07" == code(buyer=buyer)
    assert ("TD.00502", "TD.01102") == (facility(tax).information, facility(tax).stamp)
    assert facility(attrs.evolve(tax, facility="")) is None


@pytest.mark.parametrize("number", ["", "2", "002", "00", "ab", "٠٢"])
def test_a_facility_that_is_no_number_is_refused(number):
    """Two digits, from 01 on."""
    with pytest.raises(InvalidTaxRule):
        Facility(number)


HALF_UP = RoundingMode.HALF_UP


def sale(net: int, tax_class: str = "standard", serial: str = "S-1", on: date = TODAY, **more) -> RetailSale:
    taxes = on_top(net, assess("ID", tax_class, on, PKP).components, HALF_UP)
    return RetailSale(on=on, serial=serial, net=net, taxes=taxes, **more)


def test_the_row_of_one_receipt():
    """2,000,000: 1,833,333 and 220,000, as in Coretax's own sample."""
    (row,) = retail_rows([sale(2_000_000, serial="STRUK-2026-0001")])

    assert ("Normal", "A", "STRUK-2026-0001", TODAY) == (row.code, row.kind, row.serial, row.on)
    assert (2_000_000, 1_833_333, 220_000, 0, 0) == (row.tax_base, row.other_tax_base, row.vat, row.stlg, row.waived)


def test_a_day_of_sales():
    """A row for each code and kind; serials from the first to the last; a return is taken off."""
    rows = retail_rows(
        [
            sale(100_000, serial="S-1"),
            sale(50_000, serial="S-2"),
            sale(-50_000, serial="S-3"),
            sale(200_000, "luxury_20", "S-4"),
            sale(30_000, "courier", "S-5", is_service=True),
            sale(75_000, "exempt", "S-6"),
            sale(90_000, "not_collected", "S-7"),
            sale(10_000, "none", "S-8"),
        ]
    )

    assert [
        ("07", "A", "S-7", 90_000, 82_500, 0, 0, 9_900),
        ("08", "A", "S-6", 75_000, 75_000, 0, 0, 0),
        ("NoVAT", "A", "S-8", 10_000, 10_000, 0, 0, 0),
        ("Normal", "A", "S-1 - S-4", 300_000, 291_667, 35_000, 40_000, 0),
        ("Normal", "B", "S-5", 30_000, 2_750, 330, 0, 0),
    ] == [(r.code, r.kind, r.serial, r.tax_base, r.other_tax_base, r.vat, r.stlg, r.waived) for r in rows]


def test_what_was_all_brought_back_leaves_no_row():
    """The period nets it."""
    assert () == retail_rows([sale(50_000), sale(-50_000, serial="S-2")])


def test_an_export_is_no_retail_sale():
    """Named by its place among the sales."""
    with pytest.raises(InvalidInput) as caught:
        retail_rows([sale(1_000), sale(1_000, "export")])

    assert ["sales[1]"] == [fault.path for fault in caught.value.faults]


sales = st.lists(
    st.builds(
        sale,
        st.integers(-(10**7), 10**8),
        st.sampled_from(["standard", "luxury_40", "courier", "exempt", "not_collected", "none"]),
        st.sampled_from(["S-1", "S-2", "S-3"]),
        st.sampled_from([TODAY, date(2026, 3, 3)]),
        is_service=st.booleans(),
    ),
    max_size=12,
)


@given(sales, st.randoms())
def test_rows_add_up_to_the_sales_in_any_order(found, luck):
    """Nothing is rounded again: sums of the receipts' figures, by day or by receipt."""
    shuffled = list(found)
    luck.shuffle(shuffled)
    by_day, by_receipt = retail_rows(found), retail_rows(found, RetailBy.RECEIPT)

    assert by_day == retail_rows(shuffled)
    for rows in (by_day, by_receipt):
        assert sum(each.net for each in found) == sum(row.tax_base for row in rows)
        for name, tax_code in (("vat", "PPN"), ("stlg", "PPnBM")):
            charged = sum(tax.amount for each in found for tax in each.taxes if tax.code == tax_code)
            assert charged == sum(getattr(row, name) for row in rows)
    assert all(row.vat == 0 for row in by_day if row.code is not RetailCode.NORMAL)


def test_the_codes_are_01_to_10():
    """In their order, as text."""
    assert [f"{number:02}" for number in range(1, 11)] == list(TransactionCode)
