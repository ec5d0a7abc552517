"""Which area is meant: names, kinds, postal prefixes, the most precise one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.address import Address
from tokolib.shipping.errors import InvalidMethod
from tokolib.shipping.places import Area, Destination, is_province, place_key, province_key, shelf, shelves
from tokolib.shipping.provinces import PROVINCES
from tokolib.shipping.table import RateRow, choose, days

SLEMAN = Destination("ID", "DI Yogyakarta", "Kabupaten Sleman", "Depok", "55281")


def row(price: int, upto: int | None = None, **area: str) -> RateRow:
    return RateRow(Area("ID", **area), price, upto_grams=upto)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KAB. Sleman", "Kabupaten Sleman"),
        ("kota  administrasi Jakarta Selatan", "Kota Jakarta Selatan"),
        ("Kec. Depok", "DEPOK"),
        ("Provinsi D.I. Yogyakarta", "DI  Yogyakarta"),
    ],
)
def test_spellings_of_one_place(one, other):
    """Case, punctuation, spaces and the usual abbreviations don't matter."""
    assert place_key(one) == place_key(other)


@pytest.mark.parametrize(
    "names",
    [
        ("DKI Jakarta", "Jakarta", "D.K.I. Jakarta", "Daerah Khusus Ibukota Jakarta", "Daerah Khusus Jakarta", "DKJ"),
        ("DI Yogyakarta", "D.I. Yogyakarta", "Daerah Istimewa Yogyakarta", "DIY", "Prov. Yogyakarta"),
        ("Aceh", "NAD", "Nanggroe Aceh Darussalam", "Provinsi Aceh"),
        ("Kepulauan Riau", "Kep. Riau", "Kepri"),
        ("Kepulauan Bangka Belitung", "Bangka Belitung", "Babel"),
        ("Nusa Tenggara Barat", "NTB", "N.T.B."),
        ("Nusa Tenggara Timur", "ntt"),
        *(
            (f"{island} {side}", short)
            for island, sides in {
                "Sumatera": {"Utara": "Sumut", "Barat": "Sumbar", "Selatan": "Sumsel"},
                "Jawa": {"Barat": "Jabar", "Tengah": "Jateng", "Timur": "Jatim"},
                "Kalimantan": {
                    "Barat": "Kalbar", "Selatan": "Kalsel", "Tengah": "Kalteng", "Timur": "Kaltim", "Utara": "Kaltara",
                },
                "Sulawesi": {
                    "Utara": "Sulut", "Selatan": "Sulsel", "Tengah": "Sulteng", "Tenggara": "Sultra", "Barat": "Sulbar",
                },
            }.items()
            for side, short in sides.items()
        ),
    ],
)  # fmt: skip
def test_a_province_of_indonesia_has_all_its_names(names):
    """In a table as in an address, and on the shelf on which the rate lies."""
    for ours in names:
        for theirs in names:
            area, destination = Area("ID", ours), Destination("ID", theirs)
            assert 2 == area.match(destination)
            assert shelf(area) in shelves(destination)


def test_no_name_means_two_provinces():
    """38 provinces, and each name is of one; Riau is not Kepulauan Riau, nor Papua its neighbours."""
    keys = [{province_key("ID", name) for name in names} for names in PROVINCES.values()]

    assert [1] * 38 == [len(of_one) for of_one in keys]
    assert 38 == len(set.union(*keys))
    assert Area("ID", "Papua").match(Destination("ID", "Papua Barat")) is None


def test_other_countries_have_provinces_of_their_own():
    """`NT` is Australia's; only Indonesia's names are known here."""
    assert Area("AU", "NTB").match(Destination("AU", "Nusa Tenggara Barat")) is None
    assert is_province("AU", "Atlantis")


@pytest.mark.parametrize(
    ("ours", "theirs", "matches"),
    [
        ("Kota Bandung", "Kabupaten Bandung", False),
        ("Bandung", "Kabupaten Bandung", True),
        ("Kota Bandung", "Bandung", True),
        ("Bandung", "Bandung Barat", False),
        ("Bandung", "", False),
    ],
)
def test_city_and_regency_of_one_name_are_two_places(ours, theirs, matches):
    """A bare name may mean either."""
    assert matches is (Area("ID", city=ours).match(Destination("ID", city=theirs)) is not None)


def test_a_bare_name_means_the_city_unless_the_table_has_it_bare():
    """`Bandung` takes `Kota Bandung` before `Kabupaten Bandung`, and `Bandung` before both."""
    rows = [row(3, city="Kabupaten Bandung"), row(2, city="Kota Bandung"), row(1, city="Bandung")]
    bandung = Destination("ID", city="Bandung")

    assert (1, 2) == (choose(rows, bandung, 1000).price, choose(rows[:2], bandung, 1000).price)
    assert 3 == choose(rows, Destination("ID", city="Kab. Bandung"), 1000).price


def test_the_most_precise_area_wins_whatever_the_order():
    """Postal code, then district, city, province, country."""
    rows = [
        row(1),
        row(2, province="DI Yogyakarta"),
        row(3, city="Sleman"),
        row(4, city="Sleman", district="Depok"),
        row(5, postal_prefix="55281"),
    ]

    for most in range(5, 0, -1):
        assert most == choose(rows[:most], SLEMAN, 1000).price
        assert most == choose(rows[most - 1 :: -1], SLEMAN, 1000).price
    assert choose(rows, Destination("SG"), 1000) is None


