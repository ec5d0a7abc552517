"""Plain bills: what is no bill is refused, every fault at once and with its path."""

import pytest

from tokolib import EUR, UnitPrice
from tokolib.documents import line_amount, plain_line, plain_totals, rule_misses, tax_category
from tokolib.documents.arithmetic import RuleMiss
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.numbers import NotExact
from tokolib.kernel.rounding import BadDivisor

S20 = tax_category("S", 20)


@pytest.mark.parametrize(
    ("letter", "rate", "faults"),
    [
        ("S", 0, [("rate", "documents.bad_rate")]),
        ("S", -1, [("rate", "documents.bad_rate")]),
        ("S", 1001, [("rate", "documents.bad_rate")]),
        ("S", 0.2, [("rate", "kernel.not_exact")]),
        ("E", 20, [("rate", "documents.bad_rate")]),
        ("O", "0.01", [("rate", "documents.bad_rate")]),
        ("s", 20, [("letter", "documents.unknown_category")]),
        (None, "x", [("letter", "documents.unknown_category"), ("rate", "kernel.not_exact")]),
        ("Q", 2000, [("letter", "documents.unknown_category"), ("rate", "documents.bad_rate")]),
    ],
)
def test_a_category_has_a_known_letter_and_a_rate_that_fits(letter, rate, faults):
    """BR-S-05, BR-E-05 and their like; both faults are told when there are two."""
    with pytest.raises(InvalidInput) as refused:
        tax_category(letter, rate)
    assert faults == [(fault.path, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize("letter", ["L", "M", "B"])
def test_categories_of_other_vats_may_have_any_rate(letter):
    """The Canary Islands' IGIC and the like know 0 % too."""
    assert (0, 7) == (int(tax_category(letter).rate), int(tax_category(letter, 7).rate))


def test_all_faults_of_a_bill_are_told_with_their_paths():
    """Amounts are whole minor units, and every item says what it is taxed in."""
    items = [plain_line(100, S20), plain_line("1.00", S20), plain_line(True), plain_line(1.5, S20)]

    with pytest.raises(InvalidInput) as refused:
        plain_totals(items, prepaid=None, rounding="0")

    assert [
        ("items[1].amount", "documents.not_minor_units"),
        ("items[2].amount", "documents.not_minor_units"),
        ("items[3].amount", "documents.not_minor_units"),
        ("prepaid", "documents.not_minor_units"),
        ("rounding", "documents.not_minor_units"),
        ("items[2].categories", "documents.no_category"),
    ] == [(fault.path, fault.code) for fault in refused.value.faults]


def test_a_line_is_price_by_quantity_and_what_is_on_and_off_it():
    """PEPPOL-EN16931-R120: a price for a hundred, a tenth of a cent, a returned piece; rounded once, half up."""
    assert 1_00 == line_amount(UnitPrice.parse("0.001", EUR), 1000)
    assert 12_35 == line_amount(UnitPrice.parse("4.94", EUR), "2.5")
    assert 2_47 == line_amount(UnitPrice.parse("4.94", EUR), "0.5")
    assert -3_96 == line_amount(UnitPrice.parse("3.96", EUR), -1)
    assert 1_01 == line_amount(UnitPrice.parse("201", EUR), "0.5", per=100)
    assert 41_00 == line_amount(UnitPrice.parse("10", EUR), 4, allowances=1_00, charges=2_00)
    with pytest.raises(NotExact):
        line_amount(UnitPrice.parse("1", EUR), 0.5)
    with pytest.raises(BadDivisor):
        line_amount(UnitPrice.parse("1", EUR), 1, per=0)


def test_nothing_bought_is_nothing_to_pay():
    """A bill without items has no categories, and keeps every rule."""
    totals = plain_totals([])

    assert (0, 0, ()) == (totals.payable, totals.tax, totals.breakdown)
    assert () == rule_misses([], totals)


def test_a_category_without_its_row_is_named():
    """What is taxed in a category that the breakdown lacks misses that category's rule, by all of it."""
    items = [plain_line(100, S20), plain_line(700, tax_category("K"))]

    found = rule_misses(items, plain_totals(items[:1]))

    assert RuleMiss("BR-IC-08", -700, tax_category("K")) in found
    assert RuleMiss("BR-CO-10", -700) in found
