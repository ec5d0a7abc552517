"""How much of a difference a shop lets be, in one currency: an amount, and no more than a share of what is due."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import attrs

from tokolib.kernel.errors import Fault, InvalidInput, shown
from tokolib.kernel.money import Money

SHARE_DECIMALS: Final = 6
"""No share is finer than a millionth."""


@attrs.frozen
class Tolerance:
    """Up to *up_to*, and where there is a *share*, no more than that part of the order's total either.

    Raises:
        InvalidInput: *up_to* isn't an amount of more than zero, or *share* no `Decimal` above zero, at most one,
            in millionths.
    """

    up_to: Money
    share: Decimal | None = None
    """A fraction of the order's total: `Decimal("0.01")` is one per cent."""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(_faults(self)):
            raise InvalidInput(faults)

    def of(self, total: Money) -> int:
        """How many minor units are let be of an order that costs *total*; zero in any other currency."""
        if total.currency != self.up_to.currency:
            return 0
        if self.share is None:
            return self.up_to.minor_units
        top, bottom = self.share.as_integer_ratio()
        return min(self.up_to.minor_units, total.minor_units * top // bottom)


def allowed(tolerances: tuple[Tolerance, ...], total: Money) -> int:
    """How many minor units *tolerances* let be of an order that costs *total*."""
    return sum([each.of(total) for each in tolerances])


def tolerance_faults(path: str, tolerances: object) -> Iterator[Fault]:
    """What is wrong with the *tolerances* of a shop: there is one of each currency."""
    if not isinstance(tolerances, tuple) or not all(isinstance(each, Tolerance) for each in tolerances):
        yield Fault(path, "kernel.wrong_type", "must be a tuple of Tolerance", shown(tolerances))
        return
    codes = [each.up_to.currency.code for each in tolerances]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            yield Fault(f"{path}[{at}]", "kernel.repeated", "is of a currency that was named before", code)


def _faults(one: Tolerance) -> Iterator[Fault]:
    up_to: object = one.up_to
    if not isinstance(up_to, Money) or up_to.minor_units <= 0:
        yield Fault("up_to", "kernel.not_positive", "must be an amount of more than zero", shown(up_to))
    share: object = one.share
    if share is not None and not (isinstance(share, Decimal) and _is_share(share)):
        message = f"must be a Decimal above zero, at most one, with at most {SHARE_DECIMALS} decimals"
        yield Fault("share", "kernel.not_positive", message, shown(share))


def _is_share(share: Decimal) -> bool:
    exponent = share.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -SHARE_DECIMALS and 0 < share <= 1
