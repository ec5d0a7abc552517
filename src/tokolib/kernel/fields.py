"""What the fields of terms take: amounts of money, and percentages that are exact."""

from decimal import Decimal

from attrs import Attribute

from tokolib.kernel.errors import shown
from tokolib.kernel.money import Money
from tokolib.kernel.money_errors import NotMoney
from tokolib.kernel.numbers import exact


def is_money(_: object, field: "Attribute[Money]", value: object) -> None:
    """Pass for money; a unit price is an amount of nothing yet.

    Raises:
        NotMoney: it is anything else.
    """
    if not isinstance(value, Money):
        raise NotMoney(field.name, shown(value))


def is_money_or_none(_: object, field: "Attribute[Money | None]", value: object) -> None:
    """Pass for money or nothing.

    Raises:
        NotMoney: it is anything else.
    """
    check_amount(field.name, value)


def check_amount(name: str, value: object) -> None:
    """Pass for money or nothing, given as *name*.

    Raises:
        NotMoney: it is anything else.
    """
    if not (value is None or isinstance(value, Money)):
        raise NotMoney(name, shown(value))


def exact_percent(value: Decimal | int | str) -> Decimal:
    """A percentage as it was given, exact.

    Raises:
        NotExact: a float, or no number.
    """
    return exact(value, "percent")
