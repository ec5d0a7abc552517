"""Above which refund a return has to be approved by somebody else than who asked for it."""

from collections.abc import Iterator

from tokolib.kernel.errors import Fault, shown
from tokolib.kernel.money import Money


def limit_of(limits: tuple[Money, ...], amount: Money) -> Money | None:
    """The limit in the currency of *amount*; None where there is none."""
    return next((each for each in limits if each.currency == amount.currency), None)


def limit_faults(path: str, limits: object, sold_in: tuple[str, ...]) -> Iterator[Fault]:
    """What is wrong with the *limits* of a shop that sells in the currencies *sold_in*: there is one of each."""
    if not isinstance(limits, tuple) or not all(isinstance(each, Money) for each in limits):
        yield Fault(path, "kernel.wrong_type", "must be a tuple of Money", shown(limits))
        return
    codes = [each.currency.code for each in limits]
    for at, (limit, code) in enumerate(zip(limits, codes, strict=True)):
        if limit.minor_units < 0:
            yield Fault(f"{path}[{at}]", "kernel.not_positive", "must be an amount of zero or more", str(limit))
        if code not in sold_in:
            message = "must be of a currency that the shop sells in"
            yield Fault(f"{path}[{at}]", "kernel.currency_not_accepted", message, code)
        if code in codes[:at]:
            yield Fault(f"{path}[{at}]", "kernel.repeated", "is of a currency that was named before", code)
