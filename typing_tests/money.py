"""What users write about money, and the types that they get."""

from decimal import Decimal
from typing import assert_type

from tokolib.kernel.money import Currency, Money, currency

IDR = currency("IDR")

assert_type(IDR, Currency)
assert_type(IDR(75_000), Money)
assert_type(IDR("75000"), Money)
assert_type(Money.minor(1250, IDR), Money)
assert_type(IDR(75_000) + IDR(1), Money)
assert_type(IDR(75_000) * 2, Money)
assert_type(IDR(75_000).amount, Decimal)
