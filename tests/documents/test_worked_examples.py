"""Documents that others published, to the cent: EN 16931's own examples, PEPPOL's, and rules of rounding.

Sources name the repository, the path and the commit in which the file was read.
"""

from decimal import Decimal

import attrs
import pytest

from tokolib import EUR, UnitPrice
from tokolib.documents import (
    TaxCategory,
    line_amount,
    plain_allowance,
    plain_charge,
    plain_line,
    plain_totals,
    rule_misses,
    tax_category,
)
from tokolib.kernel.money import MYR

S25, S15, S12, S19, S6 = (tax_category("S", rate) for rate in (25, 15, 12, 19, 6))
EXEMPT, ZERO = tax_category("E"), tax_category("Z")


def cents(amount: str) -> int:
    return EUR(amount).minor_units


def line(price: str, quantity: str, *categories: TaxCategory, per: str = "1", off: str = "0", on: str = "0"):
    """A line of *quantity* for *price* each *per*, with an allowance and a charge of its own."""
    price_ = UnitPrice.parse(price, EUR)
    return plain_line(line_amount(price_, quantity, per=per, allowances=cents(off), charges=cents(on)), *categories)


def shown(units: int) -> str:
    return str(Decimal(units) / 100)


@attrs.frozen
class Example:
    """A published document: what it is made of, and the figures that it prints."""

    source: str
    items: tuple
    totals: tuple[str, ...]
    """BT-106 lines, BT-107 allowances, BT-108 charges, BT-109 without tax, BT-110 tax, BT-112 with tax."""
    payable: str
    """BT-115."""
    breakdown: dict
    """BT-116 and BT-117 by category."""
    prepaid: str = "0"
    """BT-113."""
    rounding: str = "0"
    """BT-114."""