@pytest.mark.parametrize(("prefix", "price"), [("5", 2), ("55", 1), ("552", 1)])
def test_a_short_postal_prefix_is_coarser_than_a_province(prefix, price):
    """One digit is; two digits aren't."""
    assert price == choose([row(1, postal_prefix=prefix), row(2, province="D.I. Yogyakarta")], SLEMAN, 1).price


def test_of_one_area_the_tightest_weight_limit_holds():
    """Up to 1 kg, up to 5 kg, without limit; nothing fits: no row."""
    rows = [row(3), row(1, upto=1000), row(2, upto=5000)]

    assert [1, 2, 2, 3] == [choose(rows, SLEMAN, grams).price for grams in (1000, 1001, 5000, 5001)]
    assert choose(rows[1:], SLEMAN, 5001) is None


def test_equal_rows_the_first_holds():
    """Deterministic, also where a table repeats itself."""
    assert 1 == choose([row(1, city="Sleman"), row(2, city="SLEMAN")], SLEMAN, 1).price


@pytest.mark.parametrize(
    ("area", "name"),
    [
        ({"city": "Kab. Sleman", "province": "DIY"}, "city:ID:sleman"),
        ({"district": "Depok", "province": "DIY"}, "district:ID:depok"),
        ({"province": "D.I. Yogyakarta", "postal_prefix": "55"}, "province:ID:di yogyakarta"),
        ({"postal_prefix": "55"}, "postal:ID:55"),
        ({}, "country:ID"),
    ],
)
def test_the_shelf_of_an_area(area, name):
    """City and regency of one name share a shelf."""
    assert name == shelf(Area("ID", **area))


names = st.sampled_from(["", "Sleman", "Kab. Sleman", "Kota Bandung", "Bandung", "Depok", "Bali"])
places = st.builds(
    Destination,
    st.sampled_from(["ID", "SG"]),
    province=names,
    city=names,
    district=names,
    postal_code=st.sampled_from(["", "55281", "55 281", "80361"]),
)
areas = st.builds(
    Area,
    st.sampled_from(["ID", "SG"]),
    province=names,
    city=names,
    district=names,
    postal_prefix=st.sampled_from(["", "5", "5528", "8"]),
)


@given(areas, places)
def test_whatever_matches_lies_on_a_shelf_that_is_looked_up(area, place):
    """A lookup of few shelves never misses a row of the whole table."""
    if area.match(place) is not None:
        assert shelf(area) in set(shelves(place))


def test_a_destination_is_taken_from_an_address():
    """Name, street and village don't matter to a rate."""
    siti = Address(
        "Siti", "Jl. Gejayan 1", city="Kab. Sleman", district="Depok", postal_code="55281", country="ID", province="DIY"
    )

    assert Destination("ID", "DIY", "Kab. Sleman", "Depok", "55281") == Destination.of(siti)
    assert "Depok, Kab. Sleman, DIY, 55281, ID" == str(Destination.of(siti))
    assert "Depok, 55…, ID" == str(Area("ID", district="Depok", postal_prefix="55"))


@pytest.mark.parametrize("country", ["", "id", "IDN"])
def test_an_area_needs_a_country_code(country):
    """Two capital letters."""
    with pytest.raises(InvalidMethod, match="country"):
        Area(country)


@pytest.mark.parametrize("fault", [{"price": -1}, {"per_kg": -1}, {"included_grams": -1}, {"upto_grams": 0}])
def test_an_impossible_rate_is_refused(fault):
    """Negative prices, weights of nothing."""
    with pytest.raises(InvalidMethod, match=next(iter(fault))):
        RateRow(**({"area": Area("ID"), "price": 1} | fault))


@pytest.mark.parametrize(
    ("grams", "step", "cost"), [(1000, 1000, 10), (2000, 1000, 15), (1001, 1000, 15), (1500, 500, 13), (1001, 1, 11)]
)
def test_further_weight_is_charged_by_steps(grams, step, cost):
    """10 for the first kilogram, 5 for each further one, parts rounded up."""
    assert cost == RateRow(Area("ID"), 10, 5).cost(grams, step)


@pytest.mark.parametrize(
    ("etd", "expected"),
    [
        ("6-7 day", (6, 7)),
        ("2 day", (2, 2)),
        ("1-1", (1, 1)),
        ("", None),
        ("3 HARI", (3, 3)),
        ("2 s/d 4 hari", (2, 4)),
        ("5-2 hari", None),
        ("besok", None),
    ],
)
def test_days_are_read_from_free_text(etd, expected):
    """Couriers' own words, as RajaOngkir passes them on (indonesia.md 4.4)."""
    assert expected == days(etd)


@pytest.mark.parametrize("fault", [{"country": 5}, {"country": None}, {"province": 5}, {"postal_prefix": 55281}])
def test_an_area_of_something_else_than_text_is_refused(fault):
    """By the name of the level; no Python error from inside."""
    with pytest.raises(InvalidMethod, match=next(iter(fault))):
        Area(**({"country": "ID"} | fault))
