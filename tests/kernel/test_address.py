"""Addresses are cleaned and checked, all faults at once, and keep people out of logs."""

import pytest

from tokolib.kernel.address import Address
from tokolib.kernel.countries import COUNTRIES, country_name
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.personal import personal_fields

SITI = Address("Siti Aminah", "Jl. Malioboro 52", city="Yogyakarta", postal_code="55271", country="ID")


def test_blanks_and_case_are_cleaned():
    """Two spellings of one address are one value; letters are composed."""
    typed = Address(" Siti\u00a0 Aminah", "Jl. Malioboro\n52 ", city="Yogyakarta\t", postal_code=" 55271", country="id")

    assert SITI == typed
    assert "José" == Address("Jose\u0301", "x", city="y", postal_code="", country="HK").name


def test_the_indonesian_places_nest_and_print_as_a_label():
    """Kelurahan and kecamatan, then kota and provinsi with the code, then the country by locale."""
    full = Address(
        "Siti Aminah",
        "Jl. Malioboro 52",
        city="Kota Yogyakarta",
        postal_code="55271",
        country="ID",
        province="DI Yogyakarta",
        district="Gedongtengen",
        village="Sosromenduran",
        phone="+62 812-3456-7890",
        email="siti@example.com",
        notes="Pagar biru",
        region_code="34.71.13.1001",
    )

    assert full.lines("id") == (
        "Siti Aminah",
        "Jl. Malioboro 52",
        "Sosromenduran, Gedongtengen",
        "Kota Yogyakarta, DI Yogyakarta 55271",
        "Indonesia",
    )
    assert "Siti Aminah, Jl. Malioboro 52, Yogyakarta 55271, Indonesia" == SITI.one_line("en")
    assert ("Jepang", "Japan") == (country_name("JP", "id"), country_name("JP", "en"))
    assert "QQ" == country_name("QQ", "en")
    assert 249 == len(COUNTRIES)


def test_what_a_marketplace_hides_is_accepted():
    """Masked names, phones and codes are kept as they are."""
    masked = Address(
        "B***i",
        "J*** 5",
        city="Kota B***",
        postal_code="40***",
        country="ID",
        phone="(+62)838*****23",
        email="b***@m.co",
    )

    assert "B***i" == masked.name


def test_all_faults_come_at_once_with_their_paths_and_without_the_person():
    """Seven wrong fields are seven faults; a phone number doesn't travel in an error."""
    with pytest.raises(InvalidInput) as caught:
        Address("", 5, city="x\0", postal_code="!", country="Indonesia", phone="abc", email="no", notes="n" * 501)

    faults = {fault.path: fault for fault in caught.value.faults}
    assert {"name", "street", "city", "postal_code", "country", "phone", "email", "notes"} == set(faults)
    assert "kernel.required" == faults["name"].code
    assert "kernel.not_text" == faults["street"].code
    assert "kernel.unprintable" == faults["city"].code
    assert "kernel.too_long" == faults["notes"].code
    assert ("INDONESIA", "") == (faults["country"].value, faults["phone"].value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("postal_code", "5527"),
        ("postal_code", "5527１"),
        ("postal_code", ""),
        ("postal_code", 55271),
        ("country", None),
        ("country", "XX"),
        ("region_code", "97"),
        ("region_code", "34.7"),
        ("region_code", "34.71.07.100"),
        ("region_code", "10.01"),
        ("phone", "12"),
        ("city", "  "),
        ("name", "\ud800"),
    ],
)
def test_a_single_wrong_field_is_named(field, value):
    """Exactly one fault, at that field."""
    given = {"city": "Yogyakarta", "postal_code": "55271", "country": "ID", "name": "Siti", "street": "Jl. M"}

    with pytest.raises(InvalidInput) as caught:
        Address(**(given | {field: value}))

    assert [field] == [fault.path for fault in caught.value.faults]


def test_other_countries_have_other_codes():
    """British codes have letters, Hong Kong none; Indonesian region codes belong to Indonesia."""
    Address("A", "B", city="London", postal_code="sw1a 1aa", country="GB")
    Address("A", "B", city="Hong Kong", postal_code="", country="HK")
    with pytest.raises(InvalidInput, match="Indonesian"):
        Address("A", "B", city="London", postal_code="SW1A 1AA", country="GB", region_code="34.71")


@pytest.mark.parametrize("code", ["34", "34.71", "34.71.07", "34.71.07.1001", ""])
def test_a_region_is_known_as_far_as_it_is_known(code):
    """A courier may need the kecamatan only."""
    assert code == Address("A", "B", city="C", postal_code="55271", country="ID", region_code=code).region_code


def test_the_person_is_marked_and_stays_out_of_repr():
    """Logs show that there is a name, not which."""
    assert ("name", "street", "village", "phone", "email", "notes") == personal_fields(Address)
    assert "Siti" not in f"{SITI} {SITI!r}"
    assert "Yogyakarta" in repr(SITI)
