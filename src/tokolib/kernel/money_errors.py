"""What is no amount of money, or none of this currency."""

from typing import ClassVar

import attrs

from tokolib.kernel.errors import TokolibError


@attrs.frozen
class CurrencyMismatch(TokolibError):
    """Two currencies met in one sum or comparison."""

    code: ClassVar[str] = "kernel.currency_mismatch"
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.actual}"

    @property
    def hint(self) -> str:
        return "convert at a named rate first; amounts of two currencies never mix"


@attrs.frozen
class AmountOutOfRange(TokolibError):
    """An amount finer than the currency, or larger than any shop's."""

    code: ClassVar[str] = "kernel.amount_out_of_range"
    value: str
    currency: str
    reason: str

    def __str__(self) -> str:
        return f"{self.value} {self.currency}: {self.reason}"

    @property
    def hint(self) -> str:
        return f"state whole smallest units of {self.currency}, and no more than a shop's books hold"


@attrs.frozen
class AmbiguousAmount(AmountOutOfRange):
    """Text with three digits after the point, which its currency has not: a fraction, or thousands as in Jakarta."""

    code: ClassVar[str] = "kernel.ambiguous_amount"

    @property
    def hint(self) -> str:
        typed = f'parse_amount("{self.value}", {self.currency}, locale="id")'
        return f"read what people write by their locale: {typed}; a number that a program made may be a Decimal"


@attrs.frozen
class UnknownCurrency(TokolibError):
    """ISO 4217 has no such code."""

    code: ClassVar[str] = "kernel.unknown_currency"
    currency: str

    def __str__(self) -> str:
        return f"{self.currency!r} is not an ISO 4217 currency code"


@attrs.frozen
class NotMoney(TokolibError):
    """A bare number was given where an amount of a currency is needed."""

    code: ClassVar[str] = "kernel.not_money"
    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}: {self.value} is not money"

    @property
    def hint(self) -> str:
        return "say of which currency: IDR(75_000), USD('12.50')"
