"""Laws of money: whole minor units, one currency, exact at every border."""

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokolib.kernel.errors import TokolibError
from tokolib.kernel.money import EUR, GBP, IDR, JPY, LARGEST, USD, Currency, Money, currency
from tokolib.kernel.money_errors import AmbiguousAmount, AmountOutOfRange, CurrencyMismatch, UnknownCurrency
from tokolib.kernel.numbers import NotExact, exact
from tokolib.kernel.rounding import BadDivisor, RoundingMode, divide
from tokolib.kernel.unit_price import UnitPrice

UNITS = st.integers(-(10**14), 10**14)
CURRENCIES = st.sampled_from([IDR, USD, EUR, JPY])


@given(UNITS, UNITS, UNITS, CURRENCIES)
def test_money_adds_as_integers_do(a, b, c, unit):
    """Addition commutes, associates, has a zero and an inverse; order follows the minor units."""
    x, y, z = (Money.minor(n, unit) for n in (a, b, c))

    assert x + y == y + x
    assert (x + y) + z == x + (y + z)
    assert x + Money.minor(0, unit) == x
    assert (x + -x).is_zero
    assert x - y == x + -y
    assert (x < y, x <= y, x > y, x >= y) == (a < b, a <= b, a > b, a >= b)
    assert abs(x) == Money.minor(abs(a), unit)
    assert x * 3 == 3 * x == x + x + x
    assert Money.total([x, y, z], unit) == x + y + z
    assert len({x, Money.minor(a, unit)}) == 1


@given(UNITS, CURRENCIES)
def test_major_units_and_minor_units_are_two_ways_to_say_one_amount(units, unit):
    """What `amount` prints makes the same money again, and repr is code."""
    money = Money.minor(units, unit)

    assert unit(money.amount) == unit(str(money.amount)) == money
    assert eval(repr(money), {unit.code: unit}) == money  # noqa: S307
    assert str(money) == f"{unit.code} {money.amount}"


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_never_meet(operation):
    """Each operation names both currencies and the way out."""
    with pytest.raises(CurrencyMismatch) as caught:
        getattr(IDR(1), operation)(USD(1))

    assert ("IDR", "USD") == (caught.value.expected, caught.value.actual)
    assert "convert" in caught.value.hint


def test_two_books_of_one_currency_are_told_apart():
    """Rupiah kept with two digits are not rupiah kept whole."""
    with pytest.raises(CurrencyMismatch, match="2 digits"):
        IDR(1) + Currency("IDR", digits=2, iso_digits=2)(1)
    assert IDR(1) + Currency("IDR", digits=0, iso_digits=2)(1) == IDR(2)


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__mul__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_money_and_a_bare_number_do_not_mix(operation):
    """Python then raises TypeError: IDR(5) + 0.5 and IDR(5) < 5 mean nothing."""
    assert NotImplemented is getattr(IDR(5), operation)(0.5)
    assert NotImplemented is IDR(5).__mul__(True)


@pytest.mark.parametrize(
    "nonsense",
    [
        0.1,
        float("nan"),
        True,
        Decimal("NaN"),
        Decimal("Infinity"),
        "1e5",
        "1_000",
        " 5",
        "٣",
        "1.",
        "",
        None,
        10**30,
        10**70,
        Decimal("1e30"),
        Decimal("1e-20"),
        [1],
    ],
)
def test_what_is_not_an_exact_number_makes_no_money(nonsense):
    """Floats, truth values, NaN, exponents and foreign digits are refused by name."""
    with pytest.raises(NotExact):
        IDR(nonsense)
    with pytest.raises(NotExact):
        exact(nonsense)


@pytest.mark.parametrize("units", [0.5, True, "12", Decimal(1), LARGEST + 1, -LARGEST - 1, 10**50, None])
def test_minor_units_are_an_int_in_range(units):
    """Everything else is a typed error."""
    with pytest.raises((NotExact, AmountOutOfRange)):
        Money.minor(units, IDR)
    with pytest.raises((NotExact, AmountOutOfRange)):
        UnitPrice(units, IDR)


def test_the_largest_amount_is_kept_and_a_sum_beyond_it_refused():
    """10^15 minor units is the bound, sums included."""
    assert LARGEST == Money.minor(LARGEST, IDR).minor_units
    with pytest.raises(AmountOutOfRange, match="10\\^15"):
        Money.minor(LARGEST, IDR) + IDR(1)


def test_finer_than_the_books_is_refused():
    """Half a rupiah and a tenth of a cent are not rounded away."""
    for unit, text in ((IDR, "0.5"), (IDR, "5.00"), (JPY, "1.0"), (USD, "0.001"), (USD, "1.0000")):
        with pytest.raises(AmountOutOfRange, match="finer"):
            unit(text)
    assert IDR(Decimal("5.00")) == IDR(5)


