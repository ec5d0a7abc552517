"""Tax ids offline. Examples are those that the authorities and python-stdnum's own tests publish; none is anybody's."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.adapters.tax_ids import IdFault, IdKind, InvalidTaxId, TaxId, check_tax_id
from tokolib.kernel.adapter_errors import MissingExtra


@pytest.mark.parametrize(
    ("country", "text", "kind", "kept"),
    [
        ("ID", "01.312.166.0-091.000", IdKind.NPWP, "013121660091000"),
        ("ID", "013000666091000", IdKind.NPWP, "013000666091000"),
        ("ID", "0013121660091000", IdKind.NPWP, "0013121660091000"),
        ("ID", "3171011708450001", IdKind.NIK, "3171011708450001"),
        ("ID", "3171015708450001", IdKind.NIK, "3171015708450001"),
        ("ID", "0013121660091000 000001", IdKind.NITKU, "0013121660091000000001"),
        ("ID", "3171011708450001000000", IdKind.NITKU, "3171011708450001000000"),
        ("DE", "DE 136 695 976", IdKind.EU_VAT, "DE136695976"),
        ("DE", "136695976", IdKind.EU_VAT, "DE136695976"),
        ("FR", "40303265045", IdKind.EU_VAT, "FR40303265045"),
        ("GR", "EL094259216", IdKind.EU_VAT, "EL094259216"),
        ("GR", "094259216", IdKind.EU_VAT, "EL094259216"),
        ("NL", "nl4495445b01", IdKind.EU_VAT, "NL004495445B01"),
        ("GB", "XI980780684", IdKind.EU_VAT, "XI980780684"),
    ],
)
def test_an_id_in_order_is_kept_without_its_dots(country, text, kind, kept):
    """NPWP of 15 and 16 digits, NIK of men and women, NITKU, VAT numbers with their prefix and without."""
    assert TaxId(country, kind, kept) == check_tax_id(country, text)


@pytest.mark.parametrize(
    ("country", "text", "fault", "said"),
    [
        ("ID", "01.312.166.1-091.000", IdFault.CHECK_DIGIT, "its check digit is wrong"),
        ("ID", "0013121661091000", IdFault.CHECK_DIGIT, "its check digit is wrong"),
        ("ID", "123", IdFault.LENGTH, "it has 3 digits, not 15, 16 or 22"),
        ("ID", "31710117O8450001", IdFault.FORMAT, "it has other characters than digits"),
        ("ID", "٣١٧١٠١١٧٠٨٤٥٠٠٠١", IdFault.FORMAT, "it has other characters than digits"),
        ("ID", "9971011708450001", IdFault.PART, "a part of it can't be"),
        ("ID", "3171013213450001", IdFault.PART, "32 is no day of birth"),
        ("ID", "3171018508450001", IdFault.PART, "85 is no day of birth"),
        ("ID", "3171011713450001", IdFault.PART, "a part of it can't be"),
        ("ID", "3171011708450000", IdFault.PART, "its serial is 0000"),
        ("DE", "DE136695975", IdFault.CHECK_DIGIT, "its check digit is wrong"),
        ("DE", "DE1366959", IdFault.LENGTH, "too long or too short"),
        ("DE", "", IdFault.FORMAT, "not the form of one"),
        ("FR", "DE136695976", IdFault.PART, "it begins with DE, not with FR"),
        ("US", "12-3456789", IdFault.COUNTRY, "aren't known here"),
        ("DE", "9" * 41, IdFault.LENGTH, "it has 41 characters"),
    ],
)
def test_what_is_wrong_is_named(country, text, fault, said):
    """One error, and which of five faults it is."""
    with pytest.raises(InvalidTaxId, match=said) as caught:
        check_tax_id(country, text)

    assert (country, fault) == (caught.value.country, caught.value.fault)


def test_tax_files_want_sixteen_digits():
    """NPWP16 of an NPWP15 has a zero in front; that of a NITKU is its beginning; other countries have none."""
    ids = [("ID", "013121660091000"), ("ID", "0013121660091000000001"), ("ID", "3171011708450001"), ("DE", "136695976")]

    assert ["0013121660091000", "0013121660091000", "3171011708450001", ""] == [
        check_tax_id(*each).npwp16 for each in ids
    ]


@given(st.sampled_from(["ID", "DE", "FR", "GR", "NL", "ES", "US", "ZZ"]), st.text(max_size=60))
def test_no_text_is_too_strange(country, text):
    """Any text is an id, or the one error."""
    try:
        found = check_tax_id(country, text)
    except InvalidTaxId as error:
        assert error.fault in tuple(IdFault)
    else:
        assert found == check_tax_id(country, found.text)


@given(st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_of_the_first_nine_is_found(place, step):
    """Luhn finds every single one; the office and the branch have no check."""
    good = "013121660091000"
    digit = str((int(good[place]) + step) % 10)
    wrong = good[:place] + digit + good[place + 1 :]
    if place < 9:
        with pytest.raises(InvalidTaxId, match="check digit"):
            check_tax_id("ID", wrong)
    else:
        assert wrong == check_tax_id("ID", wrong).text


def test_without_its_package_the_extra_is_named(monkeypatch):
    """`pip install 'tokolib[ids]'` is the way out."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "stdnum"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "stdnum", None)

    with pytest.raises(MissingExtra, match=r"tokolib\[ids\]"):
        check_tax_id("ID", "013121660091000")
