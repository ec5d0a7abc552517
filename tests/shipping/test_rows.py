"""Rate tables as CSV: headers in two languages, all faults at once, nothing half read."""

from decimal import Decimal, localcontext
from io import BytesIO, StringIO, TextIOWrapper

import pytest

from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.limits import Limits
from tokolib.kernel.money import IDR, USD
from tokolib.kernel.notation import UnknownLocale
from tokolib.shipping.errors import TableRejected
from tokolib.shipping.places import Area
from tokolib.shipping.rows import read_rates
from tokolib.shipping.table import RateRow


def read(source, currency=IDR, **options):
    return read_rates(source, currency, country="ID", **options)


def faults(source, **options):
    with pytest.raises(TableRejected) as caught:
        read(source, **options)
    return [(fault.path, fault.code) for fault in caught.value.faults]


def test_a_table_with_indonesian_headers():
    """Any order, any case, semicolons, a byte order mark."""
    csv = "\ufeffKota/Kabupaten;PROVINSI;Harga;Harga per kg;Estimasi\nKab. Sleman;DI Yogyakarta;12000;10000;2-3 hari\n"

    assert (RateRow(Area("ID", "DI Yogyakarta", "Kab. Sleman"), 12_000, 10_000, etd="2-3 hari"),) == read(csv.encode())


def test_a_price_per_kilogram_alone_is_the_price_of_the_first_too():
    """Or of as many as are included."""
    rows = read("city,per_kg,included_kg\nSleman,10000,\nBantul,10000,2.5\n")

    assert [(10_000, 1000), (30_000, 2500)] == [(row.price, row.included_grams) for row in rows]


def test_every_column():
    """Country, area, postal prefix, weight bands, zone."""
    csv = "country\tprovince\tcity\tdistrict\tpostal_prefix\tprice\tupto_kg\tzone\nsg\tP\tC\tD\t55\t12.50\t0.5\tZ1\n"

    assert (RateRow(Area("SG", "P", "C", "D", "55"), 1250, upto_grams=500, zone="Z1"),) == read(csv, USD)


def test_own_headers_and_typed_amounts():
    """`columns` names theirs; `locale` reads what people type."""
    rows = read("Tujuan,Biaya\nSleman,Rp12.000\n", columns={"city": "Tujuan", "price": "Biaya"}, locale="id")

    assert (RateRow(Area("ID", city="Sleman"), 12_000),) == rows


def test_rows_by_header_need_no_csv():
    """As `csv.DictReader` or a database gives them."""
    assert (RateRow(Area("ID", city="Sleman"), 12_000),) == read([{"city": "Sleman", "price": "12000"}])


def test_rows_by_header_may_have_numbers_and_nothing():
    """A database's NULL is an empty cell, no city called None; its exact numbers are read as they are."""
    rows = [{"city": None, "price": 12_000, "upto_kg": Decimal("0.5")}, {"city": "Sleman", "price": "9000"}]

    assert (RateRow(Area("ID"), 12_000, upto_grams=500), RateRow(Area("ID", city="Sleman"), 9_000)) == read(rows)


@pytest.mark.parametrize(
    ("row", "path", "code"),
    [
        ({"city": "Bantul", "price": "1", "per kg": "9000"}, "line 3, per kg", "shipping.extra_cells"),
        ({"city": "Bantul", "price": "1", None: ["9000"]}, "line 3, None", "shipping.extra_cells"),
        ({"city": "Bantul", "price": 12_000.0}, "line 3, price", "kernel.wrong_type"),
        ({"city": "Bantul", "price": True}, "line 3, price", "kernel.wrong_type"),
        ({"city": "Bantul", "price": 10**5000}, "line 3, price", "kernel.amount_out_of_range"),
        ({"city": "Ban\ud800tul", "price": 1}, "line 3, city", "kernel.not_unicode"),
        ({"city": "Ban\0tul", "price": 1}, "line 3, city", "kernel.unprintable"),
        ({"ci\ud800ty": "Bantul"}, "line 3, ci\\ud800ty", "shipping.extra_cells"),
        (["Bantul", "1"], "line 3", "kernel.wrong_type"),
        ("Bantul,1", "line 3", "kernel.wrong_type"),
    ],
)
def test_rows_by_header_that_are_none(row, path, code):
    """Cells without a header (`DictReader` files them under None), floats, and what is no row at all."""
    assert [(path, code)] == faults([{"city": "Sleman", "price": "1"}, row])


def test_days_that_say_nothing_are_told():
    """A customer would have seen none, or the wrong ones; an empty cell promises nothing."""
    csv = "city,price,etd\nSleman,1,besok\nBantul,1,5-2 hari\nSolo,1,2-3 hari\nBlora,1,\n"

    unreadable = "shipping.unreadable_days"
    assert [("line 2, etd", unreadable), ("line 3, etd", unreadable)] == faults(csv)


def test_an_unknown_province_is_no_rate_that_nobody_gets():
    """A misspelt one, or a city in its column, would store a rate that no address finds; other countries have any."""
    csv = "country,province,price\nID,Atlantis,1\n,Bandung,1\n,Jabar,1\n,West Java,2\nSG,P,1\n,,1\n"

    unknown = "shipping.unknown_province"
    assert [("line 2, province", unknown), ("line 3, province", unknown)] == faults(csv)


@pytest.mark.parametrize(
    "source",
    [
        bytearray(b"city;price\r\nSleman;12000\r\n"),
        StringIO("city;price\nSleman;12000\n"),
        BytesIO(b"\xef\xbb\xbfcity\tprice\nSleman\t12000\n"),
        iter([{"city": "Sleman", "price": 12_000}]),
    ],
)
def test_a_table_comes_as_whatever_an_import_takes(source):
    """An open file in text or bytes is read as one, its delimiter off its first line."""
    assert (RateRow(Area("ID", city="Sleman"), 12_000),) == read(source)


