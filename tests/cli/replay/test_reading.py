"""The file is read line by line, exactly, and every line that can't be is named."""

from datetime import UTC, datetime

import pytest

from tokolib.cli.replay.documents import documents
from tokolib.cli.replay.errors import Unreadable
from tokolib.cli.replay.reading import rows, tenths

LINE = "536365,85123a,HEART HOLDER,6,2010-12-01 08:26,2.55,17850"


def test_a_row_keeps_its_spelling_its_key_and_tenths_of_a_penny(written):
    """2.55 pounds are 2,550 tenths of a penny, and the SKU compares in one case."""
    (row,) = rows(written(LINE))

    assert ("85123a", "85123a", 6, 2_550, 15_300) == (row.sku, row.key, row.quantity, row.price, row.amount)
    assert 2 == row.line


def test_times_are_those_of_london_in_summer_and_in_winter(written):
    """The wall clock in the file becomes an instant in UTC."""
    winter, summer = rows(written(LINE, "550193,PADS,PADS,1,2011-07-26 10:13,0.001,15618"))

    assert datetime(2010, 12, 1, 8, 26, tzinfo=UTC) == winter.at
    assert datetime(2011, 7, 26, 9, 13, tzinfo=UTC) == summer.at
    assert 1 == summer.price


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("536366,85123A,X,six,2010-12-01 08:27,2.55,17850", "six"),
        ("536366,85123A,X,6,01/12/2010,2.55,17850", "01/12/2010"),
        ("536366,85123A,X,6,2010-12-01 08:27,2.5555,17850", "tenths of a penny"),
        ("536366,85123A,X,6,2010-12-01 08:27,NaN,17850", "NaN"),
        ("536366,85123A,X,6,2010-12-01 08:25,2.55,17850", "older"),
        ("536366,85123A,6,2010-12-01 08:27,2.55,17850", "7 cells"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(written, line, said):
    """Its number and what is wrong with it."""
    with pytest.raises(Unreadable) as refused:
        list(rows(written(LINE, line)))

    assert 3 == refused.value.line
    assert said in str(refused.value)


def test_another_file_is_refused_at_once(tmp_path):
    """A header of other columns, bytes that are no UTF-8, and an xz that is none."""
    other, broken, torn = tmp_path / "other.csv", tmp_path / "broken.csv", tmp_path / "torn.csv.xz"
    other.write_text("a,b\n1,2\n")
    broken.write_bytes(b"\xff\xfe")
    torn.write_bytes(b"\xfd7zXZ\x00 nothing more")

    for file in (other, broken, torn):
        with pytest.raises(Unreadable):
            list(rows(file))


def test_only_the_first_days_are_read_when_told(written):
    """Days end at midnight in London."""
    file = written(LINE, "536366,22633,X,1,2010-12-01 23:59,1.00,1", "536367,22633,X,1,2010-12-02 00:00,1.00,1")

    assert 2 == len(list(rows(file, days=1)))
    assert 3 == len(list(rows(file, days=2)))


def test_a_document_is_one_number_even_when_another_comes_between(desk):
    """The first of its timestamps counts, and documents come in the order in which they begin."""
    lines = [
        desk.row(document="542806", minute=0),
        desk.row(document="542807", minute=0),
        desk.row(document="542806", minute=1),
        desk.row(document="542900", minute=90),
    ]

    made = list(documents(lines))

    assert [("542806", 2), ("542807", 1), ("542900", 1)] == [(each.number, len(each.rows)) for each in made]
    assert lines[0].at == made[0].at


def test_a_number_that_comes_back_after_an_hour_is_refused(desk):
    """It would be another document under the same number."""
    lines = [desk.row(document="1"), desk.row(document="2", minute=61), desk.row(document="1", minute=62)]

    with pytest.raises(Unreadable):
        list(documents(lines))


def test_prices_are_exact_or_refused():
    """Three digits after the point are all that a tenth of a penny has."""
    assert [1, -11_062_060, 0] == [tenths("0.001"), tenths("-11062.06"), tenths("0.0")]
    with pytest.raises(ValueError, match="tenths"):
        tenths("0.0001")
