"""SKUs, GTINs, weights, sizes, units: read strictly, written back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokolib.catalog.errors import InvalidGtin, InvalidMeasure, InvalidSku, UnitFixed
from tokolib.catalog.gtin import check_digit, gtin, gtin14
from tokolib.catalog.measures import dimensions, grams, size_text, weight_text
from tokolib.catalog.model import Dimensions
from tokolib.catalog.sku import LONGEST, key, spelling
from tokolib.catalog.units import amount_text, unit_of, unit_text
from tokolib.kernel.quantity import KILOGRAM, PIECE, UnitOfMeasure


@given(st.text(max_size=40))
@example("ŉ̱")
@example("\u00a8")
@example("ﷺ")
def test_a_key_is_its_own_key(text):
    """key() folds once and for all: a key's key is itself."""
    assert key(key(text)) == key(text)


@pytest.mark.parametrize("text", [" KOPI-250 ", "kopi-250", "Kopi-250", "ＫＯＰＩ-250", "\u00a0KOPI-250"])
def test_spellings_of_one_sku_share_a_key(text):
    """Case, width and outer spaces don't make another SKU."""
    assert key(text) == "kopi-250"


@given(st.text(max_size=70))
def test_a_good_sku_is_kept_as_written(text):
    """spelling() keeps a SKU to the letter, or refuses it."""
    try:
        shown = spelling(text)
    except InvalidSku:
        return

    assert shown == text.strip()
    assert 0 < len(key(shown)) <= LONGEST
    assert spelling(shown) == shown


@pytest.mark.parametrize(
    ("text", "reason"),
    [("  ", "empty"), ("A" * 65, "65 characters"), ("A\u200bB", "U+200B"), ("A\nB", "U+000A"), ("A|B", "reserved"),
     ("A｜B", "reserved"), ("ﷺ" * 10, "compares as"), ("\u00ad", "U+00AD")],
)  # fmt: skip
def test_a_bad_sku_says_why(text, reason):
    """A SKU that nobody could type again or that two systems would split is refused."""
    with pytest.raises(InvalidSku, match=reason.replace("+", r"\+")):
        spelling(text)


@given(st.sampled_from([7, 11, 12, 13]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)), st.data())
def test_the_check_digit_finds_every_single_wrong_digit(payload, data):
    """A GTIN with one digit changed is refused, whichever it is."""
    good = payload + check_digit(payload)
    place = data.draw(st.integers(0, len(good) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != good[place]]))

    assert gtin(good) == good
    with pytest.raises(InvalidGtin, match="last digit"):
        gtin(good[:place] + wrong + good[place + 1 :])


def test_published_examples_of_gtins_pass():
    """GS1's own examples (General Specifications 7.9) and one of an Indonesian prefix (899)."""
    assert check_digit("629104150021") == "3"
    assert gtin("6291041500213") == "6291041500213"
    assert gtin("9638 5074") == "96385074"
    assert gtin14("96385074") == "00000096385074"


@pytest.mark.parametrize("text", ["", "12345", "123456789012345", "629104150021X", "٦٢٩١٠٤١٥٠٠٢١٣"])
def test_other_texts_are_no_gtin(text):
    """Only 8, 12, 13 or 14 ASCII digits can be a GTIN."""
    with pytest.raises(InvalidGtin):
        gtin(text)


def test_a_check_digit_needs_a_payload():
    """A payload of another length has none."""
    with pytest.raises(InvalidGtin):
        check_digit("123")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("300 g", 300), ("1,2 kg", 1200), ("1.2kg", 1200), ("0,250 kg", 250), ("2 ons", 200), (" 5 KG ", 5000), (75, 75),
     ("500gr", 500), ("1,2500 kg", 1250)],
)  # fmt: skip
def test_weights_are_read_as_people_write_them(text, expected):
    """A comma or a point, a space or none."""
    assert grams(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [("300", "not of the form"), ("1.200 g", "thousands"), ("1,250 kg", "thousands"), ("0 g", "between"),
     ("1,5 g", "whole number of grams"), ("3 stone", "unknown unit"), ("-3 g", "not of the form"), (0, "between"),
     (True, "neither"), (1.5, "neither"), ("999999999 kg", "between")],
)  # fmt: skip
def test_a_weight_is_never_guessed(text, reason):
    """What has two readings, or none, is refused with the reason and a hint."""
    with pytest.raises(InvalidMeasure, match=reason) as caught:
        grams(text)

    assert "300 g" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30 x 20 x 10 cm", (300, 200, 100)), ("30×20×10,5cm", (300, 200, 105)), ("1 x 0.5 x 0.25 m", (1000, 500, 250)),
     ("300*200*100 mm", (300, 200, 100))],
)  # fmt: skip
def test_sizes_are_read_as_people_write_them(text, expected):
    """Length, width, height, and a unit."""
    assert dimensions(text) == Dimensions(*expected)


@pytest.mark.parametrize(
    "text", ["30 x 20 cm", "30 x 20 x 10", "30x20x10 in", "0 x 1 x 1 cm", "0,05 x 1 x 1 cm", "1.000x1x1 mm"]
)
def test_a_size_is_never_guessed(text):
    """Two sides, no unit, an inch, nothing, half a millimetre: refused."""
    with pytest.raises(InvalidMeasure) as caught:
        dimensions(text)

    assert "30 x 20 x 10 cm" in caught.value.hint


@pytest.mark.parametrize("side", [1.5, float("nan"), "2", True, None, 0, 10**40])
def test_a_side_is_a_whole_number_of_millimetres(side):
    """A float would be stored, and never read back."""
    with pytest.raises(InvalidMeasure, match="whole mm"):
        dimensions(Dimensions(1, side, 3))


def test_what_is_no_size_is_refused():
    """Neither text nor Dimensions."""
    with pytest.raises(InvalidMeasure, match="neither text nor Dimensions"):
        dimensions([1, 2, 3])


@given(st.integers(1, 10**8), st.tuples(*[st.integers(1, 10**6)] * 3))
def test_measures_are_read_back_as_written(weight, sides):
    """weight_text() and size_text() are the inverse of grams() and dimensions()."""
    assert grams(weight_text(weight)) == weight
    assert dimensions(size_text(Dimensions(*sides))) == Dimensions(*sides)


@pytest.mark.parametrize(
    ("text", "step"),
    [("pcs", "1"), ("kg", "0.001"), ("kg:0.05", "0.05"), ("lusin", "1"), ("m", "0.01"), ("box.12", "1")],
)
def test_units_are_read_and_written_back(text, step):
    """A known code has its usual step, and any other counts whole units."""
    unit = unit_of(text)

    assert str(unit.step) == step
    assert unit_of(unit_text(unit)) == unit
    assert unit_of(unit) is unit


@pytest.mark.parametrize("text", ["", "kg:", "kg:0", "kg:x", "k g", "kilogramkilogramkilogram", "1kg"])
def test_a_unit_that_is_none_is_refused(text):
    """A unit needs a short code, and a step over zero if it has one."""
    with pytest.raises(InvalidMeasure, match="unit") as caught:
        unit_of(text)

    assert "kg:0.05" in caught.value.hint


def test_amounts_are_written_plainly():
    """No exponent and no zeros at the end."""
    assert amount_text(350, KILOGRAM) == "0.35"
    assert amount_text(100, UnitOfMeasure("sak", PIECE.step)) == "100"


def test_unit_fixed_tells_the_way_out():
    """The error names both units and says what to do instead."""
    error = UnitFixed("prd_1", "kg", "pcs", "its stock has moved")

    assert "prd_1 is counted in kg, not pcs" in str(error)
    assert "new product" in error.hint
