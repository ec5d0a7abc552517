"""What people type is read strictly by locale, and what we print is read back."""

import decimal
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.errors import NaiveDatetime, TokolibError
from tokolib.kernel.formats import (
    format_date,
    format_instant,
    format_money,
    format_number,
    format_price,
    format_quantity,
    show,
)
from tokolib.kernel.money import EUR, GBP, IDR, JPY, USD, Currency, Money, currency
from tokolib.kernel.money_errors import AmountOutOfRange, NotMoney, UnknownCurrency
from tokolib.kernel.notation import UnknownLocale, mark
from tokolib.kernel.parse import Unreadable, Why, parse_amount, parse_quantity
from tokolib.kernel.quantity import KILOGRAM, METRE, PIECE, InvalidQuantity, Quantity, UnitOfMeasure
from tokolib.kernel.unit_price import UnitPrice

LOCALES = st.sampled_from(["id", "en"])
MYR, KWD = currency("MYR"), currency("KWD")


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("Rp 10.000", 10_000),
        ("Rp10.000", 10_000),
        ("Rp. 10.000", 10_000),
        ("rp10000", 10_000),
        ("IDR 10.000", 10_000),
        ("  10.000  ", 10_000),
        ("Rp10.000,00", 10_000),
        ("10rb", 10_000),
        ("10 ribu", 10_000),
        ("10K", 10_000),
        ("2,5 rb", 2_500),
        ("1,5jt", 1_500_000),
        ("1,2345jt", 1_234_500),
        ("Rp 2 juta", 2_000_000),
        ("1 miliar", 10**9),
        ("0", 0),
        ("1.000.000.000.000.000", 10**15),
    ],
)
def test_rupiah_as_typed_in_indonesia(text, rupiah):
    """Dots group, a comma is decimal, rb and jt stand for zeros."""
    assert IDR(rupiah) == parse_amount(text, IDR, "id")


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("10,000.50", USD, "10000.50"),
        ("$12.50", USD, "12.50"),
        ("US$ 12.5", USD, "12.5"),
        ("usd 12", USD, "12"),
        ("10k", USD, "10000"),
        ("1.25 million", USD, "1250000"),
        ("2 thousand", GBP, "2000"),
        ("£0.05", GBP, "0.05"),
        ("Rp10,000", IDR, "10000"),
        ("KWD 1.234", KWD, "1.234"),
        ("¥500", JPY, "500"),
    ],
)
def test_amounts_as_typed_in_english(text, unit, amount):
    """Commas group, a point is decimal."""
    assert unit(amount) == parse_amount(text, unit, "en_US")


@pytest.mark.parametrize(
    ("text", "unit", "locale", "why"),
    [
        ("12.34", IDR, "id", Why.GROUPING),
        ("1.5jt", IDR, "id", Why.GROUPING),
        ("1,50", USD, "en", Why.GROUPING),
        ("10.0000", IDR, "id", Why.GROUPING),
        ("1..000", IDR, "id", Why.GROUPING),
        ("1,234.56", IDR, "id", Why.MIXED_SEPARATORS),
        ("1.234,56", USD, "en", Why.MIXED_SEPARATORS),
        ("1,2,3", IDR, "id", Why.MIXED_SEPARATORS),
        ("Rp10.000,50", IDR, "id", Why.TOO_FINE),
        ("Rp10.000,000", IDR, "id", Why.TOO_FINE),
        ("10.000", IDR, "en", Why.TOO_FINE),
        ("12.505", USD, "en", Why.TOO_FINE),
        ("1,23456789jt", IDR, "id", Why.TOO_FINE),
        ("0.500", IDR, "id", Why.LEADING_ZERO),
        ("007", IDR, "id", Why.LEADING_ZERO),
        ("1.500rb", IDR, "id", Why.GROUPED_WORD),
        ("10m", IDR, "id", Why.UNKNOWN_WORD),
        ("10 rb rb", IDR, "id", Why.UNKNOWN_WORD),
        ("10jt", USD, "en", Why.UNKNOWN_WORD),
        ("USD 5", IDR, "id", Why.UNKNOWN_WORD),
        ("$5", IDR, "id", Why.UNKNOWN_WORD),
        ("1e5", IDR, "id", Why.EXPONENT),
        ("1E+5", USD, "en", Why.EXPONENT),
        ("nan", IDR, "id", Why.NOT_FINITE),
        ("Infinity", IDR, "id", Why.NOT_FINITE),
        ("-5", IDR, "id", Why.NEGATIVE),
        ("１２", IDR, "id", Why.NOT_ASCII),
        ("٣", IDR, "id", Why.NOT_ASCII),
        ("10\u00a0000", IDR, "id", Why.NOT_ASCII),
        ("²", IDR, "id", Why.NOT_ASCII),
        ("", IDR, "id", Why.EMPTY),
        ("   ", IDR, "id", Why.EMPTY),
        ("1" * 33, IDR, "id", Why.TOO_LONG),
        ("1" * 32, IDR, "id", Why.TOO_LARGE),
        ("1000001 miliar", IDR, "id", Why.TOO_LARGE),
        ("Rp", IDR, "id", Why.NOT_A_NUMBER),
        ("abc", IDR, "id", Why.NOT_A_NUMBER),
        ("10 000", IDR, "id", Why.NOT_A_NUMBER),
        ("+5", IDR, "id", Why.NOT_A_NUMBER),
        ("1_000", IDR, "id", Why.NOT_A_NUMBER),
        ("5,", IDR, "id", Why.NOT_A_NUMBER),
        (",5", IDR, "id", Why.NOT_A_NUMBER),
        ("1\n", IDR, "id", Why.NOT_A_NUMBER),
        ("--5", IDR, "id", Why.NEGATIVE),
        (10_000, IDR, "id", Why.NOT_TEXT),
        (None, IDR, "id", Why.NOT_TEXT),
    ],
)
def test_what_has_no_single_reading_is_refused_with_the_reason(text, unit, locale, why):
    """Never guessed: the reason is a stable word, the hint an example."""
    with pytest.raises(Unreadable) as caught:
        parse_amount(text, unit, locale)

    assert why.value == caught.value.reason
    assert locale == caught.value.locale
    assert "write it like" in caught.value.hint
    assert caught.value.problem()["reason"] == caught.value.reason