@pytest.mark.parametrize("source", [5, None, [1], ["city,price", "Sleman,1"], {"city": "Sleman"}])
def test_what_is_no_table_is_refused_with_how_to_open_a_file(source):
    """One fault, and no Python error from inside."""
    with pytest.raises(InvalidInput, match=r"open\(path, 'rb'\)") as caught:
        read(source)

    assert [("rows", "kernel.wrong_type")] == [(fault.path, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize("source", ["city,pri\ud800ce\nSleman,1\n", [{"pri\ud800ce": 1}]])
def test_half_a_character_in_a_header_can_be_told(source):
    """The error's own text must be writable to a log."""
    with pytest.raises(TableRejected) as caught:
        read(source)

    assert str(caught.value).encode()


def test_a_text_file_opened_with_the_wrong_encoding():
    """It is a fault of the line at which reading stopped."""
    file = TextIOWrapper(BytesIO(b"city,price\nB\xe4li,1\n"), encoding="utf-8")

    assert "catalog.undecodable" in [code for _, code in faults(file)]


def test_every_fault_is_named_by_line_and_column():
    """Not only the first; empty lines are no fault."""
    csv = (
        "city,price,per_kg,upto_kg,country\n"
        "Sleman,abc,-1,0,Indonesia\n"
        "\n"
        "Bantul,12000.5,1.5,x,ID\n"
        "Kulon Progo,,,,\n"
        "Sleman,1,1,1,ID\n"
        "Sleman,2,2,1,ID\n"
        "Solo,1,1,1,ID,extra\n" + "x" * 201 + ",1,,,\n"
    )

    assert [
        ("line 2, price", "kernel.not_exact"),
        ("line 2, per_kg", "shipping.invalid_method"),
        ("line 2, upto_kg", "shipping.invalid_method"),
        ("line 2, country", "shipping.invalid_method"),
        ("line 4, price", "kernel.amount_out_of_range"),
        ("line 4, per_kg", "kernel.amount_out_of_range"),
        ("line 4, upto_kg", "kernel.not_exact"),
        ("line 5, price", "shipping.no_price"),
        ("line 7", "shipping.duplicate_row"),
        ("line 8", "shipping.extra_cells"),
        ("line 9, city", "shipping.too_long"),
    ] == faults(csv)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ("line 1", "shipping.empty_table")),
        ([], ("line 1", "shipping.empty_table")),
        ("city,price\n", ("line 1", "shipping.empty_table")),
        ("city,zone\nx,y\n", ("line 1, price", "shipping.no_column")),
        ("city,kota,price\nx,y,1\n", ("line 1, city", "shipping.column_twice")),
        (b"city,price\nB\xe4li,1\n", ("line 2", "catalog.not_utf8")),
        ("city,price\nx,1\n".encode("utf-16"), ("line 1", "catalog.not_utf8")),
        ('city,price\n"x,1\n', ("line 2", "catalog.unclosed_quote")),
    ],
)
def test_tables_that_cant_be_read_at_all(source, expected):
    """Empty, without a price, ambiguous, malformed."""
    assert expected in faults(source)


def test_a_mapped_column_must_exist():
    """A misspelt mapping would silently widen every area."""
    assert [("line 1, city_name", "shipping.unknown_column"), ("line 1, city", "shipping.no_column")] == faults(
        "city_name,price\nx,1\n", columns={"city": "cty"}
    )


def test_fifty_thousand_broken_rows_are_counted_and_a_thousand_shown():
    """The error stays readable."""
    with pytest.raises(TableRejected, match="2000 faults") as caught:
        read("city,price\n" + "x,?\n" * 2000)

    assert (1000, 2000) == (len(caught.value.faults), caught.value.total)


def test_limits_are_the_shops():
    """Rows and bytes."""
    assert ("line 4", "shipping.too_many_rows") in faults("city,price\na,1\nb,1\nc,1\n", limits=Limits(import_rows=2))
    assert any(code.endswith("too_large") for _, code in faults("city,price\na,1\n", limits=Limits(import_bytes=5)))


def test_an_indonesian_amount_needs_its_locale():
    """`18.000` without a locale is refused with the way to read it; a database's number is what it is."""
    table = "provinsi,harga\nDI Yogyakarta,18.000\n"
    with pytest.raises(TableRejected) as caught:
        read(table)
    assert ["line 2, price"] == [fault.path for fault in caught.value.faults]
    assert "locale" in caught.value.faults[0].message
    assert [18_000] == [row.price for row in read(table, locale="id")]
    assert [18_000] == [row.price for row in read([{"price": Decimal("18000.00")}])]


def test_an_unknown_locale_is_the_callers_fault_not_the_tables():
    """It is told once, not by row."""
    with pytest.raises(UnknownLocale):
        read("city,price\na,1\n", locale="xx")


def test_the_hosts_decimal_context_changes_no_weight():
    """1234.567 kg is not 1,234,570 g, however few digits the host computes with."""
    with localcontext(prec=6):
        rows = read("price,upto_kg,included_kg\n10000,1234.567,12.345\n")

    assert [(1_234_567, 12_345)] == [(row.upto_grams, row.included_grams) for row in rows]


def test_a_misspelt_column_is_no_free_kilogram():
    """A column that means nothing is refused: ignored, `per kilo` would have made every kilogram free."""
    with pytest.raises(TableRejected) as refused:
        read_rates("provinsi,harga,per kilo\nJawa Timur,9000,7000\n", IDR, country="ID")

    assert ["shipping.unknown_column"] == [fault.code for fault in refused.value.faults]
