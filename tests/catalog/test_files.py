"""CSV in and out: what is read, what is refused and where, and that out and in again changes nothing."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokolib.catalog.attributes import AttributeDef, AttributeKind
from tokolib.catalog.drafts import ComponentDraft, ProductDraft, VariantDraft
from tokolib.catalog.errors import ImportRefused
from tokolib.catalog.model import ProductStatus
from tokolib.catalog.rows import MOST_COLUMNS, guarded, unguarded
from tokolib.catalog.sheet import Sheet
from tokolib.kernel.errors import InvalidInput
from tokolib.kernel.limits import Limits

GOOD = """\
product_id,name,sku,weight,option.Ukuran,tags
K1,Kaos,KAOS-M,200 g,M,baru|sale
K1,,KAOS-L,"1,2 kg",L,
,Kopi,KOPI,300 g,,
"""


def at(report):
    """Where the faults are, and what they are."""
    return [(fault.line, fault.column, fault.code.partition(".")[2]) for fault in report.faults]


def refused(door, source, **more):
    with pytest.raises(ImportRefused) as caught:
        door.import_csv(source, **more)
    assert door.page().items == ()
    return [(fault.line, fault.column, fault.code.partition(".")[2]) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "source",
    [GOOD, GOOD.encode(), b"\xef\xbb\xbf" + GOOD.encode(), "\ufeff" + GOOD, GOOD.replace("\n", "\r\n").encode(),
     GOOD.splitlines(keepends=True), GOOD.splitlines(), tuple(GOOD.encode().splitlines()), bytearray(GOOD.encode())],
)  # fmt: skip
def test_a_file_comes_in_many_forms(door, source):
    """Text, bytes with or without a mark, CRLF, or lines: the same products."""
    report = door.import_csv(source)

    assert report.ok
    assert (report.rows, report.created, report.refused) == (3, 2, 0)
    shirt = door.get("kaos-l")
    assert shirt.external_id == "K1"
    assert [variant.weight_grams for variant in shirt.variants] == [200, 1200]
    assert shirt.tags == ("baru", "sale")
    assert door.get("KOPI").options == ()


def test_open_files_are_read_line_by_line(new_door):
    """Text and binary files, whose length nobody knows beforehand."""
    for stream in (io.StringIO(GOOD), io.BytesIO(GOOD.encode())):
        seen = []
        report = new_door().import_csv(stream, on_progress=lambda done, total: seen.append((done, total)))  # noqa: B023

        assert report.ok
        assert seen[-1] == (4, None)


def test_the_same_file_twice_changes_nothing(door):
    """Importing is idempotent, and says so."""
    door.import_csv(GOOD)
    before = door.page().items

    report = door.import_csv(GOOD)

    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)
    assert before == door.page().items


def test_a_dry_run_tells_and_stores_nothing(door):
    """It finds what a real one would, also for bundles of what the file itself brings."""
    text = "sku,name,components\nPAKET,Paket,KOPI=2|GULA\nKOPI,Kopi,\nGULA,Gula,\nX,,\nP2,P,PAKET\n"

    planned = door.import_csv(text, dry_run=True)

    assert (planned.created, planned.refused, planned.dry_run) == (3, 2, True)
    assert door.page().items == ()
    real = door.import_csv(text)
    assert attrs.evolve(real, dry_run=True) == planned
    assert door.get("PAKET").components[0].quantity == 2


def test_a_dry_run_counts_a_bundle_in_the_units_that_the_file_brings(door):
    """A product that the catalogue knows by the piece, and the file by the kilogram."""
    door.put("GULA", "Gula")
    text = "sku,name,unit,components\nGULA,Gula,kg,\nPAKET,Paket,,GULA=0.5\n"

    planned = door.import_csv(text, dry_run=True)

    assert (planned.ok, planned.created, planned.changed) == (True, 1, 1)
    assert attrs.evolve(door.import_csv(text), dry_run=True) == planned


def test_progress_is_told_with_the_total(door):
    """After each batch: lines done, of how many."""
    seen = []
    lines = ["sku,name\n", *(f"S{n},Nama {n}\n" for n in range(450))]

    door.import_csv("".join(lines), on_progress=lambda done, total: seen.append((done, total)))

    assert seen[0][1] == 451
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (451, 451)


def test_every_row_error_has_its_line_and_column(door):
    """All of them, while the good rows are stored."""
    text = (
        "Kode,Nama,Berat,gtin,option.Ukuran,product_id,unit,components,purchase_limit\n"  # 1
        "A,Satu,300 g,,,,,,\n"  # 2
        "B,Dua,berat,123,,,,,\n"  # 3
        "C,Tiga,\n"  # 4
        'D,"Empat"x,,,,,,,\n'  # 5
        ",Lima,,,,,,,\n"  # 6
        "a,Enam,,,,,,,\n"  # 7
        "K-M,Kaos,,,M,K,,,\n"  # 8
        "K-L,Kaus,1.200 g,,L,K,,,\n"  # 9
        "Z,Tujuh,,,,,,,\n"  # 10
        "K-X,Kaos,,,X,K,,,\n"  # 11
        "P,Paket,,,,,,NONE=2,\n"  # 12
        "Q,Delapan,,,,,?,,0\n"  # 13
    )

    report = door.import_csv(text, columns={"sku": "kode", "name": "Nama", "weight": "Berat"})

    assert at(report) == [
        (3, "Berat", "invalid_measure"), (3, "gtin", "invalid_gtin"), (4, "", "cell_count"),
        (5, "", "malformed_row"), (6, "Kode", "required"), (7, "Kode", "duplicate_row"),
        (9, "Nama", "differing_row"), (9, "Berat", "invalid_measure"), (11, "product_id", "scattered_rows"),
        (12, "components", "unknown_sku"), (13, "unit", "invalid_measure"), (13, "purchase_limit", "invalid_quantity"),
    ]  # fmt: skip
    assert (report.created, report.refused, report.fault_count) == (2, 9, 12)
    assert not report.ok
    assert [each.name for each in door.page().items] == ["Satu", "Tujuh"]
    assert "line 3, Berat: weight 'berat'" in str(report.faults[0])
    assert str(report.faults[2]).startswith("line 4: has 3 cells")


def test_faults_are_counted_and_capped(door):
    """A file that is wrong all over is told with its first faults and their number."""
    report = door.import_csv("sku,name\n" + "".join(f"S{n},\n" for n in range(900)))

    assert report.fault_count == 900
    assert report.fault_codes == {"catalog.required": 900}
    assert len(report.faults) == 200


@pytest.mark.parametrize("dry_run", [True, False])
def test_each_fault_is_told_as_it_is_found(door, dry_run):
    """All of them, the report's and those that it only counts; with the batch that they are in, not at the end."""
    told, seen = [], []
    text = "sku,name,weight\n" + "".join(f"S{n},,berat\n" for n in range(450)) + "S450,Nama\n"

    report = door.import_csv(
        text, dry_run=dry_run, on_fault=told.append, on_progress=lambda done, total: seen.append(len(told))
    )

    assert (report.fault_count, len(told), tuple(told[:200])) == (901, 901, report.faults)
    assert [(n // 2 + 2, ("name", "weight")[n % 2]) for n in range(900)] == [
        (one.line, one.column) for one in told[:-1]
    ]
    assert (told[-1].line, told[-1].code, seen[0]) == (452, "catalog.cell_count", 400)


def test_two_rows_with_one_choice_have_no_column_of_their_own(door):
    """It is their options together; the line is named."""
    report = door.import_csv("product_id,name,sku,option.U,option.W\nK,Kaos,K-1,M,Biru\nK,Kaos,K-2,M,Biru\n")

    assert [(3, "", "duplicate")] == at(report)


def test_a_file_that_stops_early_tells_why(door):
    """The fault that ends the reading is told like the others."""
    told = []
    door.limit(import_rows=1)

    report = door.import_csv("sku,name\nA,Satu\nB,Dua\n", on_fault=told.append)

    assert (["catalog.too_many_rows"], report.faults) == ([one.code for one in told], tuple(told))


def test_fifty_thousand_lines_mostly_broken(new_door):
    """Every row of the longest file that is taken is judged: good ones are in, others counted by their fault."""
    cells = [("Nama", "300 g"), ("", "300 g"), ("Nama", "berat"), ("", "berat")]
    lines = (",".join((f"S{n}", *cells[0 if n % 100 == 0 else 1 + n % 3])) for n in range(50_000))
    report = new_door().import_csv("sku,name,weight\n" + "\n".join(lines))

    assert (report.rows, report.created, report.refused, report.complete) == (50_000, 500, 49_500, True)
    required, weights = (sum(n % 100 > 0 and n % 3 in of for n in range(50_000)) for of in ((0, 2), (1, 2)))
    assert sorted(report.fault_codes.values()) == sorted([required, weights])


def test_a_broken_row_takes_its_product_with_it(door):
    """Nothing of a product is stored when one of its rows is broken; its other faults are told too."""
    text = "product_id,name,sku,option.U,weight\nK,Kaos,K-M,M,1\nK,Kaos,K-L\nK,Kaos,K-X,X,\n,Kopi,KOPI,,\n"

    report = door.import_csv(text)

    assert at(report) == [(2, "weight", "invalid_measure"), (3, "", "cell_count")]
    assert [each.name for each in door.page().items] == ["Kopi"]


def test_a_quote_that_is_never_closed_spoils_one_row(door):
    """The rows after it are read as if it weren't there; cells with line breaks are not mistaken for it."""
    text = 'sku,name,description\nA,"Satu,\nB,Dua,"baris\nbaris"\nC,Tiga,x\nD,"Empat\n'

    report = door.import_csv(text)

    assert at(report) == [(2, "", "malformed_row"), (6, "", "unclosed_quote")]
    assert door.get("B").description == "baris\nbaris"
    assert door.get("C").name == "Tiga"


def test_bytes_that_are_no_text_spoil_their_row(door):
    """The fault names the byte, its offset and its line."""
    data = b"sku,name\nA,Caf\xe9\nB,Dua\nC,\x00Tiga\n"

    report = door.import_csv(data)

    assert at(report) == [(2, "", "not_utf8"), (4, "", "nul")]
    assert "byte 0xE9 at offset 14" in report.faults[0].message
    assert "offset 24" in report.faults[1].message
    assert door.get("B").name == "Dua"
    assert at(door.import_csv("sku,name\nD,\x00x\n")) == [(2, "", "nul")]


def test_half_a_character_spoils_its_row(door):
    """No storage keeps half of a surrogate pair, wherever it stands; the other rows are taken."""
    report = door.import_csv("product_id,sku,name\n\ud800,A,Satu\n,B,\udc80\n,C,Kopi é\n")

    assert at(report) == [(2, "", "not_utf8"), (3, "", "not_utf8")]
    assert "U+D800, stands at offset 20" in report.faults[0].message
    assert [each.name for each in door.page().items] == ["Kopi é"]


def test_a_text_file_in_another_encoding_ends_the_import_there(door):
    """Python can't read on after a bad byte in text; opened as bytes, the same file costs one row."""
    data = b"sku,name\n" + b"".join(b"S%d,Nama\n" % n for n in range(1500)) + b"Z,Caf\xe9\nA,Satu\n"

    report = door.import_csv(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    assert (report.complete, report.fault_codes) == (False, {"catalog.undecodable": 1})
    assert report.created == report.rows == report.faults[0].line - 2
    assert "open it as bytes" in report.faults[0].message
    assert at(door.import_csv(io.BytesIO(data))) == [(1502, "", "not_utf8")]
    assert len(door.get("A").variants) == 1


def test_a_text_file_that_cannot_be_read_at_all_is_refused(door):
    """Its header is told as what can't be decoded."""
    stream = io.TextIOWrapper(io.BytesIO(b"sku,nam\xe9\nA,Satu\n"), encoding="utf-8")

    assert (1, "", "undecodable") in refused(door, stream)


def test_listed_lines_may_have_lost_their_ends(door):
    """A cell's second line stays its second line, and an overlong line takes none of the next with it."""
    lines = ["sku,name,description", 'A,Satu,"baris', 'baris"', "B," + "x" * 1_100_000 + ",", "C,Tiga,", "D,Empat,"]

    report = door.import_csv(lines)

    assert at(report) == [(4, "", "line_too_long")]
    assert (report.rows, report.created) == (4, 3)
    assert door.get("A").description == "baris\nbaris"


def test_an_inch_mark_is_not_taken_for_a_line_end(door):
    """What is said of a quote inside a cell is how to write it."""
    report = door.import_csv('sku,name\nA,5" pipa\nB,Dua\nC,3" pipa\n')

    assert at(report) == [(2, "", "malformed_row"), (4, "", "unclosed_quote")]
    assert "its quotes are doubled" in report.faults[0].message
    assert door.get("B").name == "Dua"


@pytest.mark.parametrize("source", [None, 5, Path("katalog.csv"), {"sku": "A"}, [1, 2], memoryview(b"sku,name\n")])
def test_what_is_no_file_is_refused(door, source):
    """A path isn't opened, nor anything else taken for lines."""
    with pytest.raises(InvalidInput) as caught:
        door.import_csv(source)

    assert [fault.code for fault in caught.value.faults] == ["kernel.wrong_type"]
    assert "open(path, 'rb')" in str(caught.value)


@pytest.mark.parametrize("delimiter", ["", ";;", '"', "'", "\n", "\r", "\x01", " ", "a", "1"])
def test_a_delimiter_is_one_mark(door, delimiter):
    """In and out: what could not be told from a cell is no delimiter, and nothing is read or written."""
    pieces = []
    for call in (lambda: door.import_csv("sku,name\nA,Satu\n", delimiter=delimiter),
                 lambda: door.export_csv(pieces.append, delimiter=delimiter)):  # fmt: skip
        with pytest.raises(InvalidInput) as caught:
            call()
        assert [(fault.path, fault.code) for fault in caught.value.faults] == [
            ("delimiter", "catalog.invalid_delimiter")
        ]
    assert pieces == []


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_utf16_is_refused_with_the_reason(door, codec):
    """Excel's "Unicode text" isn't read as something else."""
    assert refused(door, GOOD.encode(codec)) == [(1, "", "not_utf8")]


def test_a_header_tells_all_its_faults(door):
    """Unknown, doubled and missing columns; nothing is stored."""
    assert refused(door, "sku,Harga,sku,name\nA,1,A,x\n", columns={"weight": "Berat", "colour": "Harga"}) == [
        (1, "sku", "duplicate_column"), (1, "Berat", "missing_column"), (1, "Harga", "unknown_field"),
    ]  # fmt: skip
    assert refused(door, "name,harga\nA,1\n") == [(1, "harga", "unknown_column"), (1, "sku", "missing_column")]
    assert refused(door, "sku;name\nA;x\n")[0] == (1, "sku;name", "wrong_delimiter")
    assert refused(door, "sku\tname\nA\tx\n")[0][2] == "wrong_delimiter"
    assert refused(door, "") == refused(door, b"\n\n") == [(1, "", "empty_file")]
    assert "malformed_row" in [code for _, _, code in refused(door, 'sku,"na"me\nA,x\n')]


def test_a_header_has_no_more_columns_than_a_spreadsheet(door):
    """A megabyte of commas is one fault, at once; a name of that size is shortened."""
    assert refused(door, "sku,name" + "," * MOST_COLUMNS) == [(1, "", "too_many_columns")]
    assert refused(door, "sku," + "z" * 100_000 + "\n") == [(1, "z" * 80, "unknown_column")]


def test_as_many_columns_as_a_spreadsheet_has_are_read(door):
    """Most of them options that the one product doesn't have."""
    names = [f"option.{n}" for n in range(MOST_COLUMNS - 2)]

    report = door.import_csv(f"sku,name,{','.join(names)}\nA,Satu,M{',' * (len(names) - 1)}\n")

    assert (report.ok, report.created) == (True, 1)
    assert [option.name for option in door.get("A").options] == ["0"]


def test_columns_of_others_are_left_to_them(door):
    """A price in the same file is somebody else's, when the caller says so."""
    report = door.import_csv("sku;name;Harga\nA;Satu;10000\n", also=["harga"], delimiter=";")

    assert report.ok
    assert door.get("A").name == "Satu"


def test_a_column_that_is_not_there_changes_nothing_and_an_empty_cell_empties(door):
    """A file of two columns leaves the others as they are."""
    door.import_csv("sku,name,tags,weight\nA,Satu,x|y,300 g\n")

    door.import_csv("sku,tags\nA,\n")

    product = door.get("A")
    assert (product.name, product.tags, product.variants[0].weight_grams) == ("Satu", (), 300)


def test_a_variant_is_renamed_by_its_own_id(door):
    """With a variant_id, another SKU is the same variant; variants without a row stay."""
    door.import_csv("product_id,name,sku,variant_id,option.U\nK,Kaos,K-M,1,M\nK,Kaos,K-L,2,L\n")

    report = door.import_csv("product_id,sku,variant_id\nK,KAOS-L,2\n")

    assert report.changed == 1
    assert door.get("KAOS-L").keys == ("k-m", "kaos-l")


SIZES = "product_id,name,sku,variant_id,option.U\nK,Kaos,K-M,1,M\nK,Kaos,K-L,2,L\n"


@pytest.mark.parametrize("skus", [("K-L", "K-X"), ("K-L", "K-M")])
def test_variants_hand_their_skus_on(door, skus):
    """Each row renames the variant of its id, also to a SKU that another has had until now."""
    door.import_csv(SIZES)

    report = door.import_csv("product_id,sku,variant_id\nK,{},1\nK,{},2\n".format(*skus))

    assert report.ok
    variants = door.get("K-L").variants
    assert [(skus[0], "1", "M"), (skus[1], "2", "L")] == [(v.sku, v.external_id, v.label) for v in variants]


def test_a_variant_id_that_is_twice_in_a_product_is_told(door):
    """Neither row is lost in the other; the product stays as it was."""
    door.import_csv(SIZES)

    report = door.import_csv("product_id,sku,variant_id,option.U\nK,K-1,1,M\nK,K-2,1,XL\n")

    assert at(report) == [(3, "variant_id", "duplicate")]
    assert door.get("K-M").keys == ("k-m", "k-l")


def test_types_decide_where_an_attribute_belongs(door):
    """One column, of the product or of each variant; faults stand at the row."""
    door.put_type(
        "kaos", AttributeDef("bahan", AttributeKind.CHOICE, allowed=("katun",)),
        AttributeDef("lebar", AttributeKind.INTEGER, per_variant=True),
    )  # fmt: skip
    text = (
        "product_id,name,type,sku,option.U,attribute.bahan,attribute.Lebar\nK,Kaos,kaos,K-M,M,katun,50\nK,,,K-L,L,,{}\n"
    )

    assert at(door.import_csv(text.format("x"))) == [(3, "attribute.Lebar", "invalid_attribute")]
    assert at(door.import_csv(text.format("5").replace("katun", "wol"))) == [
        (2, "attribute.bahan", "invalid_attribute")
    ]
    assert door.import_csv(text.format("54")).ok
    assert [dict(variant.attributes) for variant in door.get("K-M").variants] == [{"lebar": 50}, {"lebar": 54}]
    assert at(door.import_csv("sku,name,attribute.x\nZ,Zet,1\n")) == [(2, "attribute.x", "unknown_attribute")]
    assert door.import_csv("sku,type,attribute.bahan\nK-M,kaos,\n").changed == 1
    assert door.get("K-M").attributes == ()


def test_a_sku_of_another_product_is_told_at_its_row(door):
    """The error of the product stands where its SKU does."""
    door.import_csv("product_id,name,sku\nA,Satu,S\n")

    assert at(door.import_csv("product_id,name,sku\nB,Dua,s\n")) == [(2, "sku", "sku_taken")]
    door.put("KOPI", "Kopi", unit="kg")
    door.moved_keys.add("kopi")
    assert at(door.import_csv("sku,unit\nKOPI,pcs\n")) == [(2, "sku", "unit_fixed")]


def test_limits_stop_a_file_and_say_so(door):
    """Rows, bytes and cells are bounded; what came before stays, and the report isn't complete."""
    door.limit(import_rows=2, import_cell=10)
    report = door.import_csv("sku,name\nA,Satu\nB,Nama yang panjang\nC,Tiga\n")
    assert at(report) == [(3, "name", "cell_too_long"), (4, "", "too_many_rows")]
    assert (report.complete, report.created) == (False, 1)

    door.limit(import_rows=100, import_cell=100, import_bytes=40)
    report = door.import_csv("sku,name\n" + "".join(f"S{n},Nama\n" for n in range(10)))
    assert at(report) == [(5, "", "file_too_large")]
    assert not report.complete


def test_one_endless_line_is_cut_short():
    """A line without an end is one fault, in bounded memory, and the next line is read."""
    text = "sku,name\nA," + "x" * 3_000_000 + "\nB,Dua\n"

    records = list(Sheet(text.encode(), delimiter=",", limits=Limits()).records())

    assert [(record.line, record.fault and record.fault.code) for record in records] == [
        (1, None), (2, "catalog.line_too_long"), (3, None),
    ]  # fmt: skip
    huge = 'sku,name\nA,"' + "x" * 200_000 + '"\nB,"' + ("y" * 1000 + "\n") * 2000
    codes = [record.fault and record.fault.code for record in Sheet(huge, delimiter=",", limits=Limits()).records()]
    assert codes[:3] == [None, "catalog.malformed_row", "catalog.unclosed_quote"]


def test_a_lone_carriage_return_is_explained():
    """Old line ends outside quotes are a fault with the way out."""
    (record,) = Sheet("a,b\rc,d", delimiter=",", limits=Limits()).records()

    assert "LF or CRLF" in record.fault.message


# Export


@given(st.text(";,'=+-@\t\r\n ab", max_size=12))
@example("'=")
@example("\t\t=")
@example("''=x")
def test_guarding_is_undone_exactly(cell):
    """unguarded() is the inverse of guarded(), and no guarded cell begins a formula."""
    safe = guarded(cell)

    assert unguarded(safe) == cell
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert ";=" not in safe


def exported(door, **more):
    pieces = []
    count = door.export_csv(pieces.append, **more)
    return "".join(pieces), count


def test_formulas_leave_as_text(door):
    """A name that a spreadsheet would run is written with an apostrophe, and read back without."""
    door.put("K", "=HYPERLINK(1);@x", description="-1\n+2")

    text, count = exported(door)

    assert count == 1
    assert "'=HYPERLINK(1);'@x" in text
    assert "\"'-1\n'+2\"" in text
    assert door.import_csv(text).unchanged == 1


def test_an_options_name_leaves_guarded_too(door):
    """The header is read back as it was, and no spreadsheet runs it."""
    door.put_product(ProductDraft("Kaos", [VariantDraft("A", {"x;=y": "M"}), VariantDraft("B", {"x;=y": "L"})]))
    door.put_product(ProductDraft("Topi", [VariantDraft("C", {"x;'=y": "M"}), VariantDraft("D", {"x;'=y": "L"})]))

    text, _ = exported(door)

    assert text.splitlines()[0].endswith(",option.x;'=y,option.x;''=y")
    assert door.import_csv(text).unchanged == 2


def test_a_guard_does_not_count_as_content(door):
    """The longest description there may be comes back, although guarding makes its cell longer."""
    door.put("A", "Satu", description="-" * Limits().import_cell)
    door.put("B", "Dua", description=";-" * (Limits().import_cell // 2))

    text, _ = exported(door)

    assert door.import_csv(text).unchanged == 2


def test_only_one_status_is_exported(door):
    """And another delimiter, if wanted."""
    door.put("A", "Satu")
    door.archive(door.put("B", "Dua").id)

    text, count = exported(door, status=ProductStatus.ARCHIVED, delimiter=";")

    assert count == 1
    assert text.splitlines()[1].startswith(";Dua;B;")


WORDS = st.text("aZ =+-@'\"|,;\té🙂\n", min_size=1, max_size=8).filter(
    lambda text: text.strip().isprintable() and text.strip()
)
WHEN = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def catalogues(draw):
    drafts = []
    for number in range(draw(st.integers(1, 4))):
        sizes = draw(st.lists(WORDS.map(str.strip), max_size=3, unique=True))
        typed = draw(st.booleans())
        variants = [
            VariantDraft(
                f"{draw(st.sampled_from(['S', '=S', '-s']))}{number}-{place}",
                {"Ukuran": size} if size is not None else {},
                {"lebar": draw(st.decimals(-5, 5, places=2))} if typed else {},
                weight=draw(st.none() | st.integers(1, 10**6)),
                dimensions=draw(st.sampled_from(["", "1 x 2 x 3,5 cm"])),
                external_id=draw(st.sampled_from(["", f"v{place}"])),
            )
            for place, size in enumerate(sizes or [None])
        ]
        parts = [f"s{number - 1}-0"] if number and not sizes and not drafts[-1].components else []
        parts = [sku for sku in parts if drafts[-1].variants[0].sku.lower() == sku]
        since = draw(WHEN)
        drafts.append(
            ProductDraft(
                draw(WORDS),
                variants,
                external_id=draw(st.sampled_from(["", f"E{number}"])),
                type="t" if typed else "",
                description=draw(st.sampled_from(["", "-a\n=b\tc", 'x "y", z'])),
                unit="pcs" if parts else draw(st.sampled_from(["pcs", "kg", "m:0.5"])),
                categories=draw(st.sampled_from([(), ("kopi",)])),
                tags=draw(st.lists(st.sampled_from(["a", "=b", "c d"]), unique=True)),
                attributes={"asal": draw(WORDS)} if typed else {},
                components=[ComponentDraft(sku, 3) for sku in parts],
                status=draw(st.sampled_from(["active", "draft", "archived"])),
                published_from=since,
                purchase_limit=draw(st.sampled_from([None, 2])),
            )
        )
    return drafts


def filled(new_door):
    door = new_door()
    door.put_category("kopi", "Kopi")
    door.put_type("t", AttributeDef("asal"), AttributeDef("lebar", AttributeKind.DECIMAL, per_variant=True))
    return door


def content(door):
    return [attrs.evolve(each, id="", version=0) for each in door.page().items]


@settings(max_examples=60)
@given(catalogues())
def test_out_and_in_again_is_the_same(new_door, drafts):
    """Into an empty shop an export brings the same products; into its own shop, no change."""
    old, new = filled(new_door), filled(new_door)
    outcomes = old.put_products(drafts)
    text, count = exported(old)
    assert all(each.product for each in outcomes), outcomes

    again, fresh = old.import_csv(text), new.import_csv(text.encode())

    assert again.ok, again.faults
    assert fresh.ok, fresh.faults
    assert (again.unchanged, fresh.created) == (count, count)
    assert content(old) == content(new)
    assert exported(new)[0] == text


KINDS = {
    AttributeKind.TEXT: ["'=x", "@a;=b", 'é "q", z'],
    AttributeKind.INTEGER: [-5, 0, 10**23],
    AttributeKind.DECIMAL: [Decimal("-0.000000000001"), Decimal("1.50"), Decimal("1E+20")],
    AttributeKind.BOOLEAN: [True, False, "ya"],
    AttributeKind.CHOICE: ["-x", "=y", "a|b"],
    AttributeKind.DATE: [date(2026, 1, 2), "0001-01-01", "9999-12-31"],
}


@pytest.mark.parametrize(("kind", "values"), KINDS.items())
def test_attributes_of_every_kind_survive(new_door, kind, values):
    """Of products and of variants: into an empty shop the export brings the very same values."""
    old, new = new_door(), new_door()
    for door in (old, new):
        allowed = tuple(values) if kind is AttributeKind.CHOICE else ()
        door.put_type("t", AttributeDef("x", kind, allowed=allowed),
                      AttributeDef("y", kind, per_variant=True, allowed=allowed))  # fmt: skip
    for place, value in enumerate(values):
        variant = VariantDraft(f"S{place}", attributes={"y": value})
        old.put_product(ProductDraft(f"Nama {place}", variant, type="t", attributes={"x": value}))

    text, count = exported(old)

    assert count == new.import_csv(text).created == old.import_csv(text).unchanged == 3
    assert content(old) == content(new)
    assert all(len(each.attributes) == len(each.variants[0].attributes) == 1 for each in content(new))