def test_a_minus_is_read_only_where_it_is_asked_for():
    """A refund form may take what a price form must not."""
    assert IDR(-10_000) == parse_amount("-Rp10.000", IDR, "id", negative=True)
    assert IDR(10_000) == parse_amount("Rp10.000", IDR, "id", negative=True)
    with pytest.raises(Unreadable):
        parse_amount("--5", IDR, "id", negative=True)


def test_the_example_in_the_hint_is_one_that_would_be_read():
    """A hint that fails itself helps nobody."""
    for unit in (IDR, USD, GBP, KWD, MYR, JPY):
        for locale in ("id", "en"):
            with pytest.raises(Unreadable) as caught:
                parse_amount("?", unit, locale)
            for example in caught.value.example.split(" or "):
                parse_amount(example, unit, locale)


@pytest.mark.parametrize(
    ("text", "unit", "locale", "steps"),
    [
        ("12,5", KILOGRAM, "id", 12_500),
        ("0,35 kg", KILOGRAM, "id", 350),
        ("0,35KG", KILOGRAM, "id", 350),
        ("3 pcs", PIECE, "id", 3),
        ("1.000", PIECE, "id", 1_000),
        ("1,000", PIECE, "en", 1_000),
        ("1.000", KILOGRAM, "en", 1_000),
        ("1,25", METRE, "id", 125),
        ("2 m²", UnitOfMeasure("m²"), "id", 2),
    ],
)
def test_quantities_as_typed(text, unit, locale, steps):
    """By locale, with or without the unit."""
    assert Quantity(steps, unit) == parse_quantity(text, unit, locale)


@pytest.mark.parametrize(
    ("text", "unit", "locale", "reason"),
    [
        ("1.000", PIECE, "en", "too_fine"),
        ("0,3555", KILOGRAM, "id", "too_fine"),
        ("3 pcs", KILOGRAM, "id", "unknown_word"),
        ("2rb", PIECE, "id", "unknown_word"),
        ("-1", PIECE, "id", "negative"),
        ("kg", KILOGRAM, "id", "not_a_number"),
        ("½", PIECE, "id", "not_ascii"),
        (2, PIECE, "id", "not_text"),
    ],
)
def test_quantities_that_are_refused(text, unit, locale, reason):
    """Each with its reason; a thousand can't be had by a wrong locale."""
    with pytest.raises(Unreadable) as caught:
        parse_quantity(text, unit, locale)
    assert reason == caught.value.reason


def test_a_number_may_still_be_no_quantity():
    """Zero, too many, between steps: the unit's own error."""
    quarters = UnitOfMeasure("doz", Decimal("0.25"))
    for text, unit in (("0", PIECE), ("1.000.000.001", PIECE), ("0,3", quarters)):
        with pytest.raises(InvalidQuantity):
            parse_quantity(text, unit, "id")
    assert 0 == parse_quantity("0", PIECE, "id", zero=True).steps


@given(st.integers(-(10**15), 10**15), st.sampled_from([IDR, USD, EUR, GBP, JPY, MYR, KWD]), LOCALES)
def test_what_we_print_is_what_we_read(units, unit, locale):
    """format_money and parse_amount are inverse."""
    money = Money.minor(units, unit)

    assert money == parse_amount(format_money(money, locale), unit, locale, negative=True)