EXAMPLES = {
    "PEPPOL, allowances and charges on line and document": Example(
        "OpenPEPPOL/peppol-bis-invoice-3 rules/examples/Allowance-example.xml add404faf3c6cc77cd5937a92330c5488dbf06c8",
        (
            line("410", "10", S25, off="101", on="1"),
            line("200", "10", EXEMPT, per="2"),
            line("100", "10", S25, off="101", on="1"),
            plain_charge(cents("200"), S25),
            plain_allowance(cents("200"), S25),
        ),
        ("5900.00", "200.00", "200.00", "5900.00", "1225.00", "7125.00"),
        "6125.00",
        {S25: ("4900.00", "1225.00"), EXEMPT: ("1000.00", "0.00")},
        prepaid="1000",
    ),
    "PEPPOL, the calculation of VAT": Example(
        "OpenPEPPOL/peppol-bis-invoice-3 guide/syntax/snippets/vat-calc.xml 02aa9049d83ea9bdba158357975907b416f24311",
        (
            line("400", "10", S25),
            line("200", "10", EXEMPT),
            line("90", "10", S25),
            plain_charge(cents("200"), S25),
            plain_allowance(cents("100"), S25),
        ),
        ("6900.00", "100.00", "200.00", "7000.00", "1250.00", "8250.00"),
        "8250.00",
        {S25: ("5000.00", "1250.00"), EXEMPT: ("2000.00", "0.00")},
    ),
    "Norway: returned goods, half a cent, paid before, rounded to whole kroner": Example(
        "OpenPEPPOL/peppol-bis-invoice-3 rules/national-examples/NO/Norwegian-example-1.xml "
        "76da4501ee8a10c4666d9a93b65072e63b82b81f",
        (
            line("1273", "1", S25, off="12", on="12"),
            line("3.96", "-1", S15),
            line("2.48", "2", S15),
            line("25", "-1", EXEMPT),
            line("0.75", "250", S25),
            plain_charge(cents("100"), S25),
            plain_allowance(cents("100"), S25),
        ),
        ("1436.50", "100.00", "100.00", "1436.50", "365.28", "1801.78"),
        "802.00",
        {S25: ("1460.50", "365.13"), S15: ("1.00", "0.15"), EXEMPT: ("-25.00", "0.00")},
        prepaid="1000",
        rounding="0.22",
    ),
    "CEN, the same sale without rounding": Example(
        # The file prints a quantity of 2 for its first line, at 1273.00 and with 1273.00 net: its net is what counts.
        "ConnectingEurope/eInvoicing-EN16931 ubl/examples/ubl-tc434-example2.xml "
        "0995d598f4ee7ed3c20b37ecec7719ea1ceaeef7",
        (
            plain_line(cents("1273"), S25),
            line("3.96", "-1", S15),
            line("2.48", "2", S15),
            line("25", "-1", EXEMPT),
            line("0.75", "250", S25),
            plain_charge(cents("100"), S25),
            plain_allowance(cents("100"), S25),
        ),
        ("1436.50", "100.00", "100.00", "1436.50", "365.28", "1801.78"),
        "801.78",
        {S25: ("1460.50", "365.13"), S15: ("1.00", "0.15"), EXEMPT: ("-25.00", "0.00")},
        prepaid="1000",
    ),
    "CEN, two rates": Example(
        "ConnectingEurope/eInvoicing-EN16931 ubl/examples/ubl-tc434-example4.xml "
        "1e4facf7ba4d9eb6ba434a50f2feb2847ead0e8e",
        (line("1.00", "1000", S25), line("5.00", "100", S25), line("5.00", "500", S12)),
        ("4000.00", "0.00", "0.00", "4000.00", "675.00", "4675.00"),
        "4675.00",
        {S25: ("1500.00", "375.00"), S12: ("2500.00", "300.00")},
    ),
    "CEN, half of it paid before": Example(
        "ConnectingEurope/eInvoicing-EN16931 ubl/examples/ubl-tc434-example5.xml "
        "0995d598f4ee7ed3c20b37ecec7719ea1ceaeef7",
        (
            line("1.00", "1000", S25, off="100", on="100"),
            line("5.00", "100", S25),
            line("5.00", "500", S12),
            plain_allowance(cents("150"), S25),
            plain_charge(cents("150"), S25),
        ),
        ("4000.00", "150.00", "150.00", "4000.00", "675.00", "4675.00"),
        "2337.50",
        {S25: ("1500.00", "375.00"), S12: ("2500.00", "300.00")},
        prepaid="2337.50",
    ),
    "PEPPOL, a credit note, positive as such notes are": Example(
        "OpenPEPPOL/peppol-bis-invoice-3 rules/examples/base-creditnote-correction.xml "
        "81497bfb662f539cf7660882c24a0700be9b3517",
        (line("400", "7", S25), line("500", "-3", S25), plain_charge(cents("25"), S25)),
        ("1300.00", "0.00", "25.00", "1325.00", "331.25", "1656.25"),
        "1656.25",
        {S25: ("1325.00", "331.25")},
    ),
    "PEPPOL, exempt": Example(
        "OpenPEPPOL/peppol-bis-invoice-3 rules/examples/vat-category-E.xml 2490b19c4c8dd9cbc1b0f78fdd3fdb5f8bc7fe8c",
        (line("120.00", "10", EXEMPT),),
        ("1200.00", "0.00", "0.00", "1200.00", "0.00", "1200.00"),
        "1200.00",
        {EXEMPT: ("1200.00", "0.00")},
    ),
    "CEN, every category is there and closes at zero": Example(
        "ConnectingEurope/eInvoicing-EN16931 cii/examples/CII-BR-CO-10-RoundingIssue.xml "
        "08a73cf34f0b2f03e178ad39e2872134243f8416",
        (
            plain_line(cents("720.81"), S19),
            plain_line(cents("0.01"), ZERO),
            plain_line(cents("-720.81"), S19),
            plain_line(cents("-0.01"), ZERO),
        ),
        ("0.00", "0.00", "0.00", "0.00", "0.00", "0.00"),
        "0.00",
        {S19: ("0.00", "0.00"), ZERO: ("0.00", "0.00")},
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_published_document_comes_out_to_the_cent(name):
    """From its lines, allowances and charges come all the totals that it prints, and no rule is missed."""
    example = EXAMPLES[name]

    found = plain_totals(example.items, prepaid=cents(example.prepaid), rounding=cents(example.rounding))

    sums = (found.lines, found.allowances, found.charges, found.without_tax, found.tax, found.with_tax)
    assert [Decimal(each) for each in example.totals] == [Decimal(shown(each)) for each in sums]
    assert cents(example.payable) == found.payable
    assert {key: (cents(base), cents(tax)) for key, (base, tax) in example.breakdown.items()} == {
        row.category: (row.taxable, row.tax) for row in found.breakdown
    }
    assert () == rule_misses(example.items, found)


def test_half_a_cent_goes_up():
    """1,460.50 at 25 % is 365.125: half up gives 365.13 as the Norwegian example prints; half even gave 365.12."""
    assert cents("365.13") == plain_totals([plain_line(cents("1460.50"), S25)]).tax


@pytest.mark.parametrize(
    ("payable", "increment", "rounded", "rounding"),
    [
        ("999.81", 100, "1000.00", "0.19"),  # EN 16931-1, BT-114
        ("801.78", 100, "802.00", "0.22"),  # Norwegian-example-1.xml
        ("82.01", 5, "82.00", "-0.01"),  # Bank Negara Malaysia, rounding mechanism, from 1 April 2008
        ("82.03", 5, "82.05", "0.02"),
        ("82.06", 5, "82.05", "-0.01"),
        ("82.08", 5, "82.10", "0.02"),
        ("-82.03", 5, "-82.05", "-0.02"),
    ],
)
def test_what_rounding_for_cash_adds_stands_beside_it(payable, increment, rounded, rounding):
    """BT-114 is the difference; neither the tax nor any other total is touched, and rounding twice changes nothing."""
    exact = plain_totals([plain_line(cents(payable), EXEMPT)])

    found = exact.rounded(increment)

    assert (cents(rounded), cents(rounding)) == (found.payable, found.rounding)
    assert attrs.evolve(exact, payable=found.payable, rounding=found.rounding) == found == found.rounded(increment)
    assert exact == found.rounded(1)


def test_three_times_one_ringgit_seventy_seven():
    """6 % of 3 × 1.77: on the sum 0.32, and 5.63 in all; by line 0.33 (Malaysian GST guides; SSUTA s. 324(B))."""
    by_line = [plain_totals([plain_line(177, S6)]) for _ in range(3)]
    on_sum = plain_totals([plain_line(177, S6)] * 3)

    assert (33, 564) == (sum(each.tax for each in by_line), sum(each.with_tax for each in by_line))
    assert (32, 563) == (on_sum.tax, on_sum.with_tax)
    assert MYR("5.65").minor_units == on_sum.rounded(MYR.cash_increment).payable