@pytest.mark.parametrize(("unit", "text"), [(IDR, "75.000"), (USD, "12.500"), (JPY, "0.500")])
def test_text_with_two_readings_is_no_amount(unit, text):
    """`75.000` is 75 to a program and 75,000 in Jakarta; a `Decimal` has only the one reading."""
    with pytest.raises(AmbiguousAmount) as caught:
        unit(text)
    assert f'parse_amount("{text}", {unit}, locale="id")' in caught.value.hint
    assert (IDR(75), USD("12.50")) == (IDR(Decimal("75.000")), USD(Decimal("12.500")))


def test_a_unit_price_may_be_finer_than_its_currency():
    """Four digits more, from text too: that is what it is for."""
    assert UnitPrice.parse("1250.7500", IDR) == UnitPrice.parse("1250.75", IDR)
    for make in (lambda: UnitPrice.parse("-1.5", IDR), lambda: UnitPrice(-15_000, IDR)):
        with pytest.raises(AmountOutOfRange, match=r"^-1\.5 IDR: a price is never negative"):
            make()


def test_the_host_context_changes_nothing():
    """A host with six digits, or one that traps everything, gets the same figures."""
    with decimal.localcontext(decimal.Context(prec=6)):
        assert USD(Decimal("1234567.89")) == Money.minor(123456789, USD)
        assert "1234567.89" == str(Money.minor(123456789, USD).amount)
        assert "GBP 1234567.891" == str(UnitPrice.parse("1234567.891", GBP))
        assert 12345678910000 == UnitPrice.parse("12345678.91", GBP).scaled


def test_money_is_of_a_currency():
    """A code in its place is refused."""
    for make in (lambda: Money.minor(1, "IDR"), lambda: UnitPrice(1, "IDR")):
        with pytest.raises(UnknownCurrency):
            make()


@pytest.mark.parametrize("code", ["idr", "ID", "RPX", "ÄÖÜ", "", 5, None, "A1B"])
def test_a_currency_code_is_iso(code):
    """Unknown and malformed codes are refused."""
    with pytest.raises(UnknownCurrency):
        currency(code)


def test_currencies_keep_their_digits_apart():
    """The books' digits and ISO's are two facts."""
    assert (0, 2) == (currency("IDR").digits, currency("IDR").iso_digits)
    assert (3, 3) == (currency("KWD").digits, currency("KWD").iso_digits)
    assert (0, 3) == (currency("IQD").digits, currency("IQD").iso_digits)
    assert (2, 2) == (currency("CHF").digits, currency("CHF").iso_digits)
    assert "IDR" == str(IDR) == repr(IDR)
    with pytest.raises(AmountOutOfRange, match="digits are 0 to 4"):
        Currency("IDR", digits=-1, iso_digits=2)


@given(st.integers(0, 10**15), CURRENCIES)
def test_a_unit_price_survives_its_own_text(scaled, unit):
    """Ten-thousandths of a minor unit are exact in and out."""
    price = UnitPrice(scaled, unit)

    assert price == UnitPrice.parse(price.amount, unit)
    assert str(price).startswith(unit.code)


@given(st.integers(0, 10**10), st.integers(-(10**4), 10**4), st.integers(1, 1000), st.sampled_from(RoundingMode))
def test_a_price_times_a_quantity_is_rounded_once(scaled, numerator, denominator, mode):
    """The line total is within one minor unit of the exact product, and mirrors for what comes back."""
    price = UnitPrice(scaled, IDR)
    total = price.times(numerator, denominator, mode)

    assert abs(total - Fraction(scaled * numerator, 10_000 * denominator)) < 1
    assert -total == price.times(-numerator, denominator, mode)


def test_unit_prices_of_and_out_of_range():
    """Money becomes a price; negative and too fine ones don't."""
    assert UnitPrice.of(IDR(5)) == UnitPrice.of(UnitPrice.parse(5, IDR)) == UnitPrice(50_000, IDR)
    with pytest.raises(AmountOutOfRange, match="never negative"):
        UnitPrice.of(IDR(-5))
    with pytest.raises(AmountOutOfRange, match="finer"):
        UnitPrice.parse("0.00001", IDR)


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9))
def test_rounding_modes_stay_where_they_say(numerator, denominator):
    """Down goes to zero, up away from it, the halves to the nearest; each mirrors."""
    value = Fraction(numerator, denominator)
    down, up, half, even = (divide(numerator, denominator, mode) for mode in ("down", "up", "half_up", "half_even"))

    assert abs(down) <= abs(value) <= abs(up)
    assert abs(up) - abs(down) in (0, 1)
    assert abs(half - value) <= Fraction(1, 2) >= abs(even - value)
    assert round(value) == even  # Python's round() of a Fraction is half even
    assert -half == divide(-numerator, denominator, RoundingMode.HALF_UP)


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_divisor_is_positive(denominator):
    """Nothing is divided by zero or less."""
    with pytest.raises(BadDivisor, match="more than zero") as caught:
        divide(1, denominator, RoundingMode.DOWN)
    assert isinstance(caught.value, TokolibError)