@given(st.integers(1, 10**9), st.sampled_from([PIECE, KILOGRAM, METRE]), LOCALES)
def test_printed_quantities_are_read_back(steps, unit, locale):
    """format_quantity and parse_quantity are inverse."""
    quantity = Quantity(steps, unit)

    assert quantity == parse_quantity(format_quantity(quantity, locale), unit, locale)


@given(st.text(max_size=40) | st.from_regex(r"(Rp ?)?[0-9.,]{1,12}(rb| jt)?", fullmatch=True), LOCALES)
def test_any_text_is_read_or_refused_by_name(text, locale):
    """No input whatever raises anything but our own errors."""
    for read in (lambda: parse_amount(text, IDR, locale), lambda: parse_quantity(text, KILOGRAM, locale)):
        try:
            read()
        except TokolibError as error:
            assert str(error)


def test_money_prints_with_the_digits_of_the_books():
    """Rupiah without cents, in both languages; a code stands off its digits by a plain blank."""
    assert "Rp10.000" == format_money(IDR(10_000), "id_ID")
    assert "Rp10,000" == format_money(IDR(10_000), "en")
    assert "-Rp1.234.567" == format_money(IDR(-1_234_567), "id")
    assert "US$1.234,50" == format_money(USD("1234.5"), "id")
    assert "MYR 0.05" == format_money(MYR("0.05"), "en")
    assert "£0.001" == format_price(UnitPrice.parse("0.001", GBP), "en")
    assert "Rp1.250,75" == format_price(UnitPrice.parse("1250.75", IDR), "id")
    assert "£12.50" == format_price(UnitPrice.parse("12.5", GBP), "en")
    assert "Rp75.000" == format_price(UnitPrice.of(IDR(75_000)), "id")
    assert "€" == mark(EUR, "id")


def test_printing_is_exact_in_any_host_context():
    """babel's own formatter fails here; ours prints every digit."""
    with decimal.localcontext(decimal.Context(prec=6)):
        assert "$1,234,567,890.12" == format_money(USD("1234567890.12"), "en")
        assert "1.234.567,891" == format_number(Decimal("1234567.8910"), "id")


def test_dates_and_instants_are_printed_day_first():
    """In the shop's zone; a naive instant is refused."""
    day = date(2026, 8, 1)
    assert ("1 Agu 2026", "1 Aug 2026") == (format_date(day, "id"), format_date(day, "en"))
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    assert "1 Feb 2026 06.30 (Asia/Jakarta)" == format_instant(late, "id", "Asia/Jakarta")
    with pytest.raises(NaiveDatetime):
        format_instant(datetime(2026, 1, 1), "id", "UTC")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (True, "ya", "yes"),
        (False, "tidak", "no"),
        (-1234567, "-1.234.567", "-1,234,567"),
        (0, "0", "0"),
        (Decimal("12.50"), "12,5", "12.5"),
        (Decimal("-0.0"), "0", "0"),
        ("Kopi\u00a0 Gayo\n250 g", "Kopi Gayo 250 g", "Kopi Gayo 250 g"),
        (IDR(5), "Rp5", "Rp5"),
        (date(2026, 5, 2), "2 Mei 2026", "2 May 2026"),
        (datetime(2026, 5, 2, 9, 5, tzinfo=UTC), "2 Mei 2026 09.05 (UTC)", "2 May 2026 09:05 (UTC)"),
        (
            datetime(2026, 5, 2, 9, 5, tzinfo=ZoneInfo("Asia/Jakarta")),
            "2 Mei 2026 09.05 (Asia/Jakarta)",
            "2 May 2026 09:05 (Asia/Jakarta)",
        ),
    ],
)
def test_every_value_of_a_reason_can_be_shown(value, indonesian, english):
    """In one line, by locale."""
    assert (indonesian, english) == (show(value, "id"), show(value, "en"))


def test_other_locales_are_refused_not_guessed():
    """en_ZA groups with blanks; nobody is served by almost right."""
    for locale in ("de", "en_ZA", "", None):
        with pytest.raises(UnknownLocale):
            parse_amount("1", IDR, locale)
        with pytest.raises(UnknownLocale):
            format_money(IDR(1), locale)


def test_a_reason_from_a_newer_library_is_still_told():
    """An error that was pickled by another version speaks, too."""
    assert "brand_new" in str(Unreadable("x", "brand_new", "id", "1"))


def test_a_code_is_no_currency_and_a_number_no_money():
    """The mistakes of a first day are told as such."""
    with pytest.raises(UnknownCurrency):
        parse_amount("1", "IDR", "id")
    with pytest.raises(InvalidQuantity, match="'kg': is no UnitOfMeasure"):
        parse_quantity("1", "kg", "id")
    with pytest.raises(NotMoney, match="money: 5 is not money"):
        format_money(5, "id")
    for increment in ("x", 0, -5, True, 1.5):
        with pytest.raises(AmountOutOfRange, match="cash increment"):
            Currency("XTS", digits=2, iso_digits=2, cash_increment=increment)
